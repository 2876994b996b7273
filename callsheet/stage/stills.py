"""Stills: pictures of templates' scenes in less than a second, for a person who writes their content.

Only content and a look go behind the fence, never code. Each owner has a child there, which imports Manim once and
draws one picture after the other.
"""

import asyncio
import base64
import binascii
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from callsheet.errors import InvalidRequest, StageUnavailable
from callsheet.fence.job import FenceLimits, Job
from callsheet.fence.running import Event, Fed, fed
from callsheet.fence.software import NEEDED
from callsheet.model.content import Content, template_of, template_plugin
from callsheet.model.film.look import Look
from callsheet.model.film.profile import RenderProfile
from callsheet.scratch import scratch_dir
from callsheet.stage.content_pictures import LOGO_FIELD, check_logo, with_logo_by_name, with_pictures_by_name
from callsheet.stage.order import StillOrder
from callsheet.threads import in_a_thread

CHILD = "callsheet.stage.still_child"
LONGER_SIDE_PX = 640
PICTURE_WITHIN_S = 30.0
"""The slowest picture takes two seconds, and the imports before the first one three; a busy machine needs longer."""
LIFE_S = 1_800.0
PICTURES_OF_A_CHILD = 200
"""A picture is an event of 60 kB; the fence lets 16 MB of events through."""
IDLE_S = 90.0
"""How long a child stays after its last picture; it holds 200 MB."""
CHILDREN = 2
"""Of all owners. A further owner takes the place of the one whose last picture is the oldest."""
MAX_ORDER_BYTES = 100_000
_JPEG = b"\xff\xd8\xff"


class StillPool:
    """The children of one process that draw stills."""

    def __init__(self, limits: FenceLimits, scratch_root: Path) -> None:
        slots = limits.slots_dir / "stills"
        self._limits = replace(limits, timeout_s=LIFE_S, at_once=2 * CHILDREN, slots_dir=slots)
        self._scratch_root = scratch_root
        self._children: OrderedDict[str, _Child] = OrderedDict()

    def get_ready(self, owner: str) -> None:
        """Let a child of this owner import what it needs, before there is anything to draw."""
        self._child_of(owner)

    async def draw(
        self,
        owner: str,
        content: Content,
        look: Look,
        profile: RenderProfile,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> bytes | None:
        """Return the end of the scene as JPEG; None if it is not wanted any more when its turn comes.

        Pictures of one owner are drawn one after the other.

        Raises:
            InvalidRequest: the content is too large, does not fit, or holds a formula that can't be set.
            SetupIncomplete: the fence can't be built on this machine.
            StageUnavailable: the child ended without a picture.
        """
        if faults := await in_a_thread(check_logo, look):
            raise InvalidRequest(faults[0].message, LOGO_FIELD)
        content, pictures = await in_a_thread(with_pictures_by_name, content)
        look, logos = await in_a_thread(with_logo_by_name, look)
        files = {**pictures, **logos}
        template = template_of(content)
        share = LONGER_SIDE_PX / max(profile.width, profile.height)
        size = {"width": round(profile.width * share), "height": round(profile.height * share)}
        order = StillOrder(
            template=template,
            content=content.model_dump(mode="json", exclude_defaults=True),
            look=look,
            profile=profile.model_copy(update=size),
        )
        if len(order.model_dump_json()) > MAX_ORDER_BYTES:
            raise InvalidRequest("is too large for a preview; the video itself takes it", "content")
        plugin = template_plugin(template)
        if files or plugin:
            # What waits behind the fence sees no file of a scene, and no package of a plug-in.
            child = _Child(self._limits, self._scratch_root, files, (*NEEDED, plugin.package) if plugin else NEEDED)
            try:
                return await child.draw(order, is_wanted)
            finally:
                child.end()
        try:
            return await self._child_of(owner).draw(order, is_wanted)
        except ChildOver:  # after as many pictures as it may draw, or it was ended
            return await self._child_of(owner).draw(order, is_wanted)

    async def close(self) -> None:
        """End all children, and wait for that."""
        children, self._children = list(self._children.values()), OrderedDict()
        await asyncio.gather(*(child.gone() for child in children))

    def _child_of(self, owner: str) -> "_Child":
        child = self._children.pop(owner, None)
        if child is None or child.is_over:
            child = _Child(self._limits, self._scratch_root)
        self._children[owner] = child
        while len(self._children) > CHILDREN:
            self._children.popitem(last=False)[1].end()
        child.used_s = time.monotonic()
        return child


class ChildOver(StageUnavailable):
    """The child has ended before it drew this picture."""


class _Child:
    """A child behind the fence, which a task of this process holds until it is not needed."""

    def __init__(
        self,
        limits: FenceLimits,
        scratch_root: Path,
        files: Mapping[str, Path] | None = None,
        packages: tuple[str, ...] = NEEDED,
    ) -> None:
        self.used_s = time.monotonic()
        self._job = Job(CHILD, {"pictures": PICTURES_OF_A_CHILD}, files or {}, {}, packages)
        self._limits = limits
        self._scratch_root = scratch_root
        self._turn = asyncio.Lock()
        self._answer: asyncio.Future[Event] | None = None
        self._process: asyncio.Future[Fed] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._live())

    @property
    def is_over(self) -> bool:
        return self._task.done()

    def end(self) -> None:
        """End the process; a picture under way is lost."""
        self._task.cancel()

    async def gone(self) -> None:
        """End the process, and wait for that."""
        self.end()
        await asyncio.wait([self._task])

    async def draw(self, order: StillOrder, is_wanted: Callable[[], bool]) -> bytes | None:
        """Return the picture. Raises as `StillPool.draw`, and ChildOver."""
        async with self._turn:
            if not is_wanted():
                return None
            self.used_s = time.monotonic()
            self._answer = asyncio.get_running_loop().create_future()
            asking = asyncio.create_task(self._ask(order))
            try:
                await asyncio.wait([asking, self._task], timeout=PICTURE_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
                if asking.done():
                    return _picture_in(asking.result())
                if not self.is_over:
                    self.end()
                    raise StageUnavailable("The picture took too long; the video itself has more time.")
                if not self._task.cancelled() and (error := self._task.exception()) is not None:
                    raise error
                raise ChildOver("The process that draws pictures has ended; try again.")
            finally:
                if not asking.done():
                    asking.cancel()
                    self.end()  # else its answer would be taken for that of the next order

    async def _ask(self, order: StillOrder) -> Event:
        process = await asyncio.shield(self._process)
        process.tell(order.model_dump(mode="json"))
        assert self._answer is not None
        return await self._answer

    async def _live(self) -> None:
        with scratch_dir(self._scratch_root, "stills") as folder:
            async with fed(self._job, self._limits, folder, self._hear) as process:
                self._process.set_result(process)
                while (left_s := self.used_s + IDLE_S - time.monotonic()) > 0:
                    over, _ = await asyncio.wait([process.ending], timeout=left_s)
                    if over:
                        process.ending.result()
                        return

    def _hear(self, event: Event) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(event)


def _picture_in(event: Event) -> bytes:
    match event:
        case {"event": "refused", "sentence": str(sentence), "field": str(name)}:
            raise InvalidRequest(sentence, name)
        case {"event": "drawn", "picture": str(written)}:
            try:
                picture = base64.b64decode(written, validate=True)
            except binascii.Error:
                picture = b""
            if picture.startswith(_JPEG):
                return picture
    raise StageUnavailable("The picture could not be drawn; the video itself is made in another way.")
