"""`callsheet get RUN`, `callsheet open RUN` and `callsheet videos`: the stored films."""

import asyncio
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli.control import JsonOption, RunArgument
from callsheet.cli.failures import sentences
from callsheet.cli.printing import eye, print_json, wide_console
from callsheet.cli.servers import running_server
from callsheet.errors import InvalidRequest, MediaUnfit, SetupIncomplete
from callsheet.storage.films import OUT_OPTION, SHORT_ID, make_folder

if TYPE_CHECKING:
    from callsheet.model.run.manifest import Manifest
    from callsheet.model.run.runs import Film

OPENERS = ("xdg-open", "open")
OPENER_ANSWERS_WITHIN_S = 2


def get(
    run: RunArgument,
    out: Annotated[Path, typer.Option(OUT_OPTION, help="Folder for the video and its manifest.")] = Path("out"),
    edit: Annotated[
        bool,
        typer.Option(
            "--edit",
            help="Also write the film as an OpenTimelineIO edit, with its clips, voice and music, for an editor.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch the finished film of a run, wherever it was started.

    It never replaces a file of another film.
    """
    with sentences(as_json):
        make_folder(out)
        path = _kept_here(run, out, edit) or _from_its_server(run, out, edit)
        written = {"video": str(path), **(_report_edit(path) if edit else {})}
        if as_json:
            print_json({"ok": True, **written})
        else:
            typer.echo("\n".join(written[name] for name in ("video", "edit") if name in written))


def open_film(run: RunArgument, as_json: JsonOption = False) -> None:
    """Open the film of a run, or the page of a run that is not over.

    If nothing can open it, print its place.
    """
    with sentences(as_json):
        manifest = manifest_of(run)
        target = _described(manifest).place if manifest else _target_on_server(run)
        opener = None if as_json else next(filter(shutil.which, OPENERS), None)
        if as_json:
            print_json({"ok": True, "place": target})
        else:
            typer.echo(target)
        if not opener:
            return
        from callsheet.embedded.process import starts_well

        if not starts_well((opener, target), OPENER_ANSWERS_WITHIN_S):
            eye.print(f"{opener} could not open it.", style="yellow")


def videos(
    limit: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="Most films to list.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the films in the store, the latest first. It prints length, time, run and place."""
    with sentences(as_json):
        found = sorted(map(_described, _manifests()), key=lambda film: str(film.created_at), reverse=True)[:limit]
        if as_json:
            print_json({"ok": True, "videos": [film.model_dump(mode="json") for film in found]})
        else:
            _print(found)


def _print(found: "list[Film]") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("Title", "Length", "Made", "Run", "Where", box=None, pad_edge=False)
    for film in found:
        when = f"{film.created_at.astimezone():%Y-%m-%d %H:%M}" if film.created_at else ""
        length = f"{film.duration_s:.1f} s"
        table.add_row(Text(film.title), length, when, film.run_id[:SHORT_ID], Text(film.place, overflow="fold"))
    wide_console().print(table if found else "There are no films yet; `callsheet create FILE` makes one.")


def _manifests() -> "list[Manifest]":
    """Return the manifests in this machine's store; name and leave out those of another version.

    Raises:
        SetupIncomplete: the home that holds the store can't be used.
    """
    from callsheet.disk import check_home
    from callsheet.settings import settings
    from callsheet.storage.opening import open_store
    from callsheet.storage.publish import manifest_keys, parsed_manifest

    if settings().storage == "local":
        check_home(settings().home)
    store, found = open_store(settings()), []
    for key in manifest_keys(store):
        try:
            found.append(parsed_manifest(store.read_bytes(key), key))
        except MediaUnfit as unfit:
            eye.print(str(unfit), style="yellow", markup=False, soft_wrap=True)
    return found


def _described(manifest: "Manifest") -> "Film":
    from callsheet.embedded import running
    from callsheet.model.run.runs import Film
    from callsheet.settings import settings
    from callsheet.storage.opening import open_store

    key = manifest.video.stored.key
    here = settings().media_dir / key
    services = running(settings())
    served = f"{services.media_url.rstrip('/')}/{key}" if services and here.is_file() else None
    return Film(
        run_id=manifest.run_id,
        title=manifest.title,
        key=key,
        url=open_store(settings()).url(key) or served,
        file=here if here.is_file() else None,
        duration_s=manifest.video.duration_s,
        created_at=manifest.created_at,
    )


def manifest_of(run: str) -> "Manifest | None":
    """Return the stored film of this run or title, without a server; None if there is none.

    Raises:
        InvalidRequest: several films have it.
    """
    found = _manifests()
    meant = [each for each in found if len(run) >= 4 and each.run_id.startswith(run.lower())]
    meant = meant or [each for each in found if each.title == run]
    if len(meant) > 1:
        choices = ", ".join(f"{each.run_id[:SHORT_ID]} ({each.created_at:%Y-%m-%d %H:%M} UTC)" for each in meant[-5:])
        raise InvalidRequest(f"several films match “{run}”; give the id of a run: {choices}")
    return meant[0] if meant else None


def _kept_here(run: str, out: Path, edit: bool) -> Path | None:
    from callsheet.settings import settings
    from callsheet.storage.films import save_film
    from callsheet.storage.opening import open_store

    manifest = manifest_of(run)
    if manifest is None:
        return None
    opened = open_store(settings()).opened
    if not edit:
        return save_film(opened, manifest, out)
    from callsheet.media.edit_files import write_edit

    return save_film(opened, manifest, out, write_more=partial(write_edit, opened))


def _from_its_server(run: str, out: Path, edit: bool) -> Path:
    try:
        with running_server():
            from callsheet import client

            return asyncio.run(client.download(run, out, edit=edit))
    except SetupIncomplete as error:
        raise _unknown(run, error) from None


def _report_edit(film: Path) -> dict[str, str]:
    """Say what the edit beside a film lacks; return its path, and the sentence if there is one."""
    from callsheet.media.edit_files import EDIT_SUFFIX
    from callsheet.media.edit_list import lacks
    from callsheet.storage.publish import parsed_manifest

    beside = film.with_suffix(".json")
    note = lacks(parsed_manifest(beside.read_bytes(), beside.name))
    if note:
        eye.print(note, style="dim", markup=False, soft_wrap=True)
    return {"edit": str(film.with_suffix(EDIT_SUFFIX)), **({"note": note} if note else {})}


def _target_on_server(run: str) -> str:
    try:
        with running_server():
            from callsheet import client

            found = asyncio.run(client.find_run(run))
            return asyncio.run(client.film(found)).place if found.state == "Completed" else found.ui_url
    except SetupIncomplete as error:
        raise _unknown(run, error) from None


def _unknown(run: str, error: SetupIncomplete) -> InvalidRequest:
    """Return the error for a name that has no film here, when no server can be asked."""
    from difflib import get_close_matches

    titles = get_close_matches(run, {each.title for each in _manifests()}, n=1)
    hint = f"did you mean “{titles[0]}”?" if titles else "`callsheet videos` lists what there is."
    return InvalidRequest(f"there is no film of a run “{run}” here; {hint} {error}")
