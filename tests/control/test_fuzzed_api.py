"""Every operation of the HTTP API, with values that its own description allows, and with others."""

import json
import time
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

EXAMPLES = 8
BUDGET_S = 50
"""After this time, each operation that is left gets no further example."""
JSON = {"content-type": "application/json"}
METHODS = ("get", "post", "delete")
STARTS_A_RUN = ("prompt", "scenes", "storyboard", "text", "document", "request", "script", "screenplay", "source")
"""Fields without which no request is one: what is fuzzed here makes no film."""

odd = ["\0", "\u202e", "%00", "../", "'", '"', "{}", "null", "\r\nx: y", "9" * 400]
texts = st.text(max_size=30) | st.sampled_from(odd)
plain = st.none() | st.booleans() | st.integers() | st.floats() | texts
anything = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6
)


def values_of(schema, root, depth=4):
    """Values of a JSON schema, or now and then any value at all."""
    schema = resolved(schema, root)
    choices = schema.get("anyOf") or schema.get("oneOf")
    kind = schema.get("type")
    if depth == 0:
        fitting = plain
    elif choices:
        fitting = st.one_of([values_of(each, root, depth - 1) for each in choices])
    elif "enum" in schema:
        fitting = st.sampled_from(schema["enum"])
    elif kind == "object" and schema.get("properties"):
        fields = {name: values_of(each, root, depth - 1) for name, each in schema["properties"].items()}
        fitting = st.fixed_dictionaries({}, optional=fields)
    elif kind == "array":
        fitting = st.lists(values_of(schema.get("items", {}), root, depth - 1), max_size=3)
    else:
        known = {"string": texts, "integer": st.integers(), "number": st.floats(), "boolean": st.booleans()}
        fitting = known.get(kind, anything)
    return fitting | anything


def resolved(schema, root):
    """The schema that a reference names."""
    if "$ref" not in schema:
        return schema
    place = root
    for step in schema["$ref"].split("/")[1:]:
        place = place[step]
    return place


def calls_of(operation, root):
    """What the address names, the query, the body, and whether to leave the body out."""
    places = operation.get("parameters", ())
    named = {each["name"]: texts for each in places if each["in"] == "path"}
    query = {each["name"]: values_of(each["schema"], root).map(as_text) for each in places if each["in"] == "query"}
    contents = operation.get("requestBody", {}).get("content", {}).values()
    bodies = [each["schema"] for each in contents if "schema" in each]
    body = values_of(bodies[0], root).map(without_work) if bodies else st.none()
    return st.tuples(st.fixed_dictionaries(named), st.fixed_dictionaries({}, optional=query), body, st.booleans())


def without_work(body):
    """A body that starts nothing."""
    if not isinstance(body, dict):
        return body
    return {name: value for name, value in body.items() if name not in STARTS_A_RUN}


def as_text(value):
    """A value as a query has it."""
    return "".join(character for character in str(value) if not "\ud800" <= character <= "\udfff")


def test_no_operation_answers_what_it_does_not_describe(prefect_server):
    """Never 500, never a traceback; each error is a problem with a sentence, and its status is described."""
    with httpx.Client(base_url=prefect_server.gateway_url, timeout=30) as asking:
        root = asking.get("/api/openapi.json").json()
        ends = time.monotonic() + BUDGET_S
        operations = [
            (method, path, operation)
            for path, of_path in root["paths"].items()
            for method, operation in of_path.items()
            if method in METHODS
        ]
        assert len(operations) > 30
        for method, path, operation in operations:
            check_operation(asking, root, method, path, operation, ends)


def check_operation(asking, root, method, path, operation, ends):
    """Ask one operation with some drawn calls."""

    @settings(
        max_examples=EXAMPLES, phases=[Phase.generate], derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(calls_of(operation, root))
    def ask(call):
        if time.monotonic() > ends:
            return
        named, query, body, is_empty = call
        # No run has such an id or name: another test's run would be cancelled here.
        place = path.format(**{name: quote(f"no-run {text}", safe="") for name, text in named.items()})
        content = {} if body is None or is_empty else {"content": json.dumps(body), "headers": JSON}
        answer = asking.request(method.upper(), place, params=query, **content)
        said = f"{method} {place} {query} {body!r}: {answer.status_code} {answer.text[:300]}"
        assert answer.status_code < 500, said
        assert "Traceback" not in answer.text, said
        assert str(answer.status_code) in operation["responses"], said
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", said
            assert answer.json()["detail"], said

    ask()
