from __future__ import annotations

import json
import pickle
from datetime import date

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan
from lakescan.errors import PolicyError, UsageError

REVERSIBLE = """
anonymize:
  default: encrypt
  rules:
    - {column: "*customer_id", operator: fpe, domain: customer}
    - {entities: EMAIL_ADDRESS, operator: encrypt, domain: mail}
    - {entities: PERSON, operator: encrypt}
    - {entities: PHONE_NUMBER, operator: encrypt}
    - {entities: US_SSN, operator: fpe}
    - {entities: DATE_OF_BIRTH, operator: encrypt}
    - {entities: CREDIT_CARD, operator: fpe, options: {keep_first: 6, checksum: luhn}}
"""
ONE_WAY = """
anonymize:
  subject: customer_id
  rules:
    - {column: "*customer_id", operator: fpe, domain: customer}
    - {entities: EMAIL_ADDRESS, operator: token, domain: mail}
    - {entities: PERSON, operator: fake}
    - {entities: PHONE_NUMBER, operator: mask, options: {keep_last: 2}}
    - {entities: US_SSN, operator: hash}
    - {entities: DATE_OF_BIRTH, operator: date_shift, options: {days: 90}}
    - {entities: CREDIT_CARD, operator: fake}
"""


def joins(customers, orders, tickets):
    """How many rows each of the lake's joins has."""
    orders = orders.with_columns(
        key=pl.col("customer_id").cast(pl.String), mail=pl.col("buyer").struct.field("email")
    )
    return {
        "customer": len(customers.join(orders, left_on="customer_id", right_on="key")),
        "mail": len(customers.join(orders, left_on="email", right_on="mail")),
        "tickets": len(tickets.join(orders, left_on="email", right_on="mail")),
        "cards": len(orders.join(orders, on="card")),
    }


def anonymized(lake, target, policy, **more):
    return lakescan.anonymize(lake, target, lakescan.Policy.parse(policy), engine="local", **more)


def test_three_tables_in_three_formats_keep_their_joins(lake, key, tmp_path, read_tables):
    result = anonymized(lake, tmp_path / "out", ONE_WAY)
    assert result.status == "complete"
    before, after = read_tables(lake), read_tables(tmp_path / "out")
    assert joins(*after) == joins(*before)
    assert min(joins(*before).values()) > 100
    for old, new in zip(before, after, strict=True):
        assert new.schema == old.schema
        assert [new[name].null_count() for name in new.columns] == [
            old[name].null_count() for name in old.columns
        ]
    assert pq.read_schema(next((tmp_path / "out").rglob("*.parquet"))) == pq.read_schema(
        next(lake.rglob("*.parquet"))
    )


def test_nothing_of_the_people_is_left_in_any_file(lake, key, tmp_path, people):
    anonymized(lake, tmp_path / "out", ONE_WAY)
    orders = [pq.ParquetFile(path).read() for path in (tmp_path / "out").rglob("*.parquet")]
    text = "\n".join(
        [
            (tmp_path / "out/crm/customers.csv").read_text("utf-8"),
            (tmp_path / "out/tickets.jsonl").read_text("utf-8"),
            *(json.dumps(table.to_pylist(), default=str) for table in orders),
        ]
    )
    for one in people:
        for name in ("email", "phone", "ssn", "card"):
            assert one[name] not in text, name
    assert "The parcel was damaged when it came" in text
    assert '\\"priority\\":1' in text


def test_a_subjects_birth_date_moves_by_at_most_so_many_days(lake, key, tmp_path, read_tables):
    anonymized(lake, tmp_path / "out", ONE_WAY)
    old = read_tables(lake)[0]["date_of_birth"].str.to_date()
    new = read_tables(tmp_path / "out")[0]["date_of_birth"].str.to_date()
    gaps = (new - old).dt.total_days()
    assert gaps.abs().min() >= 1
    assert gaps.abs().max() <= 90
    assert gaps.n_unique() > 20


