"""`callsheet …`: one module a command."""

import typer

from callsheet.cli.approving import approve, reject, storyboard
from callsheet.cli.backfill import backfill
from callsheet.cli.control import cancel, pause, regenerate, resume, retry, start
from callsheet.cli.create import create
from callsheet.cli.doctor import doctor
from callsheet.cli.flows import flows
from callsheet.cli.history import history
from callsheet.cli.image import image
from callsheet.cli.pairs import pairs
from callsheet.cli.render import render
from callsheet.cli.runs import runs, status
from callsheet.cli.templates import templates
from callsheet.cli.up import up
from callsheet.cli.watch import watch
from callsheet.cli.webhook import webhook

app = typer.Typer(
    help="Words, scripts, documents and pictures become finished videos.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
PANELS = {
    "Make": (create, image, pairs, render, start, backfill, regenerate),
    "Follow": (runs, status, watch, history),
    "Approve": (storyboard, approve, reject),
    "Control": (pause, resume, cancel, retry),
    "Set up": (up, doctor, flows, templates),
}
for panel, commands in PANELS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)
app.add_typer(webhook, name="webhook", rich_help_panel="Set up")

if __name__ == "__main__":
    app()
