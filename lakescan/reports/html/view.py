"""The report as the page shows it: sentences, shares, and what sorts and filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lakescan.reports.baseline import Finding, column_name, findings, fingerprints
from lakescan.reports.catalog import DOMAIN_ORDER, about, domain_title, title_of
from lakescan.reports.html.words import certainty, reason_words
from lakescan.reports.legible import legible, percent, plural, shortened
from lakescan.reports.model import Classification, ColumnReport, DatasetReport, ScanReport

_NAME_LENGTH = 90

#: A page with more columns than this would be slow to open: the least telling are left out.
MAX_COLUMNS = 20_000


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One piece of evidence."""

    detector: str
    words: str
    rows: str
    score: str


@dataclass(frozen=True, slots=True)
class FoundView:
    """One entity in a column; ``by_name`` where no value shows it."""

    entity: str
    title: str
    domain: str
    domain_title: str
    description: str
    regulations: tuple[str, ...]
    confidence: str
    certainty: str
    prevalence: str
    share: float
    low: float
    high: float
    interval: str
    rows_hit: str
    distinct_hit: str
    by_name: bool
    samples: tuple[str, ...]
    reasons: tuple[ReasonView, ...]
    new: bool


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column.

    Args:
        kind: ``personal``, ``other`` (recognized, not personal) or ``none``.
        full_name: the whole name where ``name`` had to be cut; else empty.
    """

    kind: str
    name: str
    full_name: str
    index: int
    type: str
    rows: str
    nulls: str
    distinct: str
    free_text: bool
    missed_below: str
    found: tuple[FoundView, ...]

    @property
    def verdict(self) -> FoundView | None:
        """What the column holds; None where nothing was found."""
        return self.found[0] if self.found else None

    @property
    def entities(self) -> str:
        """Names that a filter can ask for."""
        return " ".join(found.entity for found in self.found)

    @property
    def domains(self) -> str:
        """Domains that a filter can ask for."""
        return " ".join(sorted({found.domain for found in self.found}))

    @property
    def new(self) -> bool:
        """Whether something in it is new since the baseline."""
        return any(found.new for found in self.found)


@dataclass(frozen=True, slots=True)
class DatasetView:
    """One dataset; ``folder`` and ``name`` make up its URI, ``width`` counts all its columns."""

    folder: str
    name: str
    format: str
    rows: str
    sampled: str
    version: str
    columns: tuple[ColumnView, ...]
    width: int
    personal: int
    other: int


@dataclass(frozen=True, slots=True)
class EntityView:
    """One line of the overview."""

    entity: str
    title: str
    description: str
    columns: int
    also: int
    datasets: int
    confidence: str
    certainty: str
    share: float


@dataclass(frozen=True, slots=True)
class DomainView:
    """The lines of one domain."""

    domain: str
    title: str
    entities: tuple[EntityView, ...]
    columns: int


def dataset_views(report: ScanReport, baseline: ScanReport | None) -> Iterator[DatasetView]:
    """The datasets in the report's order, what is new since the baseline marked."""
    known = None if baseline is None else fingerprints(baseline)
    all_findings = findings(report)
    for dataset in report.datasets:
        columns = tuple(_column(column, all_findings, known) for column in dataset.columns)
        folder, name = _split_uri(dataset.uri)
        yield DatasetView(
            folder=folder,
            name=name,
            format=dataset.format,
            rows=plural(dataset.rows_scanned, "row"),
            sampled=_sampled(dataset),
            version=legible(dataset.version),
            columns=columns,
            width=len(columns),
            personal=sum(column.kind == "personal" for column in columns),
            other=sum(column.kind == "other" for column in columns),
        )


