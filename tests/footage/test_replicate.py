"""Replicate's models, over real HTTP against a server that keeps to its API: each call, each fault, its error class."""

import asyncio
import pickle
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from callsheet.errors import (
    CallsheetError,
    DownloadTruncated,
    InvalidRequest,
    MediaUnfit,
    OutputExpired,
    PredictionCancelled,
    PredictionFailed,
    PredictionOverdue,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    SubmissionUnclear,
)
from callsheet.footage.catalogue import ModelCard, ModelCatalogue, Price, PricedBy, Source, read_catalogue
from callsheet.footage.replicate import ReplicateFootage
from callsheet.footage.replicate_translate import CLOCKS_APART
from callsheet.footage.replicate_transport import fault_of
from callsheet.model.footage.jobs import Failed, FailureKind, Finished, FootageJob, JobKind, Pending, Submitted
from callsheet.providers.paid_provider import error_of
from callsheet.sources.fetch import FetchLimits, fetch
from tests.fakes.replicate_server import TOKEN, ReplicateServer
from tests.footage.given import job_of

TIMEOUT_S = 0.5
LONGER_S = 1.2
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
BY_THE_SECOND = ModelCard(
    name="maker/upscaler",
    job=JobKind.UPSCALE,
    default=True,
    inputs={"image": Source.PICTURE},
    price=Price(usd=0.001, per=PricedBy.COMPUTE_SECOND),
)

# Where each call goes wrong: the kind of request that the server is told to spoil.
CALLS = {
    "submit": "create",
    "submit, uploading": "upload",
    "look": "get",
    "find": "list",
    "find, reading an upload": "file",
    "cancel": "cancel",
}
# What is sent depends on the kind of job where a job is given; a drawn picture has no upload.
CALLS_OF_KINDS = [
    (call, kind)
    for call in CALLS
    for kind in (JobKind if call.startswith(("submit", "find")) else [JobKind.EDIT_IMAGE])
    if kind != JobKind.DRAW_IMAGE or call in {"submit", "find"}
]
ALIKE = {"look", "cancel"}
"""Calls that are the same for each kind of job."""
FAULTS: dict[str, type[CallsheetError]] = {
    "429": RateLimited,
    "500": ProviderUnavailable,
    "503": ProviderUnavailable,
    "html": ProviderUnavailable,
    "nonsense": ProviderUnavailable,
    "slow": ProviderTimeout,
    "drop-before": ProviderUnavailable,
    "401": ProviderRefused,
    "402": QuotaExhausted,
    "403": ProviderRefused,
}
CASES = [
    pytest.param(call, kind, fault, marks=[] if (row + column) % 2 == 0 or call in ALIKE else [pytest.mark.long])
    for row, (call, kind) in enumerate(CALLS_OF_KINDS)
    for column, fault in enumerate(FAULTS)
]
"""Those that are not long: each call meets each fault, and each kind of job half of them."""
# A prediction or an upload that is not there any more is an answer.
REFUSALS = [
    (call, status)
    for call in CALLS
    for status in ("404", "422")
    if call != "cancel" and (call, status) != ("find, reading an upload", "404")
]
DOWNLOADS: dict[str, type[CallsheetError]] = {
    "expired": OutputExpired,
    "truncated": ProviderUnavailable,
    "cut": DownloadTruncated,
    "wrong-type": MediaUnfit,
    "wrong-content": MediaUnfit,
    "429": RateLimited,
    "503": ProviderUnavailable,
    "drop-before": ProviderUnavailable,
    "slow": ProviderTimeout,
}
PREDICTIONS: dict[str, type[CallsheetError]] = {
    "nsfw": ProviderRefused,
    "no-output": ProviderRefused,
    "fails": PredictionFailed,
    "aborted": PredictionCancelled,
}


@pytest.fixture
def server() -> Iterator[ReplicateServer]:
    """A server whose predictions are done at once."""
    with ReplicateServer() as running:
        yield running


def provider_at(server: ReplicateServer) -> ReplicateFootage:
    """The provider, with the models that the server has."""

    async def download(url: str, folder: Path, media_types: frozenset[str], max_bytes: int) -> Path:
        hosts = frozenset({f"127.0.0.1:{server.port}"})
        limits = FetchLimits(media_types=media_types, max_bytes=max_bytes, total_s=LONGER_S, allowed_hosts=hosts)
        return (await fetch(url, folder, limits)).path

    return ReplicateFootage(ModelCatalogue(models=server.models), SecretStr(TOKEN), server.url, download, TIMEOUT_S)


