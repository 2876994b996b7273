"""Choices of runs that are sent to the Prefect server."""

from datetime import UTC, datetime

from prefect.client.schemas.objects import StateType

from callsheet.server import queries

MOMENT = datetime(2026, 12, 31, tzinfo=UTC)


def test_two_choices_are_joined_into_one():
    """Each says something else of a run; the choices themselves stay as they are."""
    over = queries.in_states(StateType.FAILED)
    joined = queries.both(over, queries.named("Tides"), queries.ended(after=MOMENT))
    assert joined.model_dump(mode="json", exclude_none=True) == {
        "operator": "and_",
        "state": {"operator": "and_", "type": {"any_": ["FAILED"]}},
        "name": {"any_": ["Tides"]},
        "end_time": {"after_": "2026-12-31T00:00:00Z"},
    }
    assert over.name is None


def test_what_is_not_named_chooses_every_run():
    """An empty list would choose none."""
    assert queries.in_states_named() == queries.for_owner("") == queries.EVERY_RUN
    assert queries.of_flows("") is None


def test_states_can_be_chosen_by_type_or_name():
    """Runs that wait in the queue are scheduled ones with a separate name."""
    chosen = queries.in_states(StateType.RUNNING, or_named=("Queued",)).model_dump(mode="json", exclude_none=True)
    assert chosen["state"] == {"operator": "or_", "type": {"any_": ["RUNNING"]}, "name": {"any_": ["Queued"]}}
