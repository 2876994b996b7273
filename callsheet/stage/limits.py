"""What one scene may take of this machine."""

from callsheet.fence.job import FenceLimits
from callsheet.fence.policy import FencePolicy
from callsheet.settings import Settings


def stage_limits(settings: Settings) -> FenceLimits:
    """What the settings say. Rehearsals and renders share the machine's slots."""
    return FenceLimits(
        timeout_s=settings.render_timeout_s,
        at_once=settings.renders_at_once,
        slots_dir=settings.slots_dir,
        policy=FencePolicy(settings.fence),
        memory_mb=settings.render_memory_mb,
    )
