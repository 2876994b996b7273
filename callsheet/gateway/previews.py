"""Previews over HTTP: a still picture of a template's scene, while a person writes its content."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field, JsonValue, ValidationError

from callsheet.errors import InvalidRequest
from callsheet.gateway.access import CallerOf, OpenCounts, too_many
from callsheet.gateway.bodies import Body
from callsheet.gateway.problems import HttpRefusal, refusal_of
from callsheet.model.content import Content, TemplateName, content_models, pictures_named, with_pictures
from callsheet.model.film.look import Look
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.problems import Location, problems_of
from callsheet.request_reader import is_elsewhere
from callsheet.settings import Settings, settings
from callsheet.sources.own_looks import with_own_look
from callsheet.stage.kit.mathematics import formula_problems
from callsheet.stage.limits import stage_limits
from callsheet.stage.stills import StillPool
from callsheet.threads import in_a_thread

WAITING_OF_A_CALLER = 4
"""Pictures of one caller at once: a page asks for one of each scene that is being written."""
JPEG: dict[int | str, dict[str, Any]] = {200: {"description": "A picture", "content": {"image/jpeg": {}}}}

router = APIRouter(prefix="/previews", tags=["previews"])


class Preview(Body):
    """A scene of which a picture is wanted."""

    template: TemplateName
    content: dict[str, JsonValue]
    """As in a request file."""
    look: Look = Look()
    profile: ProfileName = ProfileName.HD
    """The proportions of the picture."""
    place: str = Field("", max_length=100)
    """What the picture is for, e.g. a scene of a page. A newer request for the same place ends an older one that
    waits."""


class PreviewDesk:
    """The pictures that callers of one process wait for."""

    def __init__(self, options: Settings) -> None:
        self.pool = StillPool(stage_limits(options), options.scratch_dir)
        self._newest: dict[tuple[str, str], object] = {}
        self._waiting = OpenCounts()

    async def draw(self, owner: str, wanted: Preview, content: Content) -> bytes:
        """Return the picture as JPEG. Raises HttpRefusal if a newer request has taken its place, or too many wait."""
        if self._waiting.of(owner) >= WAITING_OF_A_CALLER:
            raise too_many(f"more than {WAITING_OF_A_CALLER} previews at once; wait until one is there")
        place, ticket = (owner, wanted.place), object()
        self._newest[place] = ticket
        try:
            with self._waiting.one_more(owner):
                picture = await self.pool.draw(
                    owner, content, wanted.look, PROFILES[wanted.profile], lambda: self._newest.get(place) is ticket
                )
        finally:
            if self._newest.get(place) is ticket:
                del self._newest[place]
        if picture is None:
            raise HttpRefusal(HTTPStatus.CONFLICT, "a newer request for this place has ended this one", field="place")
        return picture


@router.post("/ready", status_code=HTTPStatus.NO_CONTENT)
async def get_ready(request: Request, caller: CallerOf) -> None:
    """Let Callsheet prepare for previews: the first one then comes as soon as the others."""
    _desk(request).pool.get_ready(caller.owner)


@router.post("", response_class=Response, responses=JPEG)
async def draw_preview(wanted: Preview, request: Request, caller: CallerOf) -> Response:
    """Draw the end of a scene as a JPEG, without its animation."""
    content = await in_a_thread(_checked_content, wanted)
    caller.check_files(wanted)
    if named := tuple(pictures_named(wanted.template, content.model_dump(mode="json"))):
        local = {place: _local(path, place) for place, path in named}
        content = type(content).model_validate(with_pictures(content.model_dump(mode="json"), local))
    if found := list(formula_problems(content)):
        raise refusal_of([(("content", *where), sentence) for where, sentence in found])
    look = await in_a_thread(with_own_look, wanted.look, settings().looks_dir)
    picture = await _desk(request).draw(caller.owner, wanted.model_copy(update={"look": look}), content)
    return Response(picture, media_type="image/jpeg", headers={"cache-control": "no-store"})


def _desk(request: Request) -> PreviewDesk:
    desk: PreviewDesk = request.app.state.previews
    return desk


def _checked_content(wanted: Preview) -> Content:
    models = content_models()
    if wanted.template not in models:
        raise refusal_of([(("template",), f"“{wanted.template}” is unknown")])
    try:
        return models[wanted.template].model_validate(wanted.content)
    except ValidationError as error:
        found = [(("content", *where), sentence) for where, sentence in problems_of(error)]
        raise refusal_of(found, {"content": wanted.content}) from None


def _local(named: str, place: Location) -> str:
    """Return where a picture lies on this machine."""
    if not is_elsewhere(named):
        return named
    path = settings().media_dir / named
    if "://" in named or settings().storage != "local" or not path.is_file():
        field = ".".join(map(str, ("content", *place)))
        raise InvalidRequest("a picture that lies elsewhere has no preview; the video shows it", field)
    return str(path)
