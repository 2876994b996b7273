# expect: blocked; canary: procs; vector: 300 sleeping children
# Not killed: the 65th process can't be started, and so neither can the thread that a render needs.
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"

import os, time
for i in range(300):
    try:
        if os.fork() == 0: time.sleep(60); os._exit(0)
    except OSError as e: print(i, e); break
time.sleep(2)


class Main(Scene):
    def construct(self):
        self.add(Dot())
        self.wait(0.1)
