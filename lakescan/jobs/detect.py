"""``detect`` and ``detect_column``: findings in a text or a column, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.connectors import Dataset
from lakescan.errors import UsageError
from lakescan.jobs.accuracy import asked, decided
from lakescan.jobs.scan.judge import judge
from lakescan.policy import AccuracyMode, Policy
from lakescan.reports.cards.sketch import Sketch, Spot, sketch
from lakescan.reports.model import Classification, ColumnReport
from lakescan.udfs.arrays import to_numpy
from lakescan.udfs.classify import TableProfiler
from lakescan.udfs.classify.profile.distinct import series_of
from lakescan.udfs.classify.profile.masking import mask
from lakescan.udfs.detect import FINDINGS_SCHEMA, DetectorSet, Values, build_detectors
from lakescan.udfs.detect.findings import names_of
from lakescan.udfs.detect.values import without_lone_surrogates


@dataclass(frozen=True, slots=True)
class Finding:
    """One entity in a text.

    Args:
        start: the first character (code point), from 0.
        end: one past the last.
        entity: the finer name (``US_SSN``).
        category: the harmonized one (``SOCIAL_SECURITY_ID``).
        score: 0..1.
        detector: what found it (``pattern.us_ssn``).
    """

    start: int
    end: int
    entity: str
    category: str
    score: float
    detector: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a column.

    Args:
        table: ``row:int64, start:int32, end:int32, entity, score:float32, detector``, ordered by
            row and start; ``row`` indexes the array that was given, offsets count code points.
        verdict: what the column as a whole holds; its classifications come best first. Of nested
            values and JSON documents, all that stands anywhere inside.
        inner: the verdicts of what is inside nested values and JSON documents, each with its path
            (``payload.$.user.mail``); empty for a flat column.
    """

    table: pa.Table
    verdict: ColumnReport
    inner: tuple[ColumnReport, ...] = ()

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def _repr_html_(self) -> str:
        from lakescan.reports.cards.column import column_card

        return column_card(self.verdict, inner=self.inner)


class Detected(list[Finding]):
    """The findings of one text; a notebook shows where in it they stand.

    Args:
        findings: in the order of the text.
        drawn: the text's outline with them, masked.
    """

    def __init__(self, findings: Iterable[Finding], drawn: Sketch) -> None:
        super().__init__(findings)
        self._drawn = drawn

    def __reduce__(self) -> tuple[type[Detected], tuple[list[Finding], Sketch]]:
        return Detected, (list(self), self._drawn)

    def _repr_html_(self) -> str:
        from lakescan.reports.cards.sketch import sketch_card

        return sketch_card(self._drawn)


def detect(
    text: str, policy: Policy | None = None, *, accuracy_mode: AccuracyMode | None = None
) -> Detected:
    """Find entities in one text.

    Args:
        text: of any length; nothing is kept of it but its outline and masked previews.
        policy: what to look for; None for the default.
        accuracy_mode: which model reads the text, instead of what the policy says.

    Returns:
        A list of findings in the order of the text; none overlap.

    Raises:
        UsageError: it is no text, or the policy's model is not there.
        MissingDependencyError: packages that the accuracy mode needs are not installed.
    """
    rules = policy or Policy.default()
    found = detect_texts([_one(text)], rules, accuracy_mode=accuracy_mode)[0]
    return Detected(found, sketch(text, [_spot(each, text, rules) for each in found]))


def _one(text: object) -> str:
    if isinstance(text, str):
        return text
    raise UsageError(
        f"detect takes one text, not {type(text).__name__}", hint="of many: lakescan.detect_column"
    )


def _spot(found: Finding, text: str, policy: Policy) -> Spot:
    preview, domain = mask(text[found.start : found.end]), policy.domain_of(found.entity)
    return Spot(found.start, found.end, preview, found.entity, domain, found.score, found.detector)


def detect_texts(
    texts: Sequence[str],
    policy: Policy | None = None,
    *,
    accuracy_mode: AccuracyMode | None = None,
) -> list[list[Finding]]:
    """Find entities in many texts at once, which is far faster than one by one.

    Args:
        texts: of any length.
        policy: what to look for; None for the default.
        accuracy_mode: which model reads the texts, instead of what the policy says.

    Returns:
        For each text what `detect` finds in it.

    Raises:
        UsageError: the policy's model is not there.
        MissingDependencyError: packages that the accuracy mode needs are not installed.
    """
    rules = asked(policy or Policy.default(), accuracy_mode)
    answers: list[list[Finding]] = [[] for _ in texts]
    if not any(texts):
        return answers
    found = detectors_for(rules).detect_texts(Values.of(list(texts)))
    for row, finding in findings_of(found, rules):
        answers[row].append(finding)
    return answers


