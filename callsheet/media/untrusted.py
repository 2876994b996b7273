"""Measures a clip that scene code has made, without opening it in this process: the fenced process parses it.

Two facts come back; everything else must be as the profile says. A file that lies about them fails when it is joined
to others. One that attacks the parser finds nothing behind the fence.
"""

from dataclasses import replace
from pathlib import Path

from callsheet.errors import MediaUnfit, StageUnavailable
from callsheet.fence.job import FenceLimits, Job
from callsheet.fence.running import Event, run
from callsheet.media import probing
from callsheet.media.probe import MediaFacts, facts_of
from callsheet.model.film.profile import RenderProfile

MODULE = probing.__name__
# Packets are counted and nothing is decoded: an hour of film takes seconds.
TIMEOUT_S = 120


async def probe_untrusted_clip(path: Path, profile: RenderProfile, limits: FenceLimits) -> MediaFacts:
    """Measure a clip in a scratch folder as `probe.probe_clip` does, but behind the fence.

    Raises:
        MediaUnfit: it is no clip of this profile, or one that crashes the process that reads it.
        StageUnavailable: something killed that process; the clip may be fit.
    """
    job = Job(module=MODULE, order={"profile": profile.model_dump(mode="json")}, files={probing.CLIP_NAME: path})
    # Beside the renders: a finished render is measured without waiting for the end of another one.
    apart = replace(limits, slots_dir=limits.slots_dir / "probes", timeout_s=TIMEOUT_S)
    events: list[Event] = []
    ending = await run(job, apart, path.parent, events.append)
    if ending.was_killed:
        raise StageUnavailable(f"The process that measures {path.name} was killed")
    return _checked(path.name, events[-1] if events else {}, profile)


def _checked(name: str, event: Event, profile: RenderProfile) -> MediaFacts:
    """Return the facts: size and rate are the profile's, or the clip would have been unfit."""
    match event:
        case {"event": "measured", "frames": int(frames), "has_audio": bool(has_audio)} if frames > 0:
            return facts_of(profile, frames, has_audio)
        case {"event": "unfit", "expected": str(expected), "found": str(found)}:
            raise MediaUnfit(name, expected, found)
    raise MediaUnfit(name, "a clip that can be measured", "one that crashes the process that reads it")
