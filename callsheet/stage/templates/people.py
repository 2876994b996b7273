"""People: faces with names and roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from manim import Mobject

from callsheet.model.content import PeopleContent
from callsheet.stage.kit.beats import Beat, Page, clear, directed, heading, show, upon_ground
from callsheet.stage.kit.elements import Kit
from callsheet.stage.kit.faces import face
from callsheet.stage.kit.frame import Area, edge_panel
from callsheet.stage.kit.layout import must_fit, paginate
from callsheet.stage.kit.motion import carry, fade, rise, together
from callsheet.stage.kit.pacing import reading_s
from callsheet.stage.kit.scale import Space, Step
from callsheet.stage.kit.type_block import TypeBlock
from callsheet.stage.templates.base import TemplateScene

_GRID_STEPS = ((Step.TITLE, Step.BODY), (Step.LEAD, Step.BODY), (Step.BODY, Step.CAPTION))
_GRID_FACTORS = (1.0, 0.84, 0.76)
_LARGEST_FACE, _LEAST_FACE = 3.4, 0.9
_FACE_OF_COLUMN = 0.86
_GRID_GAP = 0.5
_LEAST_LINES = 2.2
"""Side of a face in lines of the names, at least."""
_CLEARLY_LARGER = 1.15

_LIST_FACTORS = (2.4, 1.9, 1.5, 1.25, 1.12, 1.0, 0.9, 0.8, 0.7)
_LIST_STEPS = (Step.TITLE, Step.LEAD)
_LARGEST_TEXT = 1.6
_LIST_FACE = 1.25
_ROW_GAP, _WIDEST_ROW_GAP = 0.3, 0.8
_IN_TWO_COLUMNS = 4
"""People from which a list has two columns in landscape."""

_SHARE, _SHARE_ABOVE, _SHARE_OF_SQUARE = 0.4, 0.44, 0.46
_NAME_STEPS = (Step.DISPLAY, Step.LARGE, Step.HEADLINE, Step.TITLE, Step.LEAD, Step.BODY)
_ROLE_STEPS = (Step.TITLE, Step.LEAD, Step.BODY)
_NAME_LINES, _ROLE_LINES = 3, 4
_STRIP_SIDE, _STRIP_GAP, _ABREAST_IN_SQUARE = 1.0, 0.18, 4
_ABOVE_MIDDLE = 0.42


class PeopleScene(TemplateScene):
    """One person after the other, in one of three compositions.

    `grid`: faces side by side, with names and roles below them. `list`: faces with names and roles beside them.
    `spotlight`: each person large, then small in the line of those who were there before.
    """

    @staticmethod
    def compose(content: PeopleContent, kit: Kit) -> tuple[Page, ...]:
        """Return one page; people for whom there is no room replace those before.

        Raises InvalidRequest if a picture is not in the working directory.
        """
        direction = content.title or content.people[0].name
        for name in kit.compositions(content):
            page = _PAGES[name](content, kit)
            if page:
                return directed((page,), direction)
        return directed((_spread(content, kit),), direction)


def _face(content: PeopleContent, kit: Kit, place: int, square: Area) -> tuple[Mobject, ...]:
    """Return the face of a person, who keeps one of the colours of the theme."""
    series = kit.palette.series
    colour = series[place % len(series)]
    words = kit.palette.on_accent if place % len(series) == 0 else kit.palette.background
    return face(content.people[place], kit, square, colour, words, f"content.people.{place}.path")


@dataclass(frozen=True)
class _Caption:
    """The name, and below it the role, unplaced."""

    name: TypeBlock
    role: TypeBlock | None

    @property
    def blocks(self) -> tuple[TypeBlock, ...]:
        return (self.name, self.role) if self.role else (self.name,)

    @property
    def height(self) -> float:
        return sum(block.box_height for block in self.blocks) + Space.HAIR * (len(self.blocks) - 1)

    @property
    def reads_s(self) -> float:
        return reading_s(" ".join(block.words for block in self.blocks))

    def place(self, left: float, top: float, width: float = 0.0) -> None:
        """Place it with this corner; in the middle of a column if it has a `width`."""
        for block in self.blocks:
            block.place(left + (width - block.box_width) / 2 if width else left, top)
            top -= block.box_height + Space.HAIR


def _captions(
    content: PeopleContent, kit: Kit, width: float, steps: tuple[Step, Step], factor: float, align: str = "start"
) -> list[_Caption] | None:
    """Return the words about each person in a column; None if a word would be divided, or if lines are many."""
    captions = []
    for person in content.people:
        name, role = (
            kit.largest(
                text,
                (step,),
                width,
                height=kit.safe.height,
                lines=lines,
                colour=colour,
                scale=factor,
                weight=weight,
                align=align,
            )
            for text, step, lines, colour, weight in (
                (person.name, steps[0], _NAME_LINES, kit.palette.text, 600),
                (person.role, steps[1], _ROLE_LINES, kit.palette.muted, 400),
            )
        )
        if name is None or role is None:
            return None
        captions.append(_Caption(name, role if person.role else None))
    return captions


def _entrance(content: PeopleContent, place: int, shown: tuple[Mobject, ...], caption: _Caption) -> Beat:
    """Return the beat in which a face appears, then the words about it."""
    motion = together(fade(*shown), *map(rise, caption.blocks), lag_s=0.15)
    everything = (*shown, *caption.blocks)
    return Beat(motion, caption.reads_s, everything, parts={f"people.{place}": everything})


@dataclass(frozen=True)
class _Grid:
    """Faces of one size in lines, with the words below them, unplaced."""

    side: float
    columns: tuple[Area, ...]
    captions: list[_Caption]
    lines: list[range]

    def height_of(self, line: range) -> float:
        return self.side + Space.SNUG + max(self.captions[place].height for place in line)


def _grid(content: PeopleContent, kit: Kit) -> Page | None:
    """Return faces side by side, as large as they can be, with centred words below them."""
    opening, room = heading(kit, content.title)
    grid: _Grid | None = None
    for abreast in _numbers_abreast(content, kit):
        found = _arranged(content, kit, room, abreast)
        if found and (grid is None or found.side > _CLEARLY_LARGER * grid.side):
            grid = found
    return Page((*opening, *_placed_grid(content, kit, room, grid))) if grid else None


def _arranged(content: PeopleContent, kit: Kit, room: Area, abreast: int) -> _Grid | None:
    """Return so many people in a line, with words as large as they fit below faces that are not too small."""
    count = len(content.people)
    columns = room.columns([1.0] * abreast, Space.BASE)
    lines = [range(start, min(start + abreast, count)) for start in range(0, count, abreast)]
    for factor, steps in product(_GRID_FACTORS, _GRID_STEPS):
        captions = _captions(content, kit, columns[0].width, steps, factor, "center")
        if captions is None:
            continue
        words = sum(Space.SNUG + max(captions[place].height for place in line) for line in lines)
        free = room.height - words - _GRID_GAP * (len(lines) - 1)
        side = min(_LARGEST_FACE, columns[0].width * _FACE_OF_COLUMN, free / len(lines))
        if side >= max(_LEAST_FACE, _LEAST_LINES * captions[0].name.size):
            return _Grid(side, columns, captions, lines)
    return None


def _placed_grid(content: PeopleContent, kit: Kit, room: Area, grid: _Grid) -> Iterator[Beat]:
    free = room.height - sum(map(grid.height_of, grid.lines))
    gap = min(Space.GREAT, free / len(grid.lines)) if len(grid.lines) > 1 else 0.0
    top = room.top - (free - gap * (len(grid.lines) - 1)) * _ABOVE_MIDDLE
    for line in grid.lines:
        # A last line with fewer people stands in the middle.
        shift = (room.width - (grid.columns[len(line) - 1].right - room.left)) / 2
        for place, column in zip(line, grid.columns, strict=False):
            left = column.left + shift
            square = Area(left + (column.width - grid.side) / 2, top, grid.side, grid.side)
            grid.captions[place].place(left, top - grid.side - Space.SNUG, column.width)
            yield _entrance(content, place, _face(content, kit, place, square), grid.captions[place])
        top -= grid.height_of(line) + gap


def _numbers_abreast(content: PeopleContent, kit: Kit) -> tuple[int, ...]:
    """Return how many people may stand in a line, the numbers to try."""
    count = len(content.people)
    if not kit.frame.is_portrait:
        return (count,) if count <= 4 else (-(-count // 2), count) if count <= 6 else (4,)
    if kit.frame.is_square:
        return (count,) if count <= 3 else (2, 3, 4) if count <= 4 else (3, 4)
    return (1, 2) if count <= 3 else (2,)


def _list(content: PeopleContent, kit: Kit) -> Page | None:
    """Return faces one below the other with their words beside them, in landscape in two columns if they are many."""
    opening, room = heading(kit, content.title)
    count = len(content.people)
    abreast = 2 if not kit.frame.is_portrait and count >= _IN_TWO_COLUMNS else 1
    columns, length = room.columns([1.0] * abreast, Space.WIDE), -(-count // abreast)
    for factor in _LIST_FACTORS:
        side = _LIST_FACE * factor
        captions = _captions(
            content, kit, columns[0].width - side - Space.BASE, _LIST_STEPS, min(_LARGEST_TEXT, factor)
        )
        rows = [_Row(place, side, caption) for place, caption in enumerate(captions or ())]
        groups = [rows[start : start + length] for start in range(0, len(rows), length)]
        if groups and all(_height_of(group) <= room.height for group in groups):
            return Page((*opening, *_placed_columns(content, kit, columns, groups)))
    return None


@dataclass(frozen=True)
class _Row:
    """A person in a list, unplaced."""

    place: int
    side: float
    caption: _Caption

    @property
    def height(self) -> float:
        return max(self.side, self.caption.height)

    def beat(self, content: PeopleContent, kit: Kit, left: float, top: float) -> Beat:
        down = (self.height - self.side) / 2
        shown = _face(content, kit, self.place, Area(left, top - down, self.side, self.side))
        self.caption.place(left + self.side + Space.BASE, top - (self.height - self.caption.height) / 2)
        return _entrance(content, self.place, shown, self.caption)


def _height_of(rows: Sequence[_Row]) -> float:
    return sum(row.height for row in rows) + _ROW_GAP * (len(rows) - 1)


def _placed_columns(
    content: PeopleContent, kit: Kit, columns: Sequence[Area], rows: Sequence[Sequence[_Row]]
) -> Iterator[Beat]:
    room = columns[0]
    highest = max(sum(row.height for row in column) for column in rows)
    longest = max(len(column) for column in rows)
    gap = min(_WIDEST_ROW_GAP, (room.height - highest) / max(1, longest - 1)) if longest > 1 else 0.0
    first = room.top - (room.height - highest - gap * (longest - 1)) * _ABOVE_MIDDLE
    for column, group in zip(columns, rows, strict=False):
        top = first
        for row in group:
            yield row.beat(content, kit, column.left, top)
            top -= row.height + gap


def _spread(content: PeopleContent, kit: Kit) -> Page:
    """Return the list over as many turns as it needs."""
    opening, room = heading(kit, content.title)

    def grouped(factor: float) -> list[list[_Row]] | None:
        width, rows = room.width - _LIST_FACE - Space.BASE, []
        for place, person in enumerate(content.people):
            name = kit.text(person.name, Step.BODY, width, scale=factor, weight=600)
            role = kit.text(person.role, Step.CAPTION, width, colour=kit.palette.muted, scale=factor)
            rows.append(_Row(place, _LIST_FACE, _Caption(name, role if person.role else None)))
        if max(row.height for row in rows) > room.height:
            return None
        pages = paginate([row.height for row in rows], _ROW_GAP, room.height)
        return [[rows[place] for place in page] for page in pages]

    beats, standing = list(opening), list[Mobject]()
    for rows in must_fit(grouped, "people"):
        if standing:
            beats.append(clear(*standing))
        turn = list(_placed_columns(content, kit, (room,), [rows]))
        standing = [mobject for beat in turn for mobject in beat.shows]
        beats.extend(turn)
    return Page(tuple(beats))


def _spotlight(content: PeopleContent, kit: Kit) -> Page | None:
    """Return each person on a surface at the edge of the frame, with large words; then the face joins a line."""
    lit = _lit(content, kit)
    captions = [_large_caption(content, kit, number, lit.words) for number in range(len(content.people))]
    beats: list[Beat] = []
    before: tuple[Mobject, ...] = ()
    said: tuple[TypeBlock, ...] = ()
    for number, caption in enumerate(captions):
        if caption is None:
            return None
        shown = _face(content, kit, number, lit.face)
        caption.place(lit.words.left, lit.words.top - (lit.words.height - caption.height) * _ABOVE_MIDDLE)
        entering = together(fade(*shown), *map(rise, caption.blocks), lag_s=0.15)
        everything = (*shown, *caption.blocks)
        parts = {f"people.{number}": everything}
        if not before:
            beats.extend((*lit.opening, Beat(entering, caption.reads_s, everything, parts=parts, is_anchor=True)))
            beats[0] = upon_ground(beats[0], lit.ground)
        else:
            small = tuple(mobject.copy() for mobject in before)
            _move_to(small, lit.face, lit.line[number - 1])
            beats.append(clear(*said))
            motion = together(carry(*zip(before, small, strict=True)), entering, lag_s=0.25)
            beats.append(Beat(motion, caption.reads_s, (*small, *everything), before, parts, is_anchor=True))
        before, said = shown, caption.blocks
    return Page(tuple(beats))


@dataclass(frozen=True)
class _Lit:
    """The places of a spotlight: of the large face, of the words, and of the small faces of those before."""

    ground: Mobject
    opening: tuple[Beat, ...]
    face: Area
    words: Area
    line: tuple[Area, ...]


def _lit(content: PeopleContent, kit: Kit) -> _Lit:
    """Return the places: in a square, the small faces stand beside the large one, else below the words."""
    before, is_square = len(content.people) - 1, kit.frame.is_square
    surface, place, room = edge_panel(kit.frame, _SHARE, _SHARE_OF_SQUARE if is_square else _SHARE_ABOVE)
    ground = kit.block(surface, kit.palette.surface)
    side = min(place.width, place.height)
    if is_square:
        title = kit.text(content.title, Step.CAPTION, room.width, colour=kit.palette.accent, weight=600)
        title.place(room.left, room.top)
        said = (show(title, reads=content.title, part="title", is_anchor=True),) if content.title else ()
        words = room.below(title.box_height + Space.BASE if content.title else 0.0)
        abreast, beside = _ABREAST_IN_SQUARE, place.width - side - Space.BASE
        cell = min(_STRIP_SIDE, (side - _STRIP_GAP) / 2, (beside + _STRIP_GAP) / abreast - _STRIP_GAP)
        left = place.left + (side + Space.BASE if before else (place.width - side) / 2)
        line = tuple(
            Area(
                left + number % abreast * (cell + _STRIP_GAP),
                place.top - number // abreast * (cell + _STRIP_GAP),
                cell,
                cell,
            )
            for number in range(before)
        )
        face_left = place.left if before else left
        return _Lit(ground, said, Area(face_left, place.top, side, side), words, line)
    opening, room = heading(kit, content.title, within=room)
    cell = min(_STRIP_SIDE, (room.width + _STRIP_GAP) / before - _STRIP_GAP) if before else 0.0
    line = tuple(
        Area(room.left + number * (cell + _STRIP_GAP), room.bottom + cell, cell, cell) for number in range(before)
    )
    large = Area(place.left + (place.width - side) / 2, place.top - (place.height - side) / 2, side, side)
    return _Lit(ground, opening, large, room.above(cell + Space.BASE if before else 0.0), line)


def _move_to(mobjects: Sequence[Mobject], source: Area, target: Area) -> None:
    """Scale and move what stands in `source` so that it stands in `target` in the same way."""
    share = target.width / source.width
    for mobject in mobjects:
        offset = (mobject.get_center() - source.centre) * share
        mobject.scale(share).move_to(target.centre + offset)


def _large_caption(content: PeopleContent, kit: Kit, place: int, room: Area) -> _Caption | None:
    """Return the words about a person as large as they fit; None if they don't."""
    person = content.people[place]
    for step in _NAME_STEPS:
        name = kit.largest(person.name, (step,), room.width, height=room.height, lines=_NAME_LINES, weight=650)
        if name is None:
            continue
        if not person.role:
            return _Caption(name, None)
        role = kit.largest(
            person.role,
            _ROLE_STEPS,
            room.width,
            height=room.height - name.box_height - Space.HAIR,
            lines=_ROLE_LINES,
            colour=kit.palette.muted,
        )
        if role is not None:
            return _Caption(name, role)
    return None


_PAGES: dict[str, Callable[[PeopleContent, Kit], Page | None]] = {
    "grid": _grid,
    "list": _list,
    "spotlight": _spotlight,
}
