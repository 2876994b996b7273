"""The S3 store over real HTTP: what is sent, what is kept in memory, and what each failure means."""

import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings
from s3transfer.manager import TransferCoordinatorController

from callsheet.errors import CallsheetError, MediaLost, PermanentError, StorageUnavailable
from callsheet.gateway.media import StoreElsewhere, media_app
from callsheet.storage.keys import content_key
from callsheet.storage.s3 import S3Store, _client, load_bucket
from callsheet.storage.store import open_media, store_media
from tests.s3_server import Answer, answering, bucket_block, new_bucket, s3_error, s3_server, without_checksums


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of an S3 server."""
    with s3_server() as server:
        yield server


@pytest.fixture
def store(address: str, tmp_path: Path) -> S3Store:
    """An empty bucket."""
    return S3Store(new_bucket(address), tmp_path / "scratch")


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A file to store."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"frames")
    return path


def test_a_browser_plays_what_was_stored_by_its_signed_address(store: S3Store, clip: Path) -> None:
    """The address needs no key of the reader, and the media type is the one stored."""
    stored = store_media(store, clip, "clips", "video/mp4")
    address = store.url(stored.key)
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in (address or "")
    with urllib.request.urlopen(address or "") as answer:
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.read() == b"frames"


def test_a_content_network_in_front_of_the_bucket_gives_the_address(address: str, tmp_path: Path) -> None:
    """Then nothing is signed, and the address lasts."""
    store = S3Store(new_bucket(address, "films"), tmp_path, media_url="https://media.example.com/films/")
    assert store.url("clips/a.mp4") == "https://media.example.com/films/clips/a.mp4"


def test_a_downloaded_copy_is_gone_after_its_block(store: S3Store, clip: Path, tmp_path: Path) -> None:
    """Working copies never fill the disk."""
    stored = store_media(store, clip, "clips", "video/mp4")
    with open_media(store, stored) as path:
        assert path.is_relative_to(tmp_path / "scratch")
    assert not path.exists()


def test_content_that_belies_its_key_is_not_handed_out(store: S3Store) -> None:
    """A person overwrote a clip in the bucket: the digest in the key tells."""
    key = content_key("clips", "ab" * 32, "video/mp4")
    store.put_bytes(b"others", key, "video/mp4")
    with pytest.raises(MediaLost, match="is damaged in bucket"), store.opened(key):
        pass


def test_what_is_stored_whole_is_not_sent_again(store: S3Store, clip: Path, tmp_path: Path) -> None:
    """Storing it once more asks for the size and no more."""
    stored = store_media(store, clip, "clips", "video/mp4")
    with answering(Answer(200, clip.read_bytes())) as (address, requests):
        store_media(S3Store(bucket_block(address, "films"), tmp_path), clip, "clips", "video/mp4")
    assert requests == [f"HEAD /films/{stored.key}"]


def test_what_others_have_put_beside_is_listed_by_whatever_name(address: str, tmp_path: Path) -> None:
    """Below the folder alone, and each with the time when it was put there; of the store's own keys it is none."""
    block = new_bucket(address, "lessons")
    bucket = block.credentials.get_client("s3")
    for name in ("lessons/Erste Lektion.yaml", "lessons-old/zwei.yaml"):
        bucket.put_object(Bucket=block.bucket_name, Key=name, Body=name.encode())
    store = S3Store(block, tmp_path)
    [(name, changed_at)] = store.dated()
    assert (name, store.read_named(name)) == ("Erste Lektion.yaml", b"lessons/Erste Lektion.yaml")
    assert abs(datetime.now(UTC) - changed_at) < timedelta(minutes=1)
    assert list(store.keys()) == []
    with pytest.raises(MediaLost, match=r"other\.yaml is not in the bucket"):
        store.read_named("other.yaml")


# VmHWM and not ru_maxrss: that one starts from the peak of the process that started this one.
TRANSFER_64_MB = """
import pathlib, sys
from callsheet.storage.s3 import S3Store
from callsheet.storage.store import open_media, store_media
from tests.s3_server import bucket_block
def peak_kb():
    status = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
address, bucket, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
store = S3Store(bucket_block(address, bucket), folder / "scratch")
store.put_bytes(b"", "warm", "text/plain")
store.read_bytes("warm")
before_kb = peak_kb()
stored = store_media(store, folder / "large.mp4", "clips", "video/mp4")
uploaded_kb = peak_kb()
with open_media(store, stored, verify_digest=True) as path:
    assert path.stat().st_size == stored.size_bytes == 64 << 20
print((uploaded_kb - before_kb) // 1024, (peak_kb() - uploaded_kb) // 1024)
"""


