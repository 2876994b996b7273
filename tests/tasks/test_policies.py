"""Policies: what a cache key is made of, what is retried, and how long a retry waits."""

import asyncio
import itertools
import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prefect import task

from callsheet.errors import (
    AnswerUnreadable,
    DownloadTruncated,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    SceneFailed,
    StageUnavailable,
    StorageUnavailable,
    TransientError,
)
from callsheet.model.film.look import Look
from tasks import policies
from tasks.policies import MAX_DELAY_S, ContentKey, fingerprint, retry_delay_s

# How long a retry waits if nothing asks for less.
OWN_DELAY_S = 10
KEY = ContentKey(step="step", modules=("callsheet.timebase",), packages=("pydantic",))


def key(policy=KEY, **inputs):
    """The key of these inputs."""
    return policy.compute_key(None, inputs, {})


def test_equal_values_have_one_key():
    """Values are compared by what they hold."""
    assert key(look=Look(accent="red")) == key(look=Look(accent="red"))


def test_different_values_have_different_keys():
    """An accent colour changes the pictures."""
    assert key(look=Look(accent="red")) != key(look=Look(accent="blue"))


def test_labels_are_not_part_of_a_key():
    """A scene that only moves to another place in the film is not rendered again."""
    assert key(source="x", label="01 a") == key(source="x", label="02 a")


def test_the_step_and_the_code_that_makes_the_value_are_part_of_a_key():
    """Changed code makes new values."""
    other_code = ContentKey(step="step", modules=("callsheet.errors",), packages=("pydantic",))
    other_step = ContentKey(step="other", modules=("callsheet.timebase",), packages=("pydantic",))
    assert len({key(source="x"), key(other_code, source="x"), key(other_step, source="x")}) == 3


def test_a_package_stands_for_all_of_its_files(tmp_path, monkeypatch):
    """A change in any file below a package changes its fingerprint."""
    package = tmp_path / "film_code"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "part.py").write_text("A = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = fingerprint.__wrapped__(("film_code",))
    (package / "part.py").write_text("A = 2\n")
    assert fingerprint.__wrapped__(("film_code",)) != before


@given(st.integers(0, 20))
def test_delays_double_and_stop_growing_at_five_minutes(retry):
    """10 s, 20 s, 40 s … 300 s for a network error."""
    assert retry_delay_s(StorageUnavailable("down", "network"), retry) == min(10 * 2**retry, MAX_DELAY_S)


@pytest.mark.parametrize(
    ("error", "first_delay_s"),
    [
        (StorageUnavailable("down", "network"), 10),
        (StorageUnavailable("down", "service"), 20),
        (RateLimited("them", "slow down"), 10),
        (ProviderUnavailable("them", "down"), 30),
        (DownloadTruncated("them", "half of it"), 30),
        (ProviderTimeout("them", "late"), 60),
        (StageUnavailable("no process"), 10),
    ],
)
def test_the_kind_of_error_decides_the_first_delay(error, first_delay_s):
    """A service that says it is unwell gets more time than a lost packet; what is a kind of it waits like it."""
    assert retry_delay_s(error, 0) == first_delay_s


def test_what_the_other_side_asks_for_is_honoured():
    """Retry-After wins over our own delays, up to the same limit."""
    assert retry_delay_s(StorageUnavailable("slow down", "service", retry_after_s=3), 4) == 3
    assert retry_delay_s(StorageUnavailable("slow down", "service", retry_after_s=9_999), 0) == MAX_DELAY_S


@pytest.mark.parametrize(
    "error",
    [
        SceneFailed("Opening", "NameError", "log"),
        StorageUnavailable("down", "service", 4),
        TransientError("later", 2),
    ],
)
def test_errors_survive_being_stored(error):
    """Prefect keeps the error with the failed state; its facts must come back."""
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), vars(again)) == (str(error), vars(error))


class Shaky:
    """Fails with each of the given errors in turn, then succeeds; remembers when it was tried."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.tried_at = []

    def attempt(self):
        """One try."""
        self.tried_at.append(time.monotonic())
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def retrying(shaky, retries=3):
    """A task under the retry policy that does what `shaky` says."""

    @task(**policies.retried(retries), persist_result=False)
    async def step():
        return shaky.attempt()

    return step


async def test_a_transient_error_is_retried_after_the_delay_it_asks_for(prefect_server):
    """Two failures with separate delays, then success, in one task run."""
    shaky = Shaky(StorageUnavailable("a", retry_after_s=0.2), StorageUnavailable("b", retry_after_s=0.6))
    assert await retrying(shaky)() == "done"
    first, second = [later - earlier for earlier, later in itertools.pairwise(shaky.tried_at)]
    assert 0.2 <= first < OWN_DELAY_S
    assert 0.6 <= second < OWN_DELAY_S


async def test_a_permanent_error_is_tried_once(prefect_server):
    """The same scene fails the same way; no blind retry."""
    shaky = Shaky(SceneFailed("Opening", "NameError"), SceneFailed("Opening", "NameError"))
    with pytest.raises(SceneFailed):
        await retrying(shaky)()
    assert len(shaky.tried_at) == 1


async def test_retries_have_a_limit(prefect_server):
    """Three retries are four attempts, and then the error is the run's."""
    shaky = Shaky(*[StorageUnavailable("down", retry_after_s=0.01) for _ in range(9)])
    with pytest.raises(StorageUnavailable):
        await retrying(shaky)()
    assert len(shaky.tried_at) == 4


async def test_an_error_may_allow_fewer_tries_than_its_policy(prefect_server):
    """An answer that can't be read may have been paid for: it is asked for once more."""
    shaky = Shaky(*[AnswerUnreadable("openai", "no answer", retry_after_s=0.01) for _ in range(9)])
    with pytest.raises(AnswerUnreadable):
        await retrying(shaky)()
    assert len(shaky.tried_at) == AnswerUnreadable.tries_at_most == 2


async def test_runs_at_once_keep_their_own_delays(prefect_server):
    """The task is shared by concurrent runs; the delay follows the error of each."""
    quick, slow = Shaky(StorageUnavailable("a", retry_after_s=0.1)), Shaky(StorageUnavailable("b", retry_after_s=1.5))

    @task(**policies.retried(2), persist_result=False)
    async def step(name):
        return {"quick": quick, "slow": slow}[name].attempt()

    await asyncio.gather(step("slow"), step("quick"))
    assert quick.tried_at[1] - quick.tried_at[0] < 1.2 <= slow.tried_at[1] - slow.tried_at[0]
