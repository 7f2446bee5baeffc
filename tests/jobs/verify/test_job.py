from __future__ import annotations

import json
import shutil

import numpy as np
import polars as pl
import pytest

import lakescan
from lakescan.jobs.verify.fingerprints import added, counted, joined, telling

POLICY = lakescan.Policy.parse("""
anonymize:
  default: token
  rules:
    - {column: "*customer_id", operator: fpe, domain: customer}
    - {entities: EMAIL_ADDRESS, operator: token, domain: mail}
    - {entities: PERSON, operator: fake}
    - {entities: DATE_OF_BIRTH, operator: generalize}
    - {entities: CREDIT_CARD, operator: fpe, options: {keep_first: 6, checksum: luhn}}
""")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    """Customers as CSV, orders as Parquet, both with the addresses."""
    root = tmp_path_factory.mktemp("verify") / "lake"
    (root / "orders").mkdir(parents=True)
    names = ["Ann Miller", "Peter Smith", "Maria Garcia", "James Brown", "Linda Taylor"]
    frame = pl.DataFrame(
        {
            "customer_id": [1000 + n for n in range(80)],
            "name": [names[n % 5] for n in range(80)],
            "email": [f"person{n}.x@mail-{n % 3}.com" for n in range(80)],
            "date_of_birth": [f"19{50 + n % 40}-0{1 + n % 9}-{10 + n % 18}" for n in range(80)],
            "city": [["Boston", "Chicago", "Denver", "Seattle"][n % 4] for n in range(80)],
            "note": [
                f"She wrote from person{n}.x@mail-{n % 3}.com about the parcel, which was late again."
                for n in range(80)
            ],
        }
    )
    frame.write_csv(root / "customers.csv")
    frame.select("customer_id", "email").sample(300, with_replacement=True, seed=1).with_columns(
        amount=pl.Series(np.linspace(1, 9, 300))
    ).write_parquet(root / "orders/orders.parquet")
    return root


@pytest.fixture(scope="module")
def output(lake, tmp_path_factory):
    target = tmp_path_factory.mktemp("verified") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())
        lakescan.anonymize(lake, target, POLICY, engine="local")
    return target


def test_what_lakescan_wrote_has_no_leak_and_all_joins(lake, output):
    report = lakescan.verify(output, lake, POLICY, engine="local")
    assert (report.status, report.leaks) == ("clean", 0)
    checks = {(column.table, column.column): column for column in report.columns}
    assert checks["customers.csv", "email"].originals == 80
    assert checks["customers.csv", "note"].originals == 80
    assert all(column.nulls_before == column.nulls_after for column in report.columns)
    assert all(table.differences == () for table in report.tables)
    joins = {(join.left, join.right) for join in report.joins}
    assert {
        ("customers.csv: customer_id", "orders/orders.parquet: customer_id"),
        ("customers.csv: email", "orders/orders.parquet: email"),
    } <= joins
    assert all(join.before == join.after >= 300 for join in report.joins)


def test_a_range_is_no_leak_of_the_value_that_begins_it(tmp_path, monkeypatch):
    monkeypatch.delenv("LAKESCAN_KEY", raising=False)
    policy = lakescan.Policy.parse(
        "accuracy_mode: patterns\nanonymize: {rules: [{column: ip, operator: generalize}]}"
    )
    source = tmp_path / "visits.csv"
    source.write_text("ip,page\n" + "".join(f"10.1.{n}.{n % 2},{n}\n" for n in range(2, 60)))
    lakescan.anonymize(source, tmp_path / "out", policy, engine="local")
    report = lakescan.verify(tmp_path / "out", source, policy, engine="local")
    assert report.leaks == 0
    made = (tmp_path / "out/visits.csv").read_text()
    assert "10.1.12.0,12" in made  # it was so before
    (tmp_path / "out/visits.csv").write_text(made.replace("10.1.13.0,13", "10.1.13.1,13"))
    assert lakescan.verify(tmp_path / "out", source, policy, engine="local").leaks == 1


