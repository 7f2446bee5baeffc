"""Which tables are held against each other, and file by file where both sides are files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from lakescan.connectors import Dataset, Selection, Split, discover, shown
from lakescan.connectors.paths import any_version, below
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, scheme_of
from lakescan.errors import NotFoundError
from lakescan.jobs.anonymize.job import report_of
from lakescan.jobs.anonymize.keys import consistent
from lakescan.jobs.anonymize.pairing import counterpart
from lakescan.jobs.anonymize.plan import TablePlanner
from lakescan.jobs.verify.beside import together
from lakescan.jobs.verify.logical import UNTYPED, kind_of, same_kind
from lakescan.jobs.verify.task import VerifyUnit
from lakescan.jobs.verify.watch import Watch
from lakescan.policy import Policy
from lakescan.reports.model import DatasetReport
from lakescan.udfs.anonymize.plan import TablePlan

#: Tables whose rows stand in no order that lasts, though they lie in files.
LAKE_FORMATS = frozenset({"delta", "iceberg"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A table of the source, and the same in the output.

    Args:
        name: of the table below the source's root.
        before: the table.
        after: what it became; None if it is not in the output.
        report: what the scan says of it.
        plan: what was to be done to its columns.
        roots: of source and output, as they are shown.
        quasi: paths, `written_out`, of the columns by which a row may be known.
        confidential: of columns of what nobody should learn.
    """

    name: str
    before: Dataset
    after: Dataset | None
    report: DatasetReport
    plan: TablePlan
    roots: tuple[str, str]
    quasi: tuple[str, ...]
    confidential: tuple[str, ...]

    def units(self, place: int) -> Iterator[VerifyUnit]:
        """A unit a file, or the files that became one; of what is not there, its source alone.

        What is no file, or became none, is one unit: its rows stand in no order.
        """
        if self.after is not None and not (of_files(self.before) and of_files(self.after)):
            yield VerifyUnit(
                place,
                tuple(self.before.splits),
                tuple(self.after.splits),
                self.plan,
                self.watched,
                beside=False,
            )
            return
        made = _files(self.after, self.roots[1]) if self.after is not None else {}
        for splits, after in together(_files(self.before, self.roots[0]), made):
            yield VerifyUnit(place, splits, after, self.plan, self.watched)

    @property
    def watched(self) -> tuple[str, ...]:
        """Paths of all columns that the risk is counted over."""
        return tuple(dict.fromkeys((*self.quasi, *self.confidential)))

    def differences(self, rows_before: int, rows_after: int) -> Iterator[str]:
        """What the table is now that it was not: its rows, its columns, their types.

        Types are compared as they are where the format is the same, else by the kind of their
        values; not at all with formats that know none, nor where such a format has lost all values
        by which it told a column's type.
        """
        if self.after is None:
            yield "is not in the output"
            return
        if rows_before != rows_after:
            yield f"{rows_before:,} rows before, {rows_after:,} after"
        old, new = self.before.schema, self.after.schema
        if old is None or new is None or self.before.named != self.after.named:
            return
        gone = {
            plan.path
            for plan in self.plan.columns
            if plan.whole is not None and plan.whole.operator == "drop"
        }
        same = self.before.format == self.after.format
        without_types = UNTYPED & {self.before.format, self.after.format}
        untyped = without_types and not same
        emptied = {
            plan.index
            for plan in self.plan.columns
            if without_types and plan.whole is not None and plan.whole.operator == "null"
        }
        was, is_ = _fields(old), _fields(new)
        for place, (field, kind) in enumerate(was.items()):
            name, _ = field
            if name in gone:
                continue
            made = is_.get(field)
            if made is None:
                if name not in self.after.partitions:
                    yield f"column {name} is gone"
            elif not untyped and place not in emptied:
                yield from _type_difference(name, kind, made, same=same)
        for field in is_:
            name, _ = field
            if field not in was and name not in self.before.partitions:
                yield f"column {name} is new"


