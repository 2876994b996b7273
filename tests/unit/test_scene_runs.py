"""Which runs belong to a video, by what the server lets be read of them, and when."""

from uuid import uuid4

from prefect.client.schemas.objects import FlowRun
from prefect.events import Event, RelatedResource, Resource
from prefect.exceptions import ObjectNotFound

from callsheet.server.scene_runs import Family

HEAD = uuid4()


class LateServer:
    """Knows runs only after so many looks: it sends their first events before it has written them down."""

    def __init__(self, parts, others=(), looks_before=2):
        self.looks = 0
        self._parts, self._others, self._looks_before = parts, others, looks_before

    @property
    def is_late(self):
        """Whether nothing can be read yet."""
        return self.looks <= self._looks_before

    async def read_flow_run(self, run_id):
        """One run, as Prefect's client reads it."""
        self.looks += 1
        found = [run for run in (*self._parts, *self._others) if run.id == run_id]
        if self.is_late or not found:
            raise ObjectNotFound(ValueError(run_id))
        return found[0]

    async def read_flow_runs(self, **chosen):
        """The runs of the scenes."""
        return [] if self.is_late else list(self._parts)


def begun(run):
    """The first event of a run that another run has started."""
    related = {"prefect.resource.id": f"prefect.task-run.{uuid4()}", "prefect.resource.role": "task-run"}
    resource = Resource({"prefect.resource.id": f"prefect.flow-run.{run.id}"})
    return Event(event="prefect.flow-run.Pending", resource=resource, related=[RelatedResource(related)])


async def test_a_scene_whose_first_event_comes_before_it_can_be_read_belongs_to_its_video():
    """It is not taken for a stranger, whose later events would not be reported."""
    scene = FlowRun(flow_id=uuid4())
    server, family = LateServer([scene]), Family(HEAD)
    assert await family.has(server, begun(scene))
    assert family.members == {HEAD, scene.id}


async def test_a_stranger_is_looked_up_once():
    """A scene of another video is known, and is none of ours."""
    stranger = FlowRun(flow_id=uuid4())
    server, family = LateServer([], [stranger], looks_before=0), Family(HEAD)
    for _ in range(3):
        assert not await family.has(server, begun(stranger))
    assert server.looks == 1
