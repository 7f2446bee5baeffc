"""The catalog as a page of the guide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lakescan.entities.catalog import (
    all_entities,
    categories,
    category,
    regulations,
    vendor_labels,
    vendors,
)
from lakescan.entities.model import Entity

_TITLES = {
    "presidio": "Presidio",
    "protegrity": "Protegrity Data Discovery",
    "private_ai": "Private AI",
    "zenguard": "ZenGuard",
    "data_curation": "Data Curation API",
}

_INTRODUCTION = """\
# What can be found

<!-- Written by `python -m lakescan.entities`; change lakescan/entities/data/ and run it again. -->

An **entity** is the finest name that a finding carries (`US_SSN`). Entities that a reader wants to
see as one share a **category** (`SOCIAL_SECURITY_ID`), and every entity stands in one **domain**:
`PII`, `PHI` (health), `PCI` (payment cards) or `SECRET`. A policy takes all three kinds of names,
and the aliases.

*Sensitive* says whether a column counts as personal data unless its surroundings or a policy say
otherwise: dates, sums, UUIDs, organizations and numbers of firms do not by themselves.
*Regulations* are rules under which it counts when it is about a person; they are pointers, not
legal advice. Examples are made up; where a number has check digits, the example's are right.

*Found as* stands where no detector tells an entity from another: findings carry the other's name,
and a policy has to name that one. Numbers without a form of their own (`EMPLOYEE_ID`,
`US_CLAIM_NUMBER`) are found in text behind words that name them. Nothing finds `NUMERICAL_PII`,
Private AI's word for numbers of any other kind, and parts and measures of bodies
(`MEDICAL_BIOLOGICAL_STRUCTURE`, `MEDICAL_BIOLOGICAL_ATTRIBUTE`), unless [a model of
yours](models.md) does.

A category is the harmonized one of Protegrity's table where that table has the entity, with these
exceptions: `IN_VOTER` is a `NATIONAL_ID` and `IN_VEHICLE_REGISTRATION` a `VEHICLE_ID` (there each
is a category of its own), and `ABA_ROUTING_NUMBER` is a `BANK_ACCOUNT` (there the two columns look
swapped). Each product's own grouping is kept in its table below.
"""


def catalog_page() -> str:
    """The whole page, Markdown."""
    parts = [_INTRODUCTION, "## Categories", _category_table()]
    parts += ["## Entities", *_entity_sections()]
    parts += ["## Names in other products", _VENDORS, *_vendor_sections()]
    parts += ["## Regulations", _regulation_table()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


_VENDORS = """\
`by_vendor(product, label)` reads these tables forwards, `vendor_label(product, entity)` backwards:
an entity without a label of its own takes its category's.
"""


def _category_table() -> str:
    counts: dict[str, int] = {}
    for each in all_entities():
        counts[each.category] = counts.get(each.category, 0) + 1
    rows = [
        (f"`{name}`", category(name).domain, str(counts[name]), category(name).description)
        for name in categories()
    ]
    return _table(("Category", "Domain", "Entities", "What"), rows)


def _entity_sections() -> Iterable[str]:
    members: dict[str, list[Entity]] = {}
    for each in all_entities():
        members.setdefault(each.category, []).append(each)
    header = ("Entity", "What", "Example", "Sensitive", "Regulations", "Elsewhere")
    for name in categories():
        yield f"### {name}"
        yield _table(header, [_entity_row(each) for each in members[name]])


def _entity_row(entity: Entity) -> tuple[str, ...]:
    group = category(entity.category)
    domain = "" if entity.domain == group.domain else f" ({entity.domain})"
    also = ", ".join(_code(alias) for alias in entity.aliases)
    what = f"{entity.description}. Also {also}." if also else f"{entity.description}."
    if entity.found_as is not None:
        what += f" Found as `{entity.found_as}`."
    elsewhere = "; ".join(
        f"{_TITLES[vendor]}: {', '.join(labels)}" for vendor, labels in entity.vendors.items()
    )
    return (
        f"`{entity.name}`{domain}",
        what,
        _code(entity.example),
        "yes" if entity.sensitive else "no",
        ", ".join(entity.regulations),
        elsewhere,
    )


def _vendor_sections() -> Iterable[str]:
    for vendor in vendors():
        yield f"### {_TITLES[vendor]}"
        rows = [
            (row.group, _code(row.label), row.category, _code(row.entity), row.note)
            for row in vendor_labels(vendor)
        ]
        yield _table(("List", "Label", "Its category", "Our entity", "Note"), rows)


def _regulation_table() -> str:
    rows = [(each.code, each.title, each.source) for each in regulations()]
    return _table(("Code", "What it covers", "Source"), rows)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)
