# expect: contained; canary: wall; vector: Text of 2 million characters
# Killed or not, by the speed of the machine: with memory and time enough the text is set, in one piece.
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"


class Main(Scene):
    def construct(self):
        self.add(Text('A b ' * 500_000))
        self.add(Dot())
        self.wait(0.1)
