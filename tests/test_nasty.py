"""Strings, cells, columns and patterns that break things: nothing crashes, offsets cut the text."""

from __future__ import annotations

import json
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lakescan
from lakescan.errors import PolicyError
from lakescan.policy import Policy

MAIL = "ann@example.com"


def _plane(number):
    """Characters from all over one of Unicode's planes, assigned or not."""
    points = range(number << 16, (number + 1) << 16, 331)
    return "".join(chr(p) for p in points if not 0xD800 <= p < 0xE000)


CORPUS = {
    **{f"plane {number}": _plane(number) for number in range(17)},
    "right to left": "שלום עולם \u202eabc\u202c مرحبا بالعالم ١٢٣٤٥٦٧٨٩",
    "marks": "e" + "\u0301" * 500 + " Z̸̢͖͙̺͠a̵l̶g̷o̵",
    "joined": "👩\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈 👍🏽 क्\u200dष",
    "invisible": "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u061c\u2066\u2069\ufff9\ufffb",
    "spaces": "\u00a0\u1680\u2000\u2003\u2009\u202f\u205f\u3000\u0085\u2028\u2029\t\r\n\v\f",
    "control": "".join(map(chr, [*range(32), 127, *range(128, 160)])),
    "nul": "a\0b\0\0c",
    "halves": "\ud800 \udfff \ud83d\ude00 \udc80",
    "digits": "٠١٢٣٤٥٦٧٨٩ ०१२३४५६७८९ ０１２３４５６７８９ 𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗 ①②③④⑤⑥⑦⑧⑨",
    "look-alikes": "аnn@exаmple.com АВС １２３－４５－６７８９ ﬁ ℌ ß ẞ İ ı ſ K",
    "folding": "ŉ ǰ ΐ ﬀ ﬃ ᾳ ΐ İSTANBUL ẞ",
    "hangul": unicodedata.normalize("NFD", "한국어 주민등록번호 각"),
    "formulas": "=cmd|'/C calc'!A0 @SUM(1) +1 -1 ${jndi:x} {{7*7}} %s %n %00 ../../etc",
    "escapes": r"\u0000 \x00 \' \" \\ \n &#0; &lt; %u0041 <script>alert(1)</script>",
    "quotes": "\"'`´‘’“”«»" * 40,
    "json": '{"a":' * 300 + "1" + "}" * 300,
    "deep json": '{"a":' * 900 + f'"{MAIL}"' + "}" * 900,
    "lists": "[" * 20_000,
    "half a json": '{"a": {"b": ["c", {"d": "' + MAIL,
    "numbers": "1e999 -0 0x1F NaN Infinity 1_000 00000000000000000000 9" * 30,
    "key without end": "-----BEGIN PRIVATE KEY-----" * 300,
    "cards": "4111 1111 1111 1111 " * 300,
    "empty": "",
    **{f"{char!r} again": char * 10_000 for char in 'a9@.-:/+= \n"{(1é😀\u0301\0%_,;|'},
    **{f"{pair!r} again": pair * 5_000 for pair in ("1 ", "1-", "a@", "a.", "::", "12/", "0x", " 12")},
}  # fmt: skip

#: Those that may stand in a file.
TEXTS = [text for name, text in CORPUS.items() if name != "halves"]


@pytest.fixture(scope="module", params=["evidence", "presidio"])
def policy(request):
    return Policy.parse(
        f"conflicts: {request.param}\n"
        "allow: [{regex: '(?i)bob@.*'}]\ndeny: [{entity: PERSON, words: [zalgo, İSTANBUL]}]\n"
        "detectors: [{name: any, entity: ANY_CHARACTER, regex: '[^a-z]x', ignore_case: true}]\n"
    )


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)
def test_detect_finds_the_address_beside_it(policy, text):
    around = f"{text} {MAIL} {text}"
    found = lakescan.detect(around, policy, accuracy_mode="patterns")
    assert all(0 <= f.start < f.end <= len(around) for f in found)
    start = len(text) + 1
    assert (start, start + len(MAIL), "EMAIL_ADDRESS") in {
        (f.start, f.end, f.entity) for f in found
    }
    explained = lakescan.explain_text(around, policy, accuracy_mode="patterns")
    assert [(f.start, f.end, f.entity) for f in explained.told] == [
        (f.start, f.end, f.entity) for f in found
    ]


