"""Which columns the risk is counted over: named, or found by the scan; and what to do to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lakescan.errors import UsageError, did_you_mean
from lakescan.jobs.verify.task import written_out
from lakescan.policy.globs import column_matches
from lakescan.reports.model import ColumnReport, DatasetReport
from lakescan.udfs.anonymize.plan import TablePlan

#: Categories by which a row may stand out though nothing in it names a person.
QUASI = frozenset(
    {"AGE", "DATE_OF_BIRTH", "GENDER", "LOCATION", "NRP", "OCCUPATION", "PHYSICAL_ATTRIBUTE"}
)
#: Categories of what nobody should learn of a person whose row is known.
CONFIDENTIAL = frozenset({"AMOUNT", "MEDICAL"})
_POSTAL = frozenset({"CA_POSTAL_CODE", "DE_PLZ", "NL_POSTCODE", "UK_POSTCODE", "ZIPCODE"})
_ADVICE: Mapping[str, str] = {
    "AGE": "generalize to bands, such as {width: 10}",
    "DATETIME": "generalize to {to: year}",
    "DATE_OF_BIRTH": "generalize to {to: year}",
    "NRP": "generalize by a {tree: ...}, or null",
    "OCCUPATION": "generalize by a {tree: ...}, or null",
}


@dataclass(frozen=True, slots=True)
class Watch:
    """What the risk is counted over.

    Args:
        quasi: globs over the paths of columns by which a row may be known; empty for those that the
            scan finds.
        confidential: of columns of what nobody should learn; empty likewise.
    """

    quasi: tuple[str, ...] = ()
    confidential: tuple[str, ...] = ()

    def quasi_of(self, report: DatasetReport) -> tuple[str, ...]:
        """Columns by which a row may be known; of those that the scan finds, two at least."""
        found = tuple(_chosen(report, self.quasi, QUASI))
        if self.quasi:
            return found
        rest = tuple(path for path in found if not _means(path, self.confidential))
        return rest if len(rest) > 1 else ()

    def confidential_of(self, report: DatasetReport) -> tuple[str, ...]:
        """Columns of what nobody should learn."""
        quasi = self.quasi_of(report)
        chosen = _chosen(report, self.confidential, CONFIDENTIAL)
        return tuple(path for path in chosen if path not in quasi) if quasi else ()

    def check(self, reports: Sequence[DatasetReport]) -> None:
        """Make sure that what was named is there.

        Raises:
            UsageError: a glob means no column of any table.
        """
        known = {path for report in reports for path, _ in _flat(report)}
        for glob in (*self.quasi, *self.confidential):
            if not any(_means(path, (glob,)) for path in known):
                raise UsageError(f"no table has a column {glob!r}", hint=did_you_mean(glob, known))


def advice(report: DatasetReport, plan: TablePlan) -> dict[str, str]:
    """What may be done to each column of a table so that it tells less."""
    done = {
        written_out(column.path)
        for column in plan.columns
        if column.whole is not None and column.whole.operator == "generalize"
    }
    return {
        path: "generalize further, or null" if path in done else _suiting(column)
        for path, column in _flat(report)
    }


def _suiting(column: ColumnReport) -> str:
    if not column.classifications:
        return "generalize, or null"
    first = column.classifications[0]
    if first.entity in _POSTAL:
        return "generalize to {to: zip3}"
    return _ADVICE.get(first.category, "generalize, or null")


def _chosen(
    report: DatasetReport, globs: Sequence[str], categories: frozenset[str]
) -> Iterator[str]:
    for path, column in _flat(report):
        found = column.classifications
        if _means(path, globs) if globs else found and found[0].category in categories:
            yield path


def _flat(report: DatasetReport) -> Iterator[tuple[str, ColumnReport]]:
    """Columns with at most one value a row, by paths that nested ones share with JSON."""
    for column in report.columns:
        if column.column is not None and "[]" not in column.column and "{}" not in column.column:
            yield written_out(column.column), column


def _means(path: str, globs: Iterable[str]) -> bool:
    return any(column_matches(glob, path) for glob in globs)
