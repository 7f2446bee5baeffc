"""A DataFrame as the jobs know a table: a dataset with a name and an Arrow schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from lakescan.connectors import Dataset
from lakescan.errors import MissingDependencyError, NotFoundError, UnsupportedError, UsageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: What reports call a DataFrame that nobody named.
UNNAMED = "dataframe"


@dataclass(frozen=True, slots=True)
class SparkTable:
    """A DataFrame and what is known of it before it is read."""

    frame: DataFrame
    dataset: Dataset

    @property
    def schema(self) -> pa.Schema:
        """As Arrow, with the comments of the catalog."""
        return self.dataset.schema

    def empty(self) -> pa.RecordBatch:
        """A batch without rows."""
        none = [pa.nulls(0, field.type) for field in self.schema]
        return pa.RecordBatch.from_arrays(none, schema=self.schema)


def active_session() -> SparkSession:
    """The session of this process.

    Raises:
        MissingDependencyError: PySpark is not installed.
        UsageError: there is none.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingDependencyError("pyspark", "spark") from None
    session = SparkSession.getActiveSession()
    if session is None:
        raise UsageError("there is no Spark session", hint="SparkSession.builder.getOrCreate()")
    return session


def spark_table(data: DataFrame | str, name: str | None = None) -> SparkTable:
    """A DataFrame, or a table that the catalog names.

    Args:
        data: a DataFrame, or a name such as ``shop.orders``.
        name: what reports call it and a policy's paths match; None for the catalog's name.

    Raises:
        NotFoundError: the catalog has no such table.
        UnsupportedError: a column's type has no Arrow form.
    """
    uri = name or (data if isinstance(data, str) else UNNAMED)
    frame = _named(data) if isinstance(data, str) else data
    return SparkTable(frame, Dataset(uri, "spark", "", (), schema=_schema(frame, uri)))


def arrow_schema(frame: DataFrame) -> pa.Schema:
    """The Arrow schema of the batches that Spark gives of a DataFrame; times in UTC."""
    return frame.limit(0).toArrow().schema


def _named(name: str) -> DataFrame:
    from pyspark.errors import AnalysisException

    try:
        return active_session().table(name)
    except AnalysisException as error:
        condition = error.getCondition() or type(error).__name__
        raise NotFoundError(f"no table {name}: {condition}", uri=name) from None


def _schema(frame: DataFrame, uri: str) -> pa.Schema:
    from pyspark.errors import PySparkException

    try:
        schema = arrow_schema(frame)
    except PySparkException as error:
        if "ARROW" not in (error.getCondition() or ""):
            raise
        types = ", ".join(f"{f.name} {f.dataType.simpleString()}" for f in frame.schema.fields)
        raise UnsupportedError(
            f"{uri}: a column's type has no Arrow form", hint=f"cast or drop it: {types}", uri=uri
        ) from None
    comments = [field.metadata.get("comment") for field in frame.schema.fields]
    return pa.schema(
        [
            field.with_metadata({"comment": str(comment)}) if comment else field
            for field, comment in zip(schema, comments, strict=True)
        ]
    )
