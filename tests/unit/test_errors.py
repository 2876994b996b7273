"""Errors are sentences for a person, and survive being stored."""

import pickle

from callsheet.errors import StorageUnavailable, VideoIncomplete


def test_what_is_missing_of_a_video_is_told_scene_by_scene():
    """Each reason once, whether or not it ends in a full stop, also where two scenes fail alike."""
    error = VideoIncomplete(("Scene “A” was refused.", "Scene “A” was refused.", "No child could be started"), scenes=4)
    assert str(error) == (
        "3 of 4 scenes could not be made; the others are kept. "
        "Scene “A” was refused; Scene “A” was refused; No child could be started"
    )


def test_that_a_step_was_given_up_survives_being_stored():
    """Prefect keeps the error with the failed state."""
    error = StorageUnavailable("down", "service")
    assert not error.is_given_up
    error.is_given_up = True
    assert pickle.loads(pickle.dumps(error)).is_given_up
