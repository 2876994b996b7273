# expect: contained; canary: net; vector: ImageMobject/iio fetches an http URL
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"


class Main(Scene):
    def construct(self):
        m = ImageMobject("http://127.0.0.1:@TCP_PORT@/x.png")
        self.add(Dot())
        self.wait(0.1)
