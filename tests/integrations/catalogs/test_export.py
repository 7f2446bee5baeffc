"""What a run found, as catalogs read it: checked by what those catalogs publish."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lakescan.errors import UsageError
from lakescan.integrations.catalogs import CATALOGS, Names, export
from lakescan.integrations.catalogs.naming import place_of
from lakescan.reports.model import Classification, ColumnReport, DatasetReport, ScanReport

NAMES = Names.parse(["s3://lake/crm/=main.crm"])


def column(name, index, *entities, sensitive=True, domain="PII", hint=None):
    found = tuple(
        Classification(e, e, domain, 0.9, 1.0, (0.9, 1.0), 9, 9, samples=("j***@e***.com",))
        for e in entities
    )
    return ColumnReport(name, index, "string", 9, 1, 8, sensitive, hint, found)


def run(*columns, uri="s3://lake/crm/people.csv.gz", format_="csv"):
    dataset = DatasetReport(uri, format_, "v1", 9, 9, columns)
    return ScanReport(
        "20261126T0-1", "complete", "local", "h", 9, 99, 2.0, (dataset,),
        started="2026-11-26T09:00:00+00:00",
    )  # fmt: skip


REPORT = run(
    column("id", 0),
    column("o'brien `x`", 1, "EMAIL_ADDRESS"),
    column("who.cards[]", 2, "CREDIT_CARD", domain="PCI"),
    column("who.name", 2, "PERSON"),
    column("note", 3, "FREE_TEXT", "PERSON", hint="FREE_TEXT"),
    column("price", 4, "AMOUNT", sensitive=False),
)
#: A later run of the same table, of which it did not see all columns.
CLEAN = run(column("id", 0), column("note", 3, "PERSON"), column("price", 4))


@pytest.mark.parametrize("catalog", CATALOGS)
def test_no_sample_is_in_what_a_catalog_reads(catalog):
    names = {"openmetadata": "a.b.c", "unity": "a.b", "glue": "a", "dbt": "a"}.get(catalog, "a")
    data = export(REPORT, catalog, Names({"s3://lake/crm/": names})).data
    assert b"EMAIL_ADDRESS" in data
    assert b"***" not in data


def test_openlineage_tells_of_a_run_with_tagged_fields():
    start, end = map(json.loads, export(REPORT, "openlineage").data.splitlines())
    assert (start["eventType"], end["eventType"]) == ("START", "COMPLETE")
    assert start["run"] == end["run"]
    assert end["eventTime"] == "2026-11-26T09:00:02+00:00"
    (told,) = end["inputs"]
    assert (told["namespace"], told["name"]) == ("s3://lake", "crm/people.csv.gz")
    tags = {(t["field"], t["key"]): t["value"] for t in told["facets"]["tags"]["tags"]}
    assert tags["who.cards", "lakescan.entity"] == "CREDIT_CARD"
    assert tags["price", "lakescan.sensitive"] == "false"
    assert len(told["facets"]["schema"]["fields"]) == 6


def test_names_are_those_of_the_naming_classes():
    naming = pytest.importorskip("openlineage.client.naming.dataset")
    for uri, known in {
        "s3://b/a/c.csv": naming.S3("b", "a/c.csv"),
        "gs://b/a": naming.GCS("b", "a"),
        "postgresql://h/d/s/t": naming.Postgres("h", "5432", "d", "s", "t"),
        "mariadb://h:33/d/t": naming.MySQL("h", "33", "d", "t"),
        "oracle://h/s/hr/t": naming.Oracle("h", "1521", "s", "hr", "t"),
        "kafka://b:9092,c:9092/orders?from=latest": naming.Kafka("b", "9092", "orders"),
        "abfss://c@a.dfs.core.windows.net/p/x": naming.ABFSS("c", "a", "p/x"),
        "/data/x.csv": naming.LocalFileSystem("/data/x.csv"),
    }.items():
        place = place_of(uri)
        assert (place.namespace, place.name) == (known.get_namespace(), known.get_name())


def test_datahub_patches_the_tags_of_fields():
    *definitions, patch = json.loads(export(REPORT, "datahub").data)
    assert {d["aspectName"] for d in definitions} == {"tagProperties"}
    assert patch["entityUrn"] == (
        "urn:li:dataset:(urn:li:dataPlatform:s3,lake/crm/people.csv.gz,PROD)"
    )
    changes = json.loads(patch["aspect"]["value"])
    defined = {d["entityUrn"] for d in definitions}
    assert {change["value"]["tag"] for change in changes} == defined
    paths = {change["path"] for change in changes}
    assert (
        "/editableSchemaFieldInfo/who.cards/globalTags/tags/urn:li:tag:lakescan.CREDIT_CARD"
        in paths
    )


def test_openmetadata_labels_columns():
    plan = json.loads(export(REPORT, "openmetadata", Names({"s3://lake/crm": "svc.db.s"})).data)
    columns = plan["tables"][0]["columns"]
    assert columns[0]["fullyQualifiedName"] == "svc.db.s.people.o'brien `x`"
    labels = {tuple(c["path"]): [t["tagFQN"] for t in c["tags"]] for c in columns}
    assert labels["price",] == ["PII.None", "lakescan.AMOUNT"]
    assert labels["note",] == ["PII.Sensitive", "lakescan.FREE_TEXT", "lakescan.PERSON"]
    assert {t["name"] for t in plan["tags"]} >= {"AMOUNT", "PERSON"}


def test_unity_statements_quote_what_they_name():
    from sqlglot.dialects.databricks import Databricks
    from sqlglot.tokens import TokenType

    lines = export(REPORT, "unity", NAMES).data.decode().splitlines()
    assert len(lines) == 4  # of a struct's fields the gravest is told
    assert any("`who` SET TAGS ('lakescan_entity' = 'CREDIT_CARD'" in line for line in lines)
    tokens = Databricks().tokenize(lines[0])
    named = [t.text for t in tokens if t.token_type == TokenType.IDENTIFIER]
    assert named == ["main", "crm", "people", "o'brien `x`"]
    assert tokens[-1].token_type == TokenType.SEMICOLON


def test_glue_requests_are_what_lake_formation_takes():
    session = pytest.importorskip("botocore.session").get_session()
    validate = pytest.importorskip("botocore.validate")
    service = session.get_service_model("lakeformation")
    plan = json.loads(export(REPORT, "glue", Names({"s3://lake/crm": "crm"})).data)
    calls = [("CreateLFTag", one) for one in plan["create_lf_tags"]]
    calls += [("AddLFTagsToResource", one) for one in plan["add_lf_tags"]]
    gone = json.loads(export(CLEAN, "glue", Names({"s3://lake/crm": "crm"}), None, REPORT).data)
    calls += [("RemoveLFTagsFromResource", one) for one in gone["remove_lf_tags"]]
    assert (len(calls), plan["remove_lf_tags"]) == (8, [])
    for operation, arguments in calls:
        shape = service.operation_model(operation).input_shape
        assert not validate.ParamValidator().validate(arguments, shape).has_errors()


def test_more_values_than_a_request_of_lake_formation_takes_are_added_by_others():
    wide = run(*(column(f"c{n}", n, f"E{n:03d}") for n in range(120)))
    made = json.loads(export(wide, "glue", Names({"s3://lake/crm": "crm"})).data)
    first = made["create_lf_tags"][0]["TagValues"]
    rest = [one["TagValuesToAdd"] for one in made["update_lf_tags"]]
    assert [len(first), *map(len, rest)] == [50, 50, 20]
    assert [*first, *rest[0], *rest[1]] == [f"E{n:03d}" for n in range(120)]


def test_tags_that_hold_no_more_are_taken_back_by_an_earlier_run():
    lines = export(CLEAN, "unity", NAMES, None, REPORT).data.decode().splitlines()
    taken = [line for line in lines if "UNSET" in line]
    gone = "('lakescan_entity', 'lakescan_domain', 'lakescan_sensitive')"
    assert taken == [f"ALTER TABLE `main`.`crm`.`people` ALTER COLUMN `price` UNSET TAGS {gone};"]
    assert "`note` SET TAGS ('lakescan_entity' = 'PERSON'" in lines[0]
    # A column that this run did not reach, or a run that is not whole, says nothing.
    cut = replace(CLEAN, status="partial")
    assert b"UNSET" not in export(cut, "unity", NAMES, None, REPORT).data
    assert b"UNSET" not in export(REPORT, "unity", NAMES, None, REPORT).data
    with pytest.raises(UsageError, match="not for datahub"):
        export(CLEAN, "datahub", None, None, REPORT)


THERE = b"""\
version: 2
models:
  - name: people # ours
    columns:
      - name: NOTE
        description: "what was said" # by whom
        tags: [kept, lakescan]
      - name: id
        config:
          meta: {owner: crm, lakescan: {entity: PERSON}}
