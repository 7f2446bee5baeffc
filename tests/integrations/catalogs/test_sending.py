"""Tags handed to a catalog that runs: a real server with state, see ``conftest.py``."""

from __future__ import annotations

import dataclasses
import json
import logging

import pytest
from typer.testing import CliRunner

from lakescan.cli.app import app
from lakescan.errors import CredentialError, TerminalError, TransientError, UsageError
from lakescan.integrations.catalogs import Names, Target, send
from lakescan.integrations.catalogs.client import CatalogClient
from lakescan.reports.model import Classification, ColumnReport, DatasetReport, ScanReport

KEY = "secret://env/CATALOG_TOKEN"
NAMES = Names.parse(["s3://lake/crm/=svc.db.crm"])
URN = "urn:li:dataset:(urn:li:dataPlatform:s3,svc.db.crm.people,PROD)"
TABLE = "svc.db.crm.people"


def column(name, index, *entities, sensitive=True):
    found = tuple(
        Classification(e, e, "PII", 0.9, 1.0, (0.9, 1.0), 9, 9, samples=("j***@e***.com",))
        for e in entities
    )
    return ColumnReport(name, index, "string", 9, 1, 8, sensitive, None, found)


def run(*columns, status="complete"):
    dataset = DatasetReport("s3://lake/crm/people.csv", "csv", "v1", 9, 9, columns)
    return ScanReport(
        "20261126T0-1", status, "local", "h", 9, 99, 2.0, (dataset,),
        started="2026-11-26T09:00:00+00:00",
    )  # fmt: skip


BEFORE = run(
    column("id", 0),
    column("mail", 1, "EMAIL_ADDRESS"),
    column("who.name", 2, "PERSON"),
    column("price", 3, "AMOUNT", sensitive=False),
)
#: The mail is gone, the name has become a company's.
AFTER = run(
    column("id", 0),
    column("mail", 1),
    column("who.name", 2, "ORGANIZATION", sensitive=False),
    column("price", 3, "AMOUNT", sensitive=False),
)


def table(**tags):
    """A table as OpenMetadata has it; ``tags`` are labels that columns have already."""

    def one(name, **more):
        return {"name": name, "dataType": "STRING", "tags": tags.get(name, []), **more}

    who = one("who", children=[one("name")])
    columns = [one("id"), one("price"), one("mail"), who]
    return {"id": "6f9a-11", "fullyQualifiedName": TABLE, "columns": columns}


def label(name, kind="Manual"):
    return {"tagFQN": name, "source": "Classification", "labelType": kind, "state": "Confirmed"}


def tags_of(catalog):
    found = {}
    waiting = [((c["name"],), c) for c in catalog.tables[TABLE]["columns"]]
    while waiting:
        path, one = waiting.pop()
        found[".".join(path)] = sorted(t["tagFQN"] for t in one["tags"])
        waiting += [((*path, c["name"]), c) for c in one.get("children", [])]
    return found


def fields_of(catalog):
    fields = catalog.fields[URN].items()
    return {name: sorted(t.removeprefix("urn:li:tag:") for t in f["globalTags"])
            for name, f in fields}  # fmt: skip


def to(catalog, name):
    return Target(name, catalog.url, KEY)


def test_openlineage_takes_the_events(catalog):
    sent = send(BEFORE, to(catalog, "openlineage"))
    assert [event["eventType"] for event in catalog.events] == ["START", "COMPLETE"]
    (told,) = catalog.events[1]["inputs"]
    assert {t["field"] for t in told["facets"]["tags"]["tags"]} == {"mail", "who.name", "price"}
    assert (sent.tables, sent.added) == (1, 3)
    send(AFTER, to(catalog, "openlineage"))
    (told,) = catalog.events[3]["inputs"]
    assert {t["field"] for t in told["facets"]["tags"]["tags"]} == {"who.name", "price"}


