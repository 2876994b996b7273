"""`/api/docs`: the description of the HTTP API as a page that runs no program and asks no other host."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
METHODS = ("get", "post", "put", "patch", "delete")

router = APIRouter(include_in_schema=False)


@router.get("/api/docs")
async def show_description(request: Request) -> HTMLResponse:
    """Show every path with its fields."""
    described = request.app.openapi()
    return HTMLResponse(page_of(described), headers={"content-security-policy": POLICY, "cache-control": "no-cache"})


def page_of(described: Mapping[str, Any]) -> str:
    """Return the page of an OpenAPI description."""
    sections: dict[str, list[str]] = {}
    for path, operations in described["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                tag = (operation.get("tags") or ["other"])[0]
                sections.setdefault(tag, []).append("".join(_operation(method, path, operation)))
    schemas = described.get("components", {}).get("schemas", {})
    title = escape(described["info"]["title"])
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark">'
            f'<title>{title}: HTTP API</title><link rel="stylesheet" href="/studio/share.css"></head><body><main>'
            f"<h1>{title}: HTTP API</h1><p>{escape(described['info'].get('description', ''))} "
            '<a href="/api/openapi.json">The same for programs</a>.</p>',
            *(f"<h2>{escape(tag)}</h2>{''.join(operations)}" for tag, operations in sections.items()),
            "<h2>Values</h2>",
            *("".join(_schema(name, schema)) for name, schema in sorted(schemas.items())),
            "</main></body></html>",
        )
    )


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f'<section class="operation"><h3><span class="verb">{method.upper()}</span> <code>{escape(path)}</code></h3>'
    yield f"<p>{escape(operation.get('description') or operation.get('summary', ''))}</p>"
    fields = [
        (each["name"], each["in"], _kind(each.get("schema", {})), each.get("description", ""))
        for each in operation.get("parameters", ())
    ]
    if fields:
        yield _table(("Name", "In", "Value", ""), fields)
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f'<p class="quiet">Body: {escape(media_type)}</p><p>{_kind(content.get("schema", {}))}</p>'
    for status, answer in operation.get("responses", {}).items():
        if status.startswith("2"):
            kinds = [_kind(each.get("schema", {})) for each in answer.get("content", {}).values()]
            yield f'<p><span class="quiet">Answer {escape(status)}</span> {" ".join(kinds)}</p>'
    yield "</section>"


def _schema(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f'<section class="operation" id="{escape(name)}"><h3>{escape(name)}</h3>'
    yield f"<p>{escape(schema.get('description', ''))}</p>"
    needed = schema.get("required", ())
    fields = [
        (field, "needed" if field in needed else "", _kind(value), value.get("description", ""))
        for field, value in schema.get("properties", {}).items()
    ]
    if fields:
        yield _table(("Field", "", "Value", ""), fields)
    elif "enum" in schema:
        yield f"<p>{_kind(schema)}</p>"
    yield "</section>"


def _table(names: tuple[str, ...], rows: list[tuple[str, str, str, str]]) -> str:
    """Return a table; the third cell of a row is HTML already."""
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(where)}</td><td>{kind}</td><td>{escape(about)}</td></tr>"
        for name, where, kind, about in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _kind(schema: Any) -> str:
    """Return what a schema allows, in HTML: names of values are links."""
    if not isinstance(schema, Mapping):
        return "any value"
    if reference := schema.get("$ref"):
        name = escape(str(reference).rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " or ".join(map(_kind, choices))
    if words := schema.get("enum") or [schema[name] for name in ("const",) if name in schema]:
        return ", ".join(f"<code>{escape(str(value))}</code>" for value in words)
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    kind = escape(str(schema.get("type", "any value")))
    bounds = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "maxLength": "at most"}
    return " ".join((kind, *(f"{word} {schema[name]:g}" for name, word in bounds.items() if name in schema)))
