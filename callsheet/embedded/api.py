"""What the supervisor asks the Prefect server, and has it do. Plain HTTP: the supervisor never imports Prefect."""

from datetime import datetime

import httpx

from callsheet.embedded.services import RUNNER_NAME, WORK_POOL, Services
from callsheet.model import recovery


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


async def has_runner(api_url: str, since: datetime) -> bool:
    """Whether the runner has reported to the server after `since`."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{api_url}/work_pools/{WORK_POOL}/workers/filter", json={})
    reports = [worker["last_heartbeat_time"] for worker in answer.json() if worker["name"] == RUNNER_NAME]
    return any(datetime.fromisoformat(report) >= since for report in reports if report)
