from __future__ import annotations

import datetime as dt
import json

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given

from lakescan.policy import Policy
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan, Treatment
from lakescan.udfs.anonymize.rewriter import Rewriter
from lakescan.udfs.anonymize.spans import Cutting, Spans, ordinals
from lakescan.udfs.detect import build_detectors


@pytest.fixture(scope="module")
def detectors():
    found = build_detectors(Policy.default().model_copy(update={"accuracy_mode": "patterns"}))
    found.setup()
    return found


@pytest.fixture(scope="module")
def rewrite(keyring, detectors):
    def run(batch, *columns):
        rewriter = Rewriter(
            TablePlan(tuple(columns)), Policy.default(), Workshop(keyring), detectors
        )
        return rewriter.rewrite(batch), rewriter.tallies

    return run


def whole(path, operator, index=0, entity="PERSON", subject=None, **options):
    return ColumnPlan(index, path, entity, "PERSON", Treatment(operator, options), subject=subject)


def batch(**columns):
    return pa.record_batch(columns)


NESTED = pa.struct(
    [
        ("name", pa.string()),
        ("mails", pa.list_(pa.string())),
        ("tags", pa.map_(pa.string(), pa.string())),
        ("pair", pa.list_(pa.large_string(), 2)),
        ("deep", pa.large_list(pa.struct([("x", pa.string()), ("n", pa.int32())]))),
    ]
)
word = st.none() | st.text(max_size=6)
nested = st.none() | st.fixed_dictionaries(
    {
        "name": word,
        "mails": st.none() | st.lists(word, max_size=3),
        "tags": st.none()
        | st.dictionaries(st.text(max_size=3), word, max_size=3).map(lambda d: list(d.items())),
        "pair": st.none() | st.lists(word, min_size=2, max_size=2),
        "deep": st.none()
        | st.lists(
            st.none() | st.fixed_dictionaries({"x": word, "n": st.none() | st.integers(0, 9)}),
            max_size=3,
        ),
    }
)


@given(st.lists(nested, max_size=6), st.integers(0, 3))
def test_a_nested_column_whose_leaves_stay_is_the_same_column(rewrite, rows, skipped):
    array = pa.array(rows, NESTED).slice(min(skipped, len(rows)))
    plans = [
        whole(f"a.{path}", "keep")
        for path in ("name", "mails[]", "tags.{}", "tags.{key}", "pair[]", "deep[].x")
    ]
    made, _ = rewrite(pa.record_batch([array], names=["a"]), *plans)
    made.column(0).validate(full=True)
    assert made.column(0).equals(array)


def test_keys_of_maps_are_treated_and_told_apart(rewrite):
    rows = [[("ann", "1"), ("bob", "2")], None, [], [("eve", "3")]]
    array = pa.array([[("gone", "0")], *rows], pa.map_(pa.string(), pa.string())).slice(1)
    made, tallies = rewrite(batch(a=array), whole("a.{key}", "replace"))
    made.column(0).validate(full=True)
    assert made.column(0).to_pylist() == [
        [("<PERSON>", "1"), ("<PERSON> (2)", "2")],
        None,
        [],
        [("<PERSON>", "3")],
    ]
    assert tallies[0, "a.{key}"].changed == 3


def test_an_entry_whose_key_becomes_null_goes(rewrite):
    kind = pa.map_(pa.int64(), pa.string())
    array = pa.array([[(1, "x"), (2, "y")], [(3, "z")]], kind)
    made, _ = rewrite(batch(a=array), whole("a.{key}", "null"))
    made.column(0).validate(full=True)
    assert made.column(0).to_pylist() == [[], []]


def test_keys_of_documents_that_are_values_are_treated_and_told_apart(rewrite):
    cells = [
        '{"by": {"ann@x.org": {"age": 7}, "all": 1, "bob@x.org": {"age": 8}}}',
        '{"by": {"<PERSON>": 0, "eve@x.org": 1}}',
    ]
    plans = [whole("a.$.by.{key}", "replace"), whole("a.$.by.{}.age", "null")]
    made, _ = rewrite(batch(a=pa.array(cells)), *plans)
    assert made.column(0).to_pylist() == [
        '{"by":{"<PERSON>":{"age":null},"all":1,"<PERSON> (2)":{"age":null}}}',
        '{"by":{"<PERSON>":0,"<PERSON> (2)":1}}',
    ]
    made, _ = rewrite(batch(a=pa.array(cells)), whole("a.$.by.{key}", "null"))
    assert made.column(0).to_pylist() == ['{"by":{"all":1}}', '{"by":{}}']


