"""Contents made of texts that break layouts: long, wide, right to left, emoji, markup, many."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from callsheet.model.content import CONTENT_MODELS, TemplateName, TextKind

NASTY_TEXTS = {
    "one letter": "i",
    "long words": "Donaudampfschifffahrtsgesellschaftskapitän " * 40,
    "one long word": "m" * 10_000,
    "ten thousand characters": ("The quick brown fox jumps over the lazy dog. " * 230)[:10_000],
    "arabic": "السلام عليكم ورحمة الله وبركاته " * 30,
    "hebrew with latin": "שלום Callsheet 3.14 עולם " * 30,
    "chinese": "落霞与孤鹜齐飞,秋水共长天一色。" * 60,
    "japanese": "吾輩は猫である。名前はまだ無い。" * 60,
    "thai": "สวัสดีชาวโลก" * 60,
    "emoji": "😀🎬 👩‍👩‍👧 ❤️ " * 60,
    "markup": r'# $ * _ @ < > \ ` " #let x = 1 [a] {b} //c /*d*/ = ~ -- ' * 10,
    "dollars": "from $5 to $10, $x$ and $y_1^2$, `code` and \\$ " * 10,
    "lines": "one\n\n\ntwo\nthree\t four\r\n" * 40,
    "zalgo": "Z̴̡̛͖̤̮̺͓͐͊͝a̵̧̛̺̘͔̗̔́l̸̗̓g̷͓̈́o̶̼̓" * 20,
}
"""By name, so that a failing test says what broke it."""

_UNWRITTEN = {TextKind.FORMULA, TextKind.DRAWING}
_HELD = {"kind", "shape", "sky", "trend", "name", "language", "expression", "path", "source", "target", "first", "last"}


def free_texts(template: TemplateName) -> list[str]:
    """Paths of the example's texts that may hold any words: no formulas, choices, names or file paths."""
    texts = CONTENT_MODELS[template].example().texts()
    return [
        path
        for path, kind, text in texts
        if text and (kind is TextKind.PROSE or (kind not in _UNWRITTEN and not _is_held(path)))
    ]


def _is_held(path: str) -> bool:
    """Whether the field takes only certain words; a number at the end stands for one of a list of names."""
    field = path.rsplit(".", maxsplit=1)[-1]
    return field in _HELD or field.isdecimal()


def with_texts(template: TemplateName, texts: dict[str, str]) -> dict[str, Any]:
    """The example's values with `texts` put at their paths."""
    values: dict[str, Any] = CONTENT_MODELS[template].example().model_dump(mode="json", exclude_defaults=True)
    for path, text in texts.items():
        _put(values, path.split("."), text)
    return values


def shortened(template: TemplateName, texts: dict[str, str]) -> dict[str, str]:
    """`texts`, each cut to the most characters that its field takes."""
    return {path: text[: most_characters(template, path)] for path, text in texts.items()}


def most_characters(template: TemplateName, path: str) -> int:
    """The field's limit, read from the schema that people see."""
    schema = _schema(template)
    node: dict[str, Any] = schema
    for step in path.split("."):
        node = _resolved(node, schema)
        node = node["items"] if step.isdecimal() else node["properties"][step]
    return int(_resolved(node, schema)["maxLength"])


@cache
def _schema(template: TemplateName) -> dict[str, Any]:
    return CONTENT_MODELS[template].model_json_schema()


def crowded(values: dict[str, Any], times: int) -> dict[str, Any]:
    """`values` with every list of words `times` as long; lists that name things stay as they are."""
    return {
        name: value * times if isinstance(value, list) and not _names_things(value) else value
        for name, value in values.items()
    }


def random_texts(template: TemplateName) -> st.SearchStrategy[dict[str, str]]:
    """Some of the template's texts, replaced by anything."""
    paths = free_texts(template)
    anything = st.one_of(st.sampled_from(list(NASTY_TEXTS.values())), st.text(min_size=1, max_size=400))
    return st.dictionaries(st.sampled_from(paths), anything, min_size=1, max_size=len(paths))


def _names_things(items: list[Any]) -> bool:
    return any(isinstance(item, dict) and ("name" in item or "first" in item or "points" in item) for item in items)


def _put(values: Any, steps: list[str], text: str) -> None:
    for step in steps[:-1]:
        values = values[int(step) if step.isdecimal() else step]
    values[int(steps[-1]) if steps[-1].isdecimal() else steps[-1]] = text


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["$defs"][node["$ref"].split("/")[-1]] if "$ref" in node else node
    return found
