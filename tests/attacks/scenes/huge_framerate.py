# expect: done; canary: wall; vector: frame rate 1e7
# Not killed: what a module sets is set back to the profile before the scene plays.
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"

config.frame_rate = 10**7


class Main(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=10)
