# expect: done; canary: victim; vector: kills a process of the same uid by its number, without a table of processes
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"

import os, signal
try: os.kill(@VICTIM@, signal.SIGKILL)
except OSError as e: print(e)


class Main(Scene):
    def construct(self):
        self.add(Dot())
        self.wait(0.1)
