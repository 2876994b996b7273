"""The scenes of a film as a set: so many at once, one policy for those that fail, reports in film order.

A scene that fails never ends another one. Its policy names the stand-ins for it, the nearest first: its prompt as text,
then a card. If no stand-in can be made either, the film has a gap. An error that a person can end (`can_resume_later`)
has no stand-in: the run waits for that person when all other scenes are ready and kept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from callsheet.errors import SceneAbandoned, VideoIncomplete
from callsheet.model.requests.video import SceneFailurePolicy, SceneRequest
from callsheet.model.run.attempts import Attempt
from callsheet.model.run.manifest import SceneOutcome, SceneReport
from callsheet.model.run.waiting import can_resume_later
from flows.scene import make_explained, make_placeholder
from tasks.run.pause import all_of


class SceneOfSet(Protocol):
    """The request of one scene."""

    def card_request(self) -> SceneRequest:
        """Return the request to the stage for the scene's stand-in."""


Asked = TypeVar("Asked", bound=SceneOfSet)


@dataclass(frozen=True)
class SceneSet:
    """The results of the scenes, in film order: a report, or the error that the run waits for."""

    outcomes: tuple[SceneReport | Exception, ...]
    on_failure: SceneFailurePolicy

    @property
    def finished(self) -> tuple[SceneReport, ...]:
        """Return the reports of all scenes that the run need not wait for."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, SceneReport))

    def film_reports(self, *, cards_suffice: bool = True) -> tuple[SceneReport, ...]:
        """Return the reports of all scenes, if they make a film.

        Args:
            cards_suffice: Whether a film may consist of stand-ins alone.

        Raises:
            VideoIncomplete: a scene is missing and the policy is `fail`, or all are.
            QuotaExhausted, ProviderRefused: the run has to wait for a person.
        """
        for outcome in self.outcomes:
            if isinstance(outcome, Exception):
                raise outcome
        reports = self.finished
        missing = tuple(
            report.error
            for report in reports
            if report.clip is None or (report.outcome is not SceneOutcome.RENDERED and not cards_suffice)
        )
        if missing and (self.on_failure is SceneFailurePolicy.FAIL or len(missing) == len(reports)):
            raise VideoIncomplete(missing, scenes=len(reports))
        return reports


async def make_scenes(
    scenes: Sequence[Asked],
    make: Callable[[Asked], Awaitable[SceneReport]],
    on_failure: SceneFailurePolicy,
    at_once: int,
) -> SceneSet:
    """Make all scenes, at most `at_once` at the same time, and a stand-in for each that fails.

    An error that the run has to wait for is kept in the set until its reports are asked for.
    """
    free = asyncio.Semaphore(at_once)

    async def make_or_replace(scene: Asked) -> SceneReport | Exception:
        async with free:
            try:
                return await make(scene)
            except Exception as error:
                if can_resume_later(error):
                    return error
                attempts = error.attempts if isinstance(error, SceneAbandoned) else ()
                return await _replace(scene.card_request(), on_failure, str(error) or type(error).__name__, attempts)

    return SceneSet(tuple(await all_of(map(make_or_replace, scenes))), on_failure)


async def replace_scenes(scenes: Sequence[Asked], on_failure: SceneFailurePolicy, error: str) -> SceneSet:
    """Make a stand-in for each scene without a try of the scene: `error` says why it fails."""
    return SceneSet(
        tuple([await _replace(scene.card_request(), on_failure, error, ()) for scene in scenes]), on_failure
    )


async def _replace(
    scene: SceneRequest, on_failure: SceneFailurePolicy, error: str, attempts: tuple[Attempt, ...]
) -> SceneReport:
    """Make a stand-in for the scene: if that fails, the next simpler one, and at last a gap."""
    stand_ins = []
    if on_failure is SceneFailurePolicy.EXPLAIN and scene.scene.prompt:
        stand_ins.append(make_explained)
    if on_failure in (SceneFailurePolicy.EXPLAIN, SceneFailurePolicy.PLACEHOLDER):
        stand_ins.append(make_placeholder)
    reason = error
    for make in stand_ins:
        try:
            return await make(scene, error, attempts)
        except Exception as another:  # no error may end the other scenes
            reason = f"{reason.rstrip('.')}; its stand-in failed, too: {another}"
    return SceneReport(
        number=scene.number, name=scene.scene.name, outcome=SceneOutcome.SKIPPED, error=reason, attempts=attempts
    )
