"""Reads slides (PPTX): titles, points, tables, charts, pictures, and the speaker's notes as narration."""

import io
from collections.abc import Iterator
from typing import Any

import pptx
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError

from callsheet.errors import InvalidRequest
from callsheet.model.film.document import InlineText, MarkKind, PlaceUnit, SourcePlace
from callsheet.sources.documents.block_list import BlockList, at
from callsheet.sources.documents.html_page import LANGUAGE
from callsheet.sources.documents.html_walk import tag_of
from callsheet.sources.documents.office_math import latex_of
from callsheet.sources.documents.prose_builder import ProseBuilder, joined, one_line, plain
from callsheet.sources.documents.zip_parts import ZipParts, xml_root

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE}
_POINTS = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT}
_REPEATED = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER}
_MOST_DEEP = 10


def read(source: bytes, blocks: BlockList) -> None:
    """Add what slides show and what is noted below them."""
    parts = ZipParts(source)
    parts.check_xml()
    try:
        presentation = pptx.Presentation(io.BytesIO(source))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise InvalidRequest("it is damaged, or has no slides; save it again as PPTX") from error
    properties = presentation.core_properties
    blocks.title = one_line(properties.title or "")
    if LANGUAGE.fullmatch(properties.language or ""):
        blocks.language = properties.language
    if blocks.title.lower() in {"powerpoint presentation", "powerpoint-präsentation", "présentation powerpoint"}:
        blocks.title = ""
    for number, slide in enumerate(presentation.slides, start=1):
        place = at(PlaceUnit.SLIDE, number)
        if slide._element.get("show") == "0":
            blocks.omit(place, "a hidden slide", " ".join(_all_texts(slide._element)))
        else:
            _add_slide(slide, number, place, blocks)