def findings_of(table: pa.Table, policy: Policy) -> Iterator[tuple[int, Finding]]:
    """Each finding of a table, and the row of its value, in the table's order.

    Args:
        table: of `FINDINGS_SCHEMA`.
        policy: knows the categories.
    """
    names, entities = names_of(table, "entity")
    detectors, kinds = names_of(table, "detector")
    categories = [policy.category_of(name) for name in names]
    numbers = (to_numpy(table[column]).tolist() for column in ("row", "start", "end", "score"))
    for row, start, end, score, entity, kind in zip(
        *numbers, entities.tolist(), kinds.tolist(), strict=True
    ):
        yield row, Finding(start, end, names[entity], categories[entity], score, detectors[kind])


def detect_column(
    array: pa.Array | pa.ChunkedArray,
    name: str | None = None,
    policy: Policy | None = None,
    *,
    accuracy_mode: AccuracyMode | None = None,
) -> Findings:
    """Find entities in a column, and say what the column holds.

    Args:
        array: strings, or anything that Arrow casts to strings. Nested arrays are judged, leaf by
            leaf, but their findings are not listed; strings that hold JSON objects are judged by
            their fields, too.
        name: the column's name, which is evidence too.
        policy: what to look for; None for the default.
        accuracy_mode: which model reads the values, instead of what the policy says.

    Raises:
        UsageError: the policy's model is not there.
        MissingDependencyError: packages that the accuracy mode needs are not installed.
    """
    rules = asked(policy or Policy.default(), accuracy_mode)
    detectors = detectors_for(rules)
    flat = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    profiler = TableProfiler(detectors)
    profiler.update(pa.record_batch([flat], names=[without_lone_surrogates(name or "column_0")]))
    shell = Dataset("", "array", "", (), named=name is not None)
    report = judge(shell, profiler.finish(), len(flat), rules, whole=True)
    first, *others = report.columns
    found = by_row(flat, detectors)
    if not others and not pa.types.is_nested(flat.type):
        return Findings(found, first)
    return Findings(found, _together(report.columns, name, flat), report.columns)


def _together(columns: Sequence[ColumnReport], name: str | None, array: pa.Array) -> ColumnReport:
    """One verdict on all leaves: each entity where it is surest, in the rows that hold it there."""
    surest: dict[str, Classification] = {}
    for told in (told for column in columns for told in column.classifications):
        known = surest.get(told.entity)
        if known is None or told.confidence > known.confidence:
            surest[told.entity] = told
    return replace(
        columns[0],
        column=name,
        type=str(array.type),
        rows=len(array),
        nulls=array.null_count,
        sensitive=any(column.sensitive for column in columns),
        type_hint=None,
        classifications=tuple(
            sorted(surest.values(), key=lambda told: (-told.confidence, told.entity))
        ),
        outvoted=(),
    )


def by_row(array: pa.Array, detectors: DetectorSet) -> pa.Table:
    """Findings in each row, from findings in each distinct value.

    Args:
        array: flat; of bytes those are read that are text.
        detectors: set up.

    Returns:
        As `Findings.table`; empty for a type that no text says.
    """
    if pa.types.is_nested(array.type):
        return FINDINGS_SCHEMA.empty_table()
    try:
        texts = series_of(array.cast(pa.large_string()))
    except pa.ArrowNotImplementedError:  # no text says it
        return FINDINGS_SCHEMA.empty_table()
    except pa.ArrowInvalid:  # bytes, some of which are no text
        texts = pl.Series(_readable(array.to_pylist()), dtype=pl.String)
    rows = pl.DataFrame({"text": texts, "row": np.arange(len(texts), dtype=np.int64)}).drop_nulls()
    values = rows.get_column("text").unique(maintain_order=True)
    found = detectors.detect_texts(Values(values))
    if not found.num_rows:
        return FINDINGS_SCHEMA.empty_table()
    # By number: a text may be long, and hold thousands of findings.
    numbers = pl.DataFrame({"text": values, "value": np.arange(len(values), dtype=np.int64)})
    places = rows.join(numbers, on="text").select("row", "value")
    findings = pl.DataFrame(
        {
            "value": to_numpy(found["row"]),
            "place": np.arange(found.num_rows, dtype=np.int64),
            "start": to_numpy(found["start"]),
            "end": to_numpy(found["end"]),
        }
    )
    joined = places.join(findings, on="value").sort("row", "start", "end")
    chosen = found.take(joined.get_column("place").to_arrow())
    return chosen.set_column(0, FINDINGS_SCHEMA.field("row"), joined.get_column("row").to_arrow())


def _readable(values: list[bytes | None]) -> Iterator[str | None]:
    """Bytes as texts; None where they are none."""
    for value in values:
        try:
            yield None if value is None else value.decode()
        except UnicodeDecodeError:
            yield None


@dataclass(frozen=True, slots=True, eq=False)
class _ByHash:
    """A policy that equals every other of the same hash, as a key of the cache."""

    policy: Policy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByHash) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, str | None]:
        # The hash knows a model by its folder's name alone.
        return self.policy.hash, self.policy.ner.model


@lru_cache(maxsize=4)
def _built(key: _ByHash) -> DetectorSet:
    detectors = build_detectors(key.policy)
    detectors.setup()
    return detectors


def detectors_for(policy: Policy) -> DetectorSet:
    """The detectors of a policy, set up; those of the last few policies are kept."""
    return _built(_ByHash(decided(policy)))