@pytest.mark.parametrize(("sign", "leaks"), [("-", 0), (" ? ", 0), ("$%^&!*", 20)])
def test_a_sign_for_nobody_is_no_leak_and_a_word_of_signs_is(tmp_path, monkeypatch, sign, leaks):
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())
    users = [sign if n % 2 else f"ann_miller{n}" for n in range(40)]
    pl.DataFrame({"username": users}).write_csv(tmp_path / "log.csv")
    rules = "anonymize: {rules: [{column: username, operator: fake, options: {entity: PERSON}}]}"
    policy = lakescan.Policy.parse(rules)
    lakescan.anonymize(tmp_path / "log.csv", tmp_path / "out", policy, engine="local")
    assert sign in pl.read_csv(tmp_path / "out/log.csv")["username"]
    report = lakescan.verify(tmp_path / "out", tmp_path / "log.csv", policy, engine="local")
    assert (report.status, report.leaks) == ("leaking" if leaks else "clean", leaks)


def test_a_made_up_street_of_another_row_is_no_leak_and_one_that_stayed_is(tmp_path, monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())
    names = ["Haupt", "Bahnhof", "Garten", "Schul", "Kirch", "Berg", "Linden", "Ring", "Wald"]
    streets = [f"{name}straße {number}" for name in names for number in range(1, 100)]
    source, out = tmp_path / "leads.csv", tmp_path / "out"
    pl.DataFrame({"Straße": streets, "n": range(len(streets))}).write_csv(source)
    policy = lakescan.Policy.parse(
        "accuracy_mode: patterns\nanonymize: {rules: [{entities: LOCATION, operator: fake}]}"
    )
    lakescan.anonymize(source, out, policy, engine="local")
    made = pl.read_csv(out / "leads.csv")
    assert set(made["Straße"]) & set(streets)
    assert lakescan.verify(out, source, policy, engine="local").leaks == 0
    stayed = pl.Series([streets[0], *made["Straße"][1:]])
    made.with_columns(stayed.alias("Straße")).write_csv(out / "leads.csv")
    assert lakescan.verify(out, source, policy, engine="local").leaks == 1
    made.with_columns(pl.Series(streets).alias("n")).write_csv(out / "leads.csv")
    assert lakescan.verify(out, source, policy, engine="local").leaks == len(streets)


def test_a_column_that_lost_all_its_values_has_no_type_to_differ_in(tmp_path, monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())
    rows = [{"id": n, "job": {"salary": 30_000 + 7 * n, "title": "Nurse"}} for n in range(60)]
    source = tmp_path / "staff.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    rules = "anonymize: {rules: [{entities: SALARY, operator: 'null'}]}"
    policy = lakescan.Policy.parse(rules)
    lakescan.anonymize(source, tmp_path / "out", policy, engine="local")
    report = lakescan.verify(tmp_path / "out", source, policy, engine="local")
    assert (report.status, report.tables[0].differences) == ("clean", ())
    made = tmp_path / "out/staff.jsonl"
    made.write_text(made.read_text().replace('"id":', '"number":'))
    report = lakescan.verify(tmp_path / "out", source, policy, engine="local")
    assert report.tables[0].differences == ("column id is gone", "column number is new")


def test_columns_of_one_name_are_told_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())
    source = tmp_path / "mail.csv"
    rows = "".join(f"ann{n}@example.org,bob{n}@example.org,{n}\n" for n in range(30))
    source.write_text("email,email,n\n" + rows)
    lakescan.anonymize(source, tmp_path / "out", engine="local")
    report = lakescan.verify(tmp_path / "out", source, engine="local")
    assert (report.status, report.tables[0].differences) == ("clean", ())
    made = tmp_path / "out/mail.csv"
    made.write_text("".join(line.partition(",")[2] + "\n" for line in made.read_text().split()))
    report = lakescan.verify(tmp_path / "out", source, engine="local")
    assert report.tables[0].differences == ("column email is gone",)


def test_dates_in_two_tables_join_no_rows(tmp_path, monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())
    source = tmp_path / "lake"
    source.mkdir()
    for name in ("customers", "staff"):
        pl.DataFrame(
            {
                "person_id": range(60),
                "email": [f"ann.miller{n}@example.org" for n in range(60)],
                "date_of_birth": [f"19{50 + n % 40}-03-{10 + n % 18}" for n in range(60)],
            }
        ).write_csv(source / f"{name}.csv")
    policy = lakescan.Policy.parse("""
anonymize:
  default: token
  rules: [{entities: DATE_OF_BIRTH, operator: date_shift, subject: email}]
""")
    lakescan.anonymize(source, tmp_path / "out", policy, engine="local")
    report = lakescan.verify(tmp_path / "out", source, policy, engine="local")
    joins = {join.left.partition(": ")[2]: join for join in report.joins}
    assert "email" in joins
    assert joins["email"].before == joins["email"].after == 60
    assert "date_of_birth" not in joins


