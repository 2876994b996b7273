"""An S3 bucket as a store, used through prefect-aws' `S3Bucket` block.

The only place for boto3 and prefect_aws.

The block holds the bucket, the folder in it, the credentials and the client's options. Its own methods are not used:
they retry and wait inside (retries belong to the task), and become coroutines if an event loop runs.
"""

import hashlib
import http
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import httpx
from boto3.s3.transfer import TransferConfig, create_transfer_manager
from botocore import exceptions as boto
from botocore.config import Config
from prefect_aws import S3Bucket

from callsheet import stopping
from callsheet.disk import disk_errors
from callsheet.errors import CallsheetError, MediaLost, PermanentError, SetupIncomplete, StorageUnavailable
from callsheet.model.film.media import StoredObject
from callsheet.providers.http_errors import retry_after_s
from callsheet.scratch import scratch_dir
from callsheet.storage.keys import checked_key, checked_prefix, digest_in, is_key
from callsheet.storage.store import Store

# One attempt: the task's policy retries. Signature 4 is what every region and every S3-compatible server takes.
_CLIENT = Config(retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=60, signature_version="s3v4")
# Many servers that are not Amazon's refuse the checksums that boto adds to every request, often as “Unauthorized”. All
# of them know the SHA-256 of the content, which is part of signature 4. It guards the content as well.
_CLIENT_OF_OTHERS = _CLIENT.merge(
    Config(
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"payload_signing_enabled": True},
    )
)
_AMAZONS = (".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws")
# Files stream in parts of 8 MiB, four at a time; the “classic” client reports errors one by one.
_TRANSFER = TransferConfig(
    multipart_threshold=16 << 20,
    multipart_chunksize=8 << 20,
    max_concurrency=4,
    preferred_transfer_client="classic",
)
_CHUNK_BYTES = 1 << 20
# The longest that signature 4 allows.
_URL_LIFETIME_S = 7 * 24 * 3600

