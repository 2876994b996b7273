"""The estimate of a plan, with what is set up on this machine."""

from functools import partial

from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.estimate import Estimate, estimate
from callsheet.stage.template_lengths import expected_s
from callsheet.writing.prices import tokens_usd
from tasks import wiring


def estimate_plan(plan: VideoRequest) -> Estimate:
    """Return the plan's number of scenes and model calls, its price and its time."""
    resources = wiring.resources()
    price = partial(tokens_usd, resources.writer_model, wiring.writer_base_url())
    return estimate(plan, resources, price, expected_s)
