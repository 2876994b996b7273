"""A history as a person reads it: rows of cells, for a terminal and for the Prefect UI."""

from callsheet.model.run.cost import usd_words
from callsheet.model.run.history import Durations, FlowSummary, History, Outcome, RunRecord, StepSummary

Row = dict[str, str]
"""Cells by their headings; every row of a table has the same ones."""

# Ends that no person wished for. Tables name them apart only if a person asks for that.
_UNWANTED = (Outcome.FAILED, Outcome.CRASHED)


def flow_rows(history: History) -> list[Row]:
    """Return a row for each flow."""
    return [_flow_row(flow) for flow in history.flows]


def step_rows(history: History) -> list[Row]:
    """Return a row for each kind of step; the steps that took longest come first."""
    return [_step_row(step) for step in history.steps]


def run_rows(history: History) -> list[Row]:
    """Return a row for each of the latest runs."""
    return [_run_row(run) for run in history.latest]


def title(history: History) -> str:
    """Return which window it is, and what was spent in it."""
    window = f"{history.since:%Y-%m-%d %H:%M} to {history.until:%Y-%m-%d %H:%M} UTC"
    return f"{history.runs} runs from {window}, {_usd(history.usd) or '0 $'}"


def _flow_row(flow: FlowSummary) -> Row:
    return {
        "flow": flow.name,
        "runs": str(flow.count),
        "completed": _count(flow.outcomes.get(Outcome.COMPLETED, 0)),
        "failed": _count(_unwanted(flow)),
        "cancelled": _count(flow.outcomes.get(Outcome.CANCELLED, 0)),
        "unfinished": _count(flow.outcomes.get(Outcome.UNFINISHED, 0)),
        "restarts": _count(flow.restarts),
        "retries": _count(flow.retries),
        **_times(flow.durations),
        "median wait": _seconds(flow.waited.median_s) if flow.waited.count else "",
        "language models": _usd(flow.model_calls_usd),
        "footage": _usd(flow.footage_usd),
    }


def _step_row(step: StepSummary) -> Row:
    return {
        "step": step.name,
        "done": _count(step.outcomes.get(Outcome.COMPLETED, 0)),
        "kept": _count(step.outcomes.get(Outcome.KEPT, 0)),
        "failed": _count(_unwanted(step)),
        "retries": _count(step.retries),
        **_times(step.durations),
        "together": _seconds(step.durations.total_s) if step.durations.count else "",
    }


def _run_row(run: RunRecord) -> Row:
    return {
        "run": str(run.id)[:8],
        "name": run.name,
        "flow": run.flow,
        "owner": run.owner,
        "due": f"{run.due_at:%Y-%m-%d %H:%M:%S}",
        "outcome": str(run.outcome),
        "took": _seconds(run.seconds) if run.started_at else "",
        "waited": _seconds(run.waited_s) if run.started_at else "",
        "steps": _count(len(run.steps)),
        "kept": _count(sum(step.outcome is Outcome.KEPT for step in run.steps)),
        "restarts": _count(run.restarts),
        "retries": _count(run.retries),
        "cost": _usd(run.usd),
    }


def _times(durations: Durations) -> Row:
    shown = (durations.median_s, durations.p90_s, durations.longest_s) if durations.count else ()
    cells = [_seconds(each) for each in shown] or ["", "", ""]
    return dict(zip(("median", "90 % within", "longest"), cells, strict=True))


def _unwanted(summary: StepSummary) -> int:
    return sum(summary.outcomes.get(outcome, 0) for outcome in _UNWANTED)


def _count(number: int) -> str:
    """Return an empty text for none, so that other numbers are easy to see."""
    return str(number) if number else ""


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def _usd(usd: float) -> str:
    return usd_words(usd) if usd else ""
