"""Runs on the server: look-up by id or name, the runs of scenes, and their description."""

from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_UI_URL

from callsheet.errors import InvalidRequest
from callsheet.model.deployed import UPKEEP_TAG
from callsheet.model.run.queue import owner_in
from callsheet.model.run.runs import Run
from callsheet.server import queries
from callsheet.server.connection import address, check_is_prefect
from callsheet.server.queries import PAGE, pages, read_all

RunLike = Run | UUID | str

# Number of the latest runs in which Callsheet looks for the beginning of an id.
RUNS_SEARCHED = 5 * PAGE
# A text that is shorter than this is a name.
SHORTEST_ID = 4
CHOICES_SHOWN = 5
NEAR = 0.6
"""Similarity, of 1, from which another name counts as meant: difflib's default."""
_DIGITS_OF_IDS = set("0123456789abcdef-")


async def read_run(client: PrefectClient, run: RunLike) -> FlowRun:
    """Return what the server knows of the run with this id, beginning of an id, or name.

    Raises:
        InvalidRequest: no run matches, or several do; the message lists them.
    """
    wanted = run.id if isinstance(run, Run) else run
    whole_id = wanted if isinstance(wanted, UUID) else _as_id(wanted)
    if whole_id is None:
        return await _read_by_text(client, str(wanted).strip())
    try:
        return await client.read_flow_run(whole_id)
    except ObjectNotFound as error:
        check_is_prefect(error, client)
        nearest = await _nearest(client, str(whole_id))
        raise InvalidRequest(f"the server at {address(client)} knows no run {whole_id}; {nearest}") from None


async def read_parts(client: PrefectClient, run_id: UUID) -> list[FlowRun]:
    """Return the runs of its scenes, the latest first."""
    return sorted(await queries.read_runs(client, queries.scenes_of(run_id)), key=_begun, reverse=True)


async def deployments_of(client: PrefectClient, flow: str = "") -> DeploymentFilter:
    """Return Callsheet's deployments of this flow; by default all but the automatic upkeep."""
    ours = queries.our_deployments()
    if flow:
        return ours
    found = await read_all(client.read_deployments, deployment_filter=ours)
    return queries.deployments_with_ids([each.id for each in found if UPKEEP_TAG not in each.tags])


def owner_of(flow_run: FlowRun) -> str:
    """Return the run's owner; empty if it has none."""
    return owner_in(flow_run.tags)


def _begun(flow_run: FlowRun) -> datetime:
    """Return when it began or is to begin."""
    return flow_run.expected_start_time or datetime.max.replace(tzinfo=UTC)


async def to_run(client: PrefectClient, flow_run: FlowRun, *, is_new: bool = False) -> Run:
    """Return the run as a `Run`."""
    [run] = await to_runs(client, [flow_run])
    return run.model_copy(update={"is_new": is_new})


async def to_runs(client: PrefectClient, flow_runs: Sequence[FlowRun]) -> tuple[Run, ...]:
    """Return the runs as `Run` values, in their order."""
    ui = PREFECT_UI_URL.value() or address(client).removesuffix("/api")
    flows = {flow_id: (await client.read_flow(flow_id)).name for flow_id in {run.flow_id for run in flow_runs}}
    return tuple(
        Run(
            id=run.id,
            name=run.name,
            ui_url=f"{ui}/runs/flow-run/{run.id}",
            flow=flows[run.flow_id],
            owner=owner_of(run),
            state=state_name(run),
            created_at=run.created,
            ended_at=run.end_time,
        )
        for run in flow_runs
    )


def state_name(flow_run: FlowRun) -> str:
    """Return Prefect's name of its state."""
    return (flow_run.state.name or "") if flow_run.state else "Unknown"


async def read_ours(
    client: PrefectClient, chosen: FlowRunFilter, limit: int, flow: str = "", *, with_planned: bool = True
) -> list[FlowRun]:
    """Yield runs of Callsheet's deployments, page by page, the latest first."""
    found: list[FlowRun] = []
    async for page in pages(
        client.read_flow_runs,
        min(PAGE, limit),
        flow_filter=queries.of_flows(flow),
        flow_run_filter=chosen,
        deployment_filter=await deployments_of(client, flow),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
    ):
        found += [run for run in page if with_planned or not _is_planned(run)]
        if len(found) >= limit:
            break
    return found[:limit]


def _is_planned(flow_run: FlowRun) -> bool:
    """Return whether a schedule has made it for a future time."""
    is_waiting = flow_run.state is not None and flow_run.state.type is StateType.SCHEDULED
    return flow_run.auto_scheduled and is_waiting and _begun(flow_run) > datetime.now(UTC)


async def _read_by_text(client: PrefectClient, text: str) -> FlowRun:
    named = await read_ours(client, queries.named(text), limit=CHOICES_SHOWN + 1)
    found = named or await _read_by_beginning(client, text.lower())
    if not found:
        raise InvalidRequest(
            f"the server at {address(client)} has no run that is called or begins with “{text}”; "
            f"{await _nearest(client, text)}"
        )
    if len(found) > 1:
        shown = ", ".join(f"{str(run.id)[:8]} ({state_name(run)})" for run in found[:CHOICES_SHOWN])
        more = " …" if len(found) > CHOICES_SHOWN else ""
        raise InvalidRequest(f"several runs match “{text}”; give the id of one: {shown}{more}")
    return found[0]


async def _read_by_beginning(client: PrefectClient, text: str) -> list[FlowRun]:
    if len(text) < SHORTEST_ID or not set(text) <= _DIGITS_OF_IDS:
        return []
    latest = await read_ours(client, queries.EVERY_RUN, limit=RUNS_SEARCHED)
    return [run for run in latest if str(run.id).startswith(text)]


async def _nearest(client: PrefectClient, text: str) -> str:
    """Return which of the latest runs has a near name or id, or the command that lists runs."""
    latest = await read_ours(client, queries.EVERY_RUN, limit=RUNS_SEARCHED)
    ids = {str(run.id): run for run in latest}
    meant = {run.name.lower(): run for run in reversed(latest)}
    if set(text.lower()) <= _DIGITS_OF_IDS and len(text) >= SHORTEST_ID:
        meant |= {each[: len(text)]: ids[each] for each in ids}
    near = get_close_matches(text.lower(), meant, n=1, cutoff=NEAR)
    if not near:
        return "`callsheet runs` lists the runs" if latest else "it has no runs yet"
    return f"did you mean “{meant[near[0]].name}” ({str(meant[near[0]].id)[:8]})?"


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
