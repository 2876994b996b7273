# expect: done; canary: mem; vector: fills /dev/shm and TMPDIR with 2.2 GB
# Not killed: /dev/shm can't be written and TMPDIR ends at 256 MB; the scene takes that for an answer and continues.
from manim import *

C = "@CANARY@"
SECRET = C + "/home/.prefect/profiles.toml"

import tempfile
for d in ("/dev/shm", tempfile.gettempdir()):
    try:
        for i in range(22):
            with tempfile.NamedTemporaryFile(dir=d, delete=(i % 2 > 5)) as f: f.write(b"x" * (50 << 20)); f.flush(); f.delete = False; import os; os.rename(f.name, d + f"/canary_fill_{i}"); open(f.name, "w").close()
    except OSError as e: print(d, e)


class Main(Scene):
    def construct(self):
        self.add(Dot())
        self.wait(0.1)
