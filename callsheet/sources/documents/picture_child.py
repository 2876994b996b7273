"""The inner side of `named_pictures`: runs behind the fence, and writes pictures beside a document as clean PNG.

A picture leaves as soon as it is written. So those before a picture that ends the process are there.
"""

import warnings
from pathlib import Path
from typing import Any

from PIL import Image

from callsheet.errors import InvalidRequest
from callsheet.fence.protocol import Outbox
from callsheet.model.film.document import MAX_PICTURE_BYTES
from callsheet.sources.documents.block_list import LEAST_SIDE_PX, MAX_PIXELS
from callsheet.sources.picture_files import opened_picture, plain_picture
from callsheet.sources.svg_files import check_svg, is_drawing

MAX_BYTES = 30_000_000
"""Of all pictures of a document together, as PNG."""
LONGEST_SIDE_PX = 2400
"""As large as a film can show a picture."""
_MIDDLE_AT_MOST = 200
"""Of the pictures of an animation, each of which builds on those before it."""
_FIELD, _SUBJECT = "picture", "it"


def source_file(number: int) -> str:
    """Return the name of a given picture."""
    return f"given-{number}"


def result_file(number: int) -> str:
    """Return the name under which a picture leaves the fence: not that of a picture inside of the document."""
    return f"named-{number}.png"


def main(order: dict[str, Any], outbox: Outbox) -> int:
    """Return 0: what is left out is told."""
    warnings.simplefilter("ignore")
    taken_bytes = 0
    for number in range(order["pictures"]):
        target = Path(result_file(number))
        try:
            _write_plain(Path(source_file(number)), target)
            size = target.stat().st_size
            if size > MAX_PICTURE_BYTES or taken_bytes + size > MAX_BYTES:
                most = MAX_BYTES // 1_000_000
                raise InvalidRequest(f"the pictures of a document may have {most} MB together, as PNG")
        except InvalidRequest as error:
            outbox.say("left out", number=number, reason=str(error.args[0]))
        except MemoryError:
            outbox.say("left out", number=number, reason="reading it takes too much memory")
        except Exception:  # whatever a damaged picture makes a library raise
            outbox.say("left out", number=number, reason="it is damaged")
        else:
            taken_bytes += size
            outbox.send(target.name, target)
        target.unlink(missing_ok=True)
    outbox.say("done")
    return 0


def _write_plain(source: Path, target: Path) -> None:
    """Write a picture upright, in sRGB, not too large, and of its pixels alone. Raises InvalidRequest."""
    picture = _read(source)
    if min(picture.size) < LEAST_SIDE_PX:
        raise InvalidRequest(f"it has less than {LEAST_SIDE_PX} pixels on a side")
    picture.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    picture.save(target, "PNG", compress_level=6)


def _read(source: Path) -> Image.Image:
    if is_drawing(source):
        from callsheet.sources.svg_pictures import read_drawing  # most documents have no drawings

        check_svg(source)
        return read_drawing(source, LONGEST_SIDE_PX, _FIELD)
    with source.open("rb") as file:
        if file.read(4) == b"GIF8":
            return _of_gif(source)
    with opened_picture(source, _FIELD, _SUBJECT) as image:
        image.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
        return plain_picture(image)


def _of_gif(source: Path) -> Image.Image:
    """Return the picture, or the middle one of an animation: its first is often empty."""
    with Image.open(source, formats=("GIF",)) as image:
        if image.width * image.height > MAX_PIXELS:
            raise InvalidRequest(f"it has more than {MAX_PIXELS:,} pixels")
        image.seek(min(getattr(image, "n_frames", 1) // 2, _MIDDLE_AT_MOST))
        return plain_picture(image.convert("RGBA"))
