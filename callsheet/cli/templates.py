"""`callsheet templates`: list the scene templates, and the content that each takes."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from callsheet.cli.printing import print_json
from callsheet.model.content import CONTENT_MODELS, Content, TemplateName
from callsheet.model.field_notes import field_notes


def templates(
    name: Annotated[TemplateName | None, typer.Argument(help="Show the fields of this one, and an example")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the JSON schemas.")] = False,
) -> None:
    """List the scene templates, or show what one takes."""
    chosen = [name] if name else list(CONTENT_MODELS)
    if as_json:
        print_json({str(each): CONTENT_MODELS[each].model_json_schema() for each in chosen})
    elif name:
        _show(name, CONTENT_MODELS[name])
    else:
        _list()


def _list() -> None:
    table = Table("Template", "What it shows", box=None, pad_edge=False)
    for name, model in CONTENT_MODELS.items():
        table.add_row(str(name), model.SUMMARY)
    console = Console()
    console.print(table)
    console.print("\n`callsheet templates NAME` shows the fields of one, and an example to copy.")


def _show(name: TemplateName, model: type[Content]) -> None:
    import yaml

    table = Table("Field", "Needed", "What it is", box=None, pad_edge=False)
    notes = field_notes(model)
    for field, info in model.model_fields.items():
        table.add_row(field, "yes" if info.is_required() else "no", notes.get(field, ""))
    console = Console()
    console.print(f"[bold]{name}[/bold]: {model.SUMMARY}\n")
    console.print(table)
    console.print("\nAn example, to copy into a request file:\n")
    content = model.example().model_dump(mode="json", exclude_defaults=True)
    example = {"name": str(name).replace("-", " ").capitalize(), "template": str(name), "content": content}
    typer.echo(yaml.safe_dump([example], sort_keys=False, allow_unicode=True))
