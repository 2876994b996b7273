"""The flow run that this code is part of, as it was when its process began."""

from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext


def this_run() -> FlowRun | None:
    """The innermost one: that of a scene inside a scene's flow. None outside of every run."""
    context = FlowRunContext.get()
    return context.flow_run if context else None
