"""The JSON contract: exactly the keys, order and forms of the design."""

import json
from pathlib import Path

from lakescan.reports.contract import to_json, to_jsonl
from lakescan.reports.model import ScanReport

GOLDEN = Path(__file__).parent / "golden"


def test_json_is_the_golden_file(report):
    assert to_json(report).decode() == (GOLDEN / "report.json").read_text(encoding="utf-8")


def test_jsonl_is_the_golden_file(report):
    assert to_jsonl(report).decode() == (GOLDEN / "report.jsonl").read_text(encoding="utf-8")


def test_keys_and_their_order(report):
    value = json.loads(to_json(report))
    assert list(value) == [
        "run_id", "status", "engine", "policy_hash", "rows_scanned", "bytes_scanned", "seconds", "datasets", "errors",
    ]  # fmt: skip
    dataset = value["datasets"][0]
    assert list(dataset) == ["uri", "format", "version", "rows", "rows_scanned", "columns"]
    column = dataset["columns"][1]
    assert list(column) == [
        "column", "index", "type", "rows", "nulls", "distinct", "sensitive", "type_hint", "classifications",
    ]  # fmt: skip
    assert list(column["classifications"][0]) == [
        "entity", "category", "domain", "confidence", "prevalence", "interval", "rows_hit", "distinct_hit",
        "samples", "evidence",
    ]  # fmt: skip
    assert column["classifications"][0]["evidence"] == [
        {"detector": "pattern.email", "rows_hit": 388, "score": 1.0},
        {"detector": "header", "score": 0.9},
    ]
    assert list(value["errors"][0]) == ["uri", "kind", "message"]


def test_column_without_findings_has_an_empty_list(report):
    assert json.loads(to_json(report))["datasets"][0]["columns"][0]["classifications"] == []


def test_one_line_a_column(report):
    lines = to_jsonl(report).splitlines()
    assert len(lines) == 9
    assert json.loads(lines[5])["uri"] == "s3://clinic/visits/"


def test_a_run_that_read_nothing_is_valid_json():
    empty = ScanReport("r", "failed", "local", "p", 0, 0, 0.0, ())
    assert json.loads(to_json(empty))["datasets"] == []
    assert to_jsonl(empty) == b""
