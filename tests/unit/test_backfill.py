"""Which request files a backfill means, and what is to become of each. Pure: no server, no disk."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from callsheet.model.problems import sentence_of
from callsheet.model.requests.backfill import BackfillRequest
from callsheet.model.run.backfill import (
    TRIES_AT_MOST,
    AttemptedRun,
    AttemptState,
    Candidate,
    CatalogueFile,
    FileDecision,
    FileState,
    Fingerprint,
    chosen,
    tagged_work,
    verdict_of,
    work_in,
)
from callsheet.model.run.backfill_report import BackfillReport, FileOutcome, FileReport
from callsheet.storage.catalogue import is_request_file

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
WORK = Fingerprint(request="a1", software="b2")
STATES = st.sampled_from(AttemptState)
names = st.text("abc-_/0123456789.", min_size=1, max_size=24)
files = st.lists(st.builds(CatalogueFile, name=names, changed_at=st.datetimes(timezones=st.just(UTC))), max_size=12)


def file(name, changed_at=NOON):
    """A file of a catalogue."""
    return CatalogueFile(name=name, changed_at=changed_at)


def tries(*states, work=WORK):
    """Runs of the same work, one after another."""
    return [
        AttemptedRun(run_id=UUID(int=number), work=work, number=number, state=state, message=f"error {number}")
        for number, state in enumerate(states, start=1)
    ]


def test_a_date_in_the_name_wins_over_the_last_change():
    """The last one counts, of a folder or of the file; what is no date is none."""
    assert file("2026-01-31 lesson.yaml").dated_at == datetime(2026, 1, 31, tzinfo=UTC)
    assert file("2025-12-01/2026-01-02.yaml").dated_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert file("2026-13-45.yaml").dated_at == NOON
    assert file("12026-01-01.yaml").dated_at == NOON
    assert file("2026-01-01/lesson.yaml", NOON).dated_at.date() == date(2026, 1, 1)


def test_a_window_holds_its_first_and_its_last_day():
    """Days are those of UTC, wherever the file was changed."""
    late = datetime(2026, 3, 5, 23, 30, tzinfo=UTC) + timedelta(hours=1)
    found = [file("a.yaml", NOON), file("b.yaml", late), file("2026-03-04.yaml"), file("2026-03-07.yaml")]
    meant = chosen(found, BackfillRequest(since=date(2026, 3, 5), until=date(2026, 3, 6)))
    assert [each.name for each in meant] == ["a.yaml", "b.yaml"]


@given(files, st.dates(), st.dates(), st.sampled_from(["*", "a*", "*/*", "*.1"]))
def test_what_is_chosen_is_within_the_window_and_in_order(found, one, other, match):
    """By date and then by name; everything else is outside of the window or has another name."""
    request = BackfillRequest(since=min(one, other), until=max(one, other), match=match)
    meant = chosen(found, request)
    assert list(meant) == sorted(meant, key=lambda each: (each.dated_at, each.name))
    assert all(request.since <= each.dated_at.date() <= request.until for each in meant)
    assert set(chosen(meant, request)) == set(meant)
    everything = chosen(found, BackfillRequest())
    assert len(everything) == len(found)


def test_a_pattern_is_about_the_whole_name():
    """A star stands for slashes, too; upper and lower case differ."""
    found = [file("lessons/one.yaml"), file("lessons/deep/two.yaml"), file("One.yaml")]
    assert [each.name for each in chosen(found, BackfillRequest(match="lessons/*"))] == [
        "lessons/deep/two.yaml", "lessons/one.yaml",
    ]  # fmt: skip
    assert [each.name for each in chosen(found, BackfillRequest(match="One*"))] == ["One.yaml"]


def test_a_window_that_ends_before_it_begins_is_refused():
    """The sentence names both."""
    with pytest.raises(ValidationError) as refusal:
        BackfillRequest(since=date(2026, 2, 2), until=date(2026, 2, 1))
    assert sentence_of(refusal.value) == "until: 2026-02-01 is before `since` (2026-02-02)"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("a.yaml", True), ("deep/A.YML", True), ("a.json", False), ("a.yaml.bak", False), (".git/a.yaml", False),
     ("deep/.a.yaml", False), ("yaml", False)],
)  # fmt: skip
def test_other_kinds_of_files_and_hidden_ones_are_ignored(name, is_one):
    """Manifests and media may lie beside the requests."""
    assert is_request_file(name) is is_one


@given(st.integers(1, 10_000), st.text("0123456789abcdef", min_size=1), st.text("0123456789abcdef", min_size=1))
def test_a_key_tells_its_work_and_its_number(number, request, software):
    """Also behind what the server's client puts before it."""
    work = Fingerprint(request=request, software=software)
    assert work_in(f"{uuid4()}:key:{work.key(number)}") == (work, number)
    assert work_in(f"key:{number}") is None


