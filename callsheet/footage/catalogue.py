"""The catalogue of models: their inputs, abilities and prices.

Pure but for reading its files.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import Field, model_validator

from callsheet.errors import InvalidRequest
from callsheet.model.footage.jobs import (
    AnimateBetween,
    AnimateImage,
    ComposeImage,
    DrawImage,
    FootageJob,
    JobKind,
    SourcePicture,
)
from callsheet.model.run.cost import price_text
from callsheet.model.values import Value
from callsheet.sources.yaml_files import open_data_file

MAX_SEED = 2**31 - 1
FIELD = "model"


class Source(StrEnum):
    """The part of a job that fills an input of a model."""

    PROMPT = "prompt"
    PICTURE = "picture"
    FIRST = "first"
    LAST = "last"
    REFERENCES = "references"
    DURATION_S = "duration_s"
    FACTOR = "factor"
    ASPECT_RATIO = "aspect_ratio"
    SEED = "seed"


_TELLING_APART = {Source.PICTURE, Source.FIRST, Source.LAST, Source.REFERENCES, Source.SEED}
"""These differ for each take; the other parts of a job are the same (see `callsheet.footage.replicate`)."""


class PricedBy(StrEnum):
    """The unit of a price."""

    PREDICTION = "prediction"
    IMAGE = "image"
    SECOND = "second"
    COMPUTE_SECOND = "compute-second"


class Price(Value):
    """A price in US dollars for one unit."""

    usd: float = Field(ge=0)
    per: PricedBy


Ratio = Annotated[str, Field(pattern=r"^[1-9]\d{0,3}:[1-9]\d{0,3}$")]


class ModelCard(Value):
    """One model for one kind of job."""

    name: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$")
    job: JobKind
    default: bool = False
    version: str | None = None
    inputs: dict[str, Source | tuple[Source, ...]]
    fixed: dict[str, Any] = Field(default_factory=dict)
    durations_s: tuple[int, ...] = ()
    aspect_ratios: tuple[Ratio, ...] = ()
    price: Price | None = None
    usual_s: float | None = Field(None, gt=0)
    deadline_s: float = Field(1800, ge=5)  # Replicate takes no deadline below 5 s

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        sources = set(self._sources())
        if Source.DURATION_S in sources and not self.durations_s:
            raise ValueError(f"{self.name} is given a duration, so it needs durations_s")
        if Source.ASPECT_RATIO in sources and not self.aspect_ratios:
            raise ValueError(f"{self.name} is given an aspect ratio, so it needs aspect_ratios")
        if not sources & _TELLING_APART:
            raise ValueError(
                f"{self.name} needs an input that is given a picture or a seed: nothing else tells its takes apart"
            )
        return self

    def _sources(self) -> Iterable[Source]:
        for source in self.inputs.values():
            yield from (source if isinstance(source, tuple) else (source,))


class ModelCatalogue(Value):
    """Models, later ones before earlier ones."""

    models: tuple[ModelCard, ...]

    def card_for(self, job: FootageJob) -> ModelCard:
        """Return the model that a job names, or the default for its kind.

        Raise InvalidRequest if there is none.
        """
        able = [card for card in self.models if card.job == job.kind]
        for card in able:
            if card.name == job.model or (not job.model and card.default):
                return card
        names = ", ".join(dict.fromkeys(card.name for card in able)) or "none"
        wanted = f"“{job.model}” is not in the catalogue" if job.model else "none is the default"
        raise InvalidRequest(f"{wanted} for {job.kind}: name one of {names}, or add it to your file of models", FIELD)


def read_catalogue(own_file: Path | None = None) -> ModelCatalogue:
    """Return the catalogue that comes with Callsheet, with the models of `own_file` before it.

    Raises InvalidRequest, about the file, if it can't be read or holds something else.
    """
    shipped = _shipped()
    if own_file is None:
        return shipped
    own = open_data_file(own_file, what="a file of models has `models`").value(ModelCatalogue)
    return ModelCatalogue(models=own.models + shipped.models)


def inputs_of(card: ModelCard, job: FootageJob, addresses: Mapping[str, str]) -> dict[str, Any]:
    """Return the input of a prediction.

    `addresses` has each picture's address for the model, by its digest.
    """
    key = key_of(card, job)
    given = {name: _filled(source, card, job, addresses, key) for name, source in card.inputs.items()}
    return {**card.fixed, **given}


def key_of(card: ModelCard, job: FootageJob) -> str:
    """Return the identity of a job at a model, 32 hexadecimal digits.

    It comes from the model's input and the take.

    Parts that are not sent (the size of the finished film, say) don't count: they need no other prediction.
    """
    sent = {name: _filled(source, card, job, {}, "") for name, source in card.inputs.items()}
    identity = [card.name, card.version, job.kind, {**card.fixed, **sent}, job.take]
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:32]


def length_s(card: ModelCard, job: FootageJob) -> float | None:
    """Return the seconds of moving pictures that the model will make.

    It is the shortest possible length that is long enough, or the model's longest.
    """
    if not isinstance(job, AnimateImage | AnimateBetween):
        return None
    if not card.durations_s:
        return job.duration_s
    enough = [length for length in card.durations_s if length >= job.duration_s]
    return min(enough) if enough else max(card.durations_s)


def estimate_usd(card: ModelCard, job: FootageJob) -> tuple[float | None, str]:
    """Return what a job will cost, and in words how the price is calculated."""
    if card.price is None:
        return None, "the price of this model is not in the catalogue"
    if card.price.per == PricedBy.COMPUTE_SECOND:
        return None, f"{price_text(card.price.usd)} a second of the model's run time, known when it is done"
    amount = (length_s(card, job) or 0.0) if card.price.per == PricedBy.SECOND else 1.0
    unit = "s" if card.price.per == PricedBy.SECOND else card.price.per
    return round(amount * card.price.usd, 6), f"{amount:g} {unit} at {price_text(card.price.usd)}"


def cost_usd(card: ModelCard, submitted_usd: float | None, metrics: Mapping[str, Any], outputs: int) -> float | None:
    """Return the cost of a finished job, from the provider's measurements.

    Without measurements, return the estimate.
    """
    if card.price is None:
        return None
    measured = {
        PricedBy.PREDICTION: 1.0,
        PricedBy.IMAGE: _number(metrics.get("image_output_count"))
        or _number(metrics.get("image_count"))
        or float(outputs),  # Replicate's models use either name
        PricedBy.SECOND: _number(metrics.get("video_output_duration_seconds")),
        PricedBy.COMPUTE_SECOND: _number(metrics.get("predict_time")),
    }[card.price.per]
    return submitted_usd if measured is None else round(measured * card.price.usd, 6)


def _filled(
    source: Source | tuple[Source, ...], card: ModelCard, job: FootageJob, addresses: Mapping[str, str], key: str
) -> Any:
    if isinstance(source, tuple):
        return [_filled(each, card, job, addresses, key) for each in source]
    if source == Source.SEED:
        return int(key[:8], 16) & MAX_SEED if key else None
    if source == Source.DURATION_S:
        length = length_s(card, job)
        return None if length is None else round(length)
    if source == Source.ASPECT_RATIO:
        return nearest_ratio(card.aspect_ratios, job)
    value = getattr(job, source, None)
    if isinstance(value, tuple):
        return [addresses.get(each.sha256, each.sha256) for each in value]
    return addresses.get(value.sha256, value.sha256) if isinstance(value, SourcePicture) else value


def nearest_ratio(ratios: tuple[str, ...], job: FootageJob) -> str | None:
    """Return the ratio, written “16:9”, that is closest to the picture a job asks for."""
    if not isinstance(job, DrawImage | ComposeImage):
        return None
    wanted = job.width / job.height

    def distance(ratio: str) -> float:
        width, height = map(int, ratio.split(":"))
        return max(wanted * height / width, width / height / wanted)

    return min(ratios, key=distance)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None


@cache
def _shipped() -> ModelCatalogue:
    text = files("callsheet.footage").joinpath("models.yaml").read_text(encoding="utf-8")
    return ModelCatalogue.model_validate(yaml.safe_load(text))
