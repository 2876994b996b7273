"""What can be made, over HTTP: flows, kinds with their forms, templates, voices and looks."""

from typing import Any

from fastapi import APIRouter

from callsheet import client
from callsheet.gateway.access import CallerOf
from callsheet.model.content import TemplateName, content_models
from callsheet.model.deployed import Deployment
from callsheet.model.film.look import Look
from callsheet.model.film.narration import Voice
from callsheet.model.run.kinds import KINDS
from callsheet.model.values import Value

router = APIRouter(tags=["catalogue"])


class KindForm(Value):
    """A kind of run, and the JSON schema of its request."""

    kind: str
    flow: str
    request: dict[str, Any]


class TemplateForm(Value):
    """A scene template: what it shows, the JSON schema of its content, and an example."""

    name: TemplateName
    shows: str
    content: dict[str, Any]
    example: dict[str, Any]


@router.get("/flows")
async def list_flows(_: CallerOf) -> tuple[Deployment, ...]:
    """List the deployed flows."""
    return await client.list_flows()


@router.get("/kinds")
async def list_kinds(_: CallerOf) -> tuple[KindForm, ...]:
    """List the kinds of runs with the forms of their requests."""
    return tuple(KindForm(kind=each.name, flow=each.flow, request=each.request.model_json_schema()) for each in KINDS)


@router.get("/templates")
async def list_templates(_: CallerOf) -> tuple[TemplateForm, ...]:
    """List the scene templates with the forms of their content."""
    return tuple(
        TemplateForm(
            name=name,
            shows=model.SUMMARY,
            content=model.model_json_schema(),
            example=model.example().model_dump(mode="json", exclude_defaults=True),
        )
        for name, model in content_models().items()
    )


@router.get("/voices")
async def list_voices(_: CallerOf, language: str = "") -> tuple[Voice, ...]:
    """List the voices, or those that speak a language."""
    # Imported here: the models of voices take a second that other requests don't need.
    from callsheet.speech.catalogue import voice_catalogue

    return tuple(each for each in voice_catalogue().voices if not language or each.speaks(language))


@router.get("/looks")
async def show_looks(_: CallerOf) -> dict[str, Any]:
    """Show the JSON schema of a look: its themes, colours and typefaces."""
    return Look.model_json_schema()