def _add_slide(slide: Any, number: int, place: SourcePlace, blocks: BlockList) -> None:
    title = slide.shapes.title
    if title is not None:
        blocks.heading(place, 1 if number == 1 else 2, _prose_of_frame(title.text_frame))
    for shape in _flat(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            _add_shape(shape, slide, place, blocks)
    if slide.has_notes_slide:
        frame = slide.notes_slide.notes_text_frame
        if frame is not None:
            blocks.narration(place, _prose_of_frame(frame))


def _flat(shapes: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the shapes, with those of groups."""
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP and depth < _MOST_DEEP:
            yield from _flat(shape.shapes, depth + 1)
        else:
            yield shape


def _add_shape(shape: Any, slide: Any, place: SourcePlace, blocks: BlockList) -> None:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if kind in _REPEATED:
        if shape.has_text_frame:
            blocks.omit(place, "a footer", shape.text_frame.text)
    elif getattr(shape, "has_chart", False):
        _add_chart(shape, place, blocks)
    elif getattr(shape, "has_table", False):
        rows = [[_prose_of_frame(cell.text_frame) for cell in row.cells] for row in shape.table.rows]
        header, body = (rows[0], rows[1:]) if shape.table.first_row and len(rows) > 1 else ([], rows)
        blocks.table(place, header, body)
    elif hasattr(shape, "image"):
        _add_picture(shape, place, blocks)
    elif shape.has_text_frame:
        _add_text(shape.text_frame, place, blocks, are_points=kind in _POINTS)
    else:
        _add_diagram(shape, slide, place, blocks)


def _add_picture(shape: Any, place: SourcePlace, blocks: BlockList) -> None:
    try:
        content = shape.image.blob
    except (ValueError, KeyError, AttributeError):  # a picture that is only linked
        content = b""
    blocks.figure(place, content, alternative=_description(shape))


def _description(shape: Any) -> str:
    found = shape._element.xpath(".//p:cNvPr/@descr")
    return found[0] if found else ""


def _add_text(frame: Any, place: SourcePlace, blocks: BlockList, *, are_points: bool) -> None:
    """Add paragraphs; those of a placeholder for points are a list if they are several."""
    shown = [(paragraph, prose) for paragraph in frame.paragraphs if (prose := _prose_of(paragraph)).text]
    if are_points and len(shown) > 1:
        numbered = shown[0][0]._p.find(f"{_DRAWING}pPr/{_DRAWING}buAutoNum") is not None
        items = [blocks.item(prose, paragraph.level) for paragraph, prose in shown]
        blocks.list_of(place, items, is_ordered=numbered)
    else:
        for _, prose in shown:
            blocks.paragraph(place, prose)


def _add_chart(shape: Any, place: SourcePlace, blocks: BlockList) -> None:
    """Add the numbers of a chart as a table."""
    chart = shape.chart
    caption = (
        _prose_of_frame(chart.chart_title.text_frame)
        if chart.has_title and chart.chart_title.has_text_frame
        else plain(_description(shape))
    )
    try:
        categories = [str(category) for category in chart.plots[0].categories]
        series = [(str(each.name or ""), list(each.values)) for each in chart.plots[0].series]
    except (AttributeError, ValueError, IndexError, KeyError):
        blocks.omit(place, "a chart that can't be read", caption.text)
        return
    rows = [
        [plain(category), *(plain(_number(values[row])) if row < len(values) else InlineText() for _, values in series)]
        for row, category in enumerate(categories)
    ]
    blocks.table(place, [InlineText(), *(plain(name) for name, _ in series)], rows, caption)


def _number(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _add_diagram(shape: Any, slide: Any, place: SourcePlace, blocks: BlockList) -> None:
    """Add the texts of a drawn list or hierarchy as a list."""
    references = shape._element.findall(f".//{_DIAGRAM}relIds")
    for reference in references:
        name = reference.get(f"{_RELATIONS}dm")
        if name in slide.part.rels:
            root = xml_root(slide.part.related_part(name).blob)
            points = [one_line("".join(_all_texts(point))) for point in root.iter(f"{_DIAGRAM}pt")]
            items = [blocks.item(plain(point), 0) for point in points if point]
            blocks.list_of(place, items, is_ordered=False)


def _all_texts(element: Any) -> Iterator[str]:
    for each in element.iter(f"{_DRAWING}t"):
        yield each.text or ""


def _prose_of_frame(frame: Any) -> InlineText:
    return joined(_prose_of(paragraph) for paragraph in frame.paragraphs)


def _prose_of(paragraph: Any) -> InlineText:
    """Return the text of a paragraph, with its formulas, bold and slanted parts, and links."""
    builder = ProseBuilder()
    links = {run._r: run.hyperlink.address for run in paragraph.runs if run._r.find(".//{*}hlinkClick") is not None}
    for child in paragraph._p.iter(f"{_DRAWING}r", f"{_DRAWING}fld", f"{_DRAWING}br", "{*}oMath"):
        if tag_of(child) == "br":
            builder.break_line()
        elif tag_of(child) == "omath":
            if not any(tag_of(each) == "fallback" for each in child.iterancestors()):
                builder.marked(MarkKind.FORMULA, latex_of(child), is_literal=True)
        elif not any(tag_of(each) in {"fallback", "omath"} for each in child.iterancestors()):
            _add_run(child, links.get(child) or "", builder)
    return builder.done()


def _add_run(run: Any, address: str, builder: ProseBuilder) -> None:
    properties = run.find(f"{_DRAWING}rPr")
    kinds = (
        []
        if properties is None
        else [
            kind
            for name, kind in (("b", MarkKind.STRONG), ("i", MarkKind.EMPHASIS))
            if properties.get(name) in {"1", "true"}
        ]
    )
    for kind in kinds:
        builder.open(kind)
    if address:
        builder.open(MarkKind.LINK, address)
    builder.add("".join(each.text or "" for each in run.iter(f"{_DRAWING}t")))
    for _ in range(len(kinds) + bool(address)):
        builder.close()
