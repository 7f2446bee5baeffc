"""What a scan answers, as values: the shape of the JSON contract, without any formatting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a classification.

    Args:
        detector: ``pattern.email``, ``dictionary.city``, ``header``, ``ner``, ...
        rows_hit: rows where it found the entity; None for evidence that is not counted in rows.
        score: its own certainty, 0..1.
        weight: what it brought to the confidence, 0..1; None where that is not known.
        samples: masked previews of what the detector found, never raw values.
    """

    detector: str
    score: float
    rows_hit: int | None = None
    weight: float | None = None
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """One entity that a column holds.

    Args:
        entity: the finer name (``US_SSN``, ``IBAN``, ``CITY``).
        category: the harmonized one (``SOCIAL_SECURITY_ID``).
        domain: ``PII``, ``PHI``, ``PCI`` or ``SECRET``.
        confidence: 0..1, how sure the verdict is.
        prevalence: rows hit / rows scanned that are not null.
        interval: 95 % interval of the prevalence in the whole column.
        rows_hit: rows with at least one finding.
        distinct_hit: distinct values with at least one finding (an estimate).
        samples: masked previews, never raw values.
        evidence: strongest first.
        basis: what the confidence rests on: ``values``, ``header``, ``values and header``, ...;
            empty where that is not known.
        because: how it adds up, a sentence each.
    """

    entity: str
    category: str
    domain: str
    confidence: float
    prevalence: float
    interval: tuple[float, float]
    rows_hit: int
    distinct_hit: int
    samples: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    basis: str = ""
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outvoted:
    """An entity for which something spoke in a column, and which is not told of it.

    Args:
        confidence: what the evidence came to, 0..1.
        because: why it is not told, a sentence each.
        evidence: strongest first.
    """

    entity: str
    category: str
    confidence: float
    because: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """What one column holds; ``classifications`` come best first, and none means NONE.

    Args:
        missed_below: an entity of which no sign was seen may still stand in up to this share of the
            column's values (upper end of a 95 % interval); 0 after a full scan.
        outvoted: what had evidence and is no classification, surest first.
    """

    column: str | None
    index: int
    type: str
    rows: int
    nulls: int
    distinct: int
    sensitive: bool
    type_hint: str | None = None
    classifications: tuple[Classification, ...] = ()
    missed_below: float = 0.0
    outvoted: tuple[Outvoted, ...] = ()

    def _repr_html_(self) -> str:
        from lakescan.reports.cards.column import column_card

        return column_card(self)


@dataclass(frozen=True, slots=True)
class DatasetReport:
    """One table."""

    uri: str
    format: str
    version: str
    rows: int
    rows_scanned: int
    columns: tuple[ColumnReport, ...]


#: Kinds of what is told beside errors though everything was read.
_NOTICES = frozenset(["ManyPaths", "Notice"])


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """One thing that went wrong and was passed over."""

    uri: str
    kind: str
    message: str

    @property
    def left_records_out(self) -> bool:
        """Whether records were not read; else bytes in some were replaced, at most."""
        return not self.is_notice and self.kind != "DamagedText"

    @property
    def is_notice(self) -> bool:
        """Whether nothing was left out: a run with notices alone is complete."""
        return self.kind in _NOTICES


@dataclass(frozen=True, slots=True)
class BucketReport:
    """How a bucket is protected that holds what was scanned, as far as we may see it.

    Args:
        uri: the bucket or container.
        public: ``yes`` (everyone may read some of it), ``no``, ``unknown``.
        encryption: how objects are encrypted at rest; ``none``, ``unknown``.
        versioning: ``on`` (old versions are kept, with what they hold), ``off``, ``unknown``.
    """

    uri: str
    public: str
    encryption: str
    versioning: str


@dataclass(frozen=True, slots=True)
class ScanReport:
    """A whole run.

    Args:
        status: ``complete``, ``partial`` or ``failed``.
        seconds: wall time of the run.
        versions: ``lakescan``, each detector, each model -> version.
        started: when, ISO 8601 in UTC; empty where it is not known.
        buckets: where datasets lie in an object store.
    """

    run_id: str
    status: str
    engine: str
    policy_hash: str
    rows_scanned: int
    bytes_scanned: int
    seconds: float
    datasets: tuple[DatasetReport, ...]
    errors: tuple[ErrorReport, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    started: str = ""
    buckets: tuple[BucketReport, ...] = ()

    @property
    def unread(self) -> tuple[ErrorReport, ...]:
        """What was not read, or not as it stands."""
        return tuple(error for error in self.errors if not error.is_notice)

    @property
    def notices(self) -> tuple[ErrorReport, ...]:
        """What there is to know of what was read."""
        return tuple(error for error in self.errors if error.is_notice)