def test_every_kind_of_leaf_is_reached_and_nothing_else(rewrite):
    rows = [
        {
            "name": "Ann",
            "mails": ["a", None, "b"],
            "tags": [("k", "v")],
            "pair": ["x", "y"],
            "deep": [{"x": "z", "n": 1}],
        },
        None,
        {"name": None, "mails": None, "tags": [], "pair": None, "deep": [None]},
    ]
    source = pa.record_batch([pa.array(rows, NESTED)], names=["a"])
    plans = [
        whole(f"a.{path}", "replace", text="*")
        for path in ("mails[]", "tags.{}", "pair[]", "deep[].x")
    ]
    made, tallies = rewrite(source, *plans)
    assert made.column(0).to_pylist() == [
        {
            "name": "Ann",
            "mails": ["*", None, "*"],
            "tags": [("k", "*")],
            "pair": ["*", "*"],
            "deep": [{"x": "*", "n": 1}],
        },
        None,
        {"name": None, "mails": None, "tags": [], "pair": None, "deep": [None]},
    ]
    assert tallies[0, "a.mails[]"].changed == 2


@pytest.mark.parametrize("mode", ["sparse", "dense"])
def test_a_member_of_a_union_is_reached_and_no_other(rewrite, mode):
    codes, names = pa.array([0, 1, 0, 1], pa.int8()), ["mail", "n"]
    mails, numbers = pa.array(["a", "hidden", None, "hidden"]), pa.array([1, 7, 2, None])
    array = pa.UnionArray.from_sparse(codes, [mails, numbers], names)
    if mode == "dense":
        places = pa.array(range(4), pa.int32())
        array = pa.UnionArray.from_dense(codes, places, [mails, numbers], names)
    source = pa.record_batch([array.slice(1)], names=["u"])
    made, tallies = rewrite(source, whole("u.mail", "replace", text="*"))
    made.validate(full=True)
    assert made.schema.field("u").type == array.type
    assert made["u"].to_pylist() == [7, None, None]
    assert tallies[0, "u.mail"].changed == 0
    made, _ = rewrite(pa.record_batch([array], names=["u"]), whole("u.mail", "replace", text="*"))
    assert made["u"].to_pylist() == ["*", 7, None, None]


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())],
)
def test_texts_keep_their_type_nulls_and_blanks(rewrite, kind):
    array = pa.array(["Ann", None, "", "  ", "Ann"]).cast(kind)
    made, tallies = rewrite(batch(a=array), whole("a", "mask"))
    assert made.schema.field("a").type == kind
    assert made.column(0).to_pylist() == ["***", None, "", "  ", "***"]
    assert tallies[0, "a"].cells == 2


def test_what_is_unfit_becomes_a_marker_or_null(rewrite):
    made, tallies = rewrite(
        batch(a=["1999-01-02", "soon"], b=pa.array([7, -3], pa.int64())),
        whole("a", "date_shift", entity="DATE_OF_BIRTH"),
        whole("b", "fpe", 1, "EMPLOYEE_ID"),
    )
    assert made.column(0)[1].as_py() == "<DATE_OF_BIRTH>"
    assert made.column(1)[1].as_py() is None
    assert (tallies[0, "a"].unfit, tallies[1, "b"].unfit) == (1, 1)


def test_each_row_moves_with_its_own_subject(rewrite):
    days = [dt.date(2020, 1, 1)] * 4
    source = batch(who=["a", "b", "a", None], day=pa.array(days, pa.date32()))
    made, _ = rewrite(source, whole("day", "date_shift", 1, "DATE", "who"))
    moved = made.column(1).to_pylist()
    assert moved[0] == moved[2] != moved[1]
    assert moved[3] is None


def test_a_dropped_column_is_gone_and_a_nested_one_is_null(rewrite):
    source = batch(a=["x"], b=pa.array([{"c": "y", "d": 1}]))
    made, _ = rewrite(source, whole("a", "drop"), whole("b.c", "drop", 1))
    assert made.to_pylist() == [{"b": {"c": None, "d": 1}}]
    made, _ = rewrite(batch(a=["x", "y"]), whole("a", "drop"))
    assert (made.num_rows, made.num_columns) == (2, 0)


