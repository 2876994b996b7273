"""Finished films as files in a folder: whole or not at all, and never one in place of another."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet.disk import part_beside, whole_file, write_whole
from callsheet.errors import InvalidRequest

if TYPE_CHECKING:
    from callsheet.model.run.manifest import Manifest
    from callsheet.model.run.runs import Film

OUT_OPTION = "--out"
Opened = Callable[[str], AbstractContextManager[Path]]
"""Gives a local file with the content of a stored object, as `Store.opened` does."""
WriteBeside = Callable[["Manifest", Path], object]
"""Writes more files beside the file of a film."""
# In the JSON file beside a film, with its manifest: the request file, picture or folder from which it was made.
MADE_FROM = "made_from"
MAX_NAME_BYTES = 200
SHORT_ID = 8


def make_folder(out: Path) -> None:
    """Make the folder if it is missing, before a long run: its video must have a place.

    Raises:
        InvalidRequest: the folder can't be made or written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InvalidRequest(f"“{out}” is a file; name a folder", OUT_OPTION) from None
    except OSError as error:
        raise InvalidRequest(
            f"the folder “{out}” can't be made ({error.strerror}); name another one", OUT_OPTION
        ) from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise InvalidRequest(f"the folder “{out}” can't be written to; name another one", OUT_OPTION)


def save_film(
    opened: Opened, manifest: "Manifest", out: Path, made_from: str = "", write_more: WriteBeside | None = None
) -> Path:
    """Write the video and what belongs to it into the folder `out`; a film of each further language, too.

    Captions, timing report and manifest belong to it. Return the video's path.

    The same film made again replaces its file. If a film has the title of another one, its name holds the beginning of
    its run's id. `made_from` is the path of the file or folder from which the user made it. `write_more` is called for
    each film.

    Raises:
        InvalidRequest: they can't be written there; the run has kept them.
        MediaLost: the store does not have them any more.
    """
    facts = manifest.model_dump(mode="json") | ({MADE_FROM: made_from} if made_from else {})
    path = out / f"{file_name(manifest.title)}.mp4"
    try:
        with opened(manifest.video.stored.key) as stored:
            path = _placed(facts, out, file_name(manifest.title), lambda part: shutil.copyfile(stored, part))
        files = {".vtt": manifest.captions, ".srt": manifest.subtitles, ".timing.json": manifest.timing}
        for suffix, beside in files.items():
            file = path.with_suffix(suffix)
            if beside is None:
                file.unlink(missing_ok=True)
                continue
            with opened(beside.key) as stored, whole_file(file) as part:
                shutil.copyfile(stored, part)
        write_whole(path.with_suffix(".json"), json.dumps(facts, indent=2, ensure_ascii=False))
        if write_more:
            write_more(manifest, path)
    except OSError as error:
        raise InvalidRequest(
            f"the video is made and kept, but “{path}” can't be written ({error.strerror}); "
            f"name another folder and run the command again, or `callsheet get {manifest.run_id[:SHORT_ID]} --out "
            "FOLDER`: nothing is made twice",
            OUT_OPTION,
        ) from None
    for other in manifest.other_languages:
        save_film(opened, other, out, made_from, write_more)
    return path


def save_clip(opened: Opened, clip: "Film", request: object, out: Path) -> Path:
    """Write the clip of a single scene into the folder `out`, as `save_film` writes a film."""
    facts = {"title": clip.title, "run_id": clip.run_id, "request": request}
    try:
        with opened(clip.key) as stored:
            path = _placed(facts, out, file_name(clip.title), lambda part: shutil.copyfile(stored, part))
        write_whole(path.with_suffix(".json"), json.dumps(facts, indent=2, ensure_ascii=False))
    except OSError as error:
        raise InvalidRequest(f"“{out}” can't be written to ({error.strerror}); name another folder") from None
    return path


def save_render(video: Path, class_name: str, source: Path, out: Path) -> Path:
    """Copy the video of a Python file's scene into `out`, with a JSON file that names both.

    The same scene of the same file replaces its video. A video of another file, or of an unknown one, stays.
    """
    request = {"file": str(source.absolute()), "scene": class_name}
    mark = hashlib.sha256(request["file"].encode()).hexdigest()
    name = class_name.encode()[:MAX_NAME_BYTES].decode(errors="ignore")
    path = _placed({"run_id": mark, "request": request}, out, name, lambda part: shutil.copyfile(video, part))
    write_whole(path.with_suffix(".json"), json.dumps({"request": request}, indent=2, ensure_ascii=False))
    return path


def file_name(title: str) -> str:
    """Return the title as the name of a file, without its suffix."""
    words = re.sub(r"[^\w]+", "-", title.lower()).strip("-")
    return words.encode()[:MAX_NAME_BYTES].decode(errors="ignore") or "video"


def _placed(facts: dict[str, Any], out: Path, plain: str, write: Callable[[Path], object]) -> Path:
    """Write the film under the first name that is free or has this film.

    The name is `plain`, or `plain` with the id of the film's run.
    """
    names = [plain, f"{plain}-{facts['run_id'][:SHORT_ID]}", f"{plain}-{facts['run_id']}"]
    has_name = re.compile(rf"{re.escape(plain)}(-[0-9a-f-]{{8,64}})?\.mp4").fullmatch  # the id of a run may follow
    named = sorted(path for path in out.glob("*.mp4") if has_name(path.name))
    own = next((path for path in named if _is_same_film(path, facts)), None)
    if own is not None:
        with whole_file(own) as part:
            write(part)
        return own
    for name in names:
        path = out / f"{name}.mp4"
        if not path.with_suffix(".json").exists() and _write_new(path, write):
            return path
    raise FileExistsError(0, "there are files of its name", str(path))


def _is_same_film(path: Path, facts: dict[str, Any]) -> bool:
    """Return whether the file is an earlier version of this film.

    An earlier version is of the same run, request or place. If a film from the same place has none of the scenes, it
    is another film: a new one was written there. Two runs without a known request are two films.
    """
    try:
        there = json.loads(path.with_suffix(".json").read_bytes())
        request = there["request"]
        if there.get("run_id") == facts["run_id"] or (request and request == facts["request"]):
            return True
        is_from_there = bool(facts.get(MADE_FROM)) and there.get(MADE_FROM) == facts[MADE_FROM]
        names, others = ({scene["name"] for scene in each.get("scenes") or ()} for each in (request, facts["request"]))
        return is_from_there and (bool(names & others) or not (names or others))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # a file that Callsheet has not written
        return False


def _write_new(path: Path, write: Callable[[Path], object]) -> bool:
    """Write a file whole, but only if there is none of its name; return whether there was none."""
    with part_beside(path) as part:
        write(part)
        try:
            path.hardlink_to(part)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            if path.exists():
                return False
            part.replace(path)
    return True
