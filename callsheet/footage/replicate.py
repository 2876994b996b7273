"""Footage from models at Replicate.

The inputs of a prediction tell which job it belongs to. Each picture is uploaded for one job, and the upload carries
the job's key as metadata, which Replicate keeps and shows. A prediction has no field for that: Replicate refuses it if
its input has a name that its model does not know, and its webhook is neither shown nor without effect. So `find`
searches the list of predictions for one with the job's input, whose pictures carry the job's key. A job without
pictures is known by its input alone; its seed, made from its key, tells it from others with the same words. A model
that takes neither a picture nor a seed is not in the catalogue: its takes could not be told apart.

Replicate removes the data of a prediction (input, output, files) an hour after it was made.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pydantic import SecretStr

from callsheet.errors import (
    CallsheetError,
    InvalidRequest,
    OutputExpired,
    ProviderRefused,
    ProviderUnavailable,
    SubmissionUnclear,
)
from callsheet.footage import catalogue
from callsheet.footage.provider import Download
from callsheet.footage.received import MOVING, PICTURES, measured
from callsheet.footage.replicate_translate import CLOCKS_APART, UNFINISHED, Prediction, how_it_stands, sent_of, texts_in
from callsheet.footage.replicate_transport import PROVIDER, OneAttempt, one_line
from callsheet.model.footage.jobs import (
    AnimateBetween,
    AnimateImage,
    Finished,
    Footage,
    FootageEstimate,
    FootageJob,
    PredictionStatus,
    SourcePicture,
    Submitted,
)
from callsheet.sources.picture_files import MAX_PICTURE_BYTES

if TYPE_CHECKING:
    from replicate.client import Client

NAME = "replicate"
JOB_METADATA = "callsheet_job"
MAX_UPLOAD_BYTES = 100_000_000
MAX_VIDEO_BYTES = 1_000_000_000
_MEDIA_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


class ReplicateFootage:
    """The provider. It keeps connections of one event loop: use it within `contextlib.aclosing`."""

    name = NAME
    service = PROVIDER

    def __init__(
        self, models: catalogue.ModelCatalogue, token: SecretStr, url: str, download: Download, timeout_s: float = 60.0
    ) -> None:
        self._models = models
        self._token = token.get_secret_value()
        self._url = url.rstrip("/")
        self._download = download
        self._wire = OneAttempt(self._url, self._token, timeout_s)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    def job_key(self, job: FootageJob) -> str:
        """See FootageProvider."""
        return catalogue.key_of(self._models.card_for(job), job)

    def estimate(self, job: FootageJob) -> FootageEstimate:
        """See FootageProvider."""
        card = self._models.card_for(job)
        usd, basis = catalogue.estimate_usd(card, job)
        return FootageEstimate(provider=NAME, model=card.name, usd=usd, basis=basis, about_s=card.usual_s)

    async def submit(self, job: FootageJob) -> Submitted:
        """See FootageProvider.

        Upload the pictures first: an upload costs nothing and disappears by itself.
        """
        card = self._models.card_for(job)
        client = self._client({"Cancel-After": f"{round(card.deadline_s)}s"})
        async with _understood():
            addresses = {each.sha256: await self._upload(client, each, job) for each in job.pictures}
            inputs = catalogue.inputs_of(card, job, addresses)
            predictions = client.predictions
            if card.version:
                made = await predictions.async_create(version=card.version, input=inputs)
            else:
                made = await predictions.async_create(model=card.name, input=inputs)
            return self._submitted(card, job, Prediction.of(made))

    async def find(self, job: FootageJob, since: datetime, known: Collection[str] = ()) -> Submitted | None:
        """See FootageProvider."""
        card = self._models.card_for(job)
        unclear = []
        async with _understood():
            async for prediction in self._predictions_since(since - CLOCKS_APART):
                if prediction.model != card.name or prediction.id in known:
                    continue
                if not prediction.input:
                    unclear.append(prediction.id)
                elif await self._is_for(prediction, card, job):
                    return self._submitted(card, job, prediction)
        if unclear:
            raise SubmissionUnclear(PROVIDER, tuple(unclear))
        return None

    async def count_unfinished(self) -> int:
        """See FootageProvider.

        The uploads tell our jobs from others of the account, which do not count.
        """
        longest = timedelta(seconds=max(card.deadline_s for card in self._models.models))
        async with _understood():
            return sum(
                [
                    1
                    async for prediction in self._predictions_since(datetime.now(UTC) - longest - CLOCKS_APART)
                    if prediction.status in UNFINISHED and await self._is_ours(prediction)
                ]
            )

    async def look(self, submitted: Submitted) -> PredictionStatus:
        """See FootageProvider."""
        async with _understood():
            made = await self._client().predictions.async_get(submitted.prediction_id)
            prediction = Prediction.of(made)
        cost = self._cost_usd(submitted, prediction)
        return how_it_stands(prediction, submitted, cost, one_line(prediction.error, self._token), datetime.now(UTC))

    async def collect(self, job: FootageJob, finished: Finished, folder: Path) -> Footage:
        """See FootageProvider. The first of several results is taken."""
        moves = isinstance(job, AnimateImage | AnimateBetween)
        limit = MAX_VIDEO_BYTES if moves else MAX_PICTURE_BYTES
        submitted = finished.submitted
        try:
            path = await self._download(finished.urls[0], folder, MOVING if moves else PICTURES, limit)
        except InvalidRequest as error:
            raise OutputExpired(PROVIDER, submitted.prediction_id, _why(finished, error)) from error
        return measured(path, moves, submitted, finished.cost_usd)

    async def cancel(self, submitted: Submitted) -> None:
        """See FootageProvider."""
        try:
            async with _understood():
                await self._client().predictions.async_cancel(submitted.prediction_id)
        except ProviderRefused as error:
            if error.status not in {404, 422}:
                raise

    async def check_account(self) -> None:
        """See FootageProvider."""
        async with _understood():
            await self._client().accounts.async_current()

    def _client(self, headers: dict[str, str] | None = None) -> "Client":
        """Return a client of the package; all clients share the wire.

        It gets every value: it reads no environment.
        """
        from replicate.client import Client

        return Client(self._token, base_url=self._url, transport=self._wire, headers=dict(headers or {}))

    async def _upload(self, client: "Client", picture: SourcePicture, job: FootageJob) -> str:
        """Return the URL of a picture that was uploaded for `job`."""
        with picture.path.open("rb") as file:
            start = file.read(4)
            media_type = next((kind for magic, kind in _MEDIA_TYPES.items() if start.startswith(magic)), "")
            if not media_type or picture.path.stat().st_size > MAX_UPLOAD_BYTES:
                raise InvalidRequest(
                    f"a picture is a PNG, JPEG or WebP of at most {MAX_UPLOAD_BYTES:,} bytes", "picture"
                )
            kept = await client.files.async_create(
                file,
                filename=f"{picture.sha256[:16]}.{media_type.partition('/')[2]}",
                content_type=media_type,
                metadata={JOB_METADATA: self.job_key(job)},
            )
        if kept.checksums.get("sha256", picture.sha256) != picture.sha256:
            raise ProviderUnavailable(PROVIDER, f"an upload to {PROVIDER} arrived damaged")
        address: str = kept.urls["get"]
        return address

    async def _predictions_since(self, start: datetime) -> AsyncIterator[Prediction]:
        """Yield the predictions that were accepted from `start` on, newest first."""
        client = self._client()
        when = start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        cursor: str | None = f"/v1/predictions?{urlencode({'created_after': when})}"
        while cursor is not None:
            page = await client.predictions.async_list(cursor)
            for made in page.results:
                prediction = Prediction.of(made)
                if prediction.created_at < start:
                    return
                yield prediction
            cursor = page.next

    async def _is_for(self, prediction: Prediction, card: catalogue.ModelCard, job: FootageJob) -> bool:
        """Return whether a prediction has the input of `job`, with pictures uploaded for it."""
        addresses = sent_of(prediction.input, card, job)
        if addresses is None:
            return False
        return all([await self._job_of_upload(address) == self.job_key(job) for address in addresses])

    async def _is_ours(self, prediction: Prediction) -> bool:
        """Return whether any of its pictures was uploaded for a job of Callsheet's."""
        for address in texts_in(prediction.input):
            if await self._job_of_upload(address) is not None:
                return True
        return False

    async def _job_of_upload(self, address: str) -> str | None:
        """Return the key of the job for which a file was uploaded; None if it is no upload of ours."""
        place = f"{self._url}/v1/files/"
        if not address.startswith(place):
            return None
        try:
            file = await self._client().files.async_get(address.removeprefix(place))
        except ProviderRefused as error:
            if error.status == 404:
                return None
            raise
        job_key: str | None = file.metadata.get(JOB_METADATA)
        return job_key

    def _submitted(self, card: catalogue.ModelCard, job: FootageJob, prediction: Prediction) -> Submitted:
        return Submitted(
            provider=NAME,
            model=card.name,
            kind=card.job,
            job_key=catalogue.key_of(card, job),
            prediction_id=prediction.id,
            submitted_at=prediction.created_at,
            deadline_at=prediction.created_at + timedelta(seconds=card.deadline_s),
            estimate_usd=catalogue.estimate_usd(card, job)[0],
        )

    def _cost_usd(self, submitted: Submitted, prediction: Prediction) -> float | None:
        for card in self._models.models:
            if (card.name, card.job) == (submitted.model, submitted.kind):
                return catalogue.cost_usd(card, submitted.estimate_usd, prediction.metrics, len(prediction.urls))
        return submitted.estimate_usd


@asynccontextmanager
async def _understood() -> AsyncIterator[None]:
    """Raise an answer that does not fit Replicate's API as a fault of the service."""
    try:
        yield
    except CallsheetError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProviderUnavailable(PROVIDER, f"{PROVIDER} sent an answer that is none of its API") from error


def _why(finished: Finished, error: InvalidRequest) -> str:
    if finished.expires_at is not None and datetime.now(UTC) > finished.expires_at:
        return "Replicate removes what it made an hour later; ask for a new take"
    return str(error.args[0])
