"""The supervisor's requests to the Prefect server.

Plain HTTP: the supervisor never imports Prefect.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from callsheet.embedded.services import RUNNER_NAME, WORK_POOL, Services
from callsheet.model.deployed import UPKEEP_TAG
from callsheet.model.run import recovery
from callsheet.model.run.queue import RUN_LIMITS

PAGE = 200
# The fields that a registration sets; the rest (time of the last poll, number of taken slots) changes without it.
DEPLOYMENT_FIELDS = (
    *("id", "name", "flow_id", "entrypoint", "path", "description", "tags"),
    *("parameters", "parameter_openapi_schema", "enforce_parameter_schema"),
    *("work_pool_name", "work_queue_name", "job_variables", "pull_steps", "paused", "concurrency_limit"),
)
SCHEDULE_FIELDS = ("id", "active", "schedule", "parameters", "slug")
AUTOMATION_FIELDS = ("id", "name", "description", "enabled", "trigger", "actions")
LIMIT_FIELDS = ("name", "limit", "active", "slot_decay_per_second")
QUEUE_FIELDS = ("id", "name", "priority", "is_paused", "concurrency_limit")
# Runs that crashed before this time are left to the scheduled recovery.
CRASHED_WITHIN = timedelta(hours=1)
LONGEST_DUE = timedelta(minutes=1)
# A run in one of these states has a process, or had one when its machine stopped.
UNFINISHED = ("PENDING", "RUNNING", "CANCELLING")
# With SQLite, which takes one writer at a time, the server answers 503 while another one writes.
TRIES, SECONDS_BETWEEN_TRIES = 20, 0.5
# A machine that is busy with renders answers late.
TIMEOUT_S = 60


class _PatientTransport(httpx.AsyncHTTPTransport):
    """Send a request again while the server answers that it is busy."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the first answer that is not 503, or the last one."""
        for _ in range(TRIES - 1):
            response = await super().handle_async_request(request)
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return response
            await response.aclose()
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)
        return await super().handle_async_request(request)