def test_a_large_file_travels_in_parts_and_never_sits_in_memory(address: str, tmp_path: Path) -> None:
    """64 MB there and back grow a process by less than half of that (11 MB seen)."""
    with (tmp_path / "large.mp4").open("wb") as file:
        for number in range(64):
            file.write(bytes([number]) * (1 << 20))
    bucket = new_bucket(address).bucket_name
    arguments = [sys.executable, "-c", TRANSFER_64_MB, address, bucket, str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    up_mb, down_mb = map(int, done.stdout.split())
    assert up_mb < 32
    assert down_mb < 16


METHODS = ["put_file", "put_bytes", "exists", "read_bytes", "opened", "keys"]


@pytest.mark.parametrize("method", METHODS)
def test_a_busy_service_is_worth_another_try_after_the_wait_it_asks_for(
    method: str, clip: Path, tmp_path: Path
) -> None:
    """SlowDown with Retry-After; it was asked once, because retries belong to the task."""
    with answering(s3_error(503, "SlowDown", retry_after="7")) as (address, requests):
        error = _error_of(method, address, clip, tmp_path)
    assert isinstance(error, StorageUnavailable)
    assert (error.kind, error.retry_after_s) == ("service", 7.0)
    assert len(requests) == 1


@pytest.mark.parametrize("method", METHODS)
def test_an_unreachable_store_is_worth_another_try(method: str, clip: Path, tmp_path: Path) -> None:
    """No server listens at the address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = _error_of(method, f"http://127.0.0.1:{taken.getsockname()[1]}", clip, tmp_path)
    assert isinstance(error, StorageUnavailable)
    assert (error.kind, error.retry_after_s) == ("network", None)
    assert "bucket films" in str(error)


@pytest.mark.parametrize("method", ["read_bytes", "opened"])
def test_a_connection_that_breaks_in_the_middle_is_worth_another_try(method: str, clip: Path, tmp_path: Path) -> None:
    """Fewer bytes came than were promised: half a file is never handed out."""
    with answering(Answer(200, b"half", claimed_bytes=1000)) as (address, _):
        error = _error_of(method, address, clip, tmp_path)
    assert isinstance(error, StorageUnavailable)
    assert error.kind == "network"
    assert list((tmp_path / "scratch").glob("*")) == []


@pytest.mark.parametrize(
    ("refusal", "advice"),
    [
        ((403, "AccessDenied"), "Allow s3:GetObject, s3:PutObject"),
        ((403, "InvalidAccessKeyId"), "Correct the access key"),
        ((403, "SignatureDoesNotMatch"), "Correct the access key"),
        ((400, "ExpiredToken"), "put new ones into the S3Bucket block"),
        ((404, "NoSuchBucket"), "Create the bucket, or correct the name"),
        ((400, "InvalidRequest"), "Check the S3Bucket block"),
    ],
)
@pytest.mark.parametrize("method", ["put_file", "read_bytes"])
def test_a_refusal_is_permanent_and_says_what_to_do(
    method: str, refusal: tuple[int, str], advice: str, clip: Path, tmp_path: Path
) -> None:
    """Trying again would be refused again."""
    with answering(s3_error(*refusal)) as (address, _):
        error = _error_of(method, address, clip, tmp_path)
    assert type(error) is PermanentError
    assert refusal[1] in str(error)
    assert advice in str(error)


def test_a_missing_bucket_of_a_real_server_says_to_create_it(address: str, tmp_path: Path) -> None:
    """The same sentence as above, from a whole server."""
    store = S3Store(bucket_block(address, "nobody-made-this"), tmp_path)
    with pytest.raises(PermanentError, match=r"nobody-made-this: .*Create the bucket"):
        store.put_bytes(b"", "a", "text/plain")


def test_an_address_that_is_none_is_permanent(tmp_path: Path) -> None:
    """The block holds a typing error."""
    with pytest.raises(PermanentError, match="Check the S3Bucket block"):
        S3Store(bucket_block("not an address", "films"), tmp_path)


def test_options_of_the_block_win_over_ours(tmp_path: Path, clip: Path) -> None:
    """Who wants boto's own retries says so in the block."""
    with answering(s3_error(500, "InternalError")) as (address, requests):
        block = bucket_block(address, "films")
        block.credentials.aws_client_parameters.config = {"retries": {"total_max_attempts": 2}}
        with pytest.raises(StorageUnavailable):
            S3Store(block, tmp_path).exists("a")
    assert len(requests) == 2


REFUSALS_OF_CHECKSUMS = [
    s3_error(501, "NotImplemented"),
    s3_error(401, "Unauthorized"),
    s3_error(411, "MissingContentLength"),
]


@pytest.mark.parametrize("refusal", REFUSALS_OF_CHECKSUMS, ids=lambda refusal: str(refusal.status))
def test_a_server_that_knows_no_newer_checksums_keeps_what_it_is_given(
    refusal: Answer, clip: Path, tmp_path: Path
) -> None:
    """It is not asked for them; it checks the digest that is part of the signature."""
    with without_checksums(refusal) as (address, kept):
        store = S3Store(bucket_block(address, "films"), tmp_path / "scratch")
        stored = store_media(store, clip, "clips", "video/mp4")
        store.put_bytes(b"{}", "videos/a.json", "application/json")
        with store.opened(stored.key) as copy:
            assert copy.read_bytes() == b"frames"
    assert kept == {f"/films/{stored.key}": b"frames", "/films/videos/a.json": b"{}"}


@pytest.mark.parametrize("refusal", REFUSALS_OF_CHECKSUMS, ids=lambda refusal: str(refusal.status))
@pytest.mark.parametrize("method", ["put_file", "put_bytes"])
def test_a_refusal_of_checksums_that_the_block_wants_names_the_option(
    refusal: Answer, method: str, clip: Path, tmp_path: Path
) -> None:
    """“Unauthorized” alone would send people to look for their keys; nor is it tried again."""
    with without_checksums(refusal) as (address, _):
        block = bucket_block(address, "films")
        block.credentials.aws_client_parameters.config = {"request_checksum_calculation": "when_supported"}
        with pytest.raises(PermanentError, match="request_checksum_calculation: when_required"):
            _uses(clip)[method](S3Store(block, tmp_path))


def test_a_refused_upload_says_why_though_its_end_is_noticed_late(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine boto still counts an upload that has ended, and raises its error once more."""
    monkeypatch.setattr(TransferCoordinatorController, "remove_transfer_coordinator", lambda *_: None)
    with answering(s3_error(411, "MissingContentLength")) as (address, _):
        error = _error_of("put_file", address, clip, tmp_path)
    assert "As asked for (MissingContentLength)" in str(error)


def test_what_a_server_never_does_is_not_asked_again(clip: Path, tmp_path: Path) -> None:
    """501 is no weakness that passes."""
    with answering(s3_error(501, "NotImplemented")) as (address, _):
        error = _error_of("keys", address, clip, tmp_path)
    assert isinstance(error, PermanentError)
    assert "Check the S3Bucket block and its client parameters" in str(error)


def test_amazon_is_sent_its_checksums(tmp_path: Path) -> None:
    """Whichever of its addresses the block names; no other server is."""

    def sends(address: str) -> str:
        client = _client(bucket_block(address, "films"))
        return str(client.meta.config.request_checksum_calculation)

    assert sends("https://s3.eu-central-1.amazonaws.com") == sends("https://bucket.vpce-1.s3.vpce.amazonaws.com")
    assert sends("https://s3.eu-central-1.amazonaws.com") != "when_required"
    assert sends("https://s3.amazonaws.com.example.com") == "when_required"


def test_a_prefect_server_that_is_just_restarting_is_worth_another_try() -> None:
    """It has the block: no server listens at the moment, or it is not ready yet."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = _error_of_loading(f"http://127.0.0.1:{taken.getsockname()[1]}/api")
    with answering(Answer(500, b"starting")) as (address, _):
        unwell = _error_of_loading(f"{address}/api")
    assert isinstance(away, StorageUnavailable)
    assert isinstance(unwell, StorageUnavailable)
    assert (away.kind, unwell.kind) == ("network", "service")
    assert "S3Bucket block “films”" in str(away)


def _error_of_loading(api_url: str) -> CallsheetError:
    with temporary_settings({PREFECT_API_URL: api_url}), pytest.raises(CallsheetError) as raised:
        load_bucket("films")
    return raised.value


def _error_of(method: str, address: str, clip: Path, tmp_path: Path) -> CallsheetError:
    store = S3Store(bucket_block(address, "films"), tmp_path / "scratch")
    with pytest.raises(CallsheetError) as raised:
        _uses(clip)[method](store)
    return raised.value


def _uses(clip: Path) -> dict[str, Callable[[S3Store], object]]:
    key = content_key("clips", "ab" * 32, "video/mp4")
    return {
        "put_file": lambda store: store.put_file(clip, key, "video/mp4"),
        "put_bytes": lambda store: store.put_bytes(b"", key, "video/mp4"),
        "exists": lambda store: store.exists(key),
        "read_bytes": lambda store: store.read_bytes(key),
        "opened": lambda store: store.opened(key).__enter__(),
        "keys": lambda store: list(store.keys()),
    }


async def test_the_studio_plays_what_lies_in_the_bucket(store: S3Store, clip: Path) -> None:
    """Its page allows the bucket's origin and no other; captions come from the page's own origin."""
    video = store_media(store, clip, "videos", "video/mp4")
    words = clip.with_suffix(".vtt")
    words.write_text("WEBVTT\n")
    captions = store_media(store, words, "captions", "text/vtt")
    app = media_app(clip.parent, StoreElsewhere(lambda: store))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        page = await client.get("/")
        film, spoken = await client.get(f"/media/{video.key}"), await client.get(f"/media/{captions.key}")
        gone = await client.get(f"/media/{video.key.replace('videos', 'films')}")
    allowed = page.headers["content-security-policy"].partition("media-src ")[2].partition(";")[0].split()
    address = urlsplit(film.headers["location"])
    assert (film.status_code, f"{address.scheme}://{address.netloc}" in allowed) == (307, True)
    assert allowed == ["'self'", f"{address.scheme}://{address.netloc}", "blob:"]
    assert (spoken.status_code, spoken.text, spoken.headers["content-type"]) == (
        200, "WEBVTT\n", "text/vtt; charset=utf-8"
    )  # fmt: skip
    assert gone.status_code == 404
