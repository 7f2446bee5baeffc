"""From a scan's verdicts and a policy to what is done to each column of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from lakescan import entities
from lakescan.connectors import Dataset
from lakescan.connectors.paths import partitions_of
from lakescan.errors import PolicyError, did_you_mean
from lakescan.jobs.anonymize.types import leaf_type
from lakescan.policy import Policy
from lakescan.policy.anonymize import AnonymizeRule, is_meant, rule_for
from lakescan.policy.globs import column_matches, path_matches
from lakescan.reports.model import ColumnReport, DatasetReport, ErrorReport
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.operators.protocol import Operator
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan, Treatment
from lakescan.udfs.anonymize.text_types import TEXT
from lakescan.udfs.arrays import is_binary
from lakescan.udfs.documents import REST

#: Hints of a verdict that say that cells hold what is found inside them.
_INSIDE = ("FREE_TEXT", "SPARSE")
#: Numbers, days and times, as they name folders.
_NUMBERED = re.compile(r"[\d.:+T_-]+")


@dataclass(slots=True)
class TablePlanner:
    """Plans one table.

    Args:
        policy: with its section on anonymizing.
        dataset: as it was discovered.
        report: as it was scanned.
        has_key: whether there is a keyring.
    """

    policy: Policy
    dataset: Dataset
    report: DatasetReport
    has_key: bool
    _operators: dict[object, Operator] = field(default_factory=dict)

    def plan(self) -> TablePlan:
        """What is done to each column.

        Raises:
            PolicyError: an operator cannot work on its column's type, or has no key.
        """
        columns = tuple(self._columns())
        names = {self._name(column) for column in self.report.columns}
        together = tuple(n.removesuffix(REST) for n in names if n.endswith(f".${REST}"))
        done = {column.path for column in columns}
        kept = (name for name in names - done if name.startswith(together or ("\0",)))
        return TablePlan(columns, frozenset(kept))

    def _columns(self) -> Iterator[ColumnPlan]:
        named = tuple(self._named())
        yield from (whole for _, whole in named if whole is not None)
        within = tuple(f"{name}{sign}" for name, _ in named for sign in ".[")
        for column in self.report.columns:
            if column.column is not None and column.column.startswith(within or ("\0",)):
                continue
            planned = self.column(column)
            if planned is not None:
                yield planned
        yield from self._unread()

    def _named(self) -> Iterator[tuple[str, ColumnPlan | None]]:
        """Structs, lists and maps that a rule names, with what is done to them as a whole."""
        if self.dataset.schema is None or not self.dataset.named:
            return
        for index, each in enumerate(self.dataset.schema):
            rule = rule_for(self.policy, self.dataset.uri, each.name, None)
            if rule is None or not pa.types.is_nested(each.type):
                continue
            if rule[1].column.casefold() == each.name.casefold():
                shell = ColumnReport(each.name, index, str(each.type), 1, 0, 0, sensitive=False)
                yield each.name, self._whole(shell, "", self._treatment(*rule))

    def check_named(self) -> None:
        """Try the rules that name columns, whose types are known before a row is read.

        Raises:
            PolicyError: an operator cannot work on its column's type, or has no key.
        """
        if self.dataset.schema is None or not self.dataset.named:
            return
        for index, each in enumerate(self.dataset.schema):
            rule = rule_for(self.policy, self.dataset.uri, each.name, None)
            if rule is not None and not pa.types.is_nested(each.type):
                kind = leaf_type(self.dataset.schema, index, each.name)
                self._suited(self._treatment(*rule), kind, each.name)

    def column(self, column: ColumnReport) -> ColumnPlan | None:
        """What is done to one column; None where it stays. Errors as `plan`."""
        name = self._name(column)
        verdict = column.classifications[0] if column.classifications else None
        forced = rule_for(self.policy, self.dataset.uri, name, None)
        prose = column.type_hint in _INSIDE or self.policy.anonymize.cells == "spans"
        # There is nothing inside a date or a number: such cells are treated whole.
        prose &= leaf_type(self.dataset.schema, column.index, column.column or "") == TEXT
        if forced is None and verdict is not None and prose:
            return self._spans(column) if column.sensitive or column.type_hint else None
        entity = verdict.entity if verdict is not None else ""
        rule = rule_for(self.policy, self.dataset.uri, name, entity) if entity else forced
        if rule is None and verdict is not None and column.sensitive:
            return self._whole(column, entity, self._default())
        if rule is not None and (
            forced is not None or column.sensitive or self._meant(rule[1], entity)
        ):
            return self._whole(column, entity, self._treatment(*rule))
        return None if verdict is not None else self._unrecognized(column)

    def _meant(self, rule: AnonymizeRule, entity: str) -> bool:
        return rule.names_column or is_meant(self.policy, rule, entity)

    def _name(self, column: ColumnReport) -> str:
        return column.column if column.column is not None else f"column_{column.index}"

    def _whole(self, column: ColumnReport, entity: str, treatment: Treatment) -> ColumnPlan | None:
        kind = leaf_type(self.dataset.schema, column.index, column.column or "")
        treatment = self._suited(treatment, kind, self._name(column))
        if treatment.operator == "keep":
            return None
        return ColumnPlan(
            column.index,
            column.column or "",
            entity,
            self.policy.category_of(entity) if entity else "",
            treatment,
            subject=self._subject(treatment),
        )

    def _spans(self, column: ColumnReport) -> ColumnPlan | None:
        """Every entity's treatment; those that have the same as any other are not listed."""
        if leaf_type(self.dataset.schema, column.index, column.column or "") != TEXT:
            return None
        name = self._name(column)
        default = self._suited(self._default(), TEXT, name)
        found: dict[str, Treatment] = {"*": default}
        known = [each.name for each in entities.all_entities()]
        known += [each.entity for each in self.policy.custom_entities]
        for entity in known:
            rule = rule_for(self.policy, self.dataset.uri, name, entity)
            if rule is not None:
                found[entity] = self._suited(self._treatment(*rule), TEXT, name)
        subjects = {each.rule: self._subject(each) for each in found.values()}
        whose = next((subject for subject in subjects.values() if subject), None)
        return ColumnPlan(column.index, column.column or "", spans=found, subject=whose)

    def _unrecognized(self, column: ColumnReport) -> ColumnPlan | None:
        if self._numbers_folders(column.column or ""):
            return None
        kind = leaf_type(self.dataset.schema, column.index, column.column or "")
        opaque = kind == TEXT or is_binary(kind)
        match self.policy.anonymize.unrecognized:
            case "spans":
                return self._spans(column)
            case "null" if opaque:
                null = Treatment("null", rule="unrecognized")
                return ColumnPlan(column.index, column.column or "", whole=null)
            case "fail" if opaque and column.rows > column.nulls:
                self._fail(self._name(column))
        return None

    def _numbers_folders(self, name: str) -> bool:
        """Whether a column is one of partitions, all numbers or days: no text, if read as one."""
        if name not in self.dataset.partitions:
            return False
        values = (dict(partitions_of(split.uri)).get(name) for split in self.dataset.splits)
        return all(value is None or _NUMBERED.fullmatch(value) for value in values)

    def _unread(self) -> Iterator[ColumnPlan]:
        """Columns that the policy told the scan not to read."""
        schema = self.dataset.schema
        if schema is None or not self.dataset.named:
            return
        read = {column.column or "" for column in self.report.columns}
        for index, each in enumerate(schema):
            if any(path == each.name or path.startswith((f"{each.name}.", f"{each.name}["))
                   for path in read):  # fmt: skip
                continue
            rule = rule_for(self.policy, self.dataset.uri, each.name, None)
            shell = ColumnReport(each.name, index, str(each.type), 1, 0, 0, sensitive=False)
            planned = (
                self._whole(shell, "", self._treatment(*rule))
                if rule is not None
                else self._unscanned(shell)
            )
            if planned is not None:
                yield planned

    def _unscanned(self, column: ColumnReport) -> ColumnPlan | None:
        """Of a column that nobody looked into, its type says nothing either."""
        match self.policy.anonymize.unrecognized:
            case "null":
                null = Treatment("null", rule="unrecognized")
                return ColumnPlan(column.index, column.column or "", whole=null)
            case "fail":
                self._fail(self._name(column))
        return self._unrecognized(column)

    def _fail(self, column: str) -> None:
        raise PolicyError(
            f"{self.dataset.uri}: nothing is known of column {column!r}",
            path="anonymize.unrecognized",
            hint="add a rule for the column (keep, if it may stay)",
        )

    def _default(self) -> Treatment:
        section = self.policy.anonymize
        return Treatment(section.default, {}, section.domain, rule="default")

    def _treatment(self, place: int, rule: AnonymizeRule) -> Treatment:
        domain = rule.domain or self.policy.anonymize.domain
        return Treatment(rule.operator, rule.options, domain, rule.key_id, f"rules[{place}]")

    def _subject(self, treatment: Treatment) -> str | None:
        """The subject's column, for an operator that wants one."""
        if not self._operator(treatment).traits.per_subject:
            return None
        section = self.policy.anonymize
        named = None
        if treatment.rule.startswith("rules["):
            named = section.rules[int(treatment.rule[6:-1])].subject
        schema = self.dataset.schema
        if schema is None:
            return named or section.subject
        # A rule is for many tables: the dates of those without the column all move alike.
        known = {*schema.names, *self.dataset.partitions}
        return next((each for each in (named, section.subject) if each in known), None)

    def _suited(self, treatment: Treatment, kind: pa.DataType, column: str) -> Treatment:
        """The treatment, if it can work on a type; of the default, null if it cannot.

        Raises:
            PolicyError: it cannot.
        """
        operator = self._operator(treatment)
        where = f"anonymize.{treatment.rule}"
        if operator.result_type(kind) is None:
            if treatment.rule == "default":
                return Treatment("null", rule="default")
            raise PolicyError(
                f"{self.dataset.uri}: {treatment.operator} cannot work on column {column!r}, which "
                f"is {kind}",
                path=f"{where}.operator",
                hint=f"for {kind}: {', '.join(_suiting(kind))}",
            )
        if operator.traits.keyed and not self.has_key:
            raise PolicyError(
                f"{treatment.operator} needs a key: without one, anybody could try values out",
                path="anonymize.key",
                hint="lakescan keys new --to key.yaml, then --key file:key.yaml",
            )
        return treatment

    def _operator(self, treatment: Treatment) -> Operator:
        if treatment.key not in self._operators:
            try:
                operator = build_operator(treatment.operator, treatment.options)
            except ValueError as error:
                where = f"anonymize.{treatment.rule}.options"
                raise PolicyError(str(error), path=where) from None
            self._operators[treatment.key] = operator
        return self._operators[treatment.key]


