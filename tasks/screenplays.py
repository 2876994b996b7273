"""From a screenplay to who and what it is about: read it behind the fence, analyse it, show that in the run."""

from dataclasses import dataclass
from pathlib import Path

from callsheet.model.film.screenplay import Screenplay
from callsheet.model.film.screenplay_analysis import ScreenplayAnalysis
from callsheet.model.requests.movie import MovieRequest, MovieStage
from callsheet.model.run.stopped_film import StoppedFilm
from callsheet.scratch import scratch_dir
from callsheet.sources.screenplays.screenplay_reader import read_screenplay
from callsheet.storage.keys import digest_in
from callsheet.threads import in_a_thread
from callsheet.watchdog import report_progress
from callsheet.writing.screenplay.script_facts import analyse
from tasks import policies, wiring
from tasks.run.artifacts import show_page
from tasks.run.footage_report import cell
from tasks.run.progress import tell_stage
from tasks.run.stopped_films import stop_film
from tasks.step import step


@dataclass(frozen=True)
class AnalysedScript:
    """A screenplay, and who and what it is about."""

    screenplay: Screenplay
    analysis: ScreenplayAnalysis


async def analyse_script(request: MovieRequest) -> AnalysedScript:
    """Read the screenplay, and return who and what it is about; show that in the run.

    Raises:
        InvalidRequest: the screenplay can't be read.
    """
    tell_stage("script", "reading the screenplay", 0)
    screenplay = await _read_script(request.screenplay or "", request.script, request.title)
    tell_stage("script", "analysing the screenplay")
    analysis = await in_a_thread(analyse, screenplay)
    tell_stage("analysis", f"{len(analysis.scenes)} scenes are analysed")
    tell_stage("characters", f"{len(analysis.characters)} characters are found")
    tell_stage("settings", f"{len(analysis.settings)} places are found")
    await show_page(key="analysis", description=f"Analysis of “{request.title}”", markdown=_page_about(analysis))
    return AnalysedScript(screenplay, analysis)


def _page_about(analysis: ScreenplayAnalysis) -> str:
    """Return the characters, the places and the scenes, each with the words of the screenplay about it."""
    people = [
        f"| {cell(each.name)} | {each.speeches} | "
        f"{cell('; '.join(f'“{quote.text}” (line {quote.line})' for quote in each.looks))} |"
        for each in analysis.characters
    ]
    places = [
        f"| {cell(each.name)} | {cell(', '.join(each.times))} | {', '.join(map(str, each.scenes))} | "
        f"{cell(each.mood.text if each.mood else '')} |"
        for each in analysis.settings
    ]
    scenes = [
        f"| {each.number} | {cell(each.heading)} | {each.importance:.2f} | {cell('; '.join(each.reasons))} |"
        for each in analysis.scenes
    ]
    tables = (
        ("| character | speeches | looks |\n|---|---|---|", people),
        ("| place | times | scenes | mood |\n|---|---|---|---|", places),
        ("| scene | heading | importance | because |\n|---|---|---|---|", scenes),
    )
    return "\n\n".join("\n".join([head, *rows]) for head, rows in tables)


@step(policies.READING_SCREENPLAY, name="read-screenplay")
async def _read_script(file: str, script: str, title: str) -> Screenplay:
    """Read a screenplay once a run, behind the fence: a file, a stored key, or a text."""
    with scratch_dir(wiring.scratch_root(), "screenplay") as folder:
        inner, limits = folder / "read", wiring.stage_limits()
        inner.mkdir()
        if script:
            source = folder / "script.fountain"
            source.write_text(script, encoding="utf-8")
            return await read_screenplay(source, title, inner, limits, lambda _: report_progress())
        if digest_in(file):
            async with wiring.opened_key(file) as path:
                return await read_screenplay(path, title, inner, limits, lambda _: report_progress())
        return await read_screenplay(Path(file), file, inner, limits, lambda _: report_progress())


async def stop_after_analysis(request: MovieRequest, script: AnalysedScript) -> StoppedFilm:
    """Return what there is of a film after its analysis."""
    return await stop_film(MovieStage.ANALYSIS, request.model_copy(update={"stop_after": None}), script.analysis)
