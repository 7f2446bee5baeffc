"""Which column of an anonymize run became which, as OpenLineage is told."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import lakescan
from lakescan.cli.app import app
from lakescan.errors import CorruptFileError, UsageError
from lakescan.integrations.catalogs import lineage
from lakescan.integrations.openlineage_columns import target_of
from lakescan.reports.anonymization.contract import from_json
from lakescan.reports.anonymization.model import AnonymizeReport, ColumnAction, TableAction

pytest.importorskip("openlineage.client")
KEY = "11" * 32


def table(uri, outputs, *columns):
    return TableAction(uri, "csv", outputs, 9, columns)


def run(source, target, *tables, status="complete"):
    return AnonymizeReport(
        "r1", status, source, target, "local", "h", "s", "v", None, 9, 99, 2.0, tables,
        started="2026-11-26T09:00:00+00:00",
    )  # fmt: skip


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", KEY)
    source = tmp_path / "people.csv"
    source.write_text(
        "id,mail,phone,note\n"
        + "".join(
            f"{n},ann{n}@example.com,202-555-01{n:02},Please answer bob{n}@example.org by Friday.\n"
            for n in range(40)
        )
    )
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "version: 1\nanonymize:\n  rules:\n"
        "    - {column: mail, operator: token}\n    - {column: phone, operator: drop}\n"
    )
    return lakescan.anonymize(source, tmp_path / "safe", policy, engine="local")


def test_a_run_tells_which_columns_hide_what_they_come_from(report, tmp_path):
    start, end = map(json.loads, lineage(report.value).splitlines())
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert start["run"] == end["run"]
    assert end["job"]["name"] == "anonymize"
    (read,), (made,) = end["inputs"], end["outputs"]
    assert read["name"] == str(tmp_path / "people.csv")
    assert made["name"] == str(tmp_path / "safe" / "people.csv")
    assert [each["name"] for each in made["facets"]["schema"]["fields"]] == ["id", "mail", "note"]
    facet = made["facets"]["columnLineage"]
    assert "/1-2-0/ColumnLineageDatasetFacet.json" in facet["_schemaURL"]
    told = {name: field["inputFields"] for name, field in facet["fields"].items()}
    assert set(told) == {"id", "mail", "note"}, "what is dropped comes from nothing"
    for name, (one,) in told.items():
        assert (one["name"], one["field"]) == (read["name"], name)
    assert told["id"][0]["transformations"] == [
        {"type": "DIRECT", "subtype": "IDENTITY", "masking": False}
    ]
    assert told["mail"][0]["transformations"] == [
        {
            "type": "DIRECT",
            "subtype": "TRANSFORMATION",
            "description": "token of EMAIL_ADDRESS",
            "masking": True,
        }
    ]


def test_what_is_done_inside_a_field_is_told_of_the_field():
    actions = [
        ColumnAction("note", 0, "string", "EMAIL_ADDRESS", "EMAIL_ADDRESS", "replace", "spans"),
        ColumnAction("note", 0, "string", "PERSON", "PERSON", "hash", "spans"),
        ColumnAction("who.cards[]", 1, "list", "CREDIT_CARD", "CREDIT_CARD", "mask"),
    ]
    one = table("s3://lake/raw/x.csv", ("x.csv",), *actions)
    end = json.loads(lineage(run("s3://lake/raw", "s3://lake/safe", one)).splitlines()[1])
    fields = end["outputs"][0]["facets"]["columnLineage"]["fields"]
    told = {
        name: [each["description"] for each in field["inputFields"][0]["transformations"]]
        for name, field in fields.items()
    }
    assert told == {
        "note": ["replace of EMAIL_ADDRESS inside texts", "hash of PERSON inside texts"],
        "who.cards": ["mask of CREDIT_CARD"],
    }


def test_the_written_report_tells_the_same(report, tmp_path):
    path = report.report(tmp_path / "done.json")
    assert from_json(path.read_bytes()).tables == report.value.tables
    again = from_json(path.read_bytes())
    assert lineage(again).splitlines()[0] == lineage(report.value).splitlines()[0]


def test_what_is_no_report_is_refused():
    for data in (b"[]", b"{", b'{"tables": 1}'):
        with pytest.raises(CorruptFileError, match="no report of an anonymize run"):
            from_json(data)


def test_a_dry_run_has_no_lineage():
    with pytest.raises(UsageError, match="dry run"):
        lineage(run("s3://lake/a", "", status="planned"))


@pytest.mark.parametrize(
    "source, target, outputs, expected",
    [
        ("s3://lake/raw", "s3://lake/safe/", ("crm/a.csv",), "s3://lake/safe/crm/a.csv"),
        ("s3://lake/raw", "s3://lake/safe", ("crm/a.csv", "crm/b.csv"), "s3://lake/safe/crm"),
        ("/raw", "postgresql://h/shop", ("crm/people",), "postgresql://h/shop/crm/people"),
        ("/raw", "sqlite:////x/a.db", ("people",), "sqlite:////x/a.db!/people"),
        ("/raw", "iceberg://cat", ("crm.a/data/part-0.parquet",), "iceberg://cat/crm.a"),
        ("duckdb:////x/a.db", "duckdb:////x/a.db", ("t",), "s3://lake/raw/crm/x.csv"),
    ],
)
def test_what_was_written_is_named_as_a_scan_of_it_would(source, target, outputs, expected):
    one = table("s3://lake/raw/crm/x.csv", outputs, ColumnAction("a", 0, "string", "", "", "keep"))
    assert target_of(run(source, target, one), one) == expected


def test_a_server_is_told(report, tmp_path, catalog):
    path = report.report(tmp_path / "done.json")
    url = ["--send", catalog.url, "--key", "secret://env/CATALOG_TOKEN"]
    done = CliRunner().invoke(app, ["tags", str(path), "--to", "openlineage", *url])
    assert done.exit_code == 0, done.output
    assert [event["eventType"] for event in catalog.events] == ["START", "COMPLETE"]
    assert "columnLineage" in catalog.events[1]["outputs"][0]["facets"]


def test_only_openlineage_is_told_of_an_anonymize_run(report, tmp_path):
    path = report.report(tmp_path / "done.json")
    assert CliRunner().invoke(app, ["tags", str(path), "--to", "dbt"]).exit_code == 2
    assert CliRunner().invoke(app, ["tags", "gone.json", "--to", "openlineage"]).exit_code == 3
    said = CliRunner().invoke(app, ["tags", str(path), "--to", "openlineage"])
    assert [json.loads(line)["eventType"] for line in said.stdout.splitlines()] == [
        "START",
        "COMPLETE",
    ]
