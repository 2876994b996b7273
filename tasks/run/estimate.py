"""What a plan will take, counted with what is set up on this machine."""

from functools import partial

from callsheet.model.requests.video import VideoRequest
from callsheet.model.run.estimate import Estimate, estimate
from callsheet.stage.template_lengths import expected_s
from callsheet.writing.prices import tokens_usd
from tasks import wiring


def estimate_plan(plan: VideoRequest) -> Estimate:
    """Its scenes, model calls, price and time."""
    resources = wiring.resources()
    price = partial(tokens_usd, resources.writer_model, wiring.writer_base_url())
    return estimate(plan, resources, price, expected_s)
