"""What an approval makes of a plan."""

import pytest
from pydantic import ValidationError

from callsheet.model.requests.pictures import ImagePairsRequest
from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.approval import Consent, Decision, PairsDecision
from callsheet.model.run.kinds import storyboard_of


def scene(name, **fields):
    """A scene that shows its name."""
    return {"name": name, "template": "title", "content": {"title": name}, **fields}


PLAN = VideoRequest.model_validate({"title": "Plan", "scenes": [scene("Second", order=2), scene("First", order=1)]})


def test_the_storyboard_is_in_film_order():
    """What a person sees is what would be made."""
    assert [brief.name for brief in storyboard_of(PLAN)] == ["First", "Second"]


def test_the_order_of_the_approved_list_is_the_order_of_the_film():
    """Numbers that came with the scenes don't bring them back to where they were."""
    first, second = storyboard_of(PLAN)
    changed = Decision(scenes=(second, first.model_copy(update={"order": 1}))).applied_to(PLAN)
    assert [request.scene.name for request in changed.scene_requests()] == ["Second", "First"]


def test_pairs_are_moved_dropped_changed_and_added():
    """The list as it was approved is the film; what the storyboard says for all scenes stays."""
    pairs = [{"name": name, "first": "a.png", "last": "b.png"} for name in ("One", "Two", "Three")]
    plan = ImagePairsRequest.model_validate({"title": "Plan", "scenes": pairs, "prompt": "morph", "duration_s": 7})
    one, _, three = storyboard_of(plan)
    new = {"name": "New", "first": "c.png", "last": "d.png"}
    answer = PairsDecision.model_validate({"scenes": [three, new, {**dict(one), "duration_s": 2}]})
    changed = answer.applied_to(plan)
    assert [(scene.name, scene.duration_s) for scene in changed.filled_scenes()] == [
        ("Three", 7), ("New", 7), ("One", 2)
    ]  # fmt: skip
    assert changed.prompt == "morph"
    assert PairsDecision().applied_to(plan) is plan


def test_without_scenes_the_plan_stays_as_it_is():
    """An answer may be just a word."""
    assert Decision().applied_to(PLAN) is PLAN


def test_only_a_rejection_that_is_chosen_ends_the_run():
    """A form that is sent as it was approves; a reason without the choice is asked about."""
    assert not Decision.model_validate({}).reject
    assert Decision.model_validate({"reject": True, "reason": "too long"}).reason == "too long"
    with pytest.raises(ValidationError, match="reason: only a rejection has one"):
        Decision.model_validate({"reason": "too long"})


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ({"approved": True}, Consent()),
        ({"approved": True, "reason": "fine"}, Consent()),
        ({"approved": False}, Consent(reject=True)),
        ({"approved": False, "reason": "too long"}, Consent(reject=True, reason="too long")),
    ],
)
def test_the_answer_to_an_older_form_keeps_its_meaning(old, now):
    """A run may wait for weeks, with the form of the Callsheet that asked."""
    assert Consent.model_validate(old) == now