def test_what_is_reversible_is_revealed_bit_for_bit_and_on_record(lake, key, tmp_path, read_tables):
    anonymized(lake, tmp_path / "out", REVERSIBLE)
    hidden = read_tables(tmp_path / "out")
    assert not hidden[0].equals(read_tables(lake)[0])
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    lakescan.reveal(tmp_path / "out", tmp_path / "back", audit, engine="local")
    written = [path / "crm/customers.csv" for path in (tmp_path / "back", lake)]
    assert written[0].read_bytes() == written[1].read_bytes()
    for old, new in zip(read_tables(lake), read_tables(tmp_path / "back"), strict=True):
        assert new.drop("payload", strict=False).equals(old.drop("payload", strict=False))
    # A document is written anew, without the spaces between its fields.
    old, new = read_tables(lake)[2]["payload"], read_tables(tmp_path / "back")[2]["payload"]
    assert new.equals(old.str.replace_all(r"(?P<sign>[:,]) ", "$sign"))
    entries = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert [entry["event"] for entry in entries] == ["reveal.begin", "reveal.end"]
    assert {entry["reason"] for entry in entries} == {"a test"}
    assert "@" not in json.dumps(entries)


def test_what_an_update_added_and_what_was_there_are_both_revealed(key, tmp_path):
    policy = "accuracy_mode: patterns\nanonymize: {rules: [{column: ssn, operator: fpe}]}"
    rows = {}
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
        rows[name] = "ssn\n" + "".join(f"{300 + n}-12-{len(name) * 1000 + n}\n" for n in range(30))
        (tmp_path / name / f"{name}.csv").write_text(rows[name])
        writing = lakescan.Writing("create" if name == "north" else "update")
        anonymized(tmp_path / name, tmp_path / "out", policy, writing=writing)
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    lakescan.reveal(tmp_path / "out", tmp_path / "back", audit, engine="local")
    for name, text in rows.items():
        assert (tmp_path / "out" / f"{name}.csv").read_text() != text
        assert (tmp_path / "back" / f"{name}.csv").read_text() == text


def test_revealing_needs_the_key_that_was_used_and_a_reason(lake, key, tmp_path, monkeypatch):
    anonymized(lake, tmp_path / "out", REVERSIBLE)
    with pytest.raises(UsageError, match="record"):
        lakescan.Audit(str(tmp_path / "audit.jsonl"), " ")
    monkeypatch.setenv("LAKESCAN_KEY", bytes(32).hex())
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    with pytest.raises(UsageError, match="key id"):
        lakescan.reveal(tmp_path / "out", tmp_path / "back", audit, engine="local")
    assert not (tmp_path / "back/crm").exists()


WRONG = {
    "rules: [{column: amount, operator: mask}]": "rules\\[0\\].operator: .*mask cannot work on column 'amount', which is double .*noise",
    "rules: [{entities: DATE_OF_BIRTH, operator: date_shift, subject: whose}]": "rules\\[0\\].subject: no table has a column 'whose'",
    "unrecognized: fail": "unrecognized: .*nothing is known of column",
}


@pytest.mark.parametrize("section", WRONG)
def test_a_policy_that_would_break_a_table_is_refused_before_a_row_is_written(
    section, lake, key, tmp_path
):
    with pytest.raises(PolicyError, match=WRONG[section]):
        anonymized(lake, tmp_path / "out", f"anonymize: {{{section}}}")
    assert not (tmp_path / "out").exists()


def test_a_rule_for_a_column_is_held_against_its_type_before_a_row_is_read(
    lake, key, tmp_path, monkeypatch
):
    monkeypatch.setattr("lakescan.jobs.anonymize.job.scan", None)  # whoever reads fails
    with pytest.raises(PolicyError, match="mask cannot work on column 'amount'"):
        anonymized(lake, tmp_path / "out", "anonymize: {rules: [{column: amount, operator: mask}]}")


