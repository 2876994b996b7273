"""The writer of docs/templates.md from the content models: every template with its fields and an example."""

import sys
from pathlib import Path
from textwrap import wrap

import yaml

from callsheet.model.content import COMPOSITIONS, CONTENT_MODELS, Content, TemplateName
from callsheet.model.field_notes import field_notes
from callsheet.model.film.look import ThemeName

TARGET = Path(__file__).parents[1] / "docs" / "templates.md"
HEAD = """\
# Templates

This page shows each scene template and the fields of its content. `callsheet templates NAME` prints the same. Every
content also takes `duration_s`. Without it, a scene lasts as long as it takes to read.

## Formulas

Write a formula in LaTeX or in [Typst's notation](https://typst.app/docs/reference/math/). Both work in the fields for
formulas, and between dollar signs in all fields that hold words. `…` between backticks is code.

| LaTeX | Typst |
| --- | --- |
| `\\frac{a}{b}`, `x^{10}`, `\\sqrt[3]{x}` | `frac(a, b)`, `x^(10)`, `root(3, x)` |
| `\\int_0^1 x^2 \\, dx`, `\\lim_{x \\to 0}` | `integral_0^1 x^2 dif x`, `lim_(x -> 0)` |
| `\\begin{cases} x & \\text{if } x > 0 \\\\ 0 & \\text{else} \\end{cases}` | `cases(x & "if " x > 0, 0 & "else")` |
| `\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}` | `mat(1, 2; 3, 4)` |
| `\\ce{2 H2 + O2 -> 2 H2O}` | `2 "H"_2 + "O"_2 -> 2 "H"_2 "O"` |

- A formula with a command behind a backslash, a group in braces after `^` or `_`, or `\\\\` is LaTeX. Every other
  formula is Typst's. Callsheet never sets LaTeX as Typst.
- If a formula would show something else than you mean, Callsheet refuses it. The sentence names the field, the
  character in the formula, and the right form.
- In LaTeX, Callsheet knows the commands of amsmath, `\\ce` of mhchem, and `\\color` with the names of colours. It draws
  each colour so light that you can read it on every ground. It knows no commands of your own.
- In Typst's notation, letters that stand together are one name. So write `dif x`, `5 "km"` and `H_2 O`. Two letters
  that can be no name are a product, as in `mc^2` and `4ac`. Put an exponent or an index of more than one sign in
  brackets, as in `x^(10)` and `e^(-x)`.
- A dollar sign begins a formula if no space follows it. The formula ends at the next dollar sign that has no space
  before it and no digit after it. So `$5 and $7` and `from $5 to $10` stay text, as in Pandoc. Write `\\$` for the sign
  in any other place.

## Texts

Callsheet takes text as you write it in the file: `No`, `12:30` and `0123` need no quotes in a text field. Put a text in
quotes if it holds a colon and a space, or if it begins with a sign such as `*`, `&`, `@` or `%`.

## Drawings

Callsheet packs 1,584 flat coloured drawings. A field such as `icon` takes a word in fifteen languages (`volcano`,
`Vulkan`), or an emoji. An emoji in any text is drawn in colour.

With `illustrate: auto` the words of a video choose drawings, too:

```yaml
title: Weather
illustrate: auto
scenes:
  - name: Water
    template: bullets
    content:
      points: [The sun warms the sea, Water turns into vapour, Clouds drift over the mountain]
```

- Points, statistics, the headings of a comparison, steps of a process, callouts, and boxes of a diagram get one.
- A text gets a drawing only if its words leave no doubt. “Train a model” and “a key idea” get none. In English and
  German a drawing is found inside of a sentence. In other languages, the whole text has to be the name of a drawing.
- No drawing stands twice in a scene. Drawings that the content names stay as they are.
- If less than half of the points, statistics or boxes would get one, none of them does. A comparison and a process get
  one on each side and step, or none. Numbered points keep their numbers.

![All templates in the theme midnight](gallery/midnight.png)
"""
COMPOSITIONS_HEAD = """\
## Compositions

Some templates arrange their content in several ways. The content decides: how many things there are, how long their
words are, and which kind of chart it is. If two scenes of the same template follow each other in a film, the second has
another composition. The request of a single scene can name one in `composition`.

| template | compositions |
| --- | --- |
"""


def document() -> str:
    """Return the whole page."""
    return "\n".join(
        [HEAD, themes(), compositions(), *(section(name, model) for name, model in CONTENT_MODELS.items())]
    )


def themes() -> str:
    """Return the themes, each with a link to its picture if there is one."""
    pictured = {path.stem for path in (TARGET.parent / "gallery").glob("*.png")}
    names = [f"[{name}](gallery/{name}.png)" if name in pictured else str(name) for name in ThemeName]
    return "\n".join(wrap(f"The themes are {', '.join(names[:-1])} and {names[-1]}.", 120)) + "\n"


def compositions() -> str:
    """Return the table of the templates that have several compositions."""
    rows = (f"| {name} | {', '.join(f'`{each}`' for each in names)} |\n" for name, names in COMPOSITIONS.items())
    return COMPOSITIONS_HEAD + "".join(rows)


def section(name: TemplateName, model: type[Content]) -> str:
    """Return one template: summary, fields, example."""
    example = {"template": str(name), "content": model.EXAMPLE}
    notes = field_notes(model)
    return "\n".join(
        [
            f"## {name}\n",
            f"{model.SUMMARY}\n",
            "| field | needed | what it is |",
            "| --- | --- | --- |",
            *(
                row(field, "yes" if info.is_required() else "", notes.get(field, ""))
                for field, info in model.model_fields.items()
                if field != "duration_s"
            ),
            "\n```yaml",
            yaml.safe_dump(example, sort_keys=False, allow_unicode=True, width=100) + "```\n",
        ]
    )


def row(field: str, needed: str, note: str) -> str:
    """Return one field of the table."""
    written = note.replace("\n", " ").replace("|", "\\|")
    return f"| `{field}` | {needed} | {written} |"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
    sys.stdout.write(f"{TARGET.name} written\n")
