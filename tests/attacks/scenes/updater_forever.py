# expect: blocked; canary: wall; vector: wait_until never true with always-redraw
# Not killed: Manim first makes a table of 10^10 times, for which there are not enough addresses.
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"


class Main(Scene):
    def construct(self):
        d = always_redraw(lambda: Dot())
        self.add(d)
        self.wait_until(lambda: False, max_time=10**9)
        self.add(Dot())
        self.wait(0.1)