def test_a_keyed_operator_without_a_key_is_refused(lake, tmp_path, monkeypatch):
    monkeypatch.delenv("LAKESCAN_KEY", raising=False)
    with pytest.raises(PolicyError, match=r"anonymize.key: hash needs a key.*lakescan keys new"):
        anonymized(lake, tmp_path / "out", "anonymize: {default: hash}")


def test_the_same_run_again_changes_nothing_and_another_wants_an_empty_target(lake, key, tmp_path):
    writing = lakescan.Writing(run_id="r1")
    first = anonymized(lake, tmp_path / "out", ONE_WAY, writing=writing)
    again = anonymized(lake, tmp_path / "out", ONE_WAY, writing=writing)
    assert (again.value.version, again.value.rows) == (first.value.version, first.value.rows)
    with pytest.raises(UsageError, match="something stands there"):
        anonymized(lake, tmp_path / "out", ONE_WAY)


def test_one_broken_file_of_a_table_stops_all(lake, key, tmp_path):
    import shutil

    copy = tmp_path / "lake"
    shutil.copytree(lake, copy)
    path = next(copy.rglob("*.parquet"))
    data = bytearray(path.read_bytes())
    data[100:400] = bytes(300)
    path.write_bytes(data)
    with pytest.raises(lakescan.LakescanError, match="parquet"):
        anonymized(copy, tmp_path / "out", ONE_WAY)
    assert not (tmp_path / "out/crm").exists()


def test_a_dry_run_writes_nothing_and_shows_masked_samples(lake, key, tmp_path, people):
    result = anonymized(lake, None, ONE_WAY)
    assert result.status == "planned"
    shown = repr(result.previews) + result.to_json()
    assert "email" in shown
    for one in people:
        assert one["email"] not in shown
        assert one["ssn"] not in shown


def test_a_target_that_the_next_run_would_read_is_refused(tmp_path):
    folder = tmp_path / "lake"
    folder.mkdir()
    frame = pl.DataFrame({"ssn": [f"123-45-67{n}9" for n in range(9)]})
    frame.write_csv(folder / "people.csv")
    rules = "{accuracy_mode: patterns}"
    with pytest.raises(UsageError, match=r"next run would read it.*--exclude 'clean/safe/'"):
        anonymized(folder, folder / "clean/safe", rules)
    for policy, out in ((rules, "_clean"), (f"{{exclude: [safe/], {rules[1:]}", "safe")):
        for mode in ("create", "replace"):
            result = anonymized(folder, folder / out, policy, writing=lakescan.Writing(mode))
            assert len(result.value.tables) == 1
    assert anonymized(folder, tmp_path / "lake2", rules).status == "complete"


def test_a_dry_run_shows_markers_as_they_are(tmp_path):
    notes = [f"She <ANN> wrote from ann{n}@example.com about the parcel" for n in range(9)]
    frame = pl.DataFrame({"ssn": [f"123-45-67{n}9" for n in range(9)], "note": notes})
    frame.write_csv(tmp_path / "people.csv")
    result = anonymized(tmp_path / "people.csv", None, "{accuracy_mode: patterns}")
    ssn, note = result.previews[0].changes
    assert set(ssn.after) == {"<US_SSN>"}
    assert set(note.after) == {"S*** <A***> w*** f*** <EMAIL_ADDRESS> a*** t*** p***"}


def test_the_report_says_what_was_done_to_which_column(lake, key, tmp_path, people):
    result = anonymized(lake, tmp_path / "out", ONE_WAY)
    rows = {
        (row["uri"].rsplit("/lake/")[1], row["column"]): row for row in result.actions.to_pylist()
    }
    mail = rows["crm/customers.csv", "email"]
    assert (mail["operator"], mail["domain"], mail["found"], mail["changed"]) == (
        "token",
        "mail",
        120,
        120,
    )
    assert mail["key_id"] == result.value.key_id
    assert rows["orders/", "amount"]["operator"] == "keep"
    for name in ("r.html", "r.json", "r.parquet"):
        data = result.report(tmp_path / name).read_bytes()
        assert bytes(range(32)).hex().encode() not in data
        assert not any(one["email"].encode() in data for one in people)
    assert "<script" not in (tmp_path / "r.html").read_text("utf-8")


