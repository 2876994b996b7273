"""The writer of docs/templates.md from the content models: every template with its fields and an example."""

import sys
from pathlib import Path

import yaml
from pydantic.fields import FieldInfo

from callsheet.model.content import CONTENT_MODELS, Content, TemplateName

TARGET = Path(__file__).parents[1] / "docs" / "templates.md"
HEAD = """\
# Templates

This page shows each scene template and the fields of its content. `callsheet templates NAME` prints the same. Some text
fields take mathematics between dollar signs, in [Typst's notation](https://typst.app/docs/reference/math/), and code
between backticks. Every content also takes `duration_s`. Without it, a scene lasts as long as it takes to read.

In Typst's notation, letters that stand together are one name. So write `4 a c`, `dif x`, `5 "km"` and `H_2 O`. Put an
exponent or an index of more than one sign in brackets, as in `x^(10)` and `e^(-x)`. Callsheet does not read LaTeX:
write `frac(a, b)`. If a formula would show something else than you mean, Callsheet refuses it and names the right form.

Callsheet takes text as you write it in the file: `No`, `12:30` and `0123` need no quotes in a text field. Put a text in
quotes if it holds a colon and a space, or if it begins with a sign such as `*`, `&`, `@` or `%`.

![All templates in the theme midnight](gallery/midnight.png)

Other themes: [chalk](gallery/chalk.png), [paper](gallery/paper.png).
"""


def document() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *(section(name, model) for name, model in CONTENT_MODELS.items())])


def section(name: TemplateName, model: type[Content]) -> str:
    """Return one template: summary, fields, example."""
    example = {"template": str(name), "content": model.EXAMPLE}
    return "\n".join(
        [
            f"## {name}\n",
            f"{model.SUMMARY}\n",
            "| field | needed | what it is |",
            "| --- | --- | --- |",
            *(row(field, info) for field, info in model.model_fields.items() if field != "duration_s"),
            "\n```yaml",
            yaml.safe_dump(example, sort_keys=False, allow_unicode=True, width=100) + "```\n",
        ]
    )


def row(field: str, info: FieldInfo) -> str:
    """Return one field of the table."""
    description = (info.description or "").replace("\n", " ").replace("|", "\\|")
    return f"| `{field}` | {'yes' if info.is_required() else ''} | {description} |"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
    sys.stdout.write(f"{TARGET.name} written\n")
