"""``lakescan.spark.register``: functions for SQL, as Arrow UDFs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.errors import UsageError
from lakescan.jobs.accuracy import asked, decided
from lakescan.jobs.detect import by_row
from lakescan.jobs.keys import key_uri, keyring_at
from lakescan.policy import AccuracyMode, Policy
from lakescan.spark.classification import loaded
from lakescan.spark.tables import active_session
from lakescan.spark.worker import detectors_here, guarded, workshop_here
from lakescan.udfs.anonymize.column import whole_cells
from lakescan.udfs.anonymize.plan import ColumnPlan, Treatment
from lakescan.udfs.anonymize.prose import Prose
from lakescan.udfs.arrays import to_numpy

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_FINDING = pa.struct(
    [
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("entity", pa.string()),
        ("category", pa.string()),
        ("score", pa.float32()),
        ("detector", pa.string()),
    ]
)
_FINDINGS_DDL = (
    "array<struct<start: int, end: int, entity: string, category: string, score: float, "
    "detector: string>>"
)


def register(
    session: SparkSession | None = None,
    *,
    policy: Policy | str | Path | None = None,
    key: str | None = None,
    accuracy_mode: AccuracyMode | None = None,
) -> tuple[str, ...]:
    """Make SQL functions that take a text.

    - ``lakescan_detect(text)``: an array of structs ``start, end, entity, category, score,
      detector``, in the order of the text; ``start`` and ``end`` count code points from 0.
    - ``lakescan_entity(text)``: what most of the text is; null where nothing was found.
    - ``lakescan_mask(text)``: the text with what is sensitive in it masked.
    - ``lakescan_token(text [, domain])``, ``lakescan_hash(text [, domain])``: the whole text under
      the key; only where there is a key. They equal what the operators of ``lakescan anonymize``
      make.

    Args:
        session: where; None for the active one.
        policy: what to look for, and the domain of those under the key; None for the default.
        key: where the keyring is, as in `lakescan.spark.anonymize`.
        accuracy_mode: which model reads texts, instead of what the policy says.

    Returns:
        The functions' names.

    Raises:
        UsageError: there is no session, the policy's model is not there, or the key is no key.
    """
    # PySpark 4.3 has it, and leaves it out of its types.
    from pyspark.sql.functions import arrow_udf  # type: ignore[attr-defined]

    where = session or active_session()
    rules = decided(asked(loaded(policy), accuracy_mode))
    functions: dict[str, tuple[Callable[..., pa.Array], str]] = {
        "lakescan_detect": (Detect(rules).column, _FINDINGS_DDL),
        "lakescan_entity": (Entity(rules).column, "string"),
        "lakescan_mask": (Mask(rules).column, "string"),
    }
    place = key_uri(key, rules.anonymize.key)
    if place is not None:
        keyring_at(place)
        for operator in ("token", "hash"):
            keyed = Keyed(operator, place, rules.anonymize.domain)
            functions[f"lakescan_{operator}"] = (keyed.column, "string")
    for name, (function, returns) in functions.items():
        where.udf.register(name, arrow_udf(function, returns))
    return tuple(functions)


class Detect:
    """``lakescan_detect``."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def column(self, texts: pa.Array) -> pa.Array:
        """A list of findings for each text; null for null."""
        with guarded():
            found = by_row(texts, detectors_here(self._policy))
            entities = found["entity"].cast(pa.string()).combine_chunks()
            categories = {e: self._policy.category_of(e) for e in entities.unique().to_pylist()}
            columns = [
                found["start"],
                found["end"],
                entities,
                pa.array([categories[e] for e in entities.to_pylist()], pa.string()),
                found["score"],
                found["detector"].cast(pa.string()),
            ]
            items = pa.StructArray.from_arrays(
                [_flat(column) for column in columns], fields=list(_FINDING)
            )
            counts = np.bincount(to_numpy(found["row"]), minlength=len(texts))
            ends = pl.Series(np.concatenate([[0], np.cumsum(counts)])).cast(pl.Int32).to_arrow()
            lists = pa.ListArray.from_arrays(ends, items)
            return pc.if_else(pc.is_valid(texts), lists, pa.scalar(None, lists.type))


class Entity:
    """``lakescan_entity``."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def column(self, texts: pa.Array) -> pa.Array:
        """The entity of most characters of each text, of equals the surest; null where none is."""
        with guarded():
            found = by_row(texts, detectors_here(self._policy))
            frame = pl.DataFrame(
                {
                    "row": to_numpy(found["row"]),
                    "length": to_numpy(found["end"]) - to_numpy(found["start"]),
                    "score": to_numpy(found["score"]),
                    "entity": pl.Series(found["entity"].cast(pa.string())),
                },
                schema_overrides={"entity": pl.String},
            )
            most = (
                frame.group_by("row", "entity")
                .agg(pl.col("length").sum(), pl.col("score").max())
                .sort("row", "length", "score", "entity", descending=[False, True, True, False])
                .unique("row", keep="first", maintain_order=True)
            )
            rows = pl.DataFrame({"row": np.arange(len(texts), dtype=np.int64)})
            joined = rows.join(most, on="row", how="left", maintain_order="left")
            return joined["entity"].to_arrow().cast(pa.string())


class Mask:
    """``lakescan_mask``."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def column(self, texts: pa.Array) -> pa.Array:
        """Each text with what is sensitive in it masked."""
        with guarded():
            prose = Prose(detectors_here(self._policy), self._policy, workshop_here(None))
            plan = ColumnPlan(0, "text", spans={"*": Treatment("mask")})
            return prose.rewrite(texts.cast(pa.large_string()), plan, None)[0].cast(pa.string())


class Keyed:
    """``lakescan_token`` and ``lakescan_hash``."""

    def __init__(self, operator: str, key: str, domain: str) -> None:
        self._operator = operator
        self._key = key
        self._domain = domain

    def column(self, texts: pa.Array, *domains: pa.Array) -> pa.Array:
        """Each text under the key of its domain; null for null."""
        with guarded():
            cells = texts.cast(pa.large_string())
            if not domains:
                return self._made(cells, self._domain)
            out = pa.nulls(len(texts), pa.string())
            for domain in domains[0].unique().to_pylist():
                if domain is None:
                    raise UsageError("a text of no domain", hint="give a domain's name")
                mine = pc.equal(domains[0], domain)
                out = pc.if_else(mine, self._made(cells, domain), out)
            return out

    def _made(self, cells: pa.Array, domain: str) -> pa.Array:
        treatment = Treatment(self._operator, {}, domain)
        operator = workshop_here(self._key).operator(treatment)
        made, _ = whole_cells(cells, ColumnPlan(0, "text", whole=treatment), operator, None)
        return made.cast(pa.string())


def _flat(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
