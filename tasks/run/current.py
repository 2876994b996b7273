"""The flow run of this code, in its state at the start of its process."""

from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext


def this_run() -> FlowRun | None:
    """Return the innermost flow run, e.g. the scene's; None outside of every run."""
    context = FlowRunContext.get()
    return context.flow_run if context else None
