"""`callsheet get RUN --edit`: the film as an edit, for people who continue in an editing program."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.printing import eye

if TYPE_CHECKING:
    from callsheet.storage.films import Opened, WriteBeside

EditOption = Annotated[
    bool,
    typer.Option(
        "--edit", help="Also write the film as an OpenTimelineIO edit, with its clips, voice and music, for an editor."
    ),
]


def edit_writer(opened: "Opened") -> "WriteBeside":
    """Return what writes the edit of a film beside it."""
    from callsheet.media.edit_files import write_edit

    return lambda manifest, film: write_edit(opened, manifest, film)


def report_edit(film: Path) -> dict[str, str]:
    """Say what the edit beside a film lacks; return its path, and the sentence if there is one."""
    from callsheet.media.edit_files import EDIT_SUFFIX
    from callsheet.media.edit_list import lacks
    from callsheet.storage.publish import parsed_manifest

    beside = film.with_suffix(".json")
    note = lacks(parsed_manifest(beside.read_bytes(), beside.name))
    if note:
        eye.print(note, style="dim", markup=False, soft_wrap=True)
    return {"edit": str(film.with_suffix(EDIT_SUFFIX)), **({"note": note} if note else {})}