def check_subjects(policy: Policy, datasets: Sequence[Dataset]) -> None:
    """Make sure that the columns that say whose rows are stand somewhere.

    Raises:
        PolicyError: one is in no table.
    """
    if any(dataset.schema is None for dataset in datasets):
        return
    known = {
        name
        for dataset in datasets
        if dataset.schema is not None
        for name in (*dataset.schema.names, *dataset.partitions)
    }
    section = policy.anonymize
    asked = {f"rules[{place}].": rule.subject for place, rule in enumerate(section.rules)}
    for where, subject in {"": section.subject, **asked}.items():
        if subject is not None and subject not in known:
            path = f"anonymize.{where}subject"
            hint = did_you_mean(subject, known)
            raise PolicyError(f"no table has a column {subject!r}", path=path, hint=hint)


def idle_rules(
    policy: Policy, tables: Sequence[tuple[Dataset, DatasetReport]]
) -> Iterator[ErrorReport]:
    """Rules for named columns that no table has: a slip of the pen leaves its column in clear."""
    columns = [
        (dataset.uri, name)
        for dataset, report in tables
        for name in {
            *(column.column or f"column_{column.index}" for column in report.columns),
            *(dataset.schema.names if dataset.schema is not None and dataset.named else ()),
        }
    ]
    for place, rule in enumerate(policy.anonymize.rules):
        if rule.names_column and not any(
            path_matches(rule.path, uri) and column_matches(rule.column, name)
            for uri, name in columns
        ):
            message = f"no table has a column {rule.column!r}, so that this rule did nothing"
            yield ErrorReport(f"anonymize.rules[{place}]", "Notice", message)


def check_some_stay(dataset: Dataset, plan: TablePlan) -> None:
    """Make sure that a column is left: rows of none cannot be written, and their count is lost.

    Raises:
        PolicyError: all of them are dropped.
    """
    gone = {
        column.index
        for column in plan.columns
        if column.whole is not None
        and column.whole.operator == "drop"
        # A part of a column may be what goes.
        and (dataset.schema is None or column.path in ("", dataset.schema.field(column.index).name))
    }
    names = () if dataset.schema is None else dataset.schema.names
    own = {place for place, name in enumerate(names) if name not in dataset.partitions}
    if own and own <= gone:
        raise PolicyError(
            f"{dataset.uri}: every column would be dropped",
            path="anonymize.rules",
            hint="keep or null one of them, or leave the table out with --exclude",
        )


def _suiting(kind: pa.DataType) -> list[str]:
    """Our operators that can work on a type."""
    names = ("date_shift", "fake", "fpe", "generalize", "keep", "noise", "null", "drop")
    return [name for name in names if build_operator(name, {}).result_type(kind) is not None]
