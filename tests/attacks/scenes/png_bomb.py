# expect: blocked; canary: mem; vector: 9100 x 9100 PNG (small file) in ImageMobject
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"


class Main(Scene):
    def construct(self):
        import zlib, struct
        def ch(t, d): return struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
        w = 9100; c = zlib.compressobj(1); z = b"".join(c.compress(b"\0" * (w * 3 + 1)) for _ in range(w)) + c.flush()
        open("b.png", "wb").write(b"\x89PNG\r\n\x1a\n" + ch(b"IHDR", struct.pack(">IIBBBBB", w, w, 8, 2, 0, 0, 0)) + ch(b"IDAT", z) + ch(b"IEND", b""))
        self.add(ImageMobject("b.png"))
        self.add(Dot())
        self.wait(0.1)
