"""The catalogue of models: what they are sent, what a job is known by, and what it costs."""

from pathlib import Path

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from callsheet.errors import InvalidRequest
from callsheet.footage.catalogue import (
    ModelCard,
    Price,
    PricedBy,
    cost_usd,
    estimate_usd,
    inputs_of,
    key_of,
    length_s,
    nearest_ratio,
    read_catalogue,
)
from callsheet.model.film.profile import PROFILES, ProfileName
from callsheet.model.footage.jobs import (
    AnimateBetween,
    AnimateImage,
    ComposeImage,
    DrawImage,
    EditImage,
    FootageJob,
    JobKind,
    SourcePicture,
    Upscale,
)
from tests.footage.given import SMALL

PICTURE = SourcePicture(path=Path("here.png"), sha256="a" * 64)
SECONDS = st.floats(0.1, 60)
CARDS = st.builds(
    ModelCard,
    name=st.just("maker/model"),
    job=st.just(JobKind.ANIMATE_IMAGE),
    inputs=st.just({"prompt": "prompt", "image": "picture", "seconds": "duration_s"}),
    durations_s=st.lists(st.integers(1, 30), min_size=1, max_size=5).map(tuple),
    price=st.builds(Price, usd=st.floats(0, 5), per=st.just(PricedBy.SECOND)),
)


def moving(duration_s: float = 5.0, **changed: object) -> AnimateImage:
    """A job for moving pictures."""
    return AnimateImage(prompt="waves", picture=PICTURE, duration_s=duration_s, profile=SMALL).model_copy(
        update=changed
    )


def job_for(card: ModelCard, take: int = 1) -> FootageJob:
    """A job that a model can do."""
    jobs: dict[JobKind, FootageJob] = {
        JobKind.EDIT_IMAGE: EditImage(prompt="waves", picture=PICTURE, take=take),
        JobKind.DRAW_IMAGE: DrawImage(prompt="waves", take=take),
        JobKind.COMPOSE_IMAGE: ComposeImage(prompt="waves", references=(PICTURE, PICTURE), take=take),
        JobKind.ANIMATE_IMAGE: moving(take=take),
        JobKind.ANIMATE_BETWEEN: AnimateBetween(prompt="waves", first=PICTURE, last=PICTURE, profile=SMALL, take=take),
        JobKind.UPSCALE: Upscale(picture=PICTURE, take=take),
    }
    return jobs[card.job]


@pytest.mark.parametrize("kind", JobKind)
def test_there_is_a_default_for_each_kind_of_job(kind: JobKind):
    """A request that names no model gets one, with a price and a deadline."""
    defaults = [card for card in read_catalogue().models if card.job == kind and card.default]
    assert len(defaults) == 1
    assert defaults[0].price is not None
    assert 60 <= defaults[0].deadline_s <= 1800


def test_edits_and_videos_go_to_the_models_that_were_agreed_on():
    """By their names at Replicate."""
    models = read_catalogue()
    assert models.card_for(EditImage(prompt="x", picture=PICTURE)).name == "google/nano-banana"
    assert models.card_for(moving()).name == "minimax/video-01"


@pytest.mark.parametrize("card", read_catalogue().models, ids=lambda card: f"{card.job}-{card.name}")
def test_each_model_is_sent_a_whole_input(card: ModelCard):
    """Nothing is left empty, pictures stand where they are looked for, and the name of a file goes nowhere."""
    job = job_for(card)
    sent = inputs_of(card, job, {PICTURE.sha256: "https://files.example.com/1"})
    assert None not in sent.values()
    assert "here.png" not in str(sent)
    assert ("https://files.example.com/1" in str(sent)) == bool(job.pictures)


@examples(CARDS, SECONDS)
def test_a_model_makes_the_shortest_length_that_is_enough(card: ModelCard, wanted_s: float):
    """Or its longest, where none is enough."""
    length = length_s(card, moving(wanted_s))
    assert length in card.durations_s
    assert length >= wanted_s or length == max(card.durations_s)
    assert not any(wanted_s <= other < length for other in card.durations_s)


@examples(CARDS, SECONDS, SECONDS)
def test_longer_never_costs_less(card: ModelCard, one_s: float, other_s: float):
    """And an estimate is what the length that will be made costs."""
    shorter, longer = sorted((one_s, other_s))
    cheap, dear = estimate_usd(card, moving(shorter))[0], estimate_usd(card, moving(longer))[0]
    assert cheap is not None
    assert dear is not None
    assert 0 <= cheap <= dear <= 30 * 5


@examples(st.text(max_size=40), st.text(max_size=40), st.integers(1, 9), st.integers(1, 9))
def test_a_job_has_another_key_exactly_where_something_else_would_be_sent(one: str, other: str, take: int, retake: int):
    """So an unchanged request is never paid twice, and a changed one is never mistaken for the old one."""
    card = read_catalogue().card_for(moving())
    first, second = moving(prompt=one, take=take), moving(prompt=other, take=retake)
    assert (key_of(card, first) == key_of(card, second)) == ((one, take) == (other, retake))


