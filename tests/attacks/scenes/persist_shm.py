# expect: contained; canary: persist; vector: leaves data in host /tmp and /dev/shm
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"

for p in ("/tmp/@PERSISTED@", "/dev/shm/@PERSISTED@", "/var/tmp/@PERSISTED@"):
    try: open(p, "w").write("x")
    except OSError as e: print(e)


class Main(Scene):
    def construct(self):
        self.add(Dot())
        self.wait(0.1)
