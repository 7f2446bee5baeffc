"""Reading the catalog, and asking it for names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

from lakescan.entities.model import Category, Entity, Regulation, VendorLabel
from lakescan.errors import UnknownNameError

_DOMAINS = ("PII", "PHI", "PCI", "SECRET")


class _EntityRow(TypedDict):
    name: str
    category: str
    description: str
    example: str
    regulations: list[str]
    domain: NotRequired[str]
    sensitive: NotRequired[bool]
    aliases: NotRequired[list[str]]
    found_as: NotRequired[str]


class _VendorRow(TypedDict):
    label: str
    entity: str
    category: NotRequired[str]
    group: NotRequired[str]
    note: NotRequired[str]
    covers: NotRequired[list[str]]


class _CategoryRow(TypedDict):
    name: str
    domain: str
    description: str
    generic: NotRequired[str]


class _RegulationRow(TypedDict):
    code: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class _Catalog:
    entities: dict[str, Entity]
    names: dict[str, str]
    categories: dict[str, Category]
    regulations: dict[str, Regulation]
    vendor_rows: dict[str, tuple[VendorLabel, ...]]
    vendor_index: dict[str, dict[str, str]]
    covering: dict[tuple[str, str], str]


def entity(name: str) -> Entity:
    """The entity of that name or alias; case does not matter.

    Raises:
        UnknownNameError: there is none.
    """
    return _catalog().entities[canonical(name)]


def canonical(name: str) -> str:
    """The catalog's own spelling of an entity's name or alias.

    Raises:
        UnknownNameError: there is none.
    """
    catalog = _catalog()
    try:
        return catalog.names[_key(name)]
    except KeyError:
        raise UnknownNameError("entity", name, catalog.names) from None


def is_known(name: str) -> bool:
    """Whether an entity has that name or alias."""
    return _key(name) in _catalog().names


def all_entities() -> tuple[Entity, ...]:
    """Every entity, in the order of the catalog's files."""
    return tuple(_catalog().entities.values())


def categories() -> tuple[str, ...]:
    """The names of all categories."""
    return tuple(_catalog().categories)


def category(name: str) -> Category:
    """The category of that name.

    Raises:
        UnknownNameError: there is none.
    """
    found = _catalog().categories.get(_key(name))
    if found is None:
        raise UnknownNameError("category", name, _catalog().categories)
    return found


def domains() -> tuple[str, ...]:
    """The names of all domains."""
    return _DOMAINS


def category_of(name: str) -> str:
    """The category of an entity.

    Raises:
        UnknownNameError: there is no such entity.
    """
    return entity(name).category


def domain_of(name: str) -> str:
    """The domain of an entity.

    Raises:
        UnknownNameError: there is no such entity.
    """
    return entity(name).domain


def regulations() -> tuple[Regulation, ...]:
    """Every rule that entities refer to."""
    return tuple(_catalog().regulations.values())


def regulation(code: str) -> Regulation:
    """The rule of that code.

    Raises:
        UnknownNameError: there is none.
    """
    found = _catalog().regulations.get(code)
    if found is None:
        raise UnknownNameError("regulation", code, _catalog().regulations)
    return found


def vendors() -> tuple[str, ...]:
    """The products whose labels the catalog knows."""
    return tuple(_catalog().vendor_rows)


def vendor_labels(vendor: str) -> tuple[VendorLabel, ...]:
    """A product's table, row by row in its own order.

    Raises:
        UnknownNameError: the catalog does not know the product.
    """
    rows = _catalog().vendor_rows.get(vendor)
    if rows is None:
        raise UnknownNameError("vendor", vendor, vendors())
    return rows


def by_vendor(vendor: str, label: str) -> Entity:
    """What a product's label means; case, spaces, dashes and underscores do not matter.

    Raises:
        UnknownNameError: the product, or that label of it, is not known.
    """
    rows = vendor_labels(vendor)
    found = _catalog().vendor_index[vendor].get(_key(label))
    if found is None:
        raise UnknownNameError(f"{vendor} label", label, (row.label for row in rows))
    return _catalog().entities[found]


def vendor_label(vendor: str, name: str) -> str | None:
    """How a product would report an entity of ours.

    Returns:
        The entity's own label in the product's table, else its category's, else the one that takes
        in the category by the product's words (``NUMERICAL_PII``); None where nothing is like it.

    Raises:
        UnknownNameError: the product or the entity is not known.
    """
    vendor_labels(vendor)
    found = entity(name)
    labels = found.vendors.get(vendor)
    if not labels:
        generic = category(found.category).generic
        labels = _catalog().entities[generic].vendors.get(vendor)
    return labels[0] if labels else _catalog().covering.get((vendor, found.category))


def _key(name: str) -> str:
    return name.strip().upper().replace(" ", "_").replace("-", "_")


@cache
def _catalog() -> _Catalog:
    data = Path(__file__).with_name("data")

    def read(name: str) -> str:
        return (data / name).read_text(encoding="utf-8")

    categories: dict[str, Category] = {}
    category_rows: list[_CategoryRow] = json.loads(read("categories.json"))
    for group in category_rows:
        group_name = group["name"]
        categories[group_name] = Category(
            group_name, group["domain"], group["description"], group.get("generic", group_name)
        )

    vendor_rows: dict[str, tuple[VendorLabel, ...]] = {}
    labels: dict[str, dict[str, list[str]]] = {}
    vendor_index: dict[str, dict[str, str]] = {}
    covering: dict[tuple[str, str], str] = {}
    tables: dict[str, list[_VendorRow]] = json.loads(read("vendors.json"))
    for vendor, rows in tables.items():
        table = []
        index = vendor_index.setdefault(vendor, {})
        for row in rows:
            label, target = row["label"], row["entity"]
            shown = row.get("category", label)
            table.append(
                VendorLabel(vendor, label, shown, target, row.get("group", ""), row.get("note", ""))
            )
            covering.update({(vendor, covered): label for covered in row.get("covers", ())})
            if label:
                index.setdefault(_key(label), target)
                labels.setdefault(target, {}).setdefault(vendor, []).append(label)
        vendor_rows[vendor] = tuple(table)

    entities: dict[str, Entity] = {}
    names: dict[str, str] = {}
    entity_rows: list[_EntityRow] = json.loads(read("entities.json"))
    for record in entity_rows:
        name, group_name = record["name"], record["category"]
        known = {vendor: tuple(them) for vendor, them in labels.get(name, {}).items()}
        aliases = tuple(record.get("aliases", ()))
        entities[name] = Entity(
            name=name,
            category=group_name,
            domain=record.get("domain", categories[group_name].domain),
            regulations=tuple(record["regulations"]),
            description=record["description"],
            example=record["example"],
            sensitive=record.get("sensitive", True),
            vendors=known,
            aliases=aliases,
            found_as=record.get("found_as"),
        )
        names[name] = name
        names.update(dict.fromkeys(aliases, name))

    regulation_rows: list[_RegulationRow] = json.loads(read("regulations.json"))
    rules = {
        rule["code"]: Regulation(rule["code"], rule["title"], rule["source"])
        for rule in regulation_rows
    }
    return _Catalog(entities, names, categories, rules, vendor_rows, vendor_index, covering)