@pytest.mark.parametrize(
    ("before", "state", "number"),
    [
        ([], FileState.MISSING, 1),
        ([AttemptState.GOING_ON], FileState.RUNNING, 2),
        ([AttemptState.FINISHED], FileState.UP_TO_DATE, 2),
        ([AttemptState.LOST], FileState.STALE, 2),
        ([AttemptState.FAILED], FileState.MISSING, 2),
        ([AttemptState.FAILED, AttemptState.FAILED, AttemptState.FINISHED], FileState.UP_TO_DATE, 4),
        ([AttemptState.FAILED] * TRIES_AT_MOST, FileState.GIVEN_UP, TRIES_AT_MOST + 1),
        ([AttemptState.FAILED, AttemptState.FAILED, AttemptState.LOST, AttemptState.FAILED], FileState.MISSING, 5),
        ([AttemptState.CANCELLED], FileState.GIVEN_UP, 2),
    ],
)
def test_what_became_of_the_last_run_decides(before, state, number):
    """The next run has the next number, so that its key is a new one."""
    verdict = verdict_of(WORK, tries(*before))
    assert (verdict.state, verdict.number) == (state, number)


@given(st.lists(STATES, max_size=8))
def test_the_order_in_which_the_server_tells_of_runs_does_not_matter(states):
    """Their numbers do."""
    found = tries(*states)
    assert verdict_of(WORK, found) == verdict_of(WORK, found[::-1])


@given(st.lists(STATES, max_size=6), st.lists(STATES, max_size=6))
def test_no_number_is_given_twice(own, others):
    """Whatever was made of other content: the next key was never used for this work."""
    found = [*tries(*own), *tries(*others, work=Fingerprint(request="c3", software="b2"))]
    assert verdict_of(WORK, found).number == len(own) + 1


def test_a_video_of_an_older_content_is_stale_and_the_reason_is_told():
    """The request has changed, or else what makes it; a failure of older content counts for nothing."""
    other_request = Fingerprint(request="c3", software="b2")
    other_software = Fingerprint(request="a1", software="d4")
    assert "the request has changed" in verdict_of(WORK, tries(AttemptState.FINISHED, work=other_request)).why
    stale = verdict_of(WORK, tries(AttemptState.FINISHED, work=other_software))
    assert (stale.state, stale.number) == (FileState.STALE, 1)
    assert "what makes it" in stale.why
    assert verdict_of(WORK, tries(*[AttemptState.FAILED] * 3, work=other_request)).state is FileState.MISSING


def test_the_last_error_is_told_of_what_is_given_up():
    """And what to do."""
    why = verdict_of(WORK, tries(*[AttemptState.FAILED] * 3)).why
    assert why == "it failed 3 times: change the file, or retry the last run. error 3"


def report(*reports, dry_run=False, catalogue="/lessons"):
    """A whole report."""
    return BackfillReport(catalogue=catalogue, dry_run=dry_run, files=reports)


def test_the_summary_counts_what_was_found_and_what_was_done():
    """In one sentence; without a catalogue, or without files, it says so."""
    made = FileReport(name="a", dated_at=NOON, state="missing", why="", is_started=True, outcome=FileOutcome.FINISHED)
    failed = FileReport(name="b", dated_at=NOON, state="stale", why="", is_started=True, outcome=FileOutcome.FAILED)
    broken = FileReport(name="c", dated_at=NOON, state="broken", why="c:1: no")
    whole = report(made, failed, broken)
    assert whole.summary == "3 request files: 1 missing, 1 stale, 1 broken; 2 started, 1 finished, 1 failed."
    assert (whole.started, whole.finished, whole.failed, whole.skipped) == (
        (made, failed), (made,), (failed,), (broken,),
    )  # fmt: skip
    assert (whole.is_well, report(made).is_well) == (False, True)
    assert report().summary == "There is no request file to look at in /lessons."
    assert "CALLSHEET_BACKFILL_CATALOGUE" in report(catalogue="").summary


def test_the_summary_of_a_dry_run_adds_up_time_and_price():
    """An unknown price is said to be missing."""
    cheap = FileReport(name="a", dated_at=NOON, state="missing", why="", about_s=30, price_at_most_usd=0.25)
    unknown = FileReport(name="b", dated_at=NOON, state="missing", why="", about_s=12, price_at_most_usd=None)
    ends = "takes about 42 s and costs at most 0.25 $ and unknown prices."
    assert report(cheap, unknown, dry_run=True).summary.endswith(ends)


def test_a_candidate_is_a_request_or_a_problem():
    """A broken file has no work, so nothing can be started for it."""
    broken = Candidate(file=file("a.yaml"), problem="a.yaml:1: no")
    assert broken.work is None
    assert not FileDecision(state=FileState.BROKEN, why=broken.problem).is_to_be_made


def test_a_film_that_a_person_has_made_is_up_to_date():
    """Also where a backfill has failed at it before; while it is being made, it is waited for."""
    made = AttemptedRun(run_id=uuid4(), work=WORK, number=0, state=AttemptState.FINISHED)
    failed = tries(*[AttemptState.FAILED] * TRIES_AT_MOST)
    assert verdict_of(WORK, [made]).state is FileState.UP_TO_DATE
    assert verdict_of(WORK, [*failed, made]).state is FileState.UP_TO_DATE
    going_on = made.model_copy(update={"state": AttemptState.GOING_ON})
    assert verdict_of(WORK, [*failed, going_on]).state is FileState.RUNNING
    lost = made.model_copy(update={"state": AttemptState.LOST})
    assert verdict_of(WORK, [lost]).number == 1


def test_the_work_of_a_run_is_read_from_its_tags():
    """Beside whatever else it is tagged with."""
    assert tagged_work(["callsheet", "owner:ada", WORK.tag]) == WORK
    assert tagged_work(["callsheet", "work:", "homework:a-b"]) is None
