"""``lakescan.spark.anonymize``: the same DataFrame without the people in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.errors import UsageError
from lakescan.jobs.accuracy import decided
from lakescan.jobs.anonymize.plan import TablePlanner, check_subjects
from lakescan.jobs.keys import key_uri, keyring_at
from lakescan.jobs.result import ScanResult
from lakescan.policy import Policy
from lakescan.policy.anonymize import rule_for
from lakescan.reports.model import ColumnReport, DatasetReport
from lakescan.spark.classification import classify, loaded
from lakescan.spark.tables import SparkTable, arrow_schema, spark_table
from lakescan.spark.worker import detectors_here, guarded, workshop_here
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import TablePlan
from lakescan.udfs.anonymize.rewriter import Rewriter
from lakescan.udfs.detect import DetectorSet
from lakescan.udfs.leaves import leaves

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

#: Operators that do the same to a cell whatever it is: no verdict is needed for them.
_BLIND = frozenset({"drop", "encrypt", "hash", "keep", "mask", "null", "redact", "token"})


def anonymize(
    data: DataFrame | str,
    policy: Policy | str | Path | None = None,
    *,
    key: str | None = None,
    verdicts: ScanResult | None = None,
    name: str | None = None,
) -> DataFrame:
    """The same DataFrame without the people in it.

    What is done to each column follows from the policy and the columns' verdicts. For these the
    data are read once, now; then the result is lazy like any DataFrame, and is made in one pass
    over the data. Nothing is read now where ``verdicts`` are given, or where a rule of the policy
    names every column and its operator is the same for all values (drop, encrypt, hash, keep, mask,
    null, redact, token).

    Args:
        data: a DataFrame, or the name of a table of the session's catalog.
        policy: a policy or the path of one, with a section ``anonymize``.
        key: where the keyring is, for the driver and for every worker: ``env:NAME``, ``file:PATH``
            or a vault's URI; never a key. None for what the policy says, else
            ``env:LAKESCAN_KEY``.
        verdicts: of an earlier `classify` of the same columns.
        name: what a policy's paths match.

    Returns:
        As many rows, in the same partitions, with the same schema but for columns that are dropped
        (and those of which a plug-in's operator makes another type).

    Raises:
        PolicyError: the policy is wrong, or would break a column's type.
        UsageError: the verdicts are of another table.
        LakeError: the key cannot be fetched.
    """
    rules = decided(loaded(policy))
    table = spark_table(data, name)
    place = key_uri(key, rules.anonymize.key)
    keyring = None if place is None else keyring_at(place)
    check_subjects(rules, [table.dataset])
    report = _report(table, rules, verdicts)
    plan = TablePlanner(rules, table.dataset, report, keyring is not None).plan()
    if not plan.columns:
        return table.frame
    # Without rows nothing is detected: what the types become is asked with no detectors at hand.
    rewriter = Rewriter(plan, rules, Workshop(keyring), DetectorSet((), rules))
    schema = _spark_schema(table, rewriter.rewrite(table.empty()).schema)
    session = table.frame.sparkSession
    target = arrow_schema(session.createDataFrame([], schema))
    return table.frame.mapInArrow(Rewrite(plan, rules, place, target), schema)


def _report(table: SparkTable, policy: Policy, verdicts: ScanResult | None) -> DatasetReport:
    """The verdicts, or their place where the policy needs none."""
    if verdicts is None:
        columns = tuple(
            ColumnReport(leaf.path, leaf.index, str(leaf.array.type), 0, 0, 0, sensitive=False)
            for leaf in leaves(table.empty())
        )
        if all(_settled(table, column, policy) for column in columns):
            return DatasetReport(table.dataset.uri, "spark", "", 0, 0, columns)
        verdicts = classify(table.frame, policy, name=table.dataset.uri)
    known = {leaf.path for leaf in leaves(table.empty())}
    found = verdicts.value.datasets
    roots = {
        column.column.partition(".$")[0] for d in found for column in d.columns if column.column
    }
    if len(found) != 1 or not roots <= known:
        raise UsageError("the verdicts are of another table", hint="classify this one")
    return found[0]


def _settled(table: SparkTable, column: ColumnReport, policy: Policy) -> bool:
    """Whether what is done to a column hangs on no verdict."""
    rule = rule_for(policy, table.dataset.uri, column.column, None)
    return rule is not None and rule[1].operator in _BLIND


def _spark_schema(table: SparkTable, made: pa.Schema) -> StructType:
    """Spark's types of the result: its own where a column stays what it was."""
    from pyspark.sql.types import StructField, StructType

    session = table.frame.sparkSession
    before = dict(zip(table.schema.names, table.schema.types, strict=True))
    fields = {field.name: field for field in table.frame.schema.fields}
    translated = session.createDataFrame(made.empty_table()).schema.fields
    return StructType(
        [
            StructField(
                field.name,
                fields[field.name].dataType if field.type == before[field.name] else new.dataType,
                nullable=True,
                metadata=fields[field.name].metadata,
            )
            for field, new in zip(made, translated, strict=True)
        ]
    )


class Rewrite:
    """Rewrites one partition. The keys are fetched by each worker itself.

    Args:
        plan: what is done to which column.
        policy: says what counts as personal data inside texts.
        key: the keyring's URI.
        target: the Arrow schema of the result.
    """

    def __init__(self, plan: TablePlan, policy: Policy, key: str | None, target: pa.Schema) -> None:
        self._plan = plan
        self._policy = policy
        self._key = key
        self._target = target

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """As many batches of as many rows."""
        with guarded():
            detectors = detectors_here(self._policy)
            rewriter = Rewriter(self._plan, self._policy, workshop_here(self._key), detectors)
            for batch in batches:
                yield rewriter.rewrite(batch).cast(self._target)
