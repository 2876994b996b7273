"""What a video will take, before anything is spent: counted from the plan alone, and rounded up if it is a guess."""

from collections.abc import Callable

from callsheet.model.content import Content
from callsheet.model.requests.video import SceneBrief, VideoRequest
from callsheet.model.run.cost import usd_words
from callsheet.model.values import Value

# Instructions, examples and names of Manim that are part of every question about a scene (14,000 characters).
RULES_TOKENS = 4_500
CHARACTERS_A_TOKEN = 3
# The length of a scene of code or of a prompt, if the request gives none.
USUAL_SCENE_S = 8.0
# One core of a small server, Manim's start included; pictures with much movement take longer.
RENDER_START_S = 2.5
RENDERED_PIXELS_A_S = 40_000_000
ANSWER_S = 25.0

Price = Callable[[int, int], float | None]
"""US dollars for so many tokens in and out; None if the price is unknown."""
ContentLength = Callable[[Content], float]
"""About how many seconds the scene of a template lasts."""


class Resources(Value):
    """The facts beside the plan with which the estimate is calculated."""

    writer_model: str = ""
    """Empty if no language model is set up: prompts are then laid out as text."""
    repairs: int = 0
    """How often the code of one scene may be sent back to the model."""
    answer_tokens: int = 0
    """The longest answer that the model may give."""
    renders_at_once: int = 1


class Estimate(Value):
    """What the video will take if nothing of it is kept from an earlier run."""

    scenes: int
    known_s: float
    """Length of the scenes that state it, and of templates, which last as long as it takes to read them."""
    scenes_of_unknown_length: int
    calls_at_least: int
    calls_at_most: int
    input_tokens_at_most: int
    output_tokens_at_most: int
    price_at_most_usd: float | None
    """None if the price of the model is unknown; 0 if no model is asked."""
    writer_model: str
    about_s: float
    """Roughly how long the run takes."""


def estimate(plan: VideoRequest, resources: Resources, price: Price, length_of: ContentLength) -> Estimate:
    """Count what the scenes of `plan` will take.

    A topic counts as the most scenes it may be split into.
    """
    scenes_of_topic = plan.topic_scenes if resources.writer_model else 1
    briefs = plan.scenes or (SceneBrief(name="of the topic", prompt=plan.topic),) * scenes_of_topic
    written = [brief for brief in briefs if brief.prompt and resources.writer_model]
    repairs = resources.repairs * len(written)
    outlines = 1 if plan.topic and written else 0
    tokens_in = sum(map(_question_tokens, written)) * (1 + resources.repairs) + repairs * resources.answer_tokens
    tokens_in += outlines * RULES_TOKENS
    tokens_out = (len(written) + repairs + outlines) * resources.answer_tokens
    # None if neither the brief nor the content tells it.
    lengths = [
        length_of(brief.filled())
        if brief.template or (brief.prompt and not resources.writer_model)
        else brief.duration_s
        for brief in briefs
    ]
    profile = plan.render_profile
    scene_s_a_s = profile.width * profile.height * profile.frame_rate / RENDERED_PIXELS_A_S
    render_s = sum(RENDER_START_S + (length or USUAL_SCENE_S) * scene_s_a_s for length in lengths)
    return Estimate(
        scenes=len(briefs),
        known_s=sum(length for length in lengths if length is not None),
        scenes_of_unknown_length=lengths.count(None),
        calls_at_least=2 if outlines else len(written),
        calls_at_most=len(written) + repairs + outlines,
        input_tokens_at_most=tokens_in,
        output_tokens_at_most=tokens_out,
        price_at_most_usd=price(tokens_in, tokens_out) if written else 0.0,
        writer_model=resources.writer_model if written else "",
        about_s=render_s / resources.renders_at_once + ANSWER_S * bool(written),
    )


def estimate_page(found: Estimate, title: str) -> str:
    """Return the estimate as markdown."""
    unknown = found.scenes_of_unknown_length
    length = f"{found.known_s:.0f} s" + (f", and {unknown} scenes of unknown length" if unknown else "")
    rows = [
        ("scenes", str(found.scenes)),
        ("length", length),
        ("language model", found.writer_model or "none is asked"),
    ]
    if found.writer_model:
        calls = f"{found.calls_at_least} at least, {found.calls_at_most} with every repair"
        tokens = f"at most {found.input_tokens_at_most:,} in and {found.output_tokens_at_most:,} out"
        price = f"the price of {found.writer_model} is unknown"
        if found.price_at_most_usd is not None:
            price = f"at most {usd_words(found.price_at_most_usd)}, for that many tokens"
        rows += [("model calls", calls), ("tokens", tokens), ("price", price)]
    rows.append(("time", f"about {rounded_up(found.about_s)}"))
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    return f"“{title}”, if nothing of it is kept from an earlier run:\n\n| | |\n| --- | --- |\n{table}"


def _question_tokens(brief: SceneBrief) -> int:
    return RULES_TOKENS + (len(brief.prompt) + len(brief.context)) // CHARACTERS_A_TOKEN


def rounded_up(seconds: float) -> str:
    """Return a length of time in words, rounded up to the next ten seconds or minute."""
    if seconds < 90:
        return f"{-(-seconds // 10) * 10:.0f} seconds"
    return f"{-(-seconds // 60):.0f} minutes"
