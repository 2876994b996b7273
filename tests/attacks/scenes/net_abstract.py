# expect: contained; canary: net; vector: abstract unix socket (needs own netns)
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"
import socket
s = socket.socket(socket.AF_UNIX); s.connect("\0@ABSTRACT@"); s.send(b"x")


class Main(Scene):
    def construct(self):
        self.add(Dot())
        self.wait(0.1)
