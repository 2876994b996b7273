"""The paper of contact sheets: a dark ground, a title, pictures with round corners, quiet words, a bounded file."""

from pathlib import Path

from PIL import Image, ImageDraw

from callsheet.lettering import NOTES, font_for, shortened

SHEET_WIDTH = 1600
MARGIN = 56
GAP = 20
HEADER_HEIGHT = 92
TITLE_SIZE = 40
NOTE_SIZE = 20
CORNER_RADIUS = 6
GROUND = (24, 25, 28)
TITLE_COLOUR = (242, 242, 240)
QUIET_COLOUR = (150, 152, 158)
# A web page shows the sheet: below half a megabyte, at the best of these qualities that allows this.
MOST_BYTES = 500_000
QUALITIES = (88, 80, 70, 60, 45, 30)


class PictureSheet:
    """A sheet during its drawing. Places are pixels from its upper left corner."""

    def __init__(self, body_height: int, title: str, note: str) -> None:
        self._paper = Image.new("RGB", (SHEET_WIDTH, 2 * MARGIN + HEADER_HEIGHT + body_height), GROUND)
        self._draw = ImageDraw.Draw(self._paper)
        self._header(title, note)

    def picture(self, picture: Image.Image, corner: tuple[int, int], size: tuple[int, int]) -> None:
        """Draw a picture, resized to `size`."""
        small = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        mask = Image.new("L", (size[0] * 4, size[1] * 4), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), CORNER_RADIUS * 4, 255)
        self._paper.paste(small, corner, mask.resize(size, Image.Resampling.LANCZOS))

    def words(
        self, text: str, place: tuple[int, int], size: int, room: float, colour: tuple[int, int, int] = QUIET_COLOUR
    ) -> None:
        """Draw one line whose baseline begins at `place`, cut short if it is wider than `room`."""
        line = " ".join(text.split())
        font = font_for(line, size, NOTES)
        self._draw.text(place, shortened(self._draw, line, font, room), colour, font, anchor="ls")

    def arrow(self, centre: tuple[int, int], half: int) -> None:
        """Draw a small arrow to the right, twice as long as `half`."""
        x, y = centre
        self._draw.line((x - half, y, x + half, y), QUIET_COLOUR, 2)
        self._draw.line(
            (x + half // 4, y - half * 3 // 4, x + half, y, x + half // 4, y + half * 3 // 4), QUIET_COLOUR, 2
        )

    def save(self, path: Path) -> None:
        """Write the sheet as JPEG."""
        for quality in QUALITIES:
            self._paper.save(path, quality=quality, optimize=True, progressive=True)
            if path.stat().st_size < MOST_BYTES:
                return

    def _header(self, title: str, note: str) -> None:
        note_font = font_for(note, NOTE_SIZE, NOTES)
        line = " ".join(title.split())
        font = font_for(line, TITLE_SIZE)
        room = SHEET_WIDTH - 2 * MARGIN - self._draw.textlength(note, font=note_font) - 2 * GAP
        baseline = MARGIN + TITLE_SIZE
        self._draw.text((MARGIN, baseline), shortened(self._draw, line, font, room), TITLE_COLOUR, font, anchor="ls")
        self._draw.text((SHEET_WIDTH - MARGIN, baseline), note, QUIET_COLOUR, note_font, anchor="rs")
