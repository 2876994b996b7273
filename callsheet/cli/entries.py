"""The list of commands, which is read before any command is imported."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A row of the list of commands; its summary is the first sentence of the help."""

    panel: str
    module: str
    summary: str
    function: str = ""
    """Function of the command, if its name differs from the command's."""


_MAKE, _FOLLOW, _APPROVE, _CONTROL, _SET_UP = "Make", "Follow", "Approve", "Control", "Set up"
ENTRIES = {
    "new": Entry(_MAKE, "new", "Write a request file to begin with."),
    "check": Entry(_MAKE, "previews", "Say everything that Callsheet can know about a request file without making it."),
    "preview": Entry(_MAKE, "previews", "Show how a scene ends as a picture, or all scenes on one sheet."),
    "review": Entry(
        _MAKE, "review", "Measure a request file, a run's film or a video, and say what is beyond a limit."
    ),
    "create": Entry(_MAKE, "create", "Make a video from a request file and wait for it."),
    "explain": Entry(
        _MAKE, "explain", "Make a narrated film of a document: README, paper, slides, notebook, web page."
    ),
    "image": Entry(_MAKE, "image", "Edit a picture and animate it."),
    "pairs": Entry(_MAKE, "pairs", "Animate pairs of pictures from a folder and join them."),
    "render": Entry(_MAKE, "render", "Check, rehearse and render a Manim file behind the fence."),
    "read": Entry(
        _MAKE, "documents", "Show what Callsheet reads in a document: outline, blocks, language, words, warnings."
    ),
    "screenplay": Entry(
        _MAKE, "screenplays", "Show what Callsheet reads in a screenplay: scenes, characters, words, what it left out."
    ),
    "board": Entry(
        _MAKE, "board", "Plan the shots of a screenplay: shot list, call sheet, and warnings of film grammar."
    ),
    "movie": Entry(_MAKE, "movie", "Make a film or a trailer of a screenplay, with drawn shots, voices and music."),
    "start": Entry(_MAKE, "control", "Start a run from a request file and return at once."),
    "backfill": Entry(_MAKE, "backfill", "Make what is missing or stale of a catalogue of request files."),
    "regenerate": Entry(_MAKE, "control", "Make one scene of a video again, in a new run; keep the other scenes."),
    "runs": Entry(_FOLLOW, "runs", "List runs, the newest first."),
    "status": Entry(_FOLLOW, "runs", "Show the state of a run: each scene, its step and attempt, what went wrong."),
    "watch": Entry(_FOLLOW, "watch", "Show a run until it is over."),
    "videos": Entry(_FOLLOW, "films", "List the films in the store, the latest first."),
    "get": Entry(_FOLLOW, "films", "Fetch the finished film of a run, wherever it was started."),
    "open": Entry(_FOLLOW, "films", "Open the film of a run, or the page of a run that is not over.", "open_film"),
    "share": Entry(_FOLLOW, "share", "Make a link that plays the video of a run without a token."),
    "unshare": Entry(_FOLLOW, "share", "Revoke the links of a run, or one of them."),
    "history": Entry(_FOLLOW, "history", "Sum up runs and steps: how long they took, what they cost, how they ended."),
    "storyboard": Entry(_APPROVE, "approval", "Print the scenes of a run that waits for approval, and its estimate."),
    "approve": Entry(_APPROVE, "approval", "Let a run make what it proposes, or the scenes of a file in their order."),
    "reject": Entry(_APPROVE, "approval", "End a run that waits for approval; a `retry` of it asks again."),
    "pause": Entry(_CONTROL, "control", "Stop a run at its next step; `resume` continues it."),
    "resume": Entry(_CONTROL, "control", "Continue a run that was paused or waits for its provider."),
    "cancel": Entry(_CONTROL, "control", "End a run with all that it has started."),
    "retry": Entry(_CONTROL, "control", "Continue a run that failed, crashed or was cancelled, from where it ended."),
    "up": Entry(
        _SET_UP,
        "up",
        "Keep database, Prefect server, media and runner running until Ctrl-C, or until `callsheet down`.",
    ),
    "down": Entry(_SET_UP, "up", "Stop the server of this home, whichever command started it."),
    "doctor": Entry(_SET_UP, "doctor", "Say what is installed, what is missing and how to fix it."),
    "flows": Entry(_SET_UP, "flows", "List the flows of this checkout, and the flow files that are broken."),
    "templates": Entry(_SET_UP, "templates", "List the scene templates, or show what one takes."),
    "voices": Entry(_SET_UP, "voices", "List the voices by language, or speak a sample to a file."),
    "gateway": Entry(_SET_UP, "gateway", "Serve stored media and the HTTP API until Ctrl-C."),
    "token": Entry(_SET_UP, "token", "Make a token of the HTTP API for an owner, list the tokens, or revoke one."),
    "webhook": Entry(_SET_UP, "webhook", "Deliver the webhook of a run again, test the addresses, make a secret."),
}

ASK_SERVER = frozenset(
    {
        "create",
        "explain",
        "movie",
        "image",
        "pairs",
        "start",
        "backfill",
        "regenerate",
        "runs",
        "status",
        "watch",
        "get",
        "open",
        "share",
        "unshare",
        "history",
        "storyboard",
        "approve",
        "reject",
        "pause",
        "resume",
        "cancel",
        "retry",
        "token",
        "webhook",
    }
)
"""Commands that ask a Prefect server, whose client takes more than a second to import."""
