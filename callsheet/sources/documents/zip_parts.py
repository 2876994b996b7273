"""Zip files that people give: what they unpack to is judged before anything is unpacked."""

import io
import zipfile
from xml.parsers import expat

from lxml import etree

from callsheet.errors import InvalidRequest

MAX_PARTS = 5_000
MAX_UNPACKED_BYTES = 250_000_000
MAX_XML_BYTES = 40_000_000
_CHUNK_BYTES = 1 << 16
_DAMAGED = "it is damaged or cut off; copy or save it again"
_PASSWORD = "it is protected by a password; save it without one"


class ZipParts:
    """The parts of a zip file by their names.

    Raises:
        InvalidRequest: from every method; the file is damaged, protected, or unpacks to too much.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise InvalidRequest(_DAMAGED) from error
        if len(infos) > MAX_PARTS:
            raise InvalidRequest(f"it has {len(infos):,} files inside, and at most {MAX_PARTS:,} are taken")
        if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
            raise InvalidRequest(f"it unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000} MB; give a smaller one")
        if any(info.flag_bits & 1 for info in infos):
            raise InvalidRequest(_PASSWORD)
        self.sizes = {info.filename: info.file_size for info in infos}

    @property
    def names(self) -> frozenset[str]:
        """Return the names of all parts."""
        return frozenset(self.sizes)

    def read(self, name: str, max_bytes: int = MAX_XML_BYTES) -> bytes:
        """Return the content of a part; nothing if there is no such part."""
        if name not in self.sizes:
            return b""
        if self.sizes[name] > max_bytes:
            raise InvalidRequest(f"its part {name[-60:]} has more than {max_bytes // 1_000_000} MB; give a smaller one")
        try:
            with self._zip.open(name) as part:
                return part.read(max_bytes)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
            raise InvalidRequest(_DAMAGED) from error
        except Exception as error:  # zlib.error, lzma.LZMAError
            raise InvalidRequest(_DAMAGED) from error

    def xml(self, name: str) -> etree._Element | None:
        """Return the root element of a part; None if there is no such part."""
        content = self.read(name)
        return xml_root(content) if content else None

    def check_xml(self) -> None:
        """Check each XML part before a library reads it: it declares no entities."""
        for name in self.sizes:
            if name.lower().endswith((".xml", ".rels")):
                check_prologue(self.read(name))


def xml_root(content: bytes) -> etree._Element:
    """Return the root element of XML that declares nothing and names no other file.

    Raises:
        InvalidRequest: it is broken, or declares entities.
    """
    check_prologue(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(content, parser)
    except etree.LxmlError as error:
        raise InvalidRequest(_DAMAGED) from error


def check_prologue(content: bytes) -> None:
    """Raise InvalidRequest if anything is declared before the first element: entities can grow without end."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise InvalidRequest("the XML in it has declarations (DOCTYPE), which no such document needs; save it again")

    class BeginsError(Exception):
        pass

    def begin(*_: object) -> None:
        raise BeginsError

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    try:
        for start in range(0, len(content), _CHUNK_BYTES):
            parser.Parse(content[start : start + _CHUNK_BYTES], False)
    except BeginsError:
        return
    except expat.ExpatError as error:
        raise InvalidRequest(_DAMAGED) from error