"""


def test_dbt_adds_to_a_file_and_keeps_the_rest():
    names = Names({"s3://lake/crm/": "crm"})
    once = export(REPORT, "dbt", names, THERE).data
    assert b"# ours" in once
    assert b'"what was said" # by whom' in once
    assert b"[kept, lakescan_sensitive]" in once
    assert b"meta: {owner: crm}" in once
    assert b"entity: CREDIT_CARD" in once
    assert once.count(b"name: people") == 1
    assert export(REPORT, "dbt", names, once).data == once
    assert b"name: people" in export(REPORT, "dbt", names).data


def test_dbt_keeps_what_a_run_did_not_look_at():
    there = THERE.replace(b"name: id", b"name: elsewhere")
    assert b"entity: PERSON}" in export(REPORT, "dbt", NAMES, there).data
    partial = replace(CLEAN, status="partial")
    assert b"entity: PERSON}" in export(partial, "dbt", NAMES, THERE).data
    assert b"entity: PERSON}" not in export(CLEAN, "dbt", NAMES, THERE).data


def test_what_nothing_names_is_told_or_refused():
    both = run(column("a", 0, "PERSON"))
    other = run(column("b", 0, "PERSON"), uri="/else/b.csv").datasets
    more = ScanReport("r", "complete", "local", "h", 1, 1, 1.0, both.datasets + other)
    assert export(more, "unity", NAMES).left_out == ("/else/b.csv",)
    with pytest.raises(UsageError, match="called in unity"):
        export(more, "unity")
    with pytest.raises(UsageError, match="unknown catalog"):
        export(more, "unty")
    with pytest.raises(UsageError, match="URI=NAME"):
        Names.parse(["s3://lake"])


def test_a_name_is_that_of_the_longest_rule():
    names = Names.parse(["s3://b/=x", "s3://b/crm=y"])
    assert names.of("s3://b/crm/a/people-*.csv") == ("y", "a", "people")
    assert names.of("s3://b/crmx/t.csv") == ("x", "crmx", "t")
    assert names.of("postgresql://h/d/s/t") == ("d", "s", "t")
    assert names.of("/a/b.csv") == ()
