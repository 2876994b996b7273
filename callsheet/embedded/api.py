"""What the supervisor asks the Prefect server, and has it do. Plain HTTP: the supervisor never imports Prefect."""

from datetime import UTC, datetime, timedelta

import httpx

from callsheet.embedded.services import RUNNER_NAME, WORK_POOL, Services
from callsheet.model import recovery

# Those that crashed before are left to the recovery that runs by its schedule.
CRASHED_WITHIN = timedelta(hours=1)


async def answers(url: str) -> bool:
    """Whether somebody is there, and well."""
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(url)).is_success
        except httpx.TransportError:
            return False


async def set_job_command(services: Services) -> None:
    """Let the work pool start flow runs through the warm engine."""
    pool = f"{services.api_url}/work_pools/{WORK_POOL}"
    async with httpx.AsyncClient(trust_env=False) as client:
        template = (await client.get(pool)).json()["base_job_template"]
        template["variables"]["properties"]["command"]["default"] = services.job_command
        (await client.patch(pool, json={"base_job_template": template})).raise_for_status()


async def recover_interrupted(services: Services, began: datetime) -> None:
    """Let runs of an earlier supervisor go on, where there are any: no process of theirs can be left.

    What that takes is the flow's business; here it is only started. A checkout without it has nothing to recover.
    """
    unfinished = {"flow_runs": {"state": {"type": {"any_": ["PENDING", "RUNNING", "CANCELLING"]}}}}
    async with httpx.AsyncClient(trust_env=False, base_url=services.api_url) as client:
        if (await client.post("/flow_runs/count", json=unfinished)).raise_for_status().json() == 0:
            return
        deployment = await client.get(f"/deployments/name/{recovery.DEPLOYMENT}")
        if deployment.is_success:
            run = {"state": {"type": "SCHEDULED"}, "parameters": {"starting_before": began.isoformat()}}
            answer = await client.post(f"/deployments/{deployment.json()['id']}/create_flow_run", json=run)
            answer.raise_for_status()


async def recover_crashed(api_url: str) -> bool:
    """Start the recovery where runs have crashed and none is under way; return whether it was started.

    An automation of the server starts one at each crash. But the process of that recovery may be killed along with what
    it was to recover, and its own crash starts none: a recovery that always crashes would be started for ever.
    """
    now = datetime.now(UTC)
    crashed = {
        "flow_runs": {
            "state": {"type": {"any_": ["CRASHED"]}},
            "parent_task_run_id": {"is_null_": True},
            "end_time": {"after_": (now - CRASHED_WITHIN).isoformat()},
        },
        "deployments": {"tags": {"any_": recovery.RECOVERED_TAGS}},
    }
    under_way = {
        "flow_runs": {
            "state": {"type": {"any_": ["SCHEDULED", "PENDING", "RUNNING"]}},
            "expected_start_time": {"before_": now.isoformat()},
        },
        "deployments": {"name": {"any_": [recovery.DEPLOYMENT.partition("/")[2]]}},
        "flows": {"name": {"any_": [recovery.DEPLOYMENT.partition("/")[0]]}},
    }
    async with httpx.AsyncClient(trust_env=False, base_url=api_url) as client:
        for runs, is_wanted in ((crashed, True), (under_way, False)):
            count = (await client.post("/flow_runs/count", json=runs)).raise_for_status().json()
            if bool(count) is not is_wanted:
                return False
        deployment = await client.get(f"/deployments/name/{recovery.DEPLOYMENT}")
        if not deployment.is_success:
            return False
        run = {"state": {"type": "SCHEDULED"}}
        answer = await client.post(f"/deployments/{deployment.json()['id']}/create_flow_run", json=run)
        answer.raise_for_status()
    return True


async def has_runner(api_url: str, since: datetime) -> bool:
    """Whether the runner has reported to the server after `since`."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{api_url}/work_pools/{WORK_POOL}/workers/filter", json={})
    reports = [worker["last_heartbeat_time"] for worker in answer.json() if worker["name"] == RUNNER_NAME]
    return any(datetime.fromisoformat(report) >= since for report in reports if report)