def test_datahub_keeps_the_tags_of_others_and_drops_ours_that_are_stale(catalog):
    theirs = {"urn:li:tag:gold": {"tag": "urn:li:tag:gold"}}
    catalog.fields[URN] = {"mail": {"globalTags": dict(theirs)}}
    sent = send(BEFORE, to(catalog, "datahub"), NAMES)
    assert fields_of(catalog) == {
        "mail": ["gold", "lakescan.EMAIL_ADDRESS", "lakescan.sensitive"],
        "who.name": ["lakescan.PERSON", "lakescan.sensitive"],
        "price": ["lakescan.AMOUNT"],
    }
    assert "urn:li:tag:lakescan.PERSON" in catalog.tags
    assert (sent.added, sent.removed) == (5, 0)
    sent = send(AFTER, to(catalog, "datahub"), NAMES)
    assert fields_of(catalog)["mail"] == ["gold"]
    assert fields_of(catalog)["who.name"] == ["lakescan.ORGANIZATION"]
    assert (sent.added, sent.removed) == (1, 4)


def test_openmetadata_keeps_the_tags_of_others_and_drops_ours_that_are_stale(catalog):
    catalog.tables[TABLE] = table(mail=[label("Tier.Tier1"), label("Team.crm")])
    sent = send(BEFORE, to(catalog, "openmetadata"), NAMES)
    assert tags_of(catalog) == {
        "id": [],
        "mail": ["PII.Sensitive", "Team.crm", "Tier.Tier1", "lakescan.EMAIL_ADDRESS"],
        "who": [],
        "who.name": ["PII.Sensitive", "lakescan.PERSON"],
        "price": ["PII.None", "lakescan.AMOUNT"],
    }
    assert set(catalog.created["tags"]) == {"EMAIL_ADDRESS", "PERSON", "AMOUNT"}
    assert (sent.added, sent.removed, sent.unknown) == (6, 0, ())
    send(AFTER, to(catalog, "openmetadata"), NAMES)
    assert tags_of(catalog)["mail"] == ["Team.crm", "Tier.Tier1"]
    assert tags_of(catalog)["who.name"] == ["PII.None", "lakescan.ORGANIZATION"]


@pytest.mark.parametrize("name", ["datahub", "openmetadata"])
def test_the_same_again_changes_nothing(catalog, name):
    catalog.tables[TABLE] = table()
    send(BEFORE, to(catalog, name), NAMES)
    before = len(catalog.requests)
    sent = send(BEFORE, to(catalog, name), NAMES)
    assert (sent.added, sent.removed) == (0, 0)
    assert not [r for r in catalog.requests[before:] if r[0] == "PATCH"]


@pytest.mark.parametrize("name", ["datahub", "openmetadata"])
def test_a_partial_run_takes_nothing_back(catalog, name):
    catalog.tables[TABLE] = table()
    send(BEFORE, to(catalog, name), NAMES)
    assert send(run(column("mail", 1), status="partial"), to(catalog, name), NAMES).removed == 0


def test_what_a_person_decided_about_pii_stays(catalog):
    catalog.tables[TABLE] = table(mail=[label("PII.NonSensitive")])
    send(BEFORE, to(catalog, "openmetadata"), NAMES)
    assert tags_of(catalog)["mail"] == ["PII.NonSensitive", "lakescan.EMAIL_ADDRESS"]


def test_a_table_that_changed_meanwhile_is_read_again(catalog):
    catalog.tables[TABLE] = table()
    catalog.meddling.append(lambda there: there["columns"].insert(0, {"name": "new", "tags": []}))
    send(BEFORE, to(catalog, "openmetadata"), NAMES)
    assert tags_of(catalog)["mail"] == ["PII.Sensitive", "lakescan.EMAIL_ADDRESS"]
    assert tags_of(catalog)["new"] == []


def test_what_openmetadata_does_not_know_is_told(catalog):
    assert send(BEFORE, to(catalog, "openmetadata"), NAMES).unknown == (TABLE,)
    catalog.tables[TABLE] = table()
    catalog.tables[TABLE]["columns"].pop(2)
    assert send(BEFORE, to(catalog, "openmetadata"), NAMES).unknown == (f"{TABLE}: mail",)


