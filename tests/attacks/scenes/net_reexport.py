# expect: contained; canary: net; vector: AST bypass: numpy DataSource / lib fetches a URL
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"
np.loadtxt("http://127.0.0.1:@TCP_PORT@/np.txt")


class Main(Scene):
    def construct(self):
        self.add(Dot())
        self.wait(0.1)
