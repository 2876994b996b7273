"""`/api/v3/jobs`: jobs that wait for approval, and their progress.

GET /api/v3/jobs/ID      POST /api/v3/jobs/ID/approve
"""

from typing import Any

from fastapi import APIRouter

from callsheet import client
from callsheet.gateway.runs import Board, VisibleRun
from callsheet.model.run.runs import RunStatus

router = APIRouter(prefix="/api/v3/jobs", tags=["dialect: coordinator"])

_TYPES = {"pairs": "image_pairs"}


@router.get("/{run_id}")
async def read_job(run: VisibleRun, board: Board) -> dict[str, Any]:
    """Show a job: pending, approved, processing, completed or failed."""
    status = await board.status(run.id)
    storyboard = await client.proposal(run) if status.needs_approval else None
    request = await client.read_request(run)
    return {
        "job_id": str(run.id),
        "type": _TYPES.get(run.kind, run.kind),
        "status": _word(status),
        "progress_percentage": round(status.percentage),
        "current_stage": status.doing,
        "parameters": request,
        "storyboard": storyboard.model_dump(mode="json")["scenes"] if storyboard else request.get("scenes"),
        "inserted_at": run.created_at,
        "updated_at": status.ended_at or status.started_at or run.created_at,
        **({"error": status.message} if status.is_final and not status.is_completed else {}),
    }


@router.post("/{run_id}/approve")
async def approve_job(run: VisibleRun, board: Board) -> dict[str, Any]:
    """Let a job begin."""
    await client.approve(run)
    board.forget(run.id)
    return {"message": "Job approved successfully", "job_id": str(run.id), "status": "approved"}


def _word(status: RunStatus) -> str:
    if status.is_final:
        return "completed" if status.is_completed else "failed"
    if status.needs_approval:
        return "pending"
    return "processing" if status.started_at else "approved"
