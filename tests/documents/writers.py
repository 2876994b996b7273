"""Small real documents of each format, made by the programs that make such files where there is one."""

import base64
import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import typst
from docx import Document as WordFile
from docx.oxml import parse_xml
from docx.shared import Pt
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

WORD_MATH = (
    '<m:oMathPara xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:oMath><m:f><m:num><m:r><m:t>a'
    "</m:t></m:r></m:num><m:den><m:sSup><m:e><m:r><m:t>b</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    "</m:den></m:f></m:oMath></m:oMathPara>"
)
EPUB_CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
EPUB_PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The lighthouse</dc:title><dc:language>en-GB</dc:language></metadata><manifest>
<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="a" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="b" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="p" href="pictures/cover.png" media-type="image/png"/></manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"""
ODT_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">
<office:automatic-styles><style:style style:name="P1" style:family="paragraph" style:parent-style-name="Quotations"/>
<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1"/></text:list-style>
</office:automatic-styles>
<office:body><office:text>
<text:h text:outline-level="1">Tides</text:h>
<text:p>The moon <text:span text:style-name="T1">pulls</text:span> the<text:s/>sea<text:note>
<text:note-citation>1</text:note-citation>
<text:note-body><text:p>And the land a little.</text:p></text:note-body></text:note>.</text:p>
<text:list text:style-name="L1"><text:list-item><text:p>Spring tide</text:p><text:list>
<text:list-item><text:p>full moon</text:p>
</text:list-item></text:list></text:list-item><text:list-item><text:p>Neap tide</text:p></text:list-item></text:list>
<text:p text:style-name="P1">Time and tide wait for none.</text:p>
<text:p text:style-name="Preformatted_20_Text">height = 2.1</text:p>
<text:p text:style-name="Preformatted_20_Text"><text:s text:c="2"/>+ wind</text:p>
<table:table><table:table-row><table:table-cell><text:p>Port</text:p></table:table-cell><table:table-cell><text:p>Range</text:p>
</table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Bristol</text:p></table:table-cell>
<table:table-cell><text:p>14 m</text:p></table:table-cell></table:table-row></table:table>
<text:p><draw:frame><draw:image xlink:href="Pictures/moon.png"/><svg:desc>The moon</svg:desc></draw:frame></text:p>
</office:text></office:body></office:document-content>"""
ODT_META = """<?xml version="1.0"?><office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>All about tides</dc:title>
<dc:language>en-US</dc:language></office:meta></office:document-meta>"""
TYPST_PAPER = """
#set document(title: "On lighthouses")
#set page(width: 14cm, height: 18cm, header: [Journal of Lamps], footer: context counter(page).display())
#set text(size: 10pt, lang: "en")
#set par(justify: true)
= Why lamps turn
A lamp that turns is seen as a flash, and each lighthouse has a rhythm that sailors know. #lorem(60)

The second paragraph of the first chapter is here. #lorem(50)
== How far they are seen
#table(columns: 3, [Tower], [Height], [Range], [Skagen], [46 m], [20 nm], [Eckmühl], [60 m], [23 nm])
- The light must be high.
- The air must be clear.
```python
def range_nm(height_m):
    return 2.08 * height_m ** 0.5
```
#pagebreak()
== What comes next
#figure(image("tower.png", width: 4cm), caption: [A tower by the sea])
#lorem(90)
"""


def picture(width: int = 64, height: int = 48, colour: str = "teal", kind: str = "PNG") -> bytes:
    """Return the bytes of a picture."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, kind)
    return written.getvalue()


def zipped(parts: Mapping[str, str | bytes], stored_first: bool = False) -> bytes:
    """Return a zip file; its first part is not compressed if `stored_first`, as EPUB and ODT ask."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for number, (name, content) in enumerate(parts.items()):
            how = zipfile.ZIP_STORED if stored_first and number == 0 else zipfile.ZIP_DEFLATED
            file.writestr(name, content, how)
    return written.getvalue()


