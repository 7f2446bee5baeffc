"""Functions for SQL."""

from __future__ import annotations

import pytest

import lakescan
from lakescan.spark import register

pytestmark = pytest.mark.spark

POLICY = lakescan.Policy.parse("accuracy_mode: patterns\nanonymize: {domain: mail}")
TEXTS = [
    "Call Ann on 202-555-0142 or write to ann@example.org",
    None,
    "",
    "ann@example.org",
    "𝔘 x ann@example.org",
    "nothing here",
]


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    path = tmp_path_factory.mktemp("key") / "key"
    path.write_text(bytes(range(32)).hex())
    path.chmod(0o600)
    return f"file:{path}"


@pytest.fixture(scope="module")
def sql(spark_session, key):
    names = register(spark_session, policy=POLICY, key=key)
    assert names[:3] == ("lakescan_detect", "lakescan_entity", "lakescan_mask")
    rows = [(n, text) for n, text in enumerate(TEXTS)]
    frame = spark_session.createDataFrame(rows, "n int, text string").repartition(2)
    frame.createOrReplaceTempView("texts")
    return lambda what: [
        row[0] for row in spark_session.sql(f"SELECT {what} FROM texts ORDER BY n").collect()
    ]


def test_detect_says_what_lakescan_detect_does(sql):
    found = sql("lakescan_detect(text)")
    for text, rows in zip(TEXTS, found, strict=True):
        if text is None:
            assert rows is None
            continue
        told = [(r.start, r.end, r.entity, r.category, r.detector) for r in rows]
        expected = lakescan.detect(text, POLICY)
        assert told == [(f.start, f.end, f.entity, f.category, f.detector) for f in expected]
        assert [r.score for r in rows] == pytest.approx([f.score for f in expected])
    assert TEXTS[4][found[4][0].start : found[4][0].end] == "ann@example.org"


def test_entity_is_what_most_of_the_text_is(sql):
    assert sql("lakescan_entity(text)") == [
        "EMAIL_ADDRESS", None, None, "EMAIL_ADDRESS", "EMAIL_ADDRESS", None,
    ]  # fmt: skip


def test_mask_hides_the_spans_alone(sql):
    masked = sql("lakescan_mask(text)")
    assert masked[0].startswith("Call Ann on ")
    assert "202-555-0142" not in masked[0]
    assert "ann@example.org" not in masked[0]
    assert masked[1:3] == [None, ""]
    assert masked[5] == "nothing here"


@pytest.mark.parametrize("operator", ["token", "hash"])
def test_what_is_under_the_key_joins_with_what_a_job_writes(sql, key, tmp_path, operator):
    made = sql(f"lakescan_{operator}(text)")
    assert made[1] is None
    assert made[3] == sql(f"lakescan_{operator}(text, 'mail')")[3]
    assert made[3] != sql(f"lakescan_{operator}(text, 'other')")[3]
    (tmp_path / "a.csv").write_text("email\n" + "ann@example.org\n" * 3)
    policy = lakescan.Policy.parse(
        f"anonymize: {{rules: [{{column: email, operator: {operator}, domain: mail}}]}}"
    )
    lakescan.anonymize(tmp_path / "a.csv", tmp_path / "out", policy, key=key, engine="local")
    assert next((tmp_path / "out").rglob("*.csv")).read_text().splitlines()[1] == made[3]


def test_without_a_key_there_are_no_functions_under_it(spark_session, monkeypatch):
    monkeypatch.delenv("LAKESCAN_KEY", raising=False)
    assert register(policy=POLICY) == ("lakescan_detect", "lakescan_entity", "lakescan_mask")
