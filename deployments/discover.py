"""The flows to deploy: `python -m deployments.discover` in the checkout prints them as JSON.

A flow declares itself: it has `@deployed(…)` above its `@flow`, in a file of flows/. prefect.yaml is the file that a
user of Prefect expects, and that a bare `prefect deploy --all` needs. `--write` writes the declarations into it, and a
test compares the two. The file may contain more than a declaration (a work queue, a schedule with parameters), and
further deployments. If both set the same field, the declaration wins: it stands beside the flow.

A renamed deployment is deployed under both names for one release. The former one has its schedules, inactive: `prefect
deploy` would keep those that the server has if none were given.

Every file is imported separately. A broken file is reported, with its entries of prefect.yaml, and affects no other.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

from callsheet.disk import write_whole
from callsheet.embedded.services import WORK_POOL
from callsheet.embedded.warm_engine import flow_modules
from callsheet.model.deployed import (
    FORMER_TAG,
    PROJECT_FILE,
    BrokenFlow,
    Deployed,
    Deployment,
    Discovery,
    cron_words,
    deployment_names,
    full_name,
    interval_words,
    parameter_words,
)
from callsheet.settings import Settings, settings
from deployments.flow_files import FoundFlow, fault_of, file_of, flows_in, is_used

HEADER = """\
# What the Prefect server knows of Callsheet, for `prefect --no-prompt deploy --all`. Flows declare it themselves, with
# `@deployed`; `python -m deployments.discover --write` brings it here. What they don't say may be added by hand.
"""

Entry = dict[str, Any]
"""One deployment, as prefect.yaml has it."""


@dataclass
class Discovered:
    """The flows to deploy, and those that can't be deployed."""

    project: dict[str, Any]
    """The parts of prefect.yaml about the project as a whole."""
    found: dict[str, FoundFlow]
    """By entrypoint."""
    entries: list[Entry] = field(default_factory=list)
    broken: list[BrokenFlow] = field(default_factory=list)

    def project_file(self) -> str:
        """Return a prefect.yaml that has every deployment."""
        dump = partial(yaml.safe_dump, sort_keys=False, allow_unicode=True)
        entries = [str(dump([entry], default_flow_style=None, width=1000)) for entry in self.entries]
        listed = "\n".join(indent(entry, "  ") for entry in entries)
        return f"{HEADER}{dump(self.project)}\ndeployments:\n{listed}"

    def activate(self, settings: Settings) -> None:
        """Activate the schedules that need a setting, if it has a value."""
        for entry in self.entries:
            found = self.found[entry["entrypoint"]]
            needed = found.declared.schedule_needs if found.declared else ""
            if needed and getattr(settings, needed) and entry["name"] == deployment_names(found.flow.name)[0]:
                for schedule in entry["schedules"]:
                    schedule.pop("active", None)

    def listing(self) -> Discovery:
        """Return a listing for people and programs, without former names."""
        known = [(entry, self.found.get(entry["entrypoint"])) for entry in self.entries if not _is_former(entry)]
        deployments = tuple(_listed(entry, found) for entry, found in known if found)
        return Discovery(deployments=deployments, broken=tuple(self.broken))


def discover(project: Path) -> Discovered:
    """Import every flow file of the checkout, which is the working directory; return the flows."""
    content = yaml.safe_load((project / PROJECT_FILE).read_text(encoding="utf-8"))
    entries: list[Entry] = content.pop("deployments", None) or []
    by_module = {module: flows_in(module) for module in flow_modules(project)}
    found = {each.entrypoint: each for flows in by_module.values() if isinstance(flows, list) for each in flows}
    discovered = Discovered(content, found)
    named = {entry["entrypoint"] for entry in entries}
    for module, flows in by_module.items():
        if isinstance(flows, BrokenFlow):
            discovered.broken.append(flows)
        elif not is_used(module, by_module):
            discovered.broken += _undeclared(module, flows, named)
    unusable = {module for module, flows in by_module.items() if isinstance(flows, BrokenFlow)}
    for entry in _merged(entries, found.values()):
        if entry["entrypoint"].rpartition(".")[0] not in unusable:
            _add(discovered, entry)
    discovered.entries += [*_under_former_names(discovered)]
    return discovered


def _merged(entries: Sequence[Entry], found: Iterable[FoundFlow]) -> list[Entry]:
    """Return prefect.yaml's entries, updated, then the new ones.

    A former name becomes the present one.
    """
    declared = {each.entrypoint: (each, _entry(each, each.declared)) for each in found if each.declared}
    merged: list[Entry] = []
    ours: dict[str, Entry] = {}
    for entry in entries:
        each, declaration = declared.get(entry["entrypoint"], (None, {}))
        if _is_former(entry):
            continue
        if each is None or entry["name"] not in deployment_names(each.flow.name):
            merged.append(entry)
        elif each.entrypoint in ours:
            ours[each.entrypoint].update({**entry, **declaration})
        else:
            merged.append(ours.setdefault(each.entrypoint, {**entry, **declaration}))
    return [*merged, *(entry for entrypoint, (_, entry) in declared.items() if entrypoint not in ours)]