_BUSY = {"SlowDown", "RequestTimeout", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests"}
_NEVER_POSSIBLE = {http.HTTPStatus.NOT_IMPLEMENTED, http.HTTPStatus.HTTP_VERSION_NOT_SUPPORTED}
_CHECKSUM_HINT = (
    "The server may not know the checksums that the S3Bucket block asks for: set `request_checksum_calculation: "
    "when_required` in the config of the block's client parameters, see docs/storage.md. If it knows them, check the "
    "access key and its rights"
)
_RIGHTS = "Allow s3:GetObject, s3:PutObject, s3:AbortMultipartUpload and s3:ListBucket to the credentials in use"
_EXPIRED = "The temporary credentials have run out: put new ones into the S3Bucket block"
_WRONG_KEY = "Correct the access key and its secret in the S3Bucket block"
_ADVICE = {
    "NoSuchBucket": "Create the bucket, or correct the name in the S3Bucket block",
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "InvalidAccessKeyId": _WRONG_KEY,
    "SignatureDoesNotMatch": _WRONG_KEY,
}
_NO_SUCH_OBJECT = {"NoSuchKey", "404"}
_CORRUPTED_ON_THE_WAY = (boto.ChecksumError, boto.FlexibleChecksumError, boto.IncompleteReadError)
_UNREACHABLE = (boto.HTTPClientError, boto.ConnectionError, *_CORRUPTED_ON_THE_WAY)
_NO_CREDENTIALS = (
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.CredentialRetrievalError,
    boto.ProfileNotFound,
    boto.TokenRetrievalError,
)


def load_bucket(block_name: str) -> S3Bucket:
    """Return the S3Bucket block of this name on the Prefect server.

    Raises SetupIncomplete if there is none, and StorageUnavailable if the server does not answer.
    """
    try:
        # Without `_sync`, Prefect answers with a coroutine if an event loop runs; its annotations don't know it.
        block: S3Bucket = S3Bucket.load(block_name, _sync=True)  # type: ignore[call-arg, assignment]
    except httpx.HTTPError as error:
        raise _not_loaded(block_name, error) from error
    except ValueError as error:
        raise SetupIncomplete(
            f"There is no S3Bucket block named “{block_name}”. Create it in the Prefect UI under Blocks "
            "(first run `prefect block register -m prefect_aws`), or follow docs/storage.md",
            missing=f"s3-bucket/{block_name}",
        ) from error
    return block


def _not_loaded(block_name: str, error: httpx.HTTPError) -> Exception:
    """Return the error for a block that can't be loaded.

    A server that restarts, or is unwell, still has it.
    """
    sentence = f"The Prefect server did not give the S3Bucket block “{block_name}”: {error}"
    if isinstance(error, httpx.TransportError):
        return StorageUnavailable(sentence, "network")
    if isinstance(error, httpx.HTTPStatusError) and error.response.is_server_error:
        return StorageUnavailable(sentence, "service")
    return PermanentError(sentence)


class S3Store(Store):
    """Objects of one bucket. Downloads go to working folders in `scratch_root`.

    `media_url` is the address under which a browser reaches the block's folder, e.g. that of a content network.
    Without it, `url` signs an address that is valid for seven days (or for as long as temporary credentials are).
    """

    def __init__(self, bucket: S3Bucket, scratch_root: Path, media_url: str | None = None) -> None:
        self._bucket = bucket.bucket_name
        folder = bucket.bucket_folder.strip("/")
        self._folder = f"{folder}/" if folder else ""
        self._scratch_root = scratch_root
        self._media_url = media_url
        with self._sentences("reach"):
            self._client = _client(bucket)

    def put_file(self, path: Path, key: str, media_type: str, *, move: bool = False) -> None:
        """See `Store`.

        Large files go in parts that the bucket joins at the end; the server checks each digest.
        """
        sentences = self._sentences(f"write {key} to", is_write=True)
        # The client's `upload_file` wraps a refusal in an error that may lose it.
        with sentences, create_transfer_manager(self._client, _TRANSFER) as transfers:
            transfers.upload(str(path), self._bucket, self._name(key), {"ContentType": media_type}).result()
        if move:
            path.unlink(missing_ok=True)

    def put_bytes(self, content: bytes, key: str, media_type: str) -> None:
        """See `Store`."""
        with self._sentences(f"write {key} to", is_write=True):
            self._client.put_object(Bucket=self._bucket, Key=self._name(key), Body=content, ContentType=media_type)

    def exists(self, key: str) -> bool:
        """See `Store`. False if the whole bucket is missing: S3 doesn't tell the two apart here."""
        return self._size_bytes(key) is not None

    def holds(self, stored: StoredObject) -> bool:
        """Return whether the size is as recorded.

        S3 guards the content, and `opened` checks it against the key.
        """
        return self._size_bytes(stored.key) == stored.size_bytes

    def read_bytes(self, key: str) -> bytes:
        """See `Store`."""
        return b"".join(self._chunks(key))

    @contextmanager
    def opened(self, key: str) -> Iterator[Path]:
        """Yield a copy in a working folder.

        Raises MediaLost if the content does not match a content key.
        """
        with ExitStack() as stack:
            with disk_errors(self._scratch_root):
                folder = stack.enter_context(scratch_dir(self._scratch_root, "download"))
            path = folder / PurePosixPath(checked_key(key)).name
            self._download(key, path)
            yield path

    def url(self, key: str) -> str | None:
        """See `Store`."""
        if self._media_url:
            return f"{self._media_url.rstrip('/')}/{checked_key(key)}"
        with self._sentences("sign a link into"):
            link: str = self._client.generate_presigned_url(
                "get_object", {"Bucket": self._bucket, "Key": self._name(key)}, ExpiresIn=_URL_LIFETIME_S
            )
        return link

    def keys(self, prefix: str = "") -> Iterator[str]:
        """See `Store`. Objects whose names are no keys are left out."""
        name = self._folder + checked_prefix(prefix)
        yield from filter(is_key, (entry["Key"].removeprefix(self._folder) for entry in self._entries(name)))

    def dated(self) -> Iterator[tuple[str, datetime]]:
        """Yield every object below the folder, whatever its name, and when it was last put there."""
        for entry in self._entries(self._folder):
            yield entry["Key"].removeprefix(self._folder), entry["LastModified"]

    def read_named(self, name: str) -> bytes:
        """Return the content of a small object from `dated`.

        Raises MediaLost if it isn't there any more.
        """
        return b"".join(self._chunks_of(self._folder + name, name))

    def _entries(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield S3's facts about each object whose name begins so."""
        with self._sentences("list"):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=name):
                yield from page.get("Contents", ())

    def _name(self, key: str) -> str:
        return self._folder + checked_key(key)

    def _size_bytes(self, key: str) -> int | None:
        name = self._name(key)
        with self._sentences(f"look for {key} in"):
            try:
                answer = self._client.head_object(Bucket=self._bucket, Key=name)
            except boto.ClientError as error:
                if _status(error) == http.HTTPStatus.NOT_FOUND:
                    return None
                raise
            return int(answer["ContentLength"])

    def _download(self, key: str, path: Path) -> None:
        digest = hashlib.sha256()
        with disk_errors(path.parent), path.open("wb") as file:
            for chunk in self._chunks(key):
                stopping.check()
                digest.update(chunk)
                file.write(chunk)
        if digest_in(key) not in {None, digest.hexdigest()}:
            raise MediaLost(key, f"is damaged in bucket {self._bucket}: its content is not what was stored")

    def _chunks(self, key: str) -> Iterator[bytes]:
        return self._chunks_of(self._name(key), key)

    def _chunks_of(self, name: str, key: str) -> Iterator[bytes]:
        with self._sentences(f"read {key} from", key):
            answer = self._client.get_object(Bucket=self._bucket, Key=name)
            yield from answer["Body"].iter_chunks(_CHUNK_BYTES)

    @contextmanager
    def _sentences(self, doing: str, key: str = "", *, is_write: bool = False) -> Iterator[None]:
        """Raise errors of boto as ours: “Could not <doing> bucket <name>: …”.

        `key` is the object to read. A write may be refused for its checksum alone.
        """
        try:
            yield
        except (boto.ClientError, boto.BotoCoreError, ValueError) as error:
            hint = ""
            if is_write and not _is_amazons(self._client):
                asked = self._client.meta.config.request_checksum_calculation
                hint = _CHECKSUM_HINT if asked != "when_required" else ""
            raise _meaning(error, f"Could not {doing} bucket {self._bucket}", key, hint) from error


def _client(bucket: S3Bucket) -> Any:
    """Make a client for one store: a role is assumed again for each.

    The block's options override ours.
    """
    options = bucket.credentials.aws_client_parameters.get_params_override()
    session, of_the_block = bucket.credentials.get_boto3_session(), options.pop("config", Config())
    client = session.client("s3", config=_CLIENT.merge(of_the_block), **options)
    if _is_amazons(client):
        return client
    return session.client("s3", config=_CLIENT_OF_OTHERS.merge(of_the_block), **options)


def _is_amazons(client: Any) -> bool:
    """Return whether the client talks to Amazon.

    Its address may come from the block, a profile or the environment.
    """
    return httpx.URL(client.meta.endpoint_url).host.endswith(_AMAZONS)


def _meaning(error: BaseException, what_failed: str, key: str, hint: str) -> CallsheetError:
    if isinstance(error, boto.ClientError):
        return _meaning_of_answer(error, what_failed, key, hint)
    if isinstance(error, boto.SSLError):
        return PermanentError(f"{what_failed}: the server's certificate is not trusted; set “verify” in the block")
    if isinstance(error, _UNREACHABLE):
        return StorageUnavailable(f"{what_failed}: {error}", "network")
    if isinstance(error, _NO_CREDENTIALS):
        return PermanentError(f"{what_failed}: {error}. Give the S3Bucket block an access key and its secret")
    return PermanentError(f"{what_failed}: {error}. Check the S3Bucket block")


def _meaning_of_answer(error: boto.ClientError, what_failed: str, key: str, hint: str) -> CallsheetError:
    code = error.response["Error"].get("Code", "")
    message = error.response["Error"].get("Message", "")
    sentence = f"{what_failed}: {message} ({code})"
    status = _status(error)
    is_unwell = status >= http.HTTPStatus.INTERNAL_SERVER_ERROR and status not in _NEVER_POSSIBLE
    if code in _BUSY or is_unwell:
        headers = error.response["ResponseMetadata"].get("HTTPHeaders", {})
        return StorageUnavailable(sentence, "service", retry_after_s(headers.get("retry-after", "")))
    if key and code in _NO_SUCH_OBJECT:
        return MediaLost(key, f"is not in the bucket ({code})")
    return PermanentError(f"{sentence}. {_advice(code, status, hint)}")


def _advice(code: str, status: int, hint: str) -> str:
    is_refused = status in {http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN}
    return (
        _ADVICE.get(code) or hint or (_RIGHTS if is_refused else "Check the S3Bucket block and its client parameters")
    )


def _status(error: boto.ClientError) -> int:
    return int(error.response["ResponseMetadata"].get("HTTPStatusCode", 0))