def listed(datasets: tuple[DatasetView, ...], limit: int) -> tuple[DatasetView, ...]:
    """The datasets with at most ``limit`` columns in all.

    Left out are, as far as needed, columns without findings, then those that are not personal,
    then the last ones.
    """
    for kinds in (("personal", "other", "none"), ("personal", "other"), ("personal",)):
        kept = tuple(_only(dataset, kinds) for dataset in datasets)
        if sum(len(dataset.columns) for dataset in kept) <= limit:
            break
    left = limit
    cut: list[DatasetView] = []
    for dataset in kept:
        if dataset.columns[:left] or not dataset.width:
            cut.append(replace(dataset, columns=dataset.columns[:left]))
        left = max(0, left - len(dataset.columns))
    return tuple(cut)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the listed columns each filter shows."""

    personal: int
    found: int
    new: int
    all: int


def kind_counts(datasets: tuple[DatasetView, ...]) -> Counts:
    """Count the columns that are listed."""
    columns = [column for dataset in datasets for column in dataset.columns]
    return Counts(
        personal=sum(column.kind == "personal" for column in columns),
        found=sum(column.kind != "none" for column in columns),
        new=sum(column.new for column in columns),
        all=len(columns),
    )


def _only(dataset: DatasetView, kinds: tuple[str, ...]) -> DatasetView:
    columns = tuple(column for column in dataset.columns if column.kind in kinds)
    return replace(dataset, columns=columns)


def _split_uri(uri: str) -> tuple[str, str]:
    """The last part of a URI and what stands before it; a prefix keeps its slash."""
    text = legible(uri)
    folder, slash, name = text.rstrip("/").rpartition("/")
    return folder + slash, shortened(name, _NAME_LENGTH) + ("/" if text.endswith("/") else "")


def _sampled(dataset: DatasetReport) -> str:
    if dataset.rows_scanned >= dataset.rows:
        return ""
    return f"{percent(dataset.rows_scanned / dataset.rows)} of {plural(dataset.rows, 'row')}"


def _column(
    column: ColumnReport, all_findings: Iterator[Finding], known: frozenset[str] | None
) -> ColumnView:
    full_name = legible(column_name(column.column, column.index))
    name = shortened(full_name, _NAME_LENGTH)
    kind = "personal" if column.sensitive else "other" if column.classifications else "none"
    found = []
    for classification in column.classifications:
        mark = next(all_findings).fingerprint
        found.append(_found(classification, new=known is not None and mark not in known))
    return ColumnView(
        kind=kind,
        name=name,
        full_name=full_name if full_name != name else "",
        index=column.index,
        type=legible(column.type),
        rows=f"{column.rows:,}",
        nulls=f"{column.nulls:,}",
        distinct=f"{column.distinct:,}",
        free_text=column.type_hint == "FREE_TEXT",
        missed_below=f"{100 * column.missed_below:.2g} %" if column.missed_below else "",
        found=tuple(found),
    )


def _found(seen: Classification, *, new: bool) -> FoundView:
    entity = about(seen.entity)
    low, high = seen.interval
    return FoundView(
        entity=legible(seen.entity),
        title=legible(entity.title),
        domain=seen.domain,
        domain_title=domain_title(seen.domain),
        description=legible(entity.description),
        regulations=entity.regulations,
        confidence=f"{seen.confidence:.2f}",
        certainty=certainty(seen.confidence),
        prevalence=percent(seen.prevalence),
        share=_share(seen.prevalence),
        low=_share(low),
        high=_share(high),
        interval=percent(low)
        if percent(low) == percent(high)
        else f"{percent(low)} to {percent(high)}",
        rows_hit=f"{seen.rows_hit:,}",
        distinct_hit=f"{seen.distinct_hit:,}",
        by_name=seen.rows_hit == 0,
        samples=tuple(legible(sample) for sample in seen.samples),
        reasons=tuple(
            ReasonView(
                detector=legible(reason.detector),
                words=reason_words(reason.detector),
                rows="" if reason.rows_hit is None else plural(reason.rows_hit, "row"),
                score=f"{reason.score:.2f}",
            )
            for reason in seen.evidence
        ),
        new=new,
    )


def _share(value: float) -> float:
    """A share as a place on a bar of 100 units."""
    return round(100 * min(1.0, max(0.0, value)), 1)


def overview(datasets: tuple[DatasetView, ...], kind: str) -> tuple[DomainView, ...]:
    """What columns of one kind hold, by domain and entity, the most frequent first."""
    columns: dict[str, int] = {}
    also: dict[str, int] = {}
    places: dict[str, set[int]] = {}
    best: dict[str, FoundView] = {}
    for at, dataset in enumerate(datasets):
        for column in dataset.columns:
            if column.kind != kind:
                continue
            for rank, found in enumerate(column.found):
                name = found.entity
                counted = also if rank else columns
                counted[name] = counted.get(name, 0) + 1
                places.setdefault(name, set()).add(at)
                if name not in best or found.confidence > best[name].confidence:
                    best[name] = found
    most = max(columns.values(), default=1)
    lines: dict[str, list[EntityView]] = {}
    for name, found in best.items():
        lines.setdefault(found.domain, []).append(
            EntityView(
                entity=name,
                title=found.title,
                description=found.description,
                columns=columns.get(name, 0),
                also=also.get(name, 0),
                datasets=len(places[name]),
                confidence=found.confidence,
                certainty=found.certainty,
                share=round(100 * columns.get(name, 0) / most, 1),
            )
        )
    order = [d for d in DOMAIN_ORDER if d in lines] + sorted(set(lines) - set(DOMAIN_ORDER))
    return tuple(
        DomainView(
            domain=domain,
            title=domain_title(domain),
            entities=tuple(sorted(lines[domain], key=lambda e: (-e.columns, -e.also, e.entity))),
            columns=sum(entity.columns for entity in lines[domain]),
        )
        for domain in order
    )


def entity_choices(datasets: tuple[DatasetView, ...]) -> list[tuple[str, str]]:
    """Every entity found, by its title."""
    names = {found.entity for d in datasets for c in d.columns for found in c.found}
    return sorted(((name, title_of(name)) for name in names), key=lambda pair: pair[1].lower())
