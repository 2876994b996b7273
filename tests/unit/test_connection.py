"""What a Prefect server, or what stands before it, answers instead of what was asked: one sentence each."""

import json
import re
import socket
from functools import partial

import pytest
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_REQUEST_TIMEOUT,
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    temporary_settings,
)

from callsheet import client
from callsheet.errors import CallsheetError, InvalidRequest, SetupIncomplete, TransientError
from callsheet.server.connection import connected
from tests.fakes import one_answer
from tests.flows.films import film

PAGE = b"<html><head><title>%s</title></head><body><h1>A page\nof HTML</h1></body></html>"


answering = partial(one_answer.answering, path="/api")


async def told(address: str, auth: str | None = None) -> CallsheetError:
    """The error of a client that asks for the runs there."""
    with (
        temporary_settings({PREFECT_API_URL: address, PREFECT_API_AUTH_STRING: auth}),
        pytest.raises(CallsheetError) as raised,
    ):
        async with connected() as prefect:
            await prefect.read_flow_runs()
    assert "\n" not in str(raised.value)
    assert "<" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (403, SetupIncomplete, "does not permit this for you (403: No entry)"),
        (404, SetupIncomplete, "is no Prefect server (404: No entry); set PREFECT_API_URL"),
        (405, SetupIncomplete, "is no Prefect server (405: No entry); set PREFECT_API_URL"),
        (413, InvalidRequest, "(413: No entry); give scene code as files, make fewer scenes, or raise that limit"),
        (422, InvalidRequest, "refuses this (422: No entry)"),
        (500, TransientError, "is unwell (500: No entry)"),
        (504, TransientError, "is unwell (504: No entry)"),
        (200, SetupIncomplete, "is no Prefect server; set PREFECT_API_URL"),
    ],
)
async def test_a_page_is_its_title_in_one_sentence(status: int, kind: type[CallsheetError], words: str) -> None:
    """Proxies answer with pages of HTML; what a person needs of one is its title, and what to do."""
    with answering(status, PAGE % b"No entry") as address:
        error = await told(address)
    assert type(error) is kind
    assert words in str(error)
    assert address in str(error)


async def test_a_login_page_is_no_server() -> None:
    """A proxy that sends everybody to its login page."""
    with answering(200, PAGE % b"Log in") as login, answering(302, b"", Location=login) as address:
        assert "is no Prefect server; set PREFECT_API_URL" in str(await told(address))


async def test_a_server_with_a_password_is_told_with_the_setting_for_it() -> None:
    """PREFECT_API_KEY is for Prefect Cloud alone: here it would change nothing."""
    body = json.dumps({"exception_message": "Unauthorized"}).encode()
    with answering(401, body, "application/json") as address:
        asked, refused = await told(address), await told(address, "somebody:wrong")
    assert "set PREFECT_API_AUTH_STRING to USER:PASSWORD" in str(asked)
    assert "does not accept the password in PREFECT_API_AUTH_STRING" in str(refused)
    assert "PREFECT_API_KEY" not in f"{asked} {refused}"


async def test_the_words_of_the_server_are_found_in_its_json() -> None:
    """Prefect lists problems of a request; each has its words in another place."""
    body = json.dumps({"exception_detail": [{"loc": ["body", "name"], "msg": "too long"}, {"msg": "odd"}]}).encode()
    with answering(422, body, "application/json") as address:
        assert "refuses this (422: too long; odd)" in str(await told(address))


@pytest.mark.parametrize("address", ["somewhere", "127.0.0.1:4200/api", "ftp://127.0.0.1/api"])
async def test_what_is_no_address_is_told_with_an_example(address: str) -> None:
    """Nothing is asked at all."""
    error = await told(address)
    assert isinstance(error, SetupIncomplete)
    assert f"PREFECT_API_URL is “{address}”, which is no address; write one such as http" in str(error)


async def test_a_server_without_tls_is_told() -> None:
    """The address says https, and the server does not."""
    with answering(200, b"[]", "application/json") as address:
        error = await told(address.replace("http://", "https://"))
    assert isinstance(error, SetupIncomplete)
    assert "write http:// in PREFECT_API_URL" in str(error)


async def test_a_server_that_does_not_answer_in_time_is_told_with_the_time() -> None:
    """What was asked, how long it was waited for, and the setting that allows more."""
    waited = {PREFECT_API_REQUEST_TIMEOUT: 0.3, PREFECT_CLIENT_MAX_RETRIES: 0}
    with socket.socket() as silent, temporary_settings(waited):
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        server = f"http://127.0.0.1:{silent.getsockname()[1]}/api"
        error = await told(server)
    assert isinstance(error, TransientError)
    assert re.fullmatch(
        rf"The Prefect server at {server} did not answer (GET|POST) /api/\S+ within 0.3 s; try again, or set "
        "PREFECT_API_REQUEST_TIMEOUT to more seconds if it is always slow.",
        str(error),
    )


async def test_nobody_at_an_address_is_worth_another_try() -> None:
    """The words are those of the operating system."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = await told(f"http://127.0.0.1:{taken.getsockname()[1]}/api")
    assert isinstance(error, TransientError)
    assert "can't be reached (connection refused)" in str(error)


@pytest.mark.parametrize("verb", [lambda: client.start(film("Lost")), lambda: client.status("0" * 32)])
async def test_a_page_for_a_run_is_no_run_that_is_unknown(verb) -> None:
    """The server knows neither run nor deployment, because it is none."""
    with (
        answering(404, PAGE % b"Not here") as address,
        temporary_settings({PREFECT_API_URL: address}),
        pytest.raises(SetupIncomplete, match="is no Prefect server"),
    ):
        await verb()


async def test_what_is_no_request_is_refused_before_anybody_is_asked() -> None:
    """A mapping, for instance, which only the command line reads."""
    with pytest.raises(InvalidRequest, match=r"request: takes one of VideoRequest, .*, not dict"):
        await client.start({"title": "A mapping"})
