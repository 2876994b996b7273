"""A film that stopped after a stage, because its request says so."""

from pydantic import Field

from callsheet.model.film.media import StoredObject
from callsheet.model.film.screenplay_analysis import GrammarFinding, ScreenplayAnalysis
from callsheet.model.requests.movie import MovieRequest, MovieStage
from callsheet.model.run.manifest import SceneReport
from callsheet.model.values import Value


class StoppedFilm(Value):
    """What a run has made that stopped after a stage of its film, because its request says so."""

    title: str
    stage: MovieStage
    plan: MovieRequest
    """The request of the whole film, with all that is decided so far."""
    analysis: ScreenplayAnalysis
    findings: tuple[GrammarFinding, ...] = ()
    """Warnings about the shots of the board."""
    reasons: dict[int, str] = Field(default_factory=dict)
    """Why a scene is in a trailer, by its number."""
    remarks: tuple[str, ...] = ()
    """What is not as it was asked for: a sentence each."""
    animatic: StoredObject | None = None
    """The film as Callsheet draws it, small, if the run stopped after that."""
    painted: dict[str, StoredObject] = Field(default_factory=dict)
    """Panels that a model has made, by the names of their shots."""
    scenes: tuple[SceneReport, ...] = ()
    """The clips, if the run stopped after them."""
    run_id: str

    @property
    def sentence(self) -> str:
        """Return what there is, and how the film is made."""
        how = f"`callsheet movie --continue {self.run_id[:8]}` makes the film"
        return f"stopped after the {self.stage}, as it was asked to; {how}"

    def rest(self, stop_after: MovieStage | None = None) -> MovieRequest:
        """Return the request that makes the rest of the film, up to the stage `stop_after`."""
        return self.plan.model_copy(update={"stop_after": stop_after})
