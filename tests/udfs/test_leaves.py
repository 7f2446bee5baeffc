"""The flat columns inside nested batches."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.errors import LimitExceededError
from lakescan.udfs.documents import MAX_PATHS
from lakescan.udfs.leaves import Leaf, leaves


def flat(**columns: pa.Array) -> dict[str, Leaf]:
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    return {leaf.path: leaf for leaf in leaves(batch)}


def rows(leaf: Leaf) -> list[int]:
    return list(range(len(leaf.array))) if leaf.rows is None else leaf.rows.to_pylist()


def test_structs_lists_and_maps_have_the_paths_of_the_design() -> None:
    kind = pa.struct(
        [
            ("name", pa.string()),
            ("mails", pa.list_(pa.string())),
            ("tags", pa.map_(pa.string(), pa.string())),
        ]
    )
    values = [
        {"name": "Ann", "mails": ["a@x.org", "b@x.org"], "tags": [("k", "v")]},
        None,
        {"name": None, "mails": [], "tags": [("k", "w"), ("l", "u")]},
    ]
    found = flat(who=pa.array(values, kind))
    assert set(found) == {"who.name", "who.mails[]", "who.tags.{}", "who.tags.{key}"}
    assert found["who.name"].array.to_pylist() == ["Ann", None, None]
    assert found["who.mails[]"].array.to_pylist() == ["a@x.org", "b@x.org"]
    assert rows(found["who.mails[]"]) == [0, 0]
    assert found["who.tags.{}"].array.to_pylist() == ["v", "w", "u"]
    assert rows(found["who.tags.{}"]) == [0, 2, 2]
    assert found["who.tags.{key}"].array.to_pylist() == ["k", "k", "l"]
    assert rows(found["who.tags.{key}"]) == [0, 2, 2]


def unions() -> list[pa.Array]:
    """The values ``a@x.org, 7, None, b@x.org`` of a text or a number, in both layouts."""
    codes, names = pa.array([0, 1, 0, 0], pa.int8()), ["mail", "n"]
    mails, numbers = pa.array(["a@x.org", "no", None, "b@x.org"]), pa.array([1, 7, 2, 3])
    sparse = pa.UnionArray.from_sparse(codes, [mails, numbers], names)
    places = pa.array([0, 0, 1, 2], pa.int32())
    few = [mails.take(pa.array([0, 2, 3])), numbers.slice(1, 1)]
    return [sparse, pa.UnionArray.from_dense(codes, places, few, names)]


@pytest.mark.parametrize("array", unions(), ids=["sparse", "dense"])
def test_a_union_s_members_are_leaves_null_where_another_is_there(array: pa.Array) -> None:
    for first in (0, 1):
        found = flat(u=array.slice(first))
        assert found["u.mail"].array.to_pylist() == ["a@x.org", None, None, "b@x.org"][first:]
        assert found["u.n"].array.to_pylist() == [None, 7, None, None][first:]


def test_lists_in_lists_keep_the_row_of_the_batch() -> None:
    found = flat(a=pa.array([[["x"], []], None, [["y", "z"]]]))
    assert rows(found["a[][]"]) == [0, 2, 2]


def test_json_in_strings_is_taken_apart_and_the_rest_stays() -> None:
    cells = ['{"user": {"mail": "a@x.org"}, "n": [1, 2]}', "plain", None, '{"broken": ', "{x}"]
    found = flat(a=pa.array(cells))
    assert found["a"].array.to_pylist() == [None, "plain", None, '{"broken": ', "{x}"]
    assert found["a"].documents == 1
    assert found["a.$.user.mail"].array.to_pylist() == ["a@x.org"]
    assert found["a.$.n[]"].array.to_pylist() == ["1", "2"]
    assert rows(found["a.$.n[]"]) == [0, 0]


def test_documents_with_equal_fields_give_each_row_its_own_values() -> None:
    values: list[tuple[object, object, object]] = [(1, "x", None), (20, "y", True), (1, "x", None)]
    cells = [json.dumps({"n": n, "s": s, "o": o}) for n, s, o in values]
    found = flat(a=pa.array([*cells, None, '{"n": 1', cells[1]]))
    assert found["a.$.n"].array.to_pylist() == ["1", "20", "1", "20"]
    assert found["a.$.s"].array.to_pylist() == ["x", "y", "x", "y"]
    assert found["a.$.o"].array.to_pylist() == [None, "true", None, "true"]
    rows = found["a.$.n"].rows
    assert rows is not None
    assert rows.to_pylist() == [0, 1, 2, 5]
    whole = flat(a=pa.array(cells[:2]))
    assert whole["a.$.n"].array.to_pylist() == ["1", "20"]


def test_the_index_is_the_top_level_columns() -> None:
    found = flat(a=pa.array([1]), b=pa.array([{"x": 1, "y": 2}]), c=pa.array([2]))
    assert [(leaf.path, leaf.index) for leaf in found.values()] == [
        ("a", 0), ("b.x", 1), ("b.y", 1), ("c", 2),
    ]  # fmt: skip


def test_a_sliced_batch_gives_its_own_values() -> None:
    table = pa.table({"m": pa.array([[("k", str(i))] for i in range(6)],
                                    pa.map_(pa.string(), pa.string())),
                      "l": [[str(i)] * i for i in range(6)],
                      "s": [{"x": str(i)} for i in range(6)]})  # fmt: skip
    (batch,) = table.slice(3, 2).to_batches()
    found = {leaf.path: leaf.array.to_pylist() for leaf in leaves(batch)}
    assert found == {
        "m.{}": ["3", "4"],
        "m.{key}": ["k", "k"],
        "l[]": ["3"] * 3 + ["4"] * 4,
        "s.x": ["3", "4"],
    }


@pytest.mark.parametrize("levels", [60, 150])
def test_what_is_nested_deep_is_still_read(levels: int) -> None:
    found = flat(a=pa.array([json.dumps(nested(levels))]))
    assert any("ann@example.org" in (leaf.array[0].as_py() or "") for leaf in found.values())
    assert len(found) == 2


def test_what_is_nested_too_deep_for_a_column_is_said() -> None:
    assert flat(a=pa.array([nested(60)]))[f"a{'.a' * 60}"].array.to_pylist() == ["ann@example.org"]
    with pytest.raises(LimitExceededError, match="column a is nested deeper than 100 levels"):
        flat(a=pa.array([nested(150)]))


def nested(levels: int) -> object:
    value: object = "ann@example.org"
    for _ in range(levels):
        value = {"a": value}
    return value


def test_what_stands_below_too_many_keys_is_one_column() -> None:
    document = {"plain": "x", "by_key": {f"k{n}": {"v": str(n)} for n in range(MAX_PATHS + 100)}}
    found = flat(a=pa.array([json.dumps(document), json.dumps({"new": "late", "plain": "y"})]))
    assert found["a.$.plain"].array.to_pylist() == ["x", "y"]
    rest = found["a.$.*"]
    assert rest.array.to_pylist() == [str(n) for n in range(MAX_PATHS - 1, MAX_PATHS + 100)] + [
        "late"
    ]
    assert rows(rest) == [0] * 101 + [1]
    assert len(found) == 1 + MAX_PATHS + 1


def test_keys_that_are_values_are_one_column_and_what_is_below_them_another() -> None:
    cells = [
        '{"users": {"ann@x.org": {"age": 7}, "bob@x.org": {"age": 8}, "all": 2}}',
        '{"users": {"eve@x.org": {"age": 9}}}',
        '{"4711": "a"}',
    ]
    found = flat(a=pa.array(cells))
    told = {path: (leaf.array.to_pylist(), rows(leaf)) for path, leaf in found.items()}
    assert told == {
        "a": ([None, None, None], [0, 1, 2]),
        "a.$.users.{key}": (["ann@x.org", "bob@x.org", "eve@x.org"], [0, 0, 1]),
        "a.$.users.{}.age": (["7", "8", "9"], [0, 0, 1]),
        "a.$.users.all": (["2"], [0]),
        "a.$.{key}": (["4711"], [2]),
        "a.$.{}": (["a"], [2]),
    }


@given(st.lists(st.none() | st.dictionaries(st.sampled_from("abc"), st.integers() | st.text())))
def test_any_documents_are_counted_once(documents: list[dict[str, object] | None]) -> None:
    cells = [None if each is None else json.dumps(each) for each in documents]
    found = flat(j=pa.array(cells, pa.string()))
    assert found["j"].documents == sum(each is not None for each in documents)
    assert found["j"].array.null_count == len(cells)