def test_a_column_of_them_is_judged_and_its_offsets_cut_its_rows(policy):
    rows = [*TEXTS, *(f"{text} {MAIL}" for text in TEXTS), None, MAIL]
    found = lakescan.detect_column(
        pa.array(rows), "no\0tes\ud800", policy, accuracy_mode="patterns"
    )
    cut = {
        (f["row"], rows[f["row"]][f["start"] : f["end"]])
        for f in found.table.to_pylist()
        if f["entity"] == "EMAIL_ADDRESS"
    }
    assert {(at, MAIL) for at in range(len(TEXTS), len(rows)) if rows[at]} <= cut
    assert found.verdict.rows == len(rows)


@pytest.mark.parametrize("format", ["parquet", "jsonl", "csv"])
def test_files_of_them_are_scanned(tmp_path, format):  # noqa: A002
    rows = [f"{text} {MAIL}" for text in TEXTS]
    file = tmp_path / f"nasty.{format}"
    if format == "parquet":
        pq.write_table(pa.table({"id": range(len(rows)), "notes": rows}), file)
    elif format == "jsonl":
        file.write_text(
            "".join(json.dumps({"id": i, "notes": r}) + "\n" for i, r in enumerate(rows))
        )
    else:
        quoted = ('"' + row.replace('"', '""').replace("\0", "") + '"' for row in rows)
        file.write_text(
            "id,notes\n" + "".join(f"{i},{r}\n" for i, r in enumerate(quoted)), newline=""
        )
    for result in (lakescan.scan(str(tmp_path)), lakescan.classify(file)):
        assert not result.value.errors
        columns = [column for dataset in result.value.datasets for column in dataset.columns]
        (notes,) = [column for column in columns if column.column == "notes"]
        assert notes.rows == len(rows)
        assert "EMAIL_ADDRESS" in {found.entity for found in notes.classifications}


@pytest.mark.parametrize("unit", ["a", "9", "é", "\u202e😀", "1 ", '{"a":', f"{MAIL} ", "\0"])
def test_a_cell_of_ten_megabytes_is_read_to_its_end(unit):
    count = (10 << 20) // len(unit.encode()) if unit != f"{MAIL} " else 20_000
    text = unit * count + f" {MAIL}"
    found = lakescan.detect(text, accuracy_mode="patterns")
    assert found[-1].end == len(text)
    if unit != f"{MAIL} ":
        column = lakescan.detect_column(pa.array([text, "x"]), "notes", accuracy_mode="patterns")
        assert column.table.num_rows == len(found)


def test_a_file_of_long_lines_is_scanned(tmp_path):
    long = "word " * 400_000 + MAIL
    file = tmp_path / "long.jsonl"
    file.write_text("".join(json.dumps({"id": i, "notes": f"{i} {long}"}) + "\n" for i in range(3)))
    result = lakescan.scan(str(tmp_path), accuracy_mode="patterns")
    assert not result.value.errors
    (dataset,) = result.value.datasets
    assert [column.rows for column in dataset.columns] == [3, 3]
    assert "EMAIL_ADDRESS" in {found.entity for found in dataset.columns[1].classifications}


ANY = st.characters(codec=None)
PIECES = st.one_of(
    st.text(ANY, max_size=12),
    st.sampled_from(
        [MAIL, "4111 1111 1111 1111", "219-09-9998", "é", "\0", "+1 202 555 0142", "Zalgo"]
    ),
)


@settings(max_examples=40)
@given(texts=st.lists(st.lists(PIECES, max_size=6).map(" ".join), min_size=1, max_size=8))
def test_any_text_is_read_alone_as_among_others(texts):
    policy = ANY_POLICY
    alone = [lakescan.detect(text, policy, accuracy_mode="patterns") for text in texts]
    for text, found in zip(texts, alone, strict=True):
        assert all(0 <= f.start < f.end <= len(text) for f in found)
        assert all(text[f.start : f.end] == MAIL for f in found if f.entity == "EMAIL_ADDRESS"
                   and MAIL in text[f.start : f.end])  # fmt: skip
    clean = [text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for text in texts]
    if clean == texts:
        column = lakescan.detect_column(pa.array(texts), None, policy, accuracy_mode="patterns")
        spans = [(f["row"], f["start"], f["end"], f["entity"]) for f in column.table.to_pylist()]
        assert spans == [
            (row, f.start, f.end, f.entity) for row, found in enumerate(alone) for f in found
        ]