def test_documents_in_texts_keep_order_and_types_of_what_is_not_changed(rewrite):
    documents = [
        '{"z":1,"who":{"mail":"a@b.co","ids":[1000001,"x"]},"ok":true,"n":null}',
        '{"z": 1}',
        "no document",
        None,
    ]
    made, _ = rewrite(
        batch(a=documents),
        whole("a.$.who.mail", "replace", entity="EMAIL_ADDRESS"),
        whole("a.$.who.ids[]", "fpe", entity="ID"),
    )
    first, second, third, last = made.column(0).to_pylist()
    read = json.loads(first)
    assert list(read) == ["z", "who", "ok", "n"]
    assert read["who"]["mail"] == "<EMAIL_ADDRESS>"
    assert isinstance(read["who"]["ids"][0], int)
    assert read["who"]["ids"][0] != 1000001
    assert (second, third, last) == (documents[1], documents[2], None)


def test_documents_that_repeat_are_counted_each_time(rewrite):
    ann = '{"to":["ann@shop.com"],"text":"call ann@shop.com"}'
    bob = ann.replace("ann", "bob")
    made, tallies = rewrite(
        batch(a=[ann, bob, ann, None, ann]),
        whole("a.$.to[]", "replace", entity="EMAIL_ADDRESS"),
        ColumnPlan(0, "a.$.text", spans={"*": Treatment("token")}),
    )
    texts = [json.loads(text)["text"] for text in made.column(0).drop_null().to_pylist()]
    assert texts[0] == texts[2] == texts[3] != texts[1]
    for path in ("a.$.to[]", "a.$.text"):
        assert tallies[0, path].cells == tallies[0, path].changed == 4
        assert tallies[0, path].found["EMAIL_ADDRESS"] == 4


def test_spans_are_exchanged_and_the_rest_stays(rewrite):
    texts = [
        "Écris à ann@shop.com ou à bob@shop.com, 😀 ann@shop.com",
        None,
        "rien ici",
        "اكتب إلى ann@shop.com الآن",
    ]
    plan = ColumnPlan(0, "a", spans={"*": Treatment("replace", {"numbered": True})})
    made, tallies = rewrite(batch(a=texts), plan)
    assert made.column(0).to_pylist() == [
        "Écris à <EMAIL_ADDRESS_1> ou à <EMAIL_ADDRESS_2>, 😀 <EMAIL_ADDRESS_1>",
        None,
        "rien ici",
        "اكتب إلى <EMAIL_ADDRESS_1> الآن",
    ]
    assert tallies[0, "a"].found["EMAIL_ADDRESS"] == 4
    assert tallies[0, "a"].changed == 2


def test_the_same_person_is_the_same_in_a_column_and_in_a_text(rewrite):
    source = batch(mail=["ann@shop.com"], note=["she wrote from ann@shop.com today"])
    token = Treatment("token", {}, "mail")
    made, _ = rewrite(
        source,
        ColumnPlan(0, "mail", "EMAIL_ADDRESS", "EMAIL_ADDRESS", token),
        ColumnPlan(1, "note", spans={"EMAIL_ADDRESS": token}),
    )
    row = made.to_pylist()[0]
    assert row["note"] == f"she wrote from {row['mail']} today"


@given(st.data())
def test_spans_count_code_points_whatever_the_script(data):
    texts = data.draw(st.lists(st.text("aé𝒳́ ش\n", max_size=9), min_size=1, max_size=6))
    rows, starts, ends, instead, expected = [], [], [], [], []
    for row, text in enumerate(texts):
        at, out = 0, ""
        for _ in range(data.draw(st.integers(0, 3))):
            start = data.draw(st.integers(at, len(text)))
            end = data.draw(st.integers(start, len(text)))
            new = data.draw(st.sampled_from(["", "<é>", "zz"]))
            rows.append(row)
            starts.append(start)
            ends.append(end)
            instead.append(new)
            out += text[at:start] + new
            at = end
        expected.append(out + text[at:])
    spans = Spans(*(np.array(each, np.int64) for each in (rows, starts, ends)))
    array = pa.array(texts, pa.large_string())
    assert Cutting(array, spans).inside().to_pylist() == [
        texts[row][start:end] for row, start, end in zip(rows, starts, ends, strict=True)
    ]
    order = np.arange(len(instead))[::-1]
    made = Cutting(array, spans).exchanged(pa.array(instead[::-1], pa.large_string()), order)
    assert made.to_pylist() == expected


def test_equal_values_of_a_text_have_one_number():
    spans = Spans(
        *(np.array(each, np.int64) for each in ([0, 0, 0, 1], [0, 2, 4, 0], [1, 3, 5, 1]))
    )
    assert ordinals(spans, pa.array(["a", "b", "a", "b"], pa.large_string())).tolist() == [
        1,
        2,
        1,
        1,
    ]
