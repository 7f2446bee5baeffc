"""A run as tags of fields: what every catalog is told, each in its own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lakescan.reports.anonymization.model import ColumnAction
from lakescan.reports.catalog import DOMAIN_ORDER
from lakescan.reports.model import ColumnReport, DatasetReport, ScanReport

#: The hint of a column of prose, whose further classifications say what is in it.
_PROSE = "FREE_TEXT"


@dataclass(frozen=True, slots=True)
class FieldTags:
    """What one field of a table holds.

    Args:
        path: the names from the top-level column down: ``("customer", "email")``. What is inside a
            list, a map or JSON kept in a string is told of the field that it is in.
        entity: the verdict: ``EMAIL_ADDRESS``.
        category: the harmonized one.
        domain: ``PII``, ``PHI``, ``PCI`` or ``SECRET``.
        sensitive: whether it is data about a person.
        confidence: of the verdict, 0..1.
        entities: everything to tell of the field, the verdict first.
    """

    path: tuple[str, ...]
    entity: str
    category: str
    domain: str
    sensitive: bool
    confidence: float
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableTags:
    """One dataset of a run, with what its fields hold.

    Args:
        dataset: as the run reports it.
        name: the parts of its name in the catalog; empty where nothing says it.
        fields: those in which something was found, in the table's order.
    """

    dataset: DatasetReport
    name: tuple[str, ...]
    fields: tuple[FieldTags, ...]

    @property
    def scanned(self) -> frozenset[tuple[str, ...]]:
        """Paths of all fields that the run looked at, whether something was found there or not."""
        return frozenset(field_path(column) for column in self.dataset.columns)

    @property
    def columns(self) -> tuple[FieldTags, ...]:
        """The same of whole top-level columns, for catalogs that know no other."""
        return tuple(_strongest(fields, 1) for fields in _grouped(self.fields, 1))


@dataclass(frozen=True, slots=True)
class Sent:
    """What a catalog was told by HTTP.

    Args:
        tables: that it was told of.
        added, removed: tags of ours on fields.
        unknown: tables and fields that it does not know; what is below a field's table is told as
            ``table: field``.
        left_out: URIs of datasets that it cannot name.
    """

    tables: int
    added: int = 0
    removed: int = 0
    unknown: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def tables_of(report: ScanReport, names: dict[str, tuple[str, ...]]) -> tuple[TableTags, ...]:
    """A run's datasets as tagged tables.

    Args:
        report: what was found.
        names: URI -> parts of the name.
    """
    return tuple(
        TableTags(dataset, names.get(dataset.uri, ()), tuple(_fields(dataset)))
        for dataset in report.datasets
    )


def stale(
    tables: tuple[TableTags, ...], report: ScanReport, before: ScanReport
) -> tuple[TableTags, ...]:
    """Top-level columns that an earlier run had told of, and that hold nothing any more.

    Args:
        tables: of the run that is told now, named.
        report: that run; of one that is not complete nothing is stale.
        before: the earlier one.
    """
    if report.status != "complete":
        return ()
    names = {table.dataset.uri: table.name for table in tables}
    earlier = {table.dataset.uri: table.columns for table in tables_of(before, names)}
    found = []
    for table in tables:
        now = {column.path for column in table.columns}
        scanned = {path[:1] for path in table.scanned}
        gone = tuple(
            column for column in earlier.get(table.dataset.uri, ()) if column.path in scanned - now
        )
        if gone:
            found.append(TableTags(table.dataset, table.name, gone))
    return tuple(found)


def field_path(column: ColumnReport | ColumnAction) -> tuple[str, ...]:
    """``("a", "b")`` of ``a[].b``; the column's position where it has no name."""
    if column.column is None:
        return (f"column_{column.index}",)
    parts: list[str] = []
    for part in column.column.split("."):
        if parts and part == "$":
            break
        if parts and part == "{}":
            continue
        bare = part
        while bare.endswith("[]"):
            bare = bare[:-2]
        if bare or not parts:
            parts.append(bare)
    return tuple(parts)


def _fields(dataset: DatasetReport) -> Iterator[FieldTags]:
    found = [
        FieldTags(
            path=field_path(column),
            entity=column.classifications[0].entity,
            category=column.classifications[0].category,
            domain=column.classifications[0].domain,
            sensitive=column.sensitive,
            confidence=column.classifications[0].confidence,
            entities=tuple(
                c.entity
                for c in column.classifications[: None if column.type_hint == _PROSE else 1]
            ),
        )
        for column in dataset.columns
        if column.classifications
    ]
    for same in _grouped(found, None):
        yield _strongest(same, None)


def _grouped(found: Iterable[FieldTags], depth: int | None) -> list[list[FieldTags]]:
    groups: dict[tuple[str, ...], list[FieldTags]] = {}
    for one in found:
        groups.setdefault(one.path[:depth], []).append(one)
    return list(groups.values())


def _strongest(fields: list[FieldTags], depth: int | None) -> FieldTags:
    """What is told of several as one: the verdict that hurts most, and everything found."""
    first = min(fields, key=_rank)
    every = dict.fromkeys([first.entity, *(e for one in fields for e in one.entities)])
    return FieldTags(
        path=first.path[:depth],
        entity=first.entity,
        category=first.category,
        domain=first.domain,
        sensitive=first.sensitive,
        confidence=first.confidence,
        entities=tuple(every),
    )


def _rank(one: FieldTags) -> tuple[bool, int, float]:
    known = one.domain in DOMAIN_ORDER
    order = DOMAIN_ORDER.index(one.domain) if known else len(DOMAIN_ORDER)
    return (not one.sensitive, order, -one.confidence)
