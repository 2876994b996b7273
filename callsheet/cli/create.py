"""`callsheet create FILE.yaml`: start the run, show its progress, fetch the video."""

from pathlib import Path

from callsheet.cli.failures import sentences
from callsheet.cli.request import (
    ApprovalOption,
    BurntCaptionsOption,
    MusicOption,
    ProfileOption,
    RequestFile,
    read_request,
    with_burnt_captions,
    with_music,
)
from callsheet.cli.run_and_wait import AsJson, Out, make, tell_what_a_request_leaves_out, with_files_stored
from callsheet.storage.films import make_folder


def create(
    file: RequestFile,
    profile: ProfileOption = None,
    approval: ApprovalOption = False,
    music: MusicOption = "",
    burnt_captions: BurntCaptionsOption = None,
    out: Out = Path("out"),
    as_json: AsJson = False,
) -> None:
    """Make a video from a request file and wait for it. Ctrl-C leaves the run active."""
    with sentences(as_json):
        request = read_request(file, profile, approval)
        request = with_music(request, music) if music else request
        request = with_burnt_captions(request, burnt_captions) if burnt_captions else request
        tell_what_a_request_leaves_out(request)
        make_folder(out)
        make(with_files_stored(request), out, as_json, made_from=file)
