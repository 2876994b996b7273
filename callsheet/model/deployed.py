"""Flows as the server is to know them: what a flow file declares in one line, and what was found of all of them.

@deployed("Says hello every hour.", every_s=3600)
@flow
def hello() -> None: ...
"""

from collections.abc import Callable, Sequence
from inspect import Parameter
from typing import Any, Self, TypeVar

from pydantic import Field, model_validator

from callsheet.model.problems import refused
from callsheet.model.values import Value

# The name that all of our deployments have, each below the name of its flow.
DEPLOYMENT_NAME = "callsheet"
# What Prefect reads deployments from, in the checkout.
PROJECT_FILE = "prefect.yaml"
# Runs of deployments with this tag are recovered when their process dies.
MADE_TAG = "callsheet"
# Runs that look after other runs: nobody asked for them.
UPKEEP_TAG = "upkeep"
_DECLARATION = "__deployed__"

Flow = TypeVar("Flow")


class Deployed(Value):
    """What a flow declares of its deployment."""

    description: str = ""
    """One sentence; without it, the first line of the flow's docstring."""
    tags: tuple[str, ...] = (MADE_TAG,)
    every_s: float | None = Field(None, gt=0)
    """Seconds from one scheduled run to the next."""
    cron: str = ""
    """When it runs on schedule, e.g. `0 6 * * *`."""
    timezone: str = "UTC"
    """That `cron` is meant in."""

    @model_validator(mode="after")
    def _has_one_schedule(self) -> Self:
        if self.every_s is not None and self.cron:
            raise refused("cron", "leave it out, or leave every_s out: a flow declares one schedule")
        return self


def deployed(
    description: str = "",
    *,
    tags: Sequence[str] = (MADE_TAG,),
    every_s: float | None = None,
    cron: str = "",
    timezone: str = "UTC",
) -> Callable[[Flow], Flow]:
    """Declare that a flow is deployed: the line above its `@flow`. See `Deployed` for what is said."""
    declared = Deployed(description=description, tags=tuple(tags), every_s=every_s, cron=cron, timezone=timezone)

    def declare(flow: Flow) -> Flow:
        setattr(flow, _DECLARATION, declared)
        return flow

    return declare


def declaration_of(flow: Any) -> Deployed | None:
    """What it declares; None where it is not to be deployed by itself."""
    declared = getattr(flow, _DECLARATION, None)
    return declared if isinstance(declared, Deployed) else None


class Deployment(Value):
    """A flow that can be started."""

    name: str
    """Of its flow and its own, e.g. `generate-video/callsheet`: `prefect deployment run` takes it."""
    entrypoint: str
    """Where the flow is, e.g. `flows.video.generate_video`."""
    description: str = ""
    parameters: tuple[str, ...] = ()
    """What it takes, each in words (see `parameter_words`)."""
    schedule: str = ""
    """When it runs by itself, in words; empty where it does not."""


def parameter_words(name: str, default: object = Parameter.empty) -> str:
    """A parameter by its name, and its default where it has one: `days = 7`."""
    return name if default is Parameter.empty else f"{name} = {default!r}"


def interval_words(seconds: float) -> str:
    """When something runs that does so again and again."""
    return f"every {seconds:g} s"


def cron_words(cron: str, timezone: str | None) -> str:
    """When something runs on a schedule of cron, and where that is meant."""
    return f"{cron} {timezone or 'UTC'}"


class BrokenFlow(Value):
    """A flow file that can't be deployed. The others are, all the same."""

    file: str
    """Below the checkout."""
    line: int | None = None
    reason: str
    """One sentence for a person."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class Discovery(Value):
    """All flow files of a checkout."""

    deployments: tuple[Deployment, ...] = ()
    broken: tuple[BrokenFlow, ...] = ()
