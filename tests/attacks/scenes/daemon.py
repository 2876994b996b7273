# expect: done; canary: write-outside; vector: double fork + setsid, acts after the render ended
# Not killed: the scene ends by itself, and the process that it leaves behind ends with its namespace.
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"

import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for i in range(3, 64):
            try: os.close(i)
            except OSError: pass
        n = os.open("/dev/null", os.O_RDWR)
        for i in (0, 1, 2): os.dup2(n, i)
        time.sleep(6)
        open(C + "/outside/late.txt", "w").write("late")
        os._exit(0)
    os._exit(0)


class Main(Scene):
    def construct(self):
        self.add(Dot())
        self.wait(0.1)