def word_file() -> bytes:
    """Return a DOCX file with something of everything."""
    file = WordFile()
    file.core_properties.title = "Bread"
    file.core_properties.language = "en-GB"
    file.add_paragraph("How bread is made", style="Title")
    file.add_heading("Ingredients", 1)
    paragraph = file.add_paragraph("Flour and ")
    paragraph.add_run("water").bold = True
    paragraph.add_run(" are enough.")
    for text, style in (("Flour", "List Bullet"), ("of wheat", "List Bullet 2"), ("Water", "List Bullet")):
        file.add_paragraph(text, style=style)
    file.add_heading("Times", 2)
    table = file.add_table(2, 2)
    for place, text in enumerate(("Step", "Hours", "Rise", "4")):
        table.cell(place // 2, place % 2).text = text
    file.add_paragraph("Good bread takes time.", style="Quote")
    file.add_paragraph()._p.append(parse_xml(WORD_MATH))
    file.add_picture(io.BytesIO(picture()), width=Pt(60))
    file.inline_shapes[0]._inline.docPr.set("descr", "A loaf")
    file.add_paragraph("Figure 1: The loaf", style="Caption")
    written = io.BytesIO()
    file.save(written)
    return written.getvalue()


def slides() -> bytes:
    """Return a PPTX file with a title, points, a chart, a picture, notes and a hidden slide."""
    deck = Presentation()
    deck.core_properties.title = "Bees"
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "Why bees dance"
    first.placeholders[1].text = "A talk"
    first.notes_slide.notes_text_frame.text = "Welcome. Today we look at bees."
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "The waggle dance"
    frame = second.placeholders[1].text_frame
    frame.text = "Angle tells the direction"
    point = frame.add_paragraph()
    point.text, point.level = "measured from the sun", 1
    frame.add_paragraph().text = "Length tells the distance"
    second.shapes.add_picture(io.BytesIO(picture(kind="JPEG")), Inches(1), Inches(5))
    third = deck.slides.add_slide(deck.slide_layouts[5])
    third.shapes.title.text = "Distances"
    data = CategoryChartData()
    data.categories = ["near", "far"]
    data.add_series("metres", (100, 2500.5))
    third.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(2), Inches(4), Inches(3), data)
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "Do not show"
    hidden._element.set("show", "0")
    written = io.BytesIO()
    deck.save(written)
    return written.getvalue()


def open_text(content: str = ODT_CONTENT, manifest: str = "<manifest/>") -> bytes:
    """Return an ODT file."""
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "meta.xml": ODT_META,
        "Pictures/moon.png": picture(), "META-INF/manifest.xml": manifest,
    }  # fmt: skip
    return zipped(parts, stored_first=True)


def book(encryption: str = "") -> bytes:
    """Return an EPUB book of two chapters."""
    page = '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
    parts = {
        "mimetype": "application/epub+zip", "META-INF/container.xml": EPUB_CONTAINER, "OEBPS/book.opf": EPUB_PACKAGE,
        "OEBPS/nav.xhtml": page.format("<nav><ol><li>One</li></ol></nav>"),
        "OEBPS/text/one.xhtml": page.format(
            '<h1>The storm</h1><p>It was&nbsp;dark.<sup><a href="#n1">1</a></sup></p>'
            '<p><img src="../pictures/cover.png" alt="A tower"/></p>'
            '<aside epub:type="footnote" id="n1"><p>Very dark.</p></aside>'
        ),
        "OEBPS/text/two b.xhtml": page.format("<h1>The calm</h1><p>Morning came – at last.</p>"),
        "OEBPS/pictures/cover.png": picture(),
    } | ({"META-INF/encryption.xml": encryption} if encryption else {})  # fmt: skip
    return zipped(parts, stored_first=True)


def notebook() -> bytes:
    """Return an ipynb file with texts, code, outputs and a command."""

    def code(source: list[str], *outputs: dict[str, object]) -> dict[str, object]:
        return {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}, "execution_count": 1}

    frame = (
        "<div><table>"
        "<thead><tr><th></th><th>n</th></tr></thead><tbody><tr><th>0</th><td>7</td></tr></tbody></table></div>"
    )
    encoded = base64.b64encode(picture()).decode()
    cells = [
        {
            "cell_type": "markdown",
            "source": ["# Primes\n\n", "A *prime* has two divisors: $p > 1$."],
            "metadata": {},
        },
        code(["!pip install sympy"]),
        code(["import sympy\n", "sympy.prime(4)"], {"output_type": "execute_result", "data": {"text/plain": ["7"]}}),
        code(["frame"], {"output_type": "execute_result", "data": {"text/html": [frame], "text/plain": ["  n"]}}),
        code(["plot()"], {"output_type": "display_data", "data": {"image/png": encoded}}),
        code(["oops"], {"output_type": "error", "ename": "NameError", "evalue": "no oops", "traceback": []}),
    ]
    metadata = {"kernelspec": {"language": "python"}, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


def pdf(source: str = TYPST_PAPER) -> bytes:
    """Return a PDF that Typst has set."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.typ").write_text(source)
        (folder / "tower.png").write_bytes(picture(300, 300))
        pages = typst.compile(folder / "main.typ", root=folder)
    assert isinstance(pages, bytes)
    return pages