@pytest.mark.parametrize("name", ["openlineage", "datahub", "openmetadata"])
def test_a_catalog_that_is_busy_is_asked_again(catalog, name):
    catalog.tables[TABLE] = table()
    catalog.failures += [(503, {}), (429, {"retry-after": "0"}), (503, {})]
    assert send(BEFORE, to(catalog, name), NAMES).tables == 1


def test_a_catalog_that_stays_busy_is_an_error(catalog):
    catalog.failures += [(503, {"retry-after": "3600"})]
    with pytest.raises(TransientError, match="answered with 503: not now"):
        send(BEFORE, to(catalog, "datahub"), NAMES)


def test_what_it_does_not_take_is_an_error(catalog):
    with CatalogClient(catalog.url, KEY) as client, pytest.raises(TerminalError, match="422"):
        client.send("POST", "/aspects?action=ingestProposal", {"proposal": {}})


def test_the_token_is_in_no_error_and_no_log(catalog, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("CATALOG_TOKEN", "tok-wrong-0451")
    with pytest.raises(CredentialError, match="401") as caught:
        send(BEFORE, to(catalog, "datahub"), NAMES)
    assert "***" in str(caught.value), "the server said it back"
    assert "tok-wrong-0451" not in f"{caught.value}{caplog.text}"


@pytest.mark.parametrize(
    ("target", "why"),
    [
        (Target("datahub", "catalog:8080"), "http or https"),
        (Target("datahub", "http://me:pass@catalog:8080"), "without a login"),
        (Target("datahub", "http://catalog:8080", "eyJhbGciOi"), "by reference"),
        (Target("dbt", "http://catalog:8080"), "unknown catalog to send to"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(target, why):
    with pytest.raises(UsageError, match=why) as caught:
        send(BEFORE, target, NAMES)
    assert "pass@" not in str(caught.value)
    assert "eyJ" not in str(caught.value)


def test_nobody_there_is_an_error_that_says_who(catalog):
    with pytest.raises(TransientError, match=r"127\.0\.0\.1:9: does not answer"):
        send(BEFORE, Target("openlineage", "http://127.0.0.1:9"))


def test_the_command_sends_what_a_run_found(catalog, tmp_path):
    (tmp_path / "people.csv").write_text(
        "id,mail\n" + "".join(f"{n},ann{n}@example.com\n" for n in range(20)), encoding="utf-8"
    )
    runner = CliRunner()
    scanned = ["scan", str(tmp_path / "people.csv"), "--output", str(tmp_path / "run"), "--quiet"]
    assert runner.invoke(app, scanned).exit_code == 0
    catalog.tables[TABLE] = table()
    given = ["tags", str(tmp_path / "run"), "--to", "openmetadata", "--send", catalog.url]
    named = ["--key", KEY, "--name", f"{tmp_path}=svc.db.crm"]
    done = runner.invoke(app, [*given, *named])
    assert done.exit_code == 0, done.output
    assert "1 table: 2 tags added, 0 removed" in done.output
    assert tags_of(catalog)["mail"] == ["PII.Sensitive", "lakescan.EMAIL_ADDRESS"]
    assert runner.invoke(app, [*given, *named, "--output", "x"]).exit_code == 2
    assert runner.invoke(app, [*given[:4], "--key", KEY]).exit_code == 2


def test_no_sample_is_sent(catalog):
    for name in ("openlineage", "datahub", "openmetadata"):
        catalog.tables[TABLE] = table()
        send(BEFORE, to(catalog, name), NAMES)
    held = [catalog.events, catalog.tags, catalog.fields, catalog.created, catalog.tables]
    assert "***" not in json.dumps(held)
    assert "EMAIL_ADDRESS" in json.dumps(held)


def test_left_out_tables_are_told(catalog):
    other = dataclasses.replace(BEFORE.datasets[0], uri="/else/b.csv")
    both = dataclasses.replace(BEFORE, datasets=(*BEFORE.datasets, other))
    catalog.tables[TABLE] = table()
    assert send(both, to(catalog, "openmetadata"), NAMES).left_out == ("/else/b.csv",)
