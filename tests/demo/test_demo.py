"""`make demo`: the lake it builds, and what it shows."""

from __future__ import annotations

import filecmp
import json
import subprocess
import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "demo"

#: What a person who reads the demo lake's source would say of its columns.
PERSONAL = {
    ("customers.csv", "email", "EMAIL_ADDRESS"),
    ("customers.csv", "phone", "PHONE_NUMBER"),
    ("customers.csv", "ssn", "SOCIAL_SECURITY_ID"),
    ("customers.csv", "first_name", "PERSON"),
    ("customers.csv", "dob", "DATE_OF_BIRTH"),
    ("leads_de.csv.gz", "E-Mail", "EMAIL_ADDRESS"),
    ("orders/", "card", "CREDIT_CARD"),
    ("orders/", "customer.email", "EMAIL_ADDRESS"),
    ("events/", "user.ip", "IP_ADDRESS"),
    ("events/", "device.mac", "MAC_ADDRESS"),
    ("invoices.avro", "iban", "BANK_ACCOUNT"),
    ("staff.xlsx", "Full Name", "PERSON"),
    ("staff.xlsx", "Bank Account", "BANK_ACCOUNT"),
    ("visits.orc", "patient", "PERSON"),
    ("visits.orc", "npi", "HEALTH_CARE_ID"),
    ("invoices.avro", "payer", "PERSON"),
}
#: Numbers and names of things, which only look like somebody's.
IMPERSONAL = {
    ("customers.csv", "loyalty_no"),
    ("orders/", "order_no"),
    ("orders/", "tracking_no"),
    ("products.csv", "product"),
    ("products.csv", "isbn"),
    ("products.csv", "batch"),
    ("products.csv", "version"),
    ("products.csv", "sku"),
    ("products.arrow", "batch"),
    ("products.csv", "warehouse"),
    ("products.csv", "price"),
    ("products.csv", "launched"),
}


def build(folder: Path) -> Path:
    subprocess.run([sys.executable, DEMO / "build_lake.py", folder], check=True)
    return folder


def same(left: filecmp.dircmp[str]) -> bool:
    if left.left_only or left.right_only or left.diff_files or left.funny_files:
        return False
    return all(same(below) for below in left.subdirs.values())


def test_the_lake_is_the_same_every_time_and_replaces_itself(tmp_path):
    first, second = build(tmp_path / "a"), build(tmp_path / "b")
    (second / "crm/customers.csv").write_text("changed")
    build(second)

    assert same(filecmp.dircmp(first, second))
    suffixes = {path.suffix for path in first.rglob("*") if path.is_file()}
    assert {".csv", ".gz", ".parquet", ".jsonl", ".json", ".xlsx", ".avro", ".orc", ".arrow",
            ".zip", ".log"} <= suffixes  # fmt: skip


def test_a_folder_of_somebody_elses_is_not_replaced(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    command = [sys.executable, DEMO / "build_lake.py", tmp_path]
    run = subprocess.run(command, capture_output=True, text=True)

    assert run.returncode == 2
    assert (tmp_path / "letter.txt").read_text() == "dear"


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    """The JSON of a scan of the demo lake."""
    lake = build(tmp_path_factory.mktemp("demo") / "lake")
    program = Path(sys.executable).with_name("lakescan")
    command = [program, "scan", lake, "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 4, run.stderr
    return json.loads(run.stdout)


def columns(answer):
    """(end of the URI, column) -> column, for every table."""
    for dataset in answer["datasets"]:
        for column in dataset["columns"]:
            yield dataset["uri"], column


def named(answer, table, name):
    for uri, column in columns(answer):
        if column["column"] == name and (f"/{table}" in uri if table.endswith("/") else uri.endswith(table)):  # fmt: skip
            return column
    raise AssertionError(f"no column {name} in {table}")


@pytest.mark.parametrize("table, name, category", sorted(PERSONAL))
def test_the_scan_finds_what_is_personal(answer, table, name, category):
    column = named(answer, table, name)
    assert column["classifications"][0]["category"] == category
    assert column["sensitive"]


@pytest.mark.parametrize("table, name", sorted(IMPERSONAL))
def test_the_scan_is_not_fooled_by_numbers_and_products(answer, table, name):
    assert not named(answer, table, name)["sensitive"]


@pytest.mark.parametrize(
    "table, name, entity",
    [
        ("customers.csv", "notes", "EMAIL_ADDRESS"),
        ("customers.csv", "notes", "PHONE_NUMBER"),
        ("web.log", None, "EMAIL_ADDRESS"),
        ("web.log", None, "IP_ADDRESS"),
    ],
)
def test_prose_lists_what_was_found_inside_it(answer, table, name, entity):
    column = named(answer, table, name)
    assert column["type_hint"] == "FREE_TEXT"
    assert entity in {found["entity"] for found in column["classifications"]}
    assert column["sensitive"]


def test_a_leaked_key_among_harmless_settings_is_found(answer):
    column = named(answer, "settings.json", "value")
    assert "SECRET" in {found["domain"] for found in column["classifications"]}


def test_the_partitions_are_one_table_and_the_broken_file_costs_nothing_else(answer):
    assert answer["status"] == "partial"
    assert [(Path(e["uri"]).name, e["kind"]) for e in answer["errors"]] == [
        ("upload.parquet", "CorruptFile")
    ]
    orders = [d for d in answer["datasets"] if "/orders/" in d["uri"]]
    assert [d["rows_scanned"] for d in orders] == [1200]


def test_make_demo_explains_itself_and_names_the_page(tmp_path):
    command = [
        sys.executable,
        DEMO / "show.py",
        *(tmp_path / name for name in ("lake", "run", "safe")),
    ]
    run = subprocess.run(command, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr
    page = tmp_path / "run" / "report.html"
    assert page.resolve().as_uri() in run.stdout
    assert page.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
    for shown in ("EMAIL_ADDRESS", "CREDIT_CARD", "upload.parquet", "on purpose"):
        assert shown in run.stdout
    assert "clean: 0 leaks" in run.stdout
    safe = (tmp_path / "safe/crm/customers.csv").read_text(encoding="utf-8")
    assert "aisha.bennett15@example.net" not in safe
    assert len(safe.splitlines()) == 401
    assert "aisha.bennett15@example.net" not in run.stdout + page.read_text(encoding="utf-8")
