"""Starts of runs: the same key or the same work never makes an unwanted second run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Scheduled

from callsheet.errors import InvalidRequest
from callsheet.model.labels import KIND, MARK
from callsheet.model.run.kinds import KINDS, PARAMETER, RunKind, kind_taking
from callsheet.model.run.queue import Priority, owner_tags
from callsheet.model.run.runs import IfRunning, Run
from callsheet.server import queries
from callsheet.server.connection import asking_again, connected
from callsheet.server.deployments import KnownDeployment, read_deployment
from callsheet.server.large_requests import fit_request
from callsheet.server.queries import PAGE
from callsheet.server.requests import Request, request_digest, run_name
from callsheet.server.run_state import is_over
from callsheet.server.runs import to_run
from callsheet.storage.large_scenes import as_json


async def start(
    request: Request,
    *,
    idempotency_key: str | None = None,
    if_running: IfRunning = IfRunning.AGAIN,
    owner: str = "",
    priority: Priority | str = Priority.NORMAL,
    at: datetime | None = None,
    tags: Sequence[str] = (),
) -> Run:
    """Start a run and return at once; `is_new` of the run says whether this call made it.

    Args:
        request: The video (of scenes, of a picture, of pairs of pictures), a single scene, or a backfill.
        idempotency_key: The same key never starts a second run, not even after the first one is over.
        if_running: What to do if a run of the very same request is not over yet. With a key, the key decides.
        owner: The person or program that the run is for; `list_runs` finds it. The server limits an owner's active
            runs.
        priority: Which run begins first if several wait: high, normal or low.
        at: When the run begins; by default at once.
        tags: Tags of the run, beside those of its deployment.

    Raises:
        InvalidRequest: the key has another request, or the work is active and a second run is refused, or the
            priority does not exist, or the request is larger than the server takes.
        SetupIncomplete: the server does not know the deployment.
        TransientError: the server can't be reached.
    """
    kind = kind_taking(type(request))
    if kind is None:
        known = ", ".join(each.request.__name__ for each in KINDS)
        raise InvalidRequest(f"takes one of {known}, not {type(request).__name__}", field="request")
    with asking_again():
        async with connected() as client:
            deployment = await read_deployment(client, kind.flow)
            order = _Order(kind, await fit_request(request, client), deployment, owner, _priority(priority), at, tags)
            if idempotency_key is not None:
                return await _start_by_key(client, order, f"key:{idempotency_key}")
            if if_running is IfRunning.AGAIN:
                return await to_run(client, await order.create_run(client), is_new=True)
            return await _start_alone(client, order, if_running)


@dataclass(frozen=True)
class _Order:
    """One start: the request, and the mark that tells its run from an older one."""

    kind: RunKind
    request: Request
    deployment: KnownDeployment
    owner: str
    priority: Priority
    at: datetime | None
    tags: Sequence[str]
    mark: str = field(default_factory=lambda: uuid4().hex)

    @property
    def name(self) -> str:
        """Return the run's name, which is the same before and after it begins."""
        return run_name(self.request)

    async def create_run(self, client: PrefectClient, key: str | None = None) -> FlowRun:
        """Return the run of this key: a new one, or the one that the key started before."""
        return await client.create_flow_run_from_deployment(
            self.deployment.id,
            parameters={PARAMETER: as_json(self.request)},
            name=self.name,
            tags=[*self.tags, *owner_tags(self.owner)],
            # The normal priority uses the deployment's default work queue.
            work_queue_name=None if self.priority is Priority.NORMAL else self.priority.work_queue,
            state=Scheduled(scheduled_time=self.at),
            labels={MARK: self.mark, KIND: self.kind.name},
            idempotency_key=self.deployment.idempotency_key(key),
        )

    def made(self, flow_run: FlowRun) -> bool:
        """Return whether this start made the run."""
        return flow_run.labels.get(MARK) == self.mark

    def is_work_of(self, flow_run: FlowRun) -> bool:
        """Return whether the run was started with the same request."""
        other = self.kind.request_in(flow_run.parameters)
        return other is not None and request_digest(other) == request_digest(self.request)


async def _start_by_key(client: PrefectClient, order: _Order, key: str) -> Run:
    flow_run = await order.create_run(client, key)
    if not order.is_work_of(flow_run):
        raise InvalidRequest(
            f"this key already started the run “{flow_run.name}” ({str(flow_run.id)[:8]}) with another request; "
            "give the key of one request to that request alone",
            field="idempotency_key",
        )
    return await to_run(client, flow_run, is_new=order.made(flow_run))


async def _start_alone(client: PrefectClient, order: _Order, if_running: IfRunning) -> Run:
    """Start only if the same work is not active.

    Two callers at the same moment both see no active run. So both use the same key: the work's digest, and the run of
    this work that ended last.
    """
    running, last = await _runs_of(client, order)
    while running is None:
        placed = await order.create_run(client, f"work:{request_digest(order.request)}:{last.id if last else 'first'}")
        if order.made(placed):
            return await to_run(client, placed, is_new=True)
        running, last = (None, placed) if is_over(placed) else (placed, last)
    if if_running is IfRunning.REFUSE:
        raise InvalidRequest(f"the same work is running already, as “{running.name}” ({str(running.id)[:8]})")
    return await to_run(client, running)


async def _runs_of(client: PrefectClient, order: _Order) -> tuple[FlowRun | None, FlowRun | None]:
    """Return an active run of the same work, and the latest one that is over.

    The same work has the same name.
    """
    begun = await _read_named(
        client, order, (*queries.UNFINISHED, StateType.CRASHED)
    )  # a crash is not the end of every run
    ended = await _read_named(client, order, queries.FINISHED)
    running = (run for run in begun if not is_over(run) and order.is_work_of(run))
    over = (run for run in ended if is_over(run) and order.is_work_of(run))
    return next(running, None), next(over, None)


async def _read_named(client: PrefectClient, order: _Order, kinds: tuple[StateType, ...]) -> list[FlowRun]:
    return await client.read_flow_runs(
        flow_run_filter=queries.both(
            queries.named(order.name), queries.of_deployments(order.deployment.ids), queries.in_states(*kinds)
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=PAGE,
    )


def _priority(named: str) -> Priority:
    try:
        return Priority(named)
    except ValueError:
        known = ", ".join(Priority)
        raise InvalidRequest(f"there is no priority “{named}”; give one of {known}", field="priority") from None
