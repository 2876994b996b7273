"""A run that stops after a stage of its film: what another run continues with."""

from typing import Any

from callsheet.model.film.screenplay_analysis import ScreenplayAnalysis
from callsheet.model.requests.movie import MovieRequest, MovieStage
from callsheet.model.run.stopped_film import StoppedFilm
from tasks.run.artifacts import show_page
from tasks.run.process import this_run


async def stop_film(stage: MovieStage, plan: MovieRequest, analysis: ScreenplayAnalysis, **made: Any) -> StoppedFilm:
    """Return what there is of a film after a stage, and show it in the run."""
    run = this_run()
    stopped = StoppedFilm(
        title=plan.title, stage=stage, plan=plan, analysis=analysis, run_id=str(run.id) if run else "", **made
    )
    await show_page(key="stopped", description=f"“{plan.title}”", markdown=f"The run {stopped.sentence}.")
    return stopped
