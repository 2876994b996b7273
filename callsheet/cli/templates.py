"""`callsheet templates`: list the scene templates, and the content that each takes."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from callsheet.cli.failures import sentences
from callsheet.cli.printing import print_json
from callsheet.model.content import Content, TemplateName, content_model, content_models, template_named
from callsheet.model.field_notes import field_notes


def templates(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Show the fields of this one, and an example")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the JSON schemas.")] = False,
) -> None:
    """List the scene templates, or show what one takes."""
    chosen = template_named(name)
    if name and chosen is None:
        known = ", ".join(f"'{each}'" for each in content_models())
        raise typer.BadParameter(f"'{name}' is not one of {known}", context, param_hint="'NAME'")
    with sentences(as_json):
        models = {chosen: content_model(chosen)} if chosen else content_models()
        if as_json:
            print_json({str(each): model.model_json_schema() for each, model in models.items()})
        elif chosen:
            _show(chosen, models[chosen])
        else:
            _list()


def _list() -> None:
    table = Table("Template", "What it shows", box=None, pad_edge=False)
    for name, model in content_models().items():
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