@dataclass(frozen=True)
class ServerApi:
    """One connection to the server; a new one for each question costs more than most answers."""

    services: Services
    client: httpx.AsyncClient

    @classmethod
    @asynccontextmanager
    async def connected(cls, services: Services) -> AsyncIterator["ServerApi"]:
        """Yield the server's API for the length of a block; the server may not listen yet."""
        # The server is on this machine: no certificates, which take a while to load, and no proxy.
        transport = _PatientTransport(verify=False, trust_env=False)
        async with httpx.AsyncClient(transport=transport, timeout=TIMEOUT_S, base_url=services.api_url) as client:
            yield cls(services, client)

    async def answers(self, path: str = "/health") -> bool:
        """Return whether the server answers, and has what the path names."""
        try:
            return (await self.client.get(path)).is_success
        except httpx.TransportError:
            return False

    async def has_pool(self) -> bool:
        """Return whether the work pool exists, which a registration has made once."""
        return await self.answers(f"/work_pools/{WORK_POOL}")

    async def has_runner(self, since: datetime) -> bool:
        """Return whether the runner has reported to the server after `since`."""
        workers = await self._post(f"/work_pools/{WORK_POOL}/workers/filter")
        reports = [worker["last_heartbeat_time"] for worker in workers if worker["name"] == RUNNER_NAME]
        return any(datetime.fromisoformat(report) >= since for report in reports if report)

    async def set_job_command(self) -> None:
        """Let the work pool start flow runs through the warm engine."""
        pool = f"/work_pools/{WORK_POOL}"
        template = (await self.client.get(pool)).raise_for_status().json()["base_job_template"]
        command = template["variables"]["properties"]["command"]
        if command["default"] != self.services.job_command:
            command["default"] = self.services.job_command
            (await self.client.patch(pool, json={"base_job_template": template})).raise_for_status()

    async def count_asked_for(self, runs: Collection[str]) -> int:
        """Return how many of these runs users started; the others are upkeep."""
        if not runs:
            return 0
        these = {"id": {"any_": list(runs)}}
        return await self._count(these) - await self._count({**these, "tags": {"any_": [UPKEEP_TAG]}})

    async def due_runs(self) -> int:
        """Return how many runs the runner is about to take, or has taken without a process yet.

        A run that the runner has not taken for a minute stays untaken.
        """
        now = datetime.now(UTC)
        when = {"before_": now.isoformat(), "after_": (now - LONGEST_DUE).isoformat()}
        due = {"state": {"type": {"any_": ["SCHEDULED"]}}, "next_scheduled_start_time": when}
        since = {"after_": (now - timedelta(seconds=self.services.settings.starting_within_s)).isoformat()}
        taken = {"state": {"type": {"any_": ["PENDING"]}}, "expected_start_time": since}
        return await self._count(due) + await self._count(taken)

    async def recover_interrupted(self, began: datetime) -> None:
        """Start the recovery if runs of an earlier supervisor are unfinished.

        Their processes are gone. The recovery flow does the work; a checkout without it has nothing to recover.
        """
        if await self._count({"state": {"type": {"any_": list(UNFINISHED)}}}) == 0:
            return
        deployment = await self.client.get(f"/deployments/name/{recovery.DEPLOYMENT}")
        if deployment.is_success:
            run = {"state": {"type": "SCHEDULED"}, "parameters": {"starting_before": began.isoformat()}}
            await self._post(f"/deployments/{deployment.json()['id']}/create_flow_run", run)

    async def recover_crashed(self) -> bool:
        """Start the recovery if runs have crashed and none is active; return whether it was started.

        An automation of the server starts a recovery at each crash. But the process of that recovery may be killed
        together with the runs that it recovers. Its own crash starts no recovery: otherwise a recovery that always
        crashes would start for ever.
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
            "flows": {"name": {"any_": [recovery.FLOW]}},
        }
        if not await self._post("/flow_runs/count", crashed) or await self._post("/flow_runs/count", under_way):
            return False
        deployment = await self.client.get(f"/deployments/name/{recovery.DEPLOYMENT}")
        if deployment.is_success:
            await self._post(
                f"/deployments/{deployment.json()['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}}
            )
        return deployment.is_success

    async def variable(self, name: str) -> Any:
        """Return the value of a variable; None if it does not exist."""
        answer = await self.client.get(f"/variables/name/{name}")
        return answer.json()["value"] if answer.is_success else None

    async def set_variable(self, name: str, value: Any) -> None:
        """Write a variable, whether it exists or not."""
        answer = await self.client.patch(f"/variables/name/{name}", json={"value": value})
        if not answer.is_success:
            await self._post("/variables/", {"name": name, "value": value})

    async def fingerprint(self) -> str:
        """Return the digest of all that a registration changes, as the server has it now."""
        deployments = await self._pages("/deployments/filter")
        known = [
            [
                [_chosen(each, DEPLOYMENT_FIELDS) for each in deployments],
                [[_chosen(schedule, SCHEDULE_FIELDS) for schedule in each["schedules"]] for each in deployments],
            ],
            [_chosen(each, AUTOMATION_FIELDS) for each in await self._pages("/automations/filter")],
            [_chosen(each, LIMIT_FIELDS) for each in await self._pages("/v2/concurrency_limits/filter")],
            [_chosen(each, QUEUE_FIELDS) for each in await self._pages(f"/work_pools/{WORK_POOL}/queues/filter")],
            await self.variable(RUN_LIMITS),
        ]
        return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()

    async def _count(self, runs: Mapping[str, Any]) -> int:
        return int(await self._post("/flow_runs/count", {"flow_runs": runs}))

    async def _pages(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while page := await self._post(path, {"limit": PAGE, "offset": len(found)}):
            found += page
            if len(page) < PAGE:
                break
        return sorted(found, key=lambda each: str(each["id"]))

    async def _post(self, path: str, content: Mapping[str, Any] | None = None) -> Any:
        return (await self.client.post(path, json=content or {})).raise_for_status().json()


def _chosen(each: Mapping[str, Any], fields: Iterable[str]) -> list[Any]:
    return [_in_order(each.get(field)) for field in fields]


def _in_order(value: Any) -> Any:
    """Return the value with its lists sorted: the server writes sets as lists in varying order."""
    if isinstance(value, Mapping):
        return {name: _in_order(part) for name, part in value.items()}
    if isinstance(value, list):
        return sorted(map(_in_order, value), key=lambda part: json.dumps(part, sort_keys=True))
    return value
