"""``lakescan entities``."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lakescan.cli.output import answer_console, write_answer

if TYPE_CHECKING:
    from lakescan.entities import Entity

entities_app = typer.Typer(
    help="List and describe the entities that can be found.", no_args_is_help=True
)


class CatalogFormat(StrEnum):
    """How the catalog is printed."""

    TABLE = "table"
    JSON = "json"


_Format = Annotated[CatalogFormat, typer.Option("--format", "-f", help="Output format.")]


@entities_app.command("list")
def list_entities(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="Domain, category or entity. Default: all."),
    ] = None,
    how: _Format = CatalogFormat.TABLE,
) -> None:
    """List entities with their category and domain."""
    from lakescan.entities import all_entities
    from lakescan.policy.selectors import Named, parse_selector

    selectors = [parse_selector(name) for name in named or ()]
    chosen = [
        entity
        for entity in all_entities()
        if not selectors
        or any(s.matches(Named(entity.name, entity.category, entity.domain)) for s in selectors)
    ]
    if how is CatalogFormat.JSON:
        _print_json([_value(entity) for entity in chosen])
    else:
        _print_table(chosen)


@entities_app.command("show")
def show_entity(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An entity or one of its aliases.")],
    how: _Format = CatalogFormat.TABLE,
) -> None:
    """Show everything about one entity."""
    from lakescan.entities import entity

    value = _value(entity(name))
    if how is CatalogFormat.JSON:
        _print_json(value)
        return
    for key, known in value.items():
        if isinstance(known, dict):
            for product, labels in known.items():
                typer.echo(f"{product:>14}: {', '.join(labels)}")
        elif known not in ([], "", None):
            text = ", ".join(known) if isinstance(known, list) else str(known).lower()
            typer.echo(f"{key:>14}: {known if isinstance(known, str) else text}")


def _value(entity: Entity) -> dict[str, object]:
    return {
        "entity": entity.name,
        "category": entity.category,
        "domain": entity.domain,
        "sensitive": entity.sensitive,
        "description": entity.description,
        "example": entity.example,
        "regulations": list(entity.regulations),
        "aliases": list(entity.aliases),
        "found_as": entity.found_as,
        "vendors": {product: list(labels) for product, labels in entity.vendors.items()},
    }


def _print_json(value: object) -> None:
    import orjson

    write_answer(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _print_table(chosen: Sequence[Entity]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("entity", no_wrap=True)
    table.add_column("category", no_wrap=True)
    table.add_column("domain", no_wrap=True)
    table.add_column("description", overflow="fold")
    for entity in chosen:
        table.add_row(entity.name, entity.category, entity.domain, entity.description)
    answer_console().print(table)