@pytest.fixture
async def provider(server: ReplicateServer) -> AsyncIterator[ReplicateFootage]:
    """The provider, pointed at the server; downloads come through the door that everything comes through."""
    async with aclosing(provider_at(server)) as made:
        yield made


async def finished(provider: ReplicateFootage, job: FootageJob) -> Finished:
    """A job that is done and not collected yet."""
    seen = await provider.look(await provider.submit(job))
    assert isinstance(seen, Finished)
    return seen


async def called(call: str, provider: ReplicateFootage, job: FootageJob, submitted: Submitted) -> None:
    """Make one of the provider's calls."""
    match call:
        case "look":
            await provider.look(submitted)
        case "find" | "find, reading an upload":
            await provider.find(job, BEGIN)
        case "cancel":
            await provider.cancel(submitted)
        case _:
            await provider.submit(job)


@pytest.mark.parametrize("kind", JobKind)
async def test_a_job_is_submitted_looked_at_and_collected(
    kind: JobKind, provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """Three calls, one prediction, one real file with its measures and its price."""
    job = job_of(kind, tmp_path)
    made = await provider.collect(job, await finished(provider, job), tmp_path)
    assert server.created() == 1
    assert made.path.stat().st_size == made.size_bytes
    assert made.media_type == ("video/mp4" if kind in {JobKind.ANIMATE_IMAGE, JobKind.ANIMATE_BETWEEN} else "image/png")
    assert made.frames == (12 if made.media_type == "video/mp4" else 1)
    assert made.prediction_id == server.predictions[0].id
    assert made.cost_usd is not None
    assert made.cost_usd > 0


@pytest.mark.parametrize(
    ("kind", "measured", "expected_usd"),
    [
        (JobKind.EDIT_IMAGE, {}, 0.039),
        (JobKind.EDIT_IMAGE, {"image_count": 2}, 0.078),
        (JobKind.ANIMATE_IMAGE, {"video_output_duration_seconds": 60}, 0.5),
        (JobKind.ANIMATE_BETWEEN, {}, 0.27),
        (JobKind.ANIMATE_BETWEEN, {"video_output_duration_seconds": 5.875}, 0.264375),
    ],
)
async def test_what_a_job_has_cost_is_what_the_service_measured(
    kind: JobKind,
    measured: dict[str, float],
    expected_usd: float,
    provider: ReplicateFootage,
    server: ReplicateServer,
    tmp_path: Path,
):
    """By the picture, by the second of video, or by the prediction, as the model is priced."""
    server.measured = measured
    assert (await finished(provider, job_of(kind, tmp_path))).cost_usd == pytest.approx(expected_usd)


@pytest.mark.parametrize("fault", ["", "never-ends"])
async def test_a_model_paid_by_its_run_time_costs_that_time_also_when_it_is_cancelled(
    fault: str, server: ReplicateServer, tmp_path: Path
):
    """The service measures all that ended; one that never began costs nothing."""
    server.models = (BY_THE_SECOND,)
    server.fail("create", fault)
    async with aclosing(provider_at(server)) as provider:
        submitted = await provider.submit(job_of(JobKind.UPSCALE, tmp_path))
        await provider.cancel(submitted)
        seen = await provider.look(submitted)
    assert isinstance(seen, Failed if fault else Finished)
    assert isinstance(seen, Failed | Finished)
    assert seen.cost_usd == pytest.approx(1.25 * 0.001)


@pytest.mark.parametrize("version", ["a1b2c3", "maker/upscaler:a1b2c3"])
async def test_a_model_of_ones_own_runs_in_the_version_that_is_named(
    version: str, server: ReplicateServer, tmp_path: Path
):
    """By its id alone, or with the model's name before it."""
    server.models = (BY_THE_SECOND.model_copy(update={"version": version}),)
    async with aclosing(provider_at(server)) as provider:
        job = job_of(JobKind.UPSCALE, tmp_path)
        assert isinstance(await provider.look(await provider.submit(job)), Finished)
        found = await provider.find(job, BEGIN)
    assert found is not None
    assert server.requests.count("POST /v1/predictions") == 1


@pytest.mark.parametrize(("call", "kind", "fault"), CASES)
async def test_each_call_ends_each_fault_as_its_class_says(
    call: str, kind: JobKind, fault: str, provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """One attempt, no repetition below us, and an error that says what to do about it."""
    job = job_of(kind, tmp_path)
    submitted = await provider.submit(job)
    server.fail(CALLS[call], fault, seconds=LONGER_S if fault == "slow" else 7)
    requests_before = len(server.requests)
    with pytest.raises(FAULTS[fault]) as caught:
        await called(call, provider, job, submitted)
    assert TOKEN not in f"{caught.value} {caught.value.args}"
    went_well = {"submit": len(job.pictures), "find, reading an upload": 1}.get(call, 0)
    assert len(server.requests) - requests_before == went_well + 1
    assert server.created() == 1
    if fault == "429":
        assert caught.value.retry_after_s == 7


@pytest.mark.parametrize(("call", "status"), REFUSALS)
async def test_what_is_not_there_or_makes_no_sense_is_refused(
    call: str, status: str, provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """Trying again would not help; the status says which it is."""
    job = job_of(JobKind.EDIT_IMAGE, tmp_path)
    submitted = await provider.submit(job)
    server.fail(CALLS[call], status)
    with pytest.raises(ProviderRefused) as caught:
        await called(call, provider, job, submitted)
    assert caught.value.status == int(status)


@pytest.mark.parametrize("fault", DOWNLOADS)
@pytest.mark.parametrize("kind", [JobKind.EDIT_IMAGE, JobKind.ANIMATE_IMAGE])
async def test_each_download_ends_each_fault_as_its_class_says(
    kind: JobKind, fault: str, provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """What is collected is whole and of the right kind, or an error; a whole one can be collected afterwards."""
    job = job_of(kind, tmp_path)
    done = await finished(provider, job)
    await asyncio.to_thread(server.output_of, server.predictions[0])  # made before anybody waits for it
    server.fail("download", fault, seconds=2 * LONGER_S)
    with pytest.raises(DOWNLOADS[fault]):
        await provider.collect(job, done, tmp_path)
    assert (await provider.collect(job, done, tmp_path)).size_bytes > 1000


@pytest.mark.parametrize("fault", PREDICTIONS)
async def test_each_way_to_give_no_result_has_its_class(
    fault: str, provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """A refusal by the model's filter is a refusal, however the model words it."""
    server.fail("create", fault)
    seen = await provider.look(await provider.submit(job_of(JobKind.DRAW_IMAGE, tmp_path)))
    assert isinstance(seen, Failed)
    error = error_of(seen)
    assert type(error) is PREDICTIONS[fault]
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


async def test_a_prediction_that_never_ends_is_overdue_after_its_deadline(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """Until then it is pending. The service is told the deadline too, so it stops paying work when we are gone."""
    server.fail("create", "never-ends")
    submitted = await provider.submit(job_of(JobKind.ANIMATE_IMAGE, tmp_path))
    assert isinstance(await provider.look(submitted), Pending)
    assert server.predictions[0].deadline_s == (submitted.deadline_at - submitted.submitted_at).total_seconds() == 1200
    late = submitted.model_copy(update={"deadline_at": datetime.now(UTC) - CLOCKS_APART - timedelta(seconds=1)})
    seen = await provider.look(late)
    assert isinstance(seen, Failed)
    assert type(error_of(seen)) is PredictionOverdue


async def test_what_the_service_stopped_at_the_deadline_is_overdue(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """Its time tells it from a prediction that a person cancelled."""
    server.fail("create", "never-ends")
    submitted = await provider.submit(job_of(JobKind.ANIMATE_IMAGE, tmp_path))
    server.predictions[0].deadline_s = 0.05
    early = submitted.model_copy(update={"deadline_at": submitted.submitted_at + timedelta(seconds=0.05)})
    seen = await provider.look(early)
    while isinstance(seen, Pending):
        seen = await provider.look(early)
    assert isinstance(seen, Failed)
    assert seen.kind == FailureKind.OVERDUE


@pytest.mark.parametrize("apart_s", [-100.0, 0.0, 100.0])
async def test_an_overdue_prediction_is_never_taken_for_a_cancelled_one(apart_s: float, tmp_path: Path):
    """Whatever the clocks say, ours and the service's: a cancelled one would be paid again without a new take."""
    with ReplicateServer(clock_apart_s=apart_s) as server:
        server.fail("create", "never-ends")
        async with aclosing(provider_at(server)) as provider:
            submitted = await provider.submit(job_of(JobKind.ANIMATE_IMAGE, tmp_path))
            running = server.predictions[0]
            running.created_at = server.now() - timedelta(seconds=1190)
            lasting = {"submitted_at": running.created_at, "deadline_at": running.created_at + timedelta(seconds=1200)}
            submitted = submitted.model_copy(update=lasting)
            assert isinstance(await provider.look(submitted), Pending)
            running.deadline_s = 1197.5  # by the clock of the machine that it runs on
            server.clock_apart_s += 10
            seen = await provider.look(submitted)
    assert isinstance(seen, Failed)
    assert (seen.kind, seen.cost_usd) == (FailureKind.OVERDUE, 0.5)


async def test_a_cancelled_job_is_cancelled_at_the_provider(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """Once; to cancel what has ended, or an unknown prediction, is no error."""
    server.fail("create", "never-ends")
    submitted = await provider.submit(job_of(JobKind.ANIMATE_IMAGE, tmp_path))
    await provider.cancel(submitted)
    await provider.cancel(submitted)
    await provider.cancel(submitted.model_copy(update={"prediction_id": "unknown"}))
    seen = await provider.look(submitted)
    assert isinstance(seen, Failed)
    assert type(error_of(seen)) is PredictionCancelled


@pytest.mark.parametrize("kind", JobKind)
@pytest.mark.parametrize("fault", ["drop-after", "503-after"])
async def test_a_job_accepted_while_its_answer_was_lost_is_found(
    kind: JobKind, fault: str, provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """The reconciliation: by the pictures that were uploaded for it, or by its input."""
    job = job_of(kind, tmp_path)
    server.fail("create", fault)
    with pytest.raises(ProviderUnavailable):
        await provider.submit(job)
    found = await provider.find(job, datetime.now(UTC))
    assert found is not None
    assert found.prediction_id == server.predictions[0].id
    assert found.job_key == provider.job_key(job)
    assert (server.created(), await provider.find(job, datetime.now(UTC))) == (1, found)


async def test_a_job_that_was_never_accepted_is_not_found(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """So that it may be submitted."""
    job = job_of(JobKind.EDIT_IMAGE, tmp_path)
    server.fail("create", "drop-before")
    with pytest.raises(ProviderUnavailable):
        await provider.submit(job)
    assert await provider.find(job, datetime.now(UTC)) is None
    assert server.created() == 0


@pytest.mark.parametrize("kind", [JobKind.EDIT_IMAGE, JobKind.DRAW_IMAGE])
async def test_a_job_is_found_among_others_like_it_on_any_page(
    kind: JobKind, provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """Other takes of the same request, and other words for the same picture, are other jobs."""
    server.page_size = 2
    jobs = [job_of(kind, tmp_path, take=take) for take in (1, 2, 3)] + [job_of(kind, tmp_path, prompt="cooler")]
    submitted = [await provider.submit(job) for job in jobs]
    found = [await provider.find(job, datetime.now(UTC)) for job in jobs]
    assert [each and each.prediction_id for each in found] == [each.prediction_id for each in submitted]
    assert await provider.find(job_of(kind, tmp_path, take=4), datetime.now(UTC)) is None


async def test_what_was_accepted_before_the_note_is_left_alone(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """The list is read back to the note, give or take the difference of two clocks, and no further."""
    job = job_of(JobKind.EDIT_IMAGE, tmp_path)
    await provider.submit(job)
    assert await provider.find(job, datetime.now(UTC) + timedelta(minutes=5)) is None


async def test_a_job_is_not_submitted_again_where_nobody_can_tell(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """An hour later the service has removed what would tell; ids that belong to other jobs are out of the question."""
    job = job_of(JobKind.EDIT_IMAGE, tmp_path)
    submitted = await provider.submit(job)
    server.data_kept_s = -1
    with pytest.raises(SubmissionUnclear) as caught:
        await provider.find(job, datetime.now(UTC))
    assert caught.value.candidates == (submitted.prediction_id,)
    assert await provider.find(job, datetime.now(UTC), known={submitted.prediction_id}) is None


async def test_a_result_that_was_removed_is_said_to_be_gone(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """Looking again can't bring it back."""
    submitted = await provider.submit(job_of(JobKind.EDIT_IMAGE, tmp_path))
    server.data_kept_s = -1
    server.predictions[0].created_at -= timedelta(hours=2)
    seen = await provider.look(submitted)
    assert isinstance(seen, Failed)
    assert "removed" in seen.reason


async def test_an_upload_that_is_gone_belongs_to_no_job(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """So its prediction belongs to no job, and the job may be submitted."""
    job = job_of(JobKind.EDIT_IMAGE, tmp_path)
    await provider.submit(job)
    server.fail("file", "404")
    assert await provider.find(job, BEGIN) is None


@pytest.mark.parametrize(
    ("text", "deadline_s"), [("90", 90), ("90s", 90), ("1m", 60), ("1h30m45s", 5445), ("4s", None), ("soon", None)]
)
def test_the_stand_in_reads_deadlines_as_the_service_does(text: str, deadline_s: int | None, server: ReplicateServer):
    """In each of its forms; what is none, or below five seconds, is refused."""
    answer = httpx.post(
        f"{server.url}/v1/models/recraft-ai/recraft-crisp-upscale/predictions",
        json={"input": {"image": "https://files.example.com/1"}},
        headers={"Authorization": f"Bearer {TOKEN}", "Cancel-After": text},
    )
    assert answer.status_code == (422 if deadline_s is None else 201)
    assert [each.deadline_s for each in server.predictions] == ([] if deadline_s is None else [deadline_s])


async def test_a_file_that_is_no_picture_is_not_uploaded(
    provider: ReplicateFootage, server: ReplicateServer, tmp_path: Path
):
    """Whatever lies at the path: only pictures leave this machine."""
    job = job_of(JobKind.EDIT_IMAGE, tmp_path)
    (tmp_path / "first.png").write_text("KEY=value")
    with pytest.raises(InvalidRequest):
        await provider.submit(job)
    assert server.requests == []


async def test_the_token_goes_to_no_other_server(server: ReplicateServer, tmp_path: Path):
    """A list that continues elsewhere is a fault of the service."""

    async def nothing(url: str, folder: Path, media_types: frozenset[str], max_bytes: int) -> Path:
        raise AssertionError

    with ReplicateServer() as other:
        server.page_size = 1
        async with aclosing(ReplicateFootage(read_catalogue(), SecretStr(TOKEN), server.url, nothing)) as provider:
            for take in (1, 2):
                await provider.submit(job_of(JobKind.DRAW_IMAGE, tmp_path, take=take))
            server.__dict__["port"] = other.port  # the addresses it gives now lead to the other one
            with pytest.raises(ProviderUnavailable, match="another server"):
                await provider.find(job_of(JobKind.DRAW_IMAGE, tmp_path, take=3), BEGIN)
        assert other.requests == []


@pytest.mark.parametrize("status", [418, 425, 451, 499, 520, 599])
def test_each_status_is_an_error_of_ours_whether_or_not_it_has_a_name(status: int):
    """A refusal without a known name is a refusal: to try it again would not help."""
    expected = ProviderUnavailable if status >= 500 or status == 425 else ProviderRefused
    assert type(fault_of(status, httpx.Headers(), b"", TOKEN)) is expected


def test_the_token_never_stands_in_a_message():
    """Not even where the service repeats it."""
    content = f'{{"detail": "no such token: {TOKEN}"}}'.encode()
    assert TOKEN not in str(fault_of(401, httpx.Headers(), content, TOKEN))


@pytest.mark.parametrize(
    ("headers", "detail", "expected_s"),
    [
        ({"Retry-After": "12"}, "", 12),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, "", 0),
        ({}, "Request was throttled. Your rate limit resets in ~30s.", 30),
        ({}, "Slow down", None),
    ],
)
def test_the_wait_that_the_service_asks_for_is_kept(headers: dict[str, str], detail: str, expected_s: float | None):
    """By its header in either form, or in its words."""
    error = fault_of(429, httpx.Headers(headers), f'{{"detail": "{detail}"}}'.encode(), TOKEN)
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == expected_s
