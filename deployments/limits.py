"""Global limits from the settings. An update of a limit keeps its holders."""

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import VariableCreate, VariableUpdate

from callsheet.model.run.queue import RUN_LIMITS, Priority, RunLimits
from callsheet.settings import Settings
from tasks.paid_jobs.slots import IN_FLIGHT, STARTING
from tasks.run.limits import BUDGET, QUEUE, UPKEEP, WRITER, WRITER_STARTS


async def ensure_limits(client: PrefectClient, settings: Settings) -> None:
    """Create the limits that flows need, or update them to the settings."""
    await client.upsert_global_concurrency_limit_by_name(IN_FLIGHT, settings.footage_at_once)
    await client.upsert_global_concurrency_limit_by_name(STARTING, 1)
    await client.upsert_global_concurrency_limit_by_name(WRITER, settings.writer_at_once)
    for alone in (UPKEEP, QUEUE, BUDGET):
        await client.upsert_global_concurrency_limit_by_name(alone, 1)
    if settings.writer_spacing_s > 0:
        decay = 1 / settings.writer_spacing_s
        await client.upsert_global_concurrency_limit_by_name(WRITER_STARTS, 1, slot_decay_per_second=decay)
    await keep_run_limits(client, RunLimits.model_validate(settings.model_dump(include=set(RunLimits.model_fields))))


async def keep_run_limits(client: PrefectClient, limits: RunLimits) -> None:
    """Let runs that begin from now on follow these limits."""
    value = limits.model_dump()
    if await client.read_variable_by_name(RUN_LIMITS):
        await client.update_variable(VariableUpdate(name=RUN_LIMITS, value=value))
    else:
        await client.create_variable(VariableCreate(name=RUN_LIMITS, value=value))


async def ensure_priorities(client: PrefectClient, work_pool: str) -> None:
    """Create a work queue for each priority, in their order, before the pool's other queues."""
    found = {queue.name: queue for queue in await client.read_work_queues(work_pool)}
    for rank, priority in enumerate(Priority, start=1):
        queue = found.get(priority.work_queue)
        if queue is None:
            await client.create_work_queue(priority.work_queue, priority=rank, work_pool_name=work_pool)
        elif queue.priority != rank:
            await client.update_work_queue(queue.id, priority=rank)
