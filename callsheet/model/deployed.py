"""Flows as the server knows them: the declaration of a flow in one line, and the findings in all flow files.

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

# The name of a deployment, below the name of its flow, unless the table gives it another one.
DEPLOYMENT_NAME = "callsheet"
# Callsheet's own deployments, each named for what it does. In earlier versions they all had the name above.
NAMES_OF_FLOWS = {
    "generate-video": "video",
    "generate-scene": "scene",
    "image-to-video": "picture",
    "animate-image-pairs": "pairs",
    "explain-document": "explainer",
    "script-to-movie": "movie",
    "backfill-videos": "nightly",
    "recover-interrupted": "upkeep-recovery",
    "resume-pending": "upkeep-waiting",
    "deliver-webhooks": "upkeep-webhooks",
    "report-history": "upkeep-history",
}
# Flows that are younger than these names, and have no former one.
NEVER_RENAMED = frozenset({"explain-document", "script-to-movie"})
# What Prefect reads deployments from, in the checkout.
PROJECT_FILE = "prefect.yaml"
# Runs of deployments with this tag are recovered when their process dies.
MADE_TAG = "callsheet"
# Runs that look after other runs. No person asked for them.
UPKEEP_TAG = "upkeep"
# A deployment that is kept under its former name, for one release. Its schedules are inactive.
FORMER_TAG = "former-name"
_DECLARATION = "__deployed__"

Flow = TypeVar("Flow")


class Deployed(Value):
    """The declaration of a flow's deployment."""

    description: str = ""
    """One sentence; without it, the first line of the flow's docstring."""
    tags: tuple[str, ...] = (MADE_TAG,)
    every_s: float | None = Field(None, gt=0)
    """Seconds from one scheduled run to the next."""
    cron: str = ""
    """When it runs on schedule, e.g. `0 6 * * *`."""
    timezone: str = "UTC"
    """The time zone in which `cron` is read."""
    schedule_needs: str = ""
    """The setting without which the schedule is inactive, e.g. `backfill_catalogue`."""

    @model_validator(mode="after")
    def _has_one_schedule(self) -> Self:
        if self.every_s is not None and self.cron:
            raise refused("cron", "leave it out, or leave every_s out: a flow declares one schedule")
        if self.schedule_needs and self.every_s is None and not self.cron:
            raise refused("schedule_needs", "leave it out, or declare a schedule with cron or every_s")
        return self


def deployed(
    description: str = "",
    *,
    tags: Sequence[str] = (MADE_TAG,),
    every_s: float | None = None,
    cron: str = "",
    timezone: str = "UTC",
    schedule_needs: str = "",
) -> Callable[[Flow], Flow]:
    """Declare that a flow is deployed: the line above its `@flow`.

    `Deployed` describes the fields.
    """
    declared = Deployed(
        description=description,
        tags=tuple(tags),
        every_s=every_s,
        cron=cron,
        timezone=timezone,
        schedule_needs=schedule_needs,
    )

    def declare(flow: Flow) -> Flow:
        setattr(flow, _DECLARATION, declared)
        return flow

    return declare


def declaration_of(flow: Any) -> Deployed | None:
    """Return the declaration of a flow; None if the flow has none."""
    declared = getattr(flow, _DECLARATION, None)
    return declared if isinstance(declared, Deployed) else None


def deployment_names(flow: str) -> tuple[str, ...]:
    """Return the names of a flow's deployments, without the flow's name.

    The present name comes first, then a former one.
    """
    name = NAMES_OF_FLOWS.get(flow, DEPLOYMENT_NAME)
    return (name,) if name == DEPLOYMENT_NAME or flow in NEVER_RENAMED else (name, DEPLOYMENT_NAME)


def full_name(flow: str) -> str:
    """Return the name that `prefect deployment run` takes: `generate-video/video`."""
    return f"{flow}/{deployment_names(flow)[0]}"


class Deployment(Value):
    """A flow that can be started."""

    name: str
    """The name of the flow and that of the deployment: `prefect deployment run generate-video/video` takes it."""
    entrypoint: str
    """Where the flow is, e.g. `flows.video.generate_video`."""
    description: str = ""
    parameters: tuple[str, ...] = ()
    """The parameters of the flow, each in words (see `parameter_words`)."""
    schedule: str = ""
    """The schedule in words; empty if there is none."""


def parameter_words(name: str, default: object = Parameter.empty) -> str:
    """Return the name of a parameter, and its default if it has one: `days = 7`."""
    return name if default is Parameter.empty else f"{name} = {default!r}"


def interval_words(seconds: float) -> str:
    """Return in words how often something runs."""
    return f"every {seconds:g} s"


def cron_words(cron: str, timezone: str | None) -> str:
    """Return a cron schedule in words, with its time zone."""
    return f"{cron} {timezone or 'UTC'}"


class BrokenFlow(Value):
    """A flow file that can't be deployed. The other files are deployed all the same."""

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