ANY_POLICY = Policy.parse("deny: [{entity: PERSON, words: [zalgo]}]\n")

BOMBS = [
    "(a+)+b", "(a|aa)+$", "([a-z]+)*1", "(x+x+)+y", "(a?){50}a{50}", "(.*){10}z", "[ab]{1000}x",
    "(?:a{1,30}){30}b", "(.{0,100}){10}q", r"(\w{1,100} ){9}z", ".*.*.*.*=.*", "a*a*a*a*a*b",
    "(?i)(é|ë|ê){1,500}x", r"\pL{1,1000}9", "((a{0,50}){0,50}){0,50}b", "x{1000}{1000}",
    "(" * 1200 + "a" + ")" * 1200, "(?=a)b", r"(a)\1", "a**", "[", "(?P<v>", "\\", "x" * 50_000,
    "(?:" + "|".join(f"word{n}" for n in range(3000)) + ")z", "a\0b", "()*x",
]  # fmt: skip


@pytest.mark.parametrize("place", ["detectors", "allow", "deny"])
@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb[:20])
def test_a_hostile_pattern_is_refused_or_runs_in_linear_time(place, bomb):
    rule = {"regex": bomb}
    if place == "detectors":
        rule |= {"name": "bomb", "entity": "BOMB", "category": "BOMB"}
    elif place == "deny":
        rule |= {"entity": "PERSON"}
    try:
        policy = Policy.model_validate({place: [rule], "entities": {"enable": ["EMAIL_ADDRESS"]}})
    except PolicyError:
        return
    except ValueError as error:
        assert "RE2" in str(error) or "empty text" in str(error)  # noqa: PT017
        return
    text = "a" * 50_000 + " " + "ab" * 20_000 + f" é {MAIL} " + "word " * 5_000
    found = lakescan.detect(text, policy, accuracy_mode="patterns")
    assert all(0 <= f.start < f.end <= len(text) for f in found)


COLUMNS = {
    "unsigned": pa.array([2**64 - 1, 4111111111111111], pa.uint64()),
    "smallest": pa.array([-(2**63), 2**63 - 1], pa.int64()),
    "bytes that are no text": pa.array([MAIL.encode(), b"\xff\xfe", None], pa.binary()),
    "string view": pa.array([MAIL, "x"]).cast(pa.string_view()),
    "binary view": pa.array([MAIL.encode(), b"x"]).cast(pa.binary_view()),
    "long decimals": pa.array([1, 2]).cast(pa.decimal256(60, 2)),
    "intervals": pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
    "half floats": pa.array(np.array([1.5], np.float16)),
    "odd floats": pa.array([float("nan"), float("inf"), -0.0, 1e308]),
    "far times": pa.array([1, -(2**62)], pa.timestamp("us", "UTC")),
    "durations": pa.array([1, None], pa.duration("s")),
    "nothing": pa.array([None, None]),
    "no rows": pa.array([], pa.string()),
    "no chunks": pa.chunked_array([], pa.string()),
    "truths": pa.array([True, None]),
    "codes": pa.array([MAIL, MAIL, None]).dictionary_encode(),
    "runs": pa.RunEndEncodedArray.from_arrays([1, 3], [MAIL, "x"]),
    "lists": pa.array([[MAIL], None, []]),
    "maps": pa.array([[("k", MAIL)]], pa.map_(pa.string(), pa.string())),
    "structs": pa.array([{"a": {"b": MAIL}}, None]),
    "unions": pa.UnionArray.from_sparse(
        pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", MAIL])]
    ),
}


@pytest.mark.parametrize("array", COLUMNS.values(), ids=COLUMNS)
def test_columns_of_every_type_are_judged(array):
    found = lakescan.detect_column(array, "a\0b", accuracy_mode="patterns")
    assert found.verdict.rows >= 0
    assert all(f["end"] > f["start"] for f in found.table.to_pylist())
