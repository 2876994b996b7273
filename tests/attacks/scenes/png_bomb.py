# expect: blocked; canary: mem; vector: 21000 x 21000 PNG (1.3 MB file) in ImageMobject
# Its rows are packed once and repeated, or the time is over before the bomb is made.
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"


class Main(Scene):
    def construct(self):
        import zlib, struct
        def ch(t, d): return struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
        w = 21000; c = zlib.compressobj(9, wbits=-15); rows = c.compress(b"\0" * (w * 3 + 1) * 100) + c.flush(zlib.Z_FULL_FLUSH)
        z = b"\x78\xda" + rows * (w // 100) + c.flush() + struct.pack(">I", (w * (w * 3 + 1) % 65521) << 16 | 1)
        open("b.png", "wb").write(b"\x89PNG\r\n\x1a\n" + ch(b"IHDR", struct.pack(">IIBBBBB", w, w, 8, 2, 0, 0, 0)) + ch(b"IDAT", z) + ch(b"IEND", b""))
        self.add(ImageMobject("b.png"))
        self.add(Dot())
        self.wait(0.1)