def test_no_key_travels_with_the_task(key):
    from lakescan.connectors.sinks import Target, Transaction
    from lakescan.jobs.anonymize.task import AnonymizeTask

    task = AnonymizeTask(
        lakescan.Policy.default().model_copy(update={"accuracy_mode": "patterns"}),
        "env:LAKESCAN_KEY",
        Transaction(Target("out", "r")),
        {},
    )
    task.setup()
    data = pickle.dumps(task)
    assert bytes(range(32)) not in data
    assert bytes(range(32)).hex().encode() not in data
    assert pickle.loads(data)._keyring is None


def test_cell_by_cell_leaves_the_rest_of_each_cell(tmp_path, key):
    source = tmp_path / "notes.csv"
    source.write_text("contact\n" + "".join(f"mail ann{n}@shop.com now\n" for n in range(50)))
    policy = "anonymize: {cells: spans, default: replace}"
    anonymized(source, tmp_path / "out", policy)
    assert set((tmp_path / "out/notes.csv").read_text().splitlines()[1:]) == {
        "mail <EMAIL_ADDRESS> now"
    }


def test_cell_by_cell_treats_dates_and_numbers_whole(tmp_path, key):
    """Nothing is found inside them, but they are what their column is all the same."""
    born = [date(1950 + n % 50, 1 + n % 12, 3) for n in range(60)]
    table = pa.table({"date_of_birth": born, "email": [f"a{n}@b.com" for n in range(60)]})
    pq.write_table(table, tmp_path / "people.parquet")
    anonymized(tmp_path / "people.parquet", tmp_path / "out", "anonymize: {cells: spans}")
    made = pq.read_table(tmp_path / "out/people.parquet")
    assert made["date_of_birth"].null_count == 60
    assert set(made["email"].to_pylist()) == {"<EMAIL_ADDRESS>"}


def test_a_column_can_go_or_stay_by_name(tmp_path, key):
    source = tmp_path / "people.csv"
    source.write_text(
        "id,email,mail2\n" + "".join(f"{n},a{n}@b.com,c{n}@d.com\n" for n in range(30))
    )
    policy = """
    anonymize:
      rules:
        - {entities: EMAIL_ADDRESS, operator: token}
        - {column: email, operator: drop}
        - {column: mail2, operator: keep}
    """
    anonymized(source, tmp_path / "out", policy)
    lines = (tmp_path / "out/people.csv").read_text().splitlines()
    assert lines[:2] == ["id,mail2", "0,c0@d.com"]


def test_a_rule_that_names_what_is_nobodys_means_it(tmp_path):
    source = tmp_path / "visits.csv"
    source.write_text("ward,visit_date\n" + "".join(f"{n},2024-05-{n:02}\n" for n in range(1, 29)))
    for entities, first in (("DATE_TIME", "1,"), ("PII", "1,2024-05-01"), ("'*'", "1,2024-05-01")):
        policy = f"anonymize: {{rules: [{{entities: {entities}, operator: 'null'}}]}}"
        target = tmp_path / f"out-{entities.strip(chr(39)).replace('*', 'all')}"
        anonymized(source, target, policy)
        assert (target / "visits.csv").read_text().splitlines()[1] == first


def test_a_rule_that_names_pages_means_those_that_are_not_known_to_be_anybodys(tmp_path):
    source = tmp_path / "visits.csv"
    source.write_text("ward,url\n" + "".join(f"{n},https://a.com/u/ann/{n}\n" for n in range(28)))
    anonymized(source, tmp_path / "out", "anonymize: {rules: [{entities: URL, operator: redact}]}")
    assert "ann" not in (tmp_path / "out/visits.csv").read_text()
