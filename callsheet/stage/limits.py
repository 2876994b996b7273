"""The limits of one scene on this machine."""

from dataclasses import replace

from callsheet.fence.job import FenceLimits, FencePolicy
from callsheet.settings import Settings


def stage_limits(settings: Settings) -> FenceLimits:
    """Return what the settings allow a render."""
    return FenceLimits(
        timeout_s=settings.render_timeout_s,
        at_once=settings.renders_at_once,
        slots_dir=settings.slots_dir,
        policy=FencePolicy(settings.fence),
        memory_mb=settings.render_memory_mb,
    )


def rehearsal_limits(settings: Settings) -> FenceLimits:
    """Return what the settings allow a rehearsal.

    It has separate slots: a rehearsal that uses up its time holds up no render.
    """
    limits = stage_limits(settings)
    return replace(limits, timeout_s=settings.rehearsal_timeout_s, slots_dir=limits.slots_dir / "rehearsals")
