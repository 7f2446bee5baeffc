"""The same DataFrame without the people in it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.errors import PolicyError, UsageError
from lakescan.spark import anonymize, classify

pytestmark = pytest.mark.spark

POLICY = """
accuracy_mode: patterns
anonymize:
  rules:
    - {column: "*customer_id", operator: fpe, domain: customer}
    - {entities: EMAIL_ADDRESS, operator: token, domain: mail}
    - {entities: PERSON, operator: fake}
    - {entities: PHONE_NUMBER, operator: mask, options: {keep_last: 2}}
"""


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "key"
    path.write_text(bytes(range(32)).hex())
    path.chmod(0o600)
    return f"file:{path}"


@pytest.fixture(scope="module")
def table():
    count = 240
    names = ["Ann Miller", "Peter Smith", "Maria Garcia", "James Brown", "Linda Taylor"]
    mails = [f"person{n}.x@mail-{n % 3}.com" for n in range(count)]
    return pa.table(
        {
            "customer_id": pa.array(range(1000, 1000 + count), pa.int64()),
            "email": pa.array([None if n % 7 == 3 else mails[n] for n in range(count)]),
            "contact": [
                {"name": names[n % 5], "mails": [mails[n], mails[n - 1]]} for n in range(count)
            ],
            "tags": pa.array(
                [[("phone", f"202-555-{1000 + n}")] for n in range(count)],
                pa.map_(pa.string(), pa.string()),
            ),
            "colour": ["red" if n % 2 else "blue" for n in range(count)],
            "raw": [b"\x00\xff" for n in range(count)],
        }
    )


def test_it_is_what_a_job_writes_with_the_same_schema(spark_session, table, key, tmp_path):
    policy = lakescan.Policy.parse(POLICY)
    pq.write_table(table, tmp_path / "people.parquet")
    lakescan.anonymize(
        tmp_path / "people.parquet", tmp_path / "out", policy, key=key, engine="local"
    )
    written = pq.ParquetFile(next((tmp_path / "out").rglob("*.parquet"))).read()
    frame = spark_session.createDataFrame(table).repartition(3)
    hidden = anonymize(frame, policy, key=key)
    assert [(f.name, f.dataType) for f in hidden.schema] == [
        (f.name, f.dataType) for f in frame.schema
    ]
    assert canonical(hidden.toArrow()) == canonical(written)
    assert canonical(written) != canonical(table)
    shown = str(hidden.toArrow().to_pylist())
    assert "@mail-" not in shown
    assert "Garcia" not in shown or "Maria Garcia" not in shown


def canonical(table):
    return sorted(map(repr, table.to_pylist()))


def test_verdicts_that_are_known_are_not_looked_for_again(spark_session, table, key, reads):
    frame = spark_session.createDataFrame(table)
    policy = lakescan.Policy.parse(POLICY)
    verdicts = classify(frame, policy)
    reads.clear()
    known = anonymize(frame, policy, key=key, verdicts=verdicts)
    assert reads == []
    assert canonical(known.toArrow()) == canonical(anonymize(frame, policy, key=key).toArrow())
    assert reads == ["dataframe"]
    with pytest.raises(UsageError, match="another table"):
        anonymize(frame.drop("email"), policy, key=key, verdicts=verdicts)


@pytest.fixture
def reads(monkeypatch):
    """What is classified."""
    from lakescan.spark import anonymization as module

    seen = []
    real = module.classify

    def classify(data, policy, *, name):
        seen.append(name)
        return real(data, policy, name=name)

    monkeypatch.setattr(module, "classify", classify)
    return seen


def test_named_columns_alone_take_one_pass(spark_session, table, key, reads):
    frame = spark_session.createDataFrame(table).select("customer_id", "email", "colour", "raw")
    policy = lakescan.Policy.parse("""
anonymize:
  rules:
    - {column: customer_id, operator: "null"}
    - {column: email, operator: token, domain: mail}
    - {column: colour, operator: drop}
    - {column: raw, operator: keep}
""")
    rows = anonymize(frame, policy, key=key).toArrow()
    assert reads == []
    assert rows.column_names == ["customer_id", "email", "raw"]
    assert rows["customer_id"].null_count == 240
    assert rows["raw"].to_pylist() == table["raw"].to_pylist()
    assert rows["email"].null_count == table["email"].null_count
    assert len(set(rows["email"].to_pylist())) == len(set(table["email"].to_pylist()))


def test_numbers_stay_numbers(spark_session):
    frame = spark_session.createDataFrame([(20 + n % 50,) for n in range(100)], "age short")
    policy = lakescan.Policy.parse(
        "accuracy_mode: patterns\nanonymize: {rules: [{column: age, operator: generalize}]}"
    )
    hidden = anonymize(frame, policy)
    assert hidden.schema["age"].dataType.simpleString() == "smallint"
    assert 1 < len(set(hidden.toArrow()["age"].to_pylist())) < 50


def test_a_keyed_operator_without_a_key_is_refused_before_a_row_is_read(spark_session, table):
    policy = lakescan.Policy.parse("anonymize: {rules: [{column: '*', operator: hash}]}")
    with pytest.raises(PolicyError, match="needs a key"):
        anonymize(spark_session.createDataFrame(table).select("email"), policy)


def test_nothing_to_hide_is_the_same_dataframe(spark_session):
    frame = spark_session.range(10)
    assert anonymize(frame, lakescan.Policy.parse("accuracy_mode: patterns")) is frame