@pytest.mark.parametrize("card", read_catalogue().models, ids=lambda card: f"{card.job}-{card.name}")
def test_two_takes_are_told_apart_by_what_is_sent(card: ModelCard):
    """By a seed, or by pictures that were uploaded for one take: so neither is ever taken for the other."""
    jobs = [job_for(card, take=take) for take in (1, 2)]
    sent = [inputs_of(card, job, {PICTURE.sha256: f"https://files.example.com/{job.take}"}) for job in jobs]
    assert sent[0] != sent[1]


def test_paths_and_the_size_of_the_film_are_no_part_of_a_job():
    """The same picture lies elsewhere on another machine, and another profile needs no other prediction."""
    card = read_catalogue().card_for(moving())
    elsewhere = moving(picture=PICTURE.model_copy(update={"path": Path("/there/x.png")}))
    assert key_of(card, moving()) == key_of(card, elsewhere)
    assert key_of(card, moving()) == key_of(card, moving(profile=PROFILES[ProfileName.FULL_HD]))
    assert key_of(card, moving()) != key_of(card, moving(picture=PICTURE.model_copy(update={"sha256": "b" * 64})))


@examples(st.integers(64, 8192), st.integers(64, 8192))
def test_the_nearest_shape_is_drawn(width: int, height: int):
    """A wide picture is never drawn tall."""
    card = read_catalogue().card_for(DrawImage(prompt="x"))
    ratio = nearest_ratio(card.aspect_ratios, DrawImage(prompt="x", width=width, height=height))
    assert ratio is not None
    across, down = map(int, ratio.split(":"))
    if not 0.9 < width / height < 1.1:
        assert (across >= down) if width > height else (across <= down)


@pytest.mark.parametrize(
    ("per", "metrics", "expected_usd"),
    [
        (PricedBy.PREDICTION, {}, 2.0),
        (PricedBy.IMAGE, {"image_count": 3}, 6.0),
        (PricedBy.IMAGE, {"image_output_count": 3}, 6.0),
        (PricedBy.IMAGE, {}, 4.0),
        (PricedBy.SECOND, {"video_output_duration_seconds": 5.5}, 11.0),
        (PricedBy.SECOND, {"video_output_duration_seconds": "?"}, 7.0),
        (PricedBy.COMPUTE_SECOND, {"predict_time": 1.5}, 3.0),
        (PricedBy.COMPUTE_SECOND, {}, 7.0),
    ],
)
def test_the_cost_afterwards_is_what_was_measured(per: PricedBy, metrics: dict[str, object], expected_usd: float):
    """Or as estimated (7 dollars here), where nothing was; two files came out."""
    card = ModelCard(name="maker/model", job=JobKind.DRAW_IMAGE, inputs={"seed": "seed"}, price=Price(usd=2.0, per=per))
    assert cost_usd(card, 7.0, metrics, outputs=2) == expected_usd


def test_a_model_of_ones_own_comes_first(tmp_path: Path):
    """By a file in the form of ours: it may add a model, replace one, or become the default."""
    own = tmp_path / "models.yaml"
    own.write_text(
        "models:\n"
        "  - {name: me/edits, job: edit-image, default: true, inputs: {text: prompt, images: [picture]}}\n"
        "  - {name: minimax/video-01, job: animate-image, inputs: {p: picture}, price: {usd: 9, per: prediction}}\n"
    )
    models = read_catalogue(own)
    edit = models.card_for(EditImage(prompt="x", picture=PICTURE))
    assert edit.name == "me/edits"
    assert estimate_usd(edit, EditImage(prompt="x", picture=PICTURE))[0] is None
    assert estimate_usd(models.card_for(moving(model="minimax/video-01")), moving())[0] == 9
    assert models.card_for(DrawImage(prompt="x")).name == "black-forest-labs/flux-schnell"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("models: [{name: me/x, job: sing, inputs: {}}]", "models.0.job"),
        ("models: [{name: nowhere, job: upscale, inputs: {}}]", "models.0.name"),
        ("models: [{name: me/x, job: upscale, inputs: {a: wishes}}]", "models.0.inputs"),
        ("models: [{name: me/x, job: animate-image, inputs: {d: duration_s}}]", "durations_s"),
        ("models: [{name: me/x, job: draw-image, inputs: {p: prompt}}]", "a picture or a seed"),
        ("models: [", "is a bracket or a quote left open"),
        ("- 1", "holds no fields"),
    ],
)
def test_a_wrong_file_of_models_is_refused_with_the_place(text: str, part: str, tmp_path: Path):
    """One sentence that names the file and the line of thought that went wrong."""
    own = tmp_path / "models.yaml"
    own.write_text(text)
    with pytest.raises(InvalidRequest) as caught:
        read_catalogue(own)
    assert part in str(caught.value)
    assert "models.yaml" in str(caught.value)


def test_a_model_that_nobody_knows_is_refused_with_those_that_are_known():
    """Before anything is sent."""
    with pytest.raises(InvalidRequest, match="minimax/video-01"):
        read_catalogue().card_for(moving(model="maker/unknown"))
