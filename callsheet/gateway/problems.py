"""Errors over HTTP: problem details (RFC 9457), with one sentence that says what to do."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from callsheet.errors import CallsheetError, InvalidRequest, MediaLost, SetupIncomplete, TransientError
from callsheet.model.problems import Problem, problem_words, problems_in

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
OF_OTHER_SYSTEMS = (
    "/api/workflows/",
    "/api/workflow/",
    "/api/v3/",
    "/api/pipeline/",
    "/workflows/",
    "/jobs/",
    "/output/",
)
"""Paths whose clients read `success` and `error` of an answer."""
# Where FastAPI looks for a value: not a part of the field's path for a person.
_PLACES = ("body", "query", "path", "header")


class HttpRefusal(Exception):
    """An answer other than success, as a problem: `status` is the HTTP status, `field` names what is wrong.

    `more` are further members of the problem.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        field: str = "",
        headers: Mapping[str, str] | None = None,
        problems: tuple[Problem, ...] = (),
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = dict(headers or {})
        self.problems = problems
        self.more = dict(more or {})


def add_problem_handlers(api: FastAPI) -> None:
    """Let the app answer every error as a problem."""
    api.add_exception_handler(HttpRefusal, _answer_refusal)
    api.add_exception_handler(CallsheetError, _answer_error)
    api.add_exception_handler(RequestValidationError, _answer_mistakes)
    api.add_exception_handler(HTTPException, _answer_status)
    api.add_exception_handler(Exception, _answer_defect)


def refusal_of(problems: list[Problem], written: object = None) -> HttpRefusal:
    """Return the refusal of values with these problems. `written` is the request, which holds names of scenes."""
    sentences = [problem_words(location, sentence, written) for location, sentence in problems]
    location = problems[0][0] if problems else ()
    return HttpRefusal(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "; ".join(sentences),
        field=".".join(map(str, location)),
        problems=tuple(problems),
    )


def status_of(error: CallsheetError) -> HTTPStatus:
    """Return the HTTP status of an error."""
    match error:
        case InvalidRequest():
            return HTTPStatus.UNPROCESSABLE_ENTITY if error.field else HTTPStatus.CONFLICT
        case MediaLost():
            return HTTPStatus.NOT_FOUND
        case SetupIncomplete() | TransientError():
            return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.BAD_GATEWAY


def answer_to(error: HttpRefusal, path: str = "") -> JSONResponse:
    """Return the answer to what is refused at this path."""
    problems = [{"field": ".".join(map(str, where)), "detail": sentence} for where, sentence in error.problems]
    more = {"field": error.field} if error.field else {}
    all_of_it = {**more, **({"problems": problems} if problems else {}), **error.more}
    return _problem(error.status, error.detail, all_of_it, path, error.headers)


async def _answer_refusal(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HttpRefusal)
    return answer_to(error, request.url.path)


async def _answer_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CallsheetError)
    field = error.field if isinstance(error, InvalidRequest) else ""
    headers = {"retry-after": str(RETRY_AFTER_S)} if isinstance(error, TransientError) else {}
    return _problem(status_of(error), str(error), {"field": field} if field else {}, request.url.path, headers)


async def _answer_mistakes(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    if (first := error.errors()[0])["type"] == "json_invalid":
        sentence = f"the body is no JSON: {first['ctx']['error']}"
        return answer_to(HttpRefusal(HTTPStatus.BAD_REQUEST, sentence), request.url.path)
    found = [
        (location[1:] if location[:1] and location[0] in _PLACES else location, sentence)
        for location, sentence in problems_in(error.errors())
    ]
    return answer_to(refusal_of(found), request.url.path)


async def _answer_status(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return _problem(HTTPStatus(error.status_code), str(error.detail), {}, request.url.path, dict(error.headers or {}))


async def _answer_defect(request: Request, _: Exception) -> JSONResponse:
    """Answer an error that no one foresaw. The log has its traceback; the caller has none."""
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "Callsheet has a defect here; its log says more", {}, request.url.path
    )


class _ProblemResponse(JSONResponse):
    """A problem, which may repeat what a caller sent: also what no UTF-8 can hold."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False).encode(errors="backslashreplace")


def _problem(
    status: HTTPStatus, detail: str, more: Mapping[str, Any], path: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    of_others = {"success": False, "error": detail} if path.startswith(OF_OTHER_SYSTEMS) else {}
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    return _ProblemResponse({**problem, **of_others, **more}, status.value, headers=dict(headers or {}))