def test_the_source_itself_leaks_everything(lake, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(lake, copy)
    report = lakescan.verify(copy, lake, POLICY, engine="local")
    assert report.status == "leaking"
    checks = {(column.table, column.column): column for column in report.columns}
    assert checks["customers.csv", "name"].same == 80
    assert checks["customers.csv", "email"].found == 80
    assert checks["customers.csv", "note"].found == 80


def test_bytes_are_looked_into_as_far_as_they_are_texts(tmp_path):
    mails = [f"person{n}.x@mail-{n % 3}.com" for n in range(40)]
    source = pl.DataFrame(
        {
            "mail": mails,
            "raw": [mail.encode() if n % 2 else bytes([255, n]) for n, mail in enumerate(mails)],
            "photo": [bytes([254, n]) for n in range(40)],
        }
    )
    source.write_parquet(tmp_path / "a.parquet")
    rules = lakescan.Policy.parse("{accuracy_mode: patterns}")
    lakescan.anonymize(tmp_path / "a.parquet", tmp_path / "out", rules, engine="local")
    report = lakescan.verify(tmp_path / "out", tmp_path / "a.parquet", rules, engine="local")
    assert (report.status, [column.column for column in report.columns]) == (
        "clean", ["mail", "raw"],
    )  # fmt: skip
    made = pl.read_parquet(tmp_path / "out/a.parquet")
    made.with_columns(source["raw"]).write_parquet(tmp_path / "out/a.parquet")
    report = lakescan.verify(tmp_path / "out", tmp_path / "a.parquet", rules, engine="local")
    assert {column.column: column.found for column in report.columns} == {"mail": 20, "raw": 20}
    assert {column.column: column.same for column in report.columns} == {"mail": 0, "raw": 40}


def test_one_value_in_another_column_is_found(lake, output, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(output, copy)
    path = copy / "customers.csv"
    frame = pl.read_csv(path)
    frame = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 7)
        .then(pl.lit("person3.x@mail-0.com"))
        .otherwise(pl.col("city"))
        .alias("city")
    )
    frame.write_csv(path)
    report = lakescan.verify(copy, lake, POLICY, engine="local")
    leaking = [column for column in report.columns if column.leaks]
    assert {column.column for column in leaking} == {"email", "note"}
    assert {column.found for column in leaking} == {1}
    assert leaking[0].found_in == ("customers.csv: city",)
    assert "person3" not in repr(report)


def test_what_a_table_lost_is_told(lake, output, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(output, copy)
    pl.read_csv(copy / "customers.csv").drop("city").head(70).write_csv(copy / "customers.csv")
    shutil.rmtree(copy / "orders")
    report = lakescan.verify(copy, lake, POLICY, engine="local")
    assert report.status == "different"
    told = {table.table: table.differences for table in report.tables}
    assert told["customers.csv"] == ("80 rows before, 70 after", "column city is gone")
    assert told["orders/orders.parquet"] == ("is not in the output",)
    assert any(join.before != join.after for join in report.joins)


def test_rows_that_stand_out_are_counted(lake, output):
    risks = lakescan.verify(output, lake, POLICY, engine="local").risks
    risk = next(risk for risk in risks if risk.table == "customers.csv")
    assert set(risk.columns) == {"date_of_birth", "city"}
    frame = pl.read_csv(output / "customers.csv")
    sizes = frame.group_by("date_of_birth", "city").len()["len"]
    assert (risk.k, risk.unique, risk.rows) == (sizes.min(), (sizes == 1).sum(), 80)


def test_counts_add_up_and_joins_multiply():
    left, right = np.array([1, 1, 2, 3], np.uint64), np.array([1, 2, 2, 9], np.uint64)
    whole = counted(np.concatenate((left, right)))
    parts = added([counted(left), counted(right)])
    assert [each.tolist() for each in parts] == [each.tolist() for each in whole]
    assert joined(counted(left), counted(right)) == 2 * 1 + 1 * 2


def test_words_alone_tell_nobody():
    texts = pl.Series(
        [
            "Boston",
            "1980-05-17",
            "17 May 1980",
            "5/17/80",
            "a@b.co",
            "202-555-0142",
            "12 34",
            "Ann Miller",
            "AB123456",
        ]
    )
    assert telling(texts).to_list() == ["a@b.co", "202-555-0142", "AB123456"]
