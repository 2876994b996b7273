"""The composition root: it turns settings and blocks into the objects that steps work with."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, contextmanager
from datetime import timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

from callsheet.errors import SetupIncomplete, StorageUnavailable
from callsheet.fence.job import FenceLimits
from callsheet.footage import local, replicate
from callsheet.footage.catalogue import read_catalogue
from callsheet.footage.provider import FootageProvider
from callsheet.locks import alone
from callsheet.model.film.media import StoredObject
from callsheet.model.film.scenes import SceneFile
from callsheet.model.footage.orders import FootageMaker
from callsheet.model.requests.pictures import MAX_PAIRS
from callsheet.model.requests.video import SceneBrief
from callsheet.model.run.estimate import Resources
from callsheet.model.run.writing import StageFacts
from callsheet.model.values import Value
from callsheet.notify.posting import Endpoint, endpoints
from callsheet.scene_lint import Catalogue, drawing_names, load_catalogue, successors
from callsheet.scratch import scratch_dir
from callsheet.settings import Settings, settings
from callsheet.sources.fetch import FetchLimits, fetch
from callsheet.speech.narrator import Narrator, open_narrator
from callsheet.stage import limits
from callsheet.stage.tex import has_latex
from callsheet.storage.catalogue import RequestCatalogue, open_catalogue
from callsheet.storage.keys import GIVEN_PICTURES, media_type_of
from callsheet.storage.opening import open_store
from callsheet.storage.store import Store, holds_media, open_media
from callsheet.storage.window_cache import WindowCache
from callsheet.threads import entered, in_a_thread
from callsheet.watchdog import allowed
from callsheet.writing.writer import Writer, open_writer

FETCH_TOTAL_S = 600.0
"""Longest time one file from the network may take, in seconds."""


def store() -> Store:
    """Return the store that CALLSHEET_STORAGE names."""
    return open_store(settings())


@asynccontextmanager
async def opened(media: Iterable[StoredObject]) -> AsyncIterator[list[Path]]:
    """Yield local files with the content of stored media, in their order.

    They are fetched one after another, in a thread: a store may take as long as its files are large.
    """
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(entered(_opened(stored))) for stored in media]


@asynccontextmanager
async def at_hand(purpose: str, media: Iterable[StoredObject]) -> AsyncIterator[tuple[Path, list[Path]]]:
    """Yield a working folder, and `opened` media beside it."""
    with scratch_dir(scratch_root(), purpose) as folder:
        async with opened(media) as paths:
            yield folder, paths


@asynccontextmanager
async def opened_key(key: str) -> AsyncIterator[Path]:
    """Yield a local file with what is stored under this key."""
    async with entered(_opened_key(key)) as path:
        yield path


@contextmanager
def _opened_key(key: str) -> Iterator[Path]:
    with store().opened(key) as path:
        yield path


@contextmanager
def _opened(stored: StoredObject) -> Iterator[Path]:
    # The store is opened in the thread, too: if its block has to be loaded, that asks the server.
    with open_media(store(), stored) as path:
        yield path


@asynccontextmanager
async def opened_files(files: Iterable[SceneFile]) -> AsyncIterator[dict[str, Path]]:
    """Yield local files with the content of files beside scene code, by their names."""
    named = tuple(files)
    async with opened(file.stored for file in named) as paths:
        yield {file.name: path for file, path in zip(named, paths, strict=True)}


def is_stored_picture(path: Path) -> bool:
    """Return whether the store holds the content of a file as a picture that a person gave."""
    return holds_media(store(), path, GIVEN_PICTURES, media_type_of(path.name))


def window_cache(made_by: str) -> WindowCache:
    """Return the cache of blended stretches, for the next film that holds them."""
    return WindowCache(store(), "windows", "video/mp4", made_by)


def media_url(stored: StoredObject) -> str | None:
    """Return the browsers' address for stored media; None if there is none, or it is unknown."""
    try:
        return store().url(stored.key)
    except StorageUnavailable:
        return None


def home() -> Path:
    """Return the folder of everything that is kept on this machine."""
    return settings().home


def looks_dir() -> Path:
    """Return the folder of looks of one's own."""
    return settings().looks_dir


def scratch_root() -> Path:
    """Return the folder of working folders."""
    return settings().scratch_dir


def scenes_at_once() -> int:
    """Return how many scene subflows of one video run at the same time."""
    return settings().scenes_at_once


class WriterIdentity(Value):
    """The language model that writes, for cache keys: nothing secret."""

    model: str
    base_url: str | None
    context_tokens: int | None = None
    """It decides in which form the rules are sent."""


def writer() -> Writer:
    """Return the language model that the settings name."""
    found = open_writer(settings())
    if found is None:
        raise SetupIncomplete("No language model is set up; set CALLSHEET_WRITER_MODEL.", "CALLSHEET_WRITER_MODEL")
    return found


