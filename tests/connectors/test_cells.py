"""Cells that are too long, wherever they are nested."""

from __future__ import annotations

import pyarrow as pa
import pytest

from lakescan.connectors.cells import check_cells
from lakescan.errors import LimitExceededError

LONG = "a" * 1001


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["b", LONG]),
        pa.array([b"b", LONG.encode()]),
        pa.array(["b", LONG], pa.large_string()),
        pa.array(["b", LONG]).dictionary_encode(),
        pa.array([{"x": "b"}, {"x": LONG}]),
        pa.array([["b"], [LONG]]),
        pa.UnionArray.from_sparse(pa.array([0, 0], pa.int8()), [pa.array(["b", LONG])], ["x"]),
        pa.array([[("k", "b")], [("k", LONG)]], pa.map_(pa.string(), pa.string())),
        pa.array([[("k", "b")], [(LONG, "v")]], pa.map_(pa.string(), pa.string())),
    ],
)
def test_a_long_cell_is_found(column: pa.Array) -> None:
    batch = pa.record_batch([column], names=["c"])
    check_cells(batch, 1001, "x")
    with pytest.raises(LimitExceededError, match="1000 bytes"):
        check_cells(batch, 1000, "x")


def test_many_short_cells_are_fine() -> None:
    check_cells(
        pa.record_batch([pa.array(["abc"] * 1000), pa.array(range(1000))], names=["c", "i"]),
        10,
        "x",
    )
