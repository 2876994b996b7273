"""Who writes the storyboard of a document."""

from enum import StrEnum


class StoryboardAuthor(StrEnum):
    """Who writes the storyboard of a document."""

    MODEL_OR_RULES = "model-or-rules"
    """The language model, if one is set up; rules if there is none, or if it fails."""
    MODEL = "model"
    """The language model; the film fails without it."""
    RULES = "rules"
    """Rules that choose the document's own sentences."""