def known_writer() -> WriterIdentity:
    """Return the identity of the model that writes."""
    found = writer()
    return WriterIdentity(model=found.model, base_url=found.base_url, context_tokens=found.context_tokens)


def has_writer() -> bool:
    """Return whether a language model is set up."""
    return open_writer(settings()) is not None


def writer_base_url() -> str | None:
    """Return the model's address, if it is not the vendor's."""
    return settings().writer_base_url or None


def resources() -> Resources:
    """Return what an estimate counts with."""
    return Resources(
        writer_model=settings().writer_model,
        repairs=settings().repairs,
        answer_tokens=settings().writer_max_tokens,
        renders_at_once=settings().renders_at_once,
    )


def repairs_at_most(brief: SceneBrief | None = None) -> int:
    """Return how often a scene's code, or an outline, may go back to the model that wrote it."""
    return 0 if brief and brief.code else settings().repairs


def catalogue_of_requests(where: str) -> RequestCatalogue | None:
    """Return the catalogue of this name, else the settings' one; None if neither names one."""
    named = where or settings().backfill_catalogue
    return open_catalogue(named, settings()) if named else None


def recoveries_at_most() -> int:
    """Return how often Callsheet restarts a run whose process was killed."""
    return settings().recoveries


def starting_within() -> timedelta:
    """Return how long a runner may take to start the process of a run."""
    return timedelta(seconds=settings().starting_within_s)


def webhook_endpoints() -> tuple[Endpoint, ...]:
    """Return the receivers of the results of runs."""
    return endpoints(settings())


def webhook_endpoint(name: str) -> Endpoint:
    """Return the receiver of this name."""
    for endpoint in webhook_endpoints():
        if endpoint.name == name:
            return endpoint
    raise SetupIncomplete(f"The webhook's address {name} is not set any more.", "CALLSHEET_WEBHOOK_URL")


async def catalogue() -> Catalogue:
    """Return what the installed Manim has; a process inspects it once, and a file keeps it.

    Scenes that begin at once take turns: the first one has Manim inspected, and no other one waits in a thread.
    """
    folder = settings().catalogue_dir
    async with alone(folder / "catalogue.lock"):
        return await in_a_thread(load_catalogue, folder)


async def stage_facts() -> StageFacts:
    """Return what the installed Manim offers to scene code."""
    known = await catalogue()
    return StageFacts(
        manim_version=version("manim"),
        has_latex=has_latex(),
        names=drawing_names(known),
        successors=successors(known),
    )


def stage_limits() -> FenceLimits:
    """Return what a render may take of this machine."""
    return limits.stage_limits(settings())


def rehearsal_limits() -> FenceLimits:
    """Return what a rehearsal may take of this machine."""
    return limits.rehearsal_limits(settings())


def narrator() -> Narrator:
    """Return the narrator that the settings name. It holds models, so a process has one."""
    return _narrator(settings())


@cache
def _narrator(given: Settings) -> Narrator:
    return open_narrator(given)


def footage_maker() -> FootageMaker:
    """Return the maker that edits and animates pictures."""
    if settings().footage_provider == "local":
        return FootageMaker(name=local.NAME)
    return FootageMaker(name=replicate.NAME, url=settings().replicate_url)


@asynccontextmanager
async def footage_provider() -> AsyncIterator[FootageProvider]:
    """Yield the provider that the settings name."""
    chosen = settings()
    if chosen.footage_provider == "local":
        yield local.LocalFootage()
        return
    if chosen.replicate_token is None:
        raise SetupIncomplete(
            "There is no token for Replicate; set CALLSHEET_REPLICATE_TOKEN, or CALLSHEET_FOOTAGE_PROVIDER=local.",
            "CALLSHEET_REPLICATE_TOKEN",
        )
    provider = replicate.ReplicateFootage(
        read_catalogue(chosen.footage_models),
        chosen.replicate_token,
        chosen.replicate_url,
        fetch_file,
        chosen.replicate_timeout_s,
    )
    async with aclosing(provider):
        yield provider


async def fetch_file(url: str, folder: Path, media_types: frozenset[str], max_bytes: int) -> Path:
    """Fetch a file from the network, with the checks of `fetch`."""
    limits = FetchLimits(media_types, max_bytes, FETCH_TOTAL_S, settings().fetch_allowed_hosts)
    with allowed(FETCH_TOTAL_S):
        return (await fetch(url, folder, limits)).path


def allowed_hosts() -> frozenset[str]:
    """Return the hosts from which files may come although they are not public."""
    return settings().fetch_allowed_hosts


def footage_at_once() -> int:
    """Return how many footage jobs are in progress at the same time, for estimates."""
    return settings().footage_at_once if footage_maker().is_paid else settings().renders_at_once


def clips_at_once() -> int:
    """Return how many clips are made at once: locally one a core; a provider has limits."""
    return MAX_PAIRS if footage_maker().is_paid else settings().renders_at_once
