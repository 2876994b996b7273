"""Footage of a film of a screenplay by models: sheets of its people and places, panels, and what all of it costs.

A sheet is a reference picture. All sheets are there before the first panel is asked for, and each panel begins with the
drawing of its shot (the sketch) and the sheets of those who are seen.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from callsheet.errors import InvalidRequest, PanelFailed, PermanentError
from callsheet.footage.panel_camera import panel_picture
from callsheet.media.panels.panel import draw_layers
from callsheet.media.panels.pen import HEIGHT, WIDTH, rectangle
from callsheet.model.film.media import StoredObject
from callsheet.model.film.screenplay_analysis import CameraShot, ScreenplayAnalysis
from callsheet.model.footage.jobs import FootageEstimate
from callsheet.model.footage.orders import FootageOrder, FootageRecord, MadeFootage
from callsheet.model.requests.movie import MovieRequest, MovieStage, SheetFailurePolicy, ShotBrief
from callsheet.model.requests.video import SceneFailurePolicy
from callsheet.model.run.waiting import can_resume_later
from callsheet.model.values import Value
from callsheet.scratch import scratch_dir
from callsheet.threads import in_a_thread
from callsheet.writing.screenplay.panel_prompts import SheetSubject, clip_prompt, panel_prompt, subjects_of
from tasks import policies, wiring
from tasks.footage import estimate_footage, make_footage, read_cached_footage
from tasks.publishing import upload
from tasks.run.footage_report import report_footage
from tasks.run.pause import all_of
from tasks.run.progress import tell_stage
from tasks.step import step

_SKETCH_PX = 1280
_PLAIN_GROUND = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    f"{rectangle(0, 0, WIDTH, HEIGHT, '#f2efe9')}</svg>"
)


class PaintedPanels(Value):
    """The sheets and the panels that a model has made."""

    sheets: dict[str, MadeFootage] = Field(default_factory=dict)
    """By their labels."""
    panels: dict[str, MadeFootage] = Field(default_factory=dict)
    """By the names of their shots."""
    remarks: tuple[str, ...] = ()
    """What the model has refused: a sentence each."""

    @property
    def records(self) -> dict[str, FootageRecord]:
        """Return who made each, by its label."""
        panels = {f"panel {name}": made.record for name, made in self.panels.items()}
        return {**{label: made.record for label, made in self.sheets.items()}, **panels}


@dataclass(frozen=True)
class FilmShots:
    """The shots of a film, of which models make panels or clips."""

    request: MovieRequest
    analysis: ScreenplayAnalysis
    shots: tuple[ShotBrief, ...]
    given: Mapping[str, StoredObject]
    """Panels that a person gave, by the names of their shots."""

    @cached_property
    def painted(self) -> tuple[ShotBrief, ...]:
        """Return the shots whose panels a model makes."""
        return tuple(shot for shot in self.shots if shot.name not in self.given) if self.request.panel_model else ()

    @cached_property
    def subjects(self) -> tuple[SheetSubject, ...]:
        """Return each person and place that has a sheet, once."""
        return tuple(dict.fromkeys(each for shot in self.painted for each in subjects_of(shot, self.analysis)))

    @property
    def drawn(self) -> int:
        """Return how many sketches, sheets and panels the film needs: each picture of a model begins with a sketch."""
        return 2 * (len(self.subjects) + len(self.painted))

    async def sheet_order(self, subject: SheetSubject) -> FootageOrder:
        """Return the order for a sheet."""
        sketch = await self._sketch(subject.sketched, subject.label, people_alone=not subject.is_place)
        return self.request.sheet_order(subject.prompt, sketch)

    async def panel_order(self, shot: ShotBrief, sheets: Mapping[str, StoredObject]) -> FootageOrder:
        """Return the order for the panel of a shot. Sheets that are not there are left out."""
        shown = [subject for subject in subjects_of(shot, self.analysis) if subject.label in sheets]
        prompt = panel_prompt(shot, self.analysis, shown)
        pictures = [await self.sketch_of(shot), *(sheets[subject.label] for subject in shown)]
        return self.request.panel_order(shot, prompt, *pictures)

    def clip_order(self, shot: ShotBrief, *panel: StoredObject) -> FootageOrder:
        """Return the order for the clip of a shot."""
        return self.request.clip_order(shot, clip_prompt(shot, self.analysis), *panel)

    async def sketch_of(self, shot: ShotBrief) -> StoredObject:
        """Return the drawing of a shot."""
        drawn = {"length_s": 2.0, "line": None, "waive": ()}  # these change nothing in it
        fields = shot.model_dump(include=set(CameraShot.model_fields))
        return await self._sketch(CameraShot.model_validate({**fields, **drawn}), shot.name)

    async def _sketch(self, shot: CameraShot, label: str, *, people_alone: bool = False) -> StoredObject:
        scene = self.analysis.scene_of(shot)
        said = tuple(each for each in self.analysis.utterances if each.number in shot.utterances)
        scenes = (scene.model_copy(update={"importance": 0.0, "reasons": ()}),) if scene else ()
        facts = ScreenplayAnalysis(title="", characters=self.analysis.characters, scenes=scenes, utterances=said)
        return await _sketch_panel(shot, facts, people_alone, label)


@step(policies.SKETCHING, name="sketch-panel", run_name="sketch-panel {label}")
async def _sketch_panel(shot: CameraShot, facts: ScreenplayAnalysis, people_alone: bool, label: str) -> StoredObject:
    """Draw what a model begins with: a shot, or its people on a plain ground."""
    layers = draw_layers(shot, facts)
    if people_alone:
        layers = layers.model_copy(update={"ground": _PLAIN_GROUND, "blur": 0.0})
    with scratch_dir(wiring.scratch_root(), "sketch") as folder:
        path = folder / "sketch.png"
        picture = await in_a_thread(panel_picture, layers, _SKETCH_PX)
        await in_a_thread(picture.save, path)
        return await upload(path, "panels", "image/png")


async def check_models(request: MovieRequest) -> None:
    """Check that the provider has the models of a request, before anything is drawn.

    Raises:
        InvalidRequest: about `panel_model` or `video_model`.
    """
    shot = ShotBrief(name="-", scene=1)
    orders = {"panel_model": request.sheet_order("A lamp."), "video_model": request.clip_order(shot, "A lamp.")}
    for field, order in orders.items():
        if not order.model:
            continue
        try:
            await estimate_footage({field: order})
        except InvalidRequest as error:
            raise InvalidRequest(error.args[0], field) from error


async def estimate_film(film: FilmShots) -> dict[str, FootageEstimate]:
    """Return what sheets, panels and clips cost, by their labels, and whether they are kept.

    A picture that is made of one that is not there yet is priced without it.

    Raises:
        InvalidRequest: no model can do a job.
    """
    orders: dict[str, FootageOrder] = {}
    kept: dict[str, StoredObject] = {}

    async def add(label: str, order: FootageOrder) -> None:
        orders[label] = order
        if order.pictures and (made := await read_cached_footage(order)):
            kept[label] = made.stored
        tell_stage("panels", f"{len(orders)} of {film.drawn // 2} sketches are drawn", len(orders), film.drawn)

    for subject in film.subjects:
        await add(subject.label, await film.sheet_order(subject))
    for shot in film.painted:
        order = await film.panel_order(shot, kept)
        has_sheets = all(subject.label in kept for subject in subjects_of(shot, film.analysis))
        await add(f"panel {shot.name}", order if has_sheets else order.model_copy(update={"pictures": ()}))
    if film.request.video_model and film.request.stop_after is not MovieStage.BOARD:
        painted = {shot.name for shot in film.painted}
        for shot in film.shots:
            panel = film.given.get(shot.name) or kept.get(f"panel {shot.name}")
            if panel is None and shot.name not in painted:
                panel = await film.sketch_of(shot)
            orders[f"clip {shot.name}"] = film.clip_order(shot, *([panel] if panel else []))
    return await estimate_footage(orders)


async def paint_panels(film: FilmShots) -> PaintedPanels:
    """Return the panels that a model makes: first all sheets, then a panel for each shot.

    Raises:
        PanelFailed: the model refuses one, and the request does not allow that.
        QuotaExhausted, ProviderRefused: the run has to wait for a person.
    """
    if not film.painted:
        tell_stage("panels", "all panels are there")
        return PaintedPanels()
    request, at_once = film.request, wiring.footage_at_once()
    are_sheets_needed = request.on_sheet_failure is SheetFailurePolicy.FAIL
    before_sheets = film.drawn // 2
    before_panels = before_sheets + len(film.subjects)
    sheets, refused_sheets = await _make_all(
        {subject.label: await film.sheet_order(subject) for subject in film.subjects},
        lambda over: tell_stage("panels", f"{over} sheets are made", before_sheets + over, film.drawn),
        is_needed=are_sheets_needed,
        at_once=1 if are_sheets_needed else at_once,  # nothing may be on its way when one is refused
    )
    stored = {label: made.stored for label, made in sheets.items()}
    panels, refused_panels = await _make_all(
        {f"panel {shot.name}": await film.panel_order(shot, stored) for shot in film.painted},
        lambda over: tell_stage("panels", f"{over} panels are made", before_panels + over, film.drawn),
        is_needed=request.on_scene_failure is SceneFailurePolicy.FAIL,
        at_once=at_once,
    )
    remarks = [
        f"There is no {label}, so its words alone describe it: {reason}" for label, reason in refused_sheets.items()
    ]
    remarks += [f"There is no {label}, so Callsheet draws it: {reason}" for label, reason in refused_panels.items()]
    painted = PaintedPanels(
        sheets=sheets,
        panels={label.removeprefix("panel "): made for label, made in panels.items()},
        remarks=tuple(remarks),
    )
    await report_footage(painted.records)
    return painted


async def _make_all(
    orders: Mapping[str, FootageOrder], tell_over: Callable[[int], None], *, is_needed: bool, at_once: int
) -> tuple[dict[str, MadeFootage], dict[str, str]]:
    """Return what is made, by its label, and why the rest is not; tell how many are over.

    If each is needed, none is begun after one has failed. What is in progress then is paid, so it is waited for.
    """
    free = asyncio.Semaphore(at_once)
    made: dict[str, MadeFootage] = {}
    refused: dict[str, str] = {}
    ending: list[Exception] = []

    async def make(label: str, order: FootageOrder) -> None:
        async with free:
            if ending:
                return
            try:
                made[label] = await make_footage(order, label)
            except Exception as error:
                is_refusal = isinstance(error, PermanentError) and not can_resume_later(error)
                if is_refusal:
                    refused[label] = str(error)
                if is_needed or not is_refusal:
                    ending.append(PanelFailed(label, str(error)) if is_refusal else error)
            tell_over(len(made) + len(refused))

    await all_of(make(label, order) for label, order in orders.items())
    for error in ending:
        raise error
    return {label: made[label] for label in orders if label in made}, refused