def paired(
    source: str,
    output: str,
    policy: Policy,
    selection: Selection,
    reports: Sequence[DatasetReport],
    watch: Watch,
) -> Iterator[Pair]:
    """Each table of a source with what it became.

    Args:
        source, output: URIs.
        policy: what was to be done.
        selection: which files of both, and how storage is reached.
        reports: of a scan of the source.
        watch: which columns the risk is counted over.

    Raises:
        UsageError: a column that the risk should be counted over is in no table.
        NotFoundError: there is no table in the output.
        PolicyError: the policy does not suit the source.
    """
    datasets = [
        (dataset, report)
        for dataset in _tables(source, selection)
        if (report := report_of(dataset, reports)) is not None
    ]
    names = [_name(dataset, source) for dataset, _ in datasets]
    others = {name for name, (table, _) in zip(names, datasets, strict=True) if not of_files(table)}
    made = dict(_regrouped(_tables(output, selection), output, others))
    if not made:
        raise NotFoundError(f"{output}: no tables are here", uri=output)
    sole = {counterpart(name, names): name for name in made}
    plans = [TablePlanner(policy, *each, has_key=True).plan() for each in datasets]
    tables = [dataset for dataset, _ in datasets]
    plans = consistent(tables, plans, policy, has_key=True)
    roots = (shown(source), shown(output))
    for name, (dataset, report), plan in zip(names, datasets, plans, strict=True):
        found = made.get(_counterpart(name, made, sole) or "")
        shown_name = name or dataset.uri.rstrip("/").rpartition("/")[2]
        sides = watch.quasi_of(report), watch.confidential_of(report)
        yield Pair(shown_name, dataset, found, report, plan, roots, *sides)
    watch.check([report for _, report in datasets])


def _counterpart(name: str, made: Iterable[str], sole: Mapping[str | None, str]) -> str | None:
    """What a table became; of several files, perhaps one."""
    found = counterpart(name, made)
    return sole.get(name) if found is None else found


def of_files(dataset: Dataset) -> bool:
    """Whether a table is plain files, each with rows in an order that lasts."""
    return dataset.format not in LAKE_FORMATS and scheme_of(dataset.uri) in STORAGE_SCHEMES


def _name(dataset: Dataset, root: str) -> str:
    """A table's path below the root of its side; a snapshot of it has the table's name."""
    uri, base = dataset.uri, shown(root)
    if dataset.format in LAKE_FORMATS:
        uri, base = any_version(uri), any_version(base)
    return below(uri, base)


def _tables(uri: str, selection: Selection) -> Iterator[Dataset]:
    return (each for each in discover(uri, selection) if isinstance(each, Dataset))


def _regrouped(
    made: Iterable[Dataset], root: str, others: set[str]
) -> Iterator[tuple[str, Dataset]]:
    """The tables of an output by their paths.

    What was no file becomes the files of a folder that has its name: these are its table, however
    files of such names are grouped else.

    Args:
        others: names of the source's tables that are no files.
    """
    claimed: dict[str, list[tuple[Split, Dataset]]] = {}
    for dataset in made:
        name = _name(dataset, root)
        if not others or not of_files(dataset):
            yield name, dataset
            continue
        left = []
        for split in dataset.splits:
            table = _folder(below(split.uri, shown(root)), others)
            if table is None:
                left.append(split)
            else:
                claimed.setdefault(table, []).append((split, dataset))
        if left or not dataset.splits:
            yield name, replace(dataset, splits=tuple(left))
    for table, parts in claimed.items():
        splits = tuple(split for split, _ in parts)
        yield table, replace(parts[0][1], uri=f"{shown(root).rstrip('/')}/{table}/", splits=splits)


def _folder(path: str, names: set[str]) -> str | None:
    """The deepest folder of a file that is named like one of the tables."""
    folder = path.rpartition("/")[0]
    while folder:
        if counterpart(folder, names) is not None:
            return folder
        folder = folder.rpartition("/")[0]
    return None


def _files(dataset: Dataset, root: str) -> dict[str, tuple[Split, ...]]:
    found: dict[str, list[Split]] = {}
    for split in dataset.splits:
        found.setdefault(below(split.uri.replace("!/", "/"), root), []).append(split)
    return {name: tuple(splits) for name, splits in found.items()}


def _type_difference(name: str, was: pa.DataType, now: pa.DataType, *, same: bool) -> Iterator[str]:
    """Whether a column is of another type; in the same format, or of another kind in another."""
    if same and now != was:
        yield f"column {name} was {was}, is {now}"
    elif not same_kind(was, now):
        yield f"column {name} was {kind_of(was)}, is {kind_of(now)}"


def _fields(schema: pa.Schema) -> dict[tuple[str, int], pa.DataType]:
    """The types of columns by name, and by how many of that name stand before."""
    found: dict[tuple[str, int], pa.DataType] = {}
    before: Counter[str] = Counter()
    for field in schema:
        found[field.name, before[field.name]] = field.type
        before[field.name] += 1
    return found