def _entry(found: FoundFlow, declared: Deployed) -> Entry:
    entry: Entry = {
        "name": deployment_names(found.flow.name)[0],
        "entrypoint": found.entrypoint,
        "description": declared.description or (found.flow.description or "").partition("\n")[0],
        "tags": list(declared.tags),
        "work_pool": {"name": WORK_POOL},
    }
    if declared.every_s is not None:
        entry["schedules"] = [{"interval": _whole(declared.every_s)}]
    if declared.cron:
        entry["schedules"] = [{"cron": declared.cron, "timezone": declared.timezone}]
    if declared.schedule_needs:
        entry["schedules"][0]["active"] = False
    return entry


def _under_former_names(discovered: Discovered) -> Iterator[Entry]:
    """Yield each renamed deployment as it is known under its former name."""
    for entry in discovered.entries:
        flow = discovered.found[entry["entrypoint"]].flow.name
        name, *former = deployment_names(flow)
        if entry["name"] == name:
            schedules = [{**schedule, "active": False} for schedule in entry.get("schedules") or ()]
            for former_name in former:
                yield {
                    **entry,
                    "name": former_name,
                    "description": f"The former name of {full_name(flow)}. The next release does not have it.",
                    "tags": [*entry["tags"], FORMER_TAG],
                    **({"schedules": schedules} if schedules else {}),
                }


def _is_former(entry: Entry) -> bool:
    return FORMER_TAG in entry.get("tags", ())


def _add(discovered: Discovered, entry: Entry) -> None:
    """Add a flow to the deployed ones, or to the broken ones.

    A name belongs to the first flow with it.
    """
    found = discovered.found.get(entry["entrypoint"])
    if found is None:
        module, _, name = entry["entrypoint"].rpartition(".")
        reason = f"there is no flow {name} in it, but {PROJECT_FILE} names it"
        discovered.broken.append(BrokenFlow(file=file_of(module), reason=reason))
        return
    fault = fault_of(found) or _taken(discovered, found)
    if fault is None:
        discovered.entries.append(entry)
    elif fault not in discovered.broken:
        discovered.broken.append(fault)


def _taken(discovered: Discovered, found: FoundFlow) -> BrokenFlow | None:
    """Return why a name is taken: Prefect would merge two flows with one name."""
    for entry in discovered.entries:
        other = discovered.found[entry["entrypoint"]]
        if other.flow.name == found.flow.name and other is not found:
            where = f"{file_of(other.module)}:{other.line}"
            return found.broken(f"the flow in {where} is called “{found.flow.name}” already; give it another name")
    return None


def _undeclared(module: str, flows: Sequence[FoundFlow], named: set[str]) -> list[BrokenFlow]:
    """Return why a file has no use: none of its flows is deployed, and no file imports from it."""
    if not flows:
        return [BrokenFlow(file=file_of(module), reason="there is no flow in it")]
    if any(each.declared or each.entrypoint in named for each in flows):
        return []
    return [flows[0].broken("no flow in this file is deployed; put `@deployed()` above the `@flow` that is to be")]


def _listed(entry: Entry, found: FoundFlow) -> Deployment:
    return Deployment(
        name=f"{found.flow.name}/{entry['name']}",
        entrypoint=found.entrypoint,
        description=entry.get("description") or "",
        parameters=tuple(
            parameter_words(each.name, each.default) for each in inspect.signature(found.flow.fn).parameters.values()
        ),
        schedule=", ".join(_in_words(each) for each in entry.get("schedules") or () if each.get("active", True)),
    )


def _whole(seconds: float) -> float | int:
    return int(seconds) if seconds == int(seconds) else seconds


def _in_words(schedule: Entry) -> str:
    if "interval" in schedule:
        return interval_words(schedule["interval"])
    return cron_words(schedule["cron"], schedule.get("timezone")) if "cron" in schedule else str(schedule.get("rrule"))


def main() -> None:
    """Print the flows; with `--write`, also write them into prefect.yaml."""
    project = Path.cwd()
    discovered = discover(project)
    if "--write" in sys.argv[1:]:
        write_whole(project / PROJECT_FILE, discovered.project_file())
    discovered.activate(settings())
    sys.stdout.write(discovered.listing().model_dump_json() + "\n")


if __name__ == "__main__":
    main()
