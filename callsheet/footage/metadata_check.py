"""Whether a picture file holds a picture and nothing beside it. Pure.

Places, times and names stand in parts of a file that decoders skip, and new ones are invented. So the parts that a
picture needs are listed here, and a file is plain where it consists of those alone, from its first byte to its last.
"""

import re
import zlib
from collections.abc import Iterator

_PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
_PNG_ORDER = re.compile(r"IHDR (?:sRGB |pHYs |tRNS )*(?:IDAT )+IEND ")
# Bytes of each part that is no picture data: one that is longer would have room for something else.
_PNG_SIZES = {b"IHDR": 13, b"sRGB": 1, b"pHYs": 9, b"tRNS": 6, b"IEND": 0}
_PNG_CHANNELS = {2: 3, 6: 4}
"""By the type of colours in the header; others are no RGB, and kept by nobody."""
_PIECE_BYTES = 1 << 20

_SOI, _EOI, _SOS, _APP0 = 0xD8, 0xD9, 0xDA, 0xE0
_RESTARTS = range(0xD0, 0xD8)
# DQT, DHT, DRI, and the headers of baseline, extended and progressive frames.
_JPEG_TABLES = {0xDB, 0xC4, 0xDD, 0xC0, 0xC1, 0xC2}
_JFIF = re.compile(rb"JFIF\0\x01.[\x00-\x02]....\0\0", re.DOTALL)
"""Version, unit, density, and a preview of no size."""


def is_plain_png(content: bytes) -> bool:
    """Whether `content` is a PNG of 8-bit RGB or RGBA and no chunk beyond density, sRGB and transparency."""
    chunks = list(_png_chunks(content)) if content.startswith(_PNG_BEGINS) else []
    names = [name for name, _ in chunks if name != b"IDAT"]
    return (
        _PNG_ORDER.fullmatch("".join(f"{name.decode('latin-1')} " for name, _ in chunks)) is not None
        and len(set(names)) == len(names)
        and all(len(data) == _PNG_SIZES.get(name, len(data)) for name, data in chunks)
        and _holds_its_pixels(chunks[0][1], b"".join(data for name, data in chunks if name == b"IDAT"))
    )


def is_plain_jpeg(content: bytes) -> bool:
    """Whether `content` is a JPEG of no more than a JFIF header without a preview, tables and scans."""
    parts = list(_jpeg_segments(content)) if content.startswith(bytes((0xFF, _SOI))) else []
    markers = [marker for marker, _ in parts]
    return (
        markers[-1:] == [_EOI]
        and markers.count(_EOI) == 1
        and set(markers) <= {_APP0, _SOS, _EOI, *_JPEG_TABLES}
        and markers.count(_APP0) <= 1
        and all(_JFIF.fullmatch(data) for marker, data in parts if marker == _APP0)
    )


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and data of each chunk; one without a name for bytes that are none."""
    place = len(_PNG_BEGINS)
    while place < len(content):
        size = int.from_bytes(content[place : place + 4])
        name, data = content[place + 4 : place + 8], content[place + 8 : place + 8 + size]
        place += 12 + size
        yield (name, data) if place <= len(content) else (b"", b"")


def _holds_its_pixels(header: bytes, packed: bytes) -> bool:
    """Whether the data is one stream of exactly the pixels that the header promises."""
    width, height = int.from_bytes(header[:4]), int.from_bytes(header[4:8])
    depth, colours, *_, interlace = header[8:]
    if depth != 8 or colours not in _PNG_CHANNELS or interlace:
        return False
    return _unpacked_bytes(packed) == height * (1 + width * _PNG_CHANNELS[colours])


def _unpacked_bytes(packed: bytes) -> int:
    """How many bytes a stream holds, of which a piece at a time is held; -1 where it is not the whole of `packed`."""
    stream, found = zlib.decompressobj(), 0
    try:
        for place in range(0, len(packed), _PIECE_BYTES):
            rest = packed[place : place + _PIECE_BYTES]
            while rest:
                found += len(stream.decompress(rest, _PIECE_BYTES))
                rest = stream.unconsumed_tail
        found += len(stream.flush())
    except zlib.error:
        return -1
    return found if stream.eof and not stream.unused_data else -1


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and data of each segment up to the end; the marker 0 for bytes that are none.

    What follows the start of a scan is its picture data, up to a marker that is neither a stuffed byte nor a restart.
    """
    place = 2
    while place < len(content):
        marker = content[place + 1] if content[place] == 0xFF and place + 1 < len(content) else 0
        if marker == _EOI:
            yield marker, b""
            place += 2
            continue
        size = int.from_bytes(content[place + 2 : place + 4])
        if not marker or size < 2 or place + 2 + size > len(content):
            yield 0, b""
            return
        yield marker, content[place + 4 : place + 2 + size]
        place += 2 + size
        if marker == _SOS:
            place = _scan_end(content, place)


def _scan_end(content: bytes, place: int) -> int:
    """Where the marker after a scan begins."""
    while (place := content.find(b"\xff", place)) >= 0:
        following = content[place + 1 : place + 2]
        if following and following[0] and following[0] not in _RESTARTS:
            return place
        place += 2
    return len(content)
