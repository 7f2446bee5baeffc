"""SARIF 2.1.0: the structure that the standard asks for, and results that can be told apart."""

import dataclasses
import json
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest

from lakescan.reports.sarif import FINGERPRINT, to_sarif, uri_reference

GOLDEN = Path(__file__).parent / "golden" / "report.sarif"

#: What the OASIS Standard of 27 March 2020 asks of the objects that we write, by its sections.
TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
URI = {
    "type": "object",
    "required": ["uri"],
    "properties": {"uri": {"type": "string", "pattern": r"^[!-~]+$"}},
}
LOCATION = {
    "type": "object",
    "properties": {
        "physicalLocation": {"type": "object", "required": ["artifactLocation"], "properties": {"artifactLocation": URI}},
        "logicalLocations": {
            "type": "array", "minItems": 1, "uniqueItems": True,
            "items": {"type": "object", "properties": {
                "name": {"type": "string"}, "fullyQualifiedName": {"type": "string"}, "kind": {"type": "string"},
                "properties": {"type": "object"}}, "additionalProperties": False},
        },
    },
    "additionalProperties": False,
}  # fmt: skip
LEVEL = {"enum": ["none", "note", "warning", "error"]}  # 3.27.10
SCHEMA = {
    "type": "object",  # 3.13 sarifLog
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "items": {
            "type": "object",  # 3.14 run
            "required": ["tool", "results"],
            "properties": {
                "tool": {
                    "type": "object", "required": ["driver"],  # 3.18
                    "properties": {
                        "driver": {
                            "type": "object", "required": ["name"],  # 3.19
                            "properties": {
                                "name": {"type": "string"}, "version": {"type": "string"},
                                "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                                "rules": {"type": "array", "uniqueItems": True, "items": {
                                    "type": "object", "required": ["id"],  # 3.49
                                    "properties": {
                                        "id": {"type": "string"}, "name": {"type": "string"},
                                        "shortDescription": TEXT, "fullDescription": TEXT, "help": TEXT,
                                        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
                                        "properties": {"type": "object", "properties": {
                                            "tags": {"type": "array", "uniqueItems": True, "items": {"type": "string"}}}},
                                    },
                                    "additionalProperties": False}},
                            },
                            "additionalProperties": False,
                        },
                        "extensions": {"type": "array", "uniqueItems": True,
                                       "items": {"type": "object", "required": ["name"]}},
                    },
                    "additionalProperties": False,
                },
                "automationDetails": {"type": "object", "properties": {"id": {"type": "string"}}},  # 3.17
                "invocations": {"type": "array", "items": {
                    "type": "object", "required": ["executionSuccessful"],  # 3.20.14
                    "properties": {
                        "executionSuccessful": {"type": "boolean"},
                        "toolExecutionNotifications": {"type": "array", "items": {
                            "type": "object", "required": ["message"],  # 3.58
                            "properties": {"message": TEXT, "level": LEVEL,
                                           "descriptor": {"type": "object", "required": ["id"]},
                                           "locations": {"type": "array", "items": LOCATION}},
                            "additionalProperties": False}},
                    },
                    "additionalProperties": False}},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},  # 3.14.17
                "properties": {"type": "object"},
                "results": {"type": "array", "items": {
                    "type": "object", "required": ["message"],  # 3.27
                    "properties": {
                        "ruleId": {"type": "string"}, "ruleIndex": {"type": "integer", "minimum": 0},
                        "kind": {"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
                        "level": LEVEL, "message": TEXT,
                        "locations": {"type": "array", "items": LOCATION},
                        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                        "rank": {"type": "number", "minimum": 0, "maximum": 100},
                        "baselineState": {"enum": ["new", "unchanged", "updated", "absent"]},
                        "properties": {"type": "object"},
                    },
                    "additionalProperties": False}},
            },
            "additionalProperties": False,
        }},
    },
    "additionalProperties": False,
}  # fmt: skip


def written(report, baseline=None):
    log = json.loads(to_sarif(report, baseline))
    jsonschema.validate(log, SCHEMA, format_checker=jsonschema.FormatChecker())
    (run,) = log["runs"]
    for result in run["results"]:
        # 3.27.6: the index leads to the rule of that id.
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        # 3.27.10: whatever is no failure has no level.
        assert result["kind"] == "fail" or result["level"] == "none"
    return run


def by_column(run):
    return {
        (result["locations"][0]["logicalLocations"][0]["name"], result["ruleId"]): result
        for result in run["results"]
    }


def test_is_the_golden_file(report):
    assert to_sarif(report).decode() == GOLDEN.read_text(encoding="utf-8")


def test_one_rule_an_entity_and_one_result_a_finding(report):
    run = written(report)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    assert len(run["results"]) == 7


def test_levels_follow_domain_confidence_and_sensitivity(report):
    results = by_column(written(report))
    assert results["token", "API_KEY"]["level"] == "error"
    assert results["email", "EMAIL_ADDRESS"]["level"] == "warning"
    assert results["city", "CITY"]["level"] == "none"
    assert results["city", "CITY"]["kind"] == "informational"


def test_unsure_finding_is_a_note(report):
    customers = report.datasets[0]
    email = customers.columns[1]
    unsure = dataclasses.replace(email.classifications[0], confidence=0.3)
    column = dataclasses.replace(email, classifications=(unsure,))
    changed = dataclasses.replace(customers, columns=(column,))
    run = written(dataclasses.replace(report, datasets=(changed,)))
    assert run["results"][0]["level"] == "note"


def test_fingerprints_are_unique_and_do_not_depend_on_what_was_counted(report):
    marks = {
        key: r["partialFingerprints"][FINGERPRINT] for key, r in by_column(written(report)).items()
    }
    assert len(set(marks.values())) == len(marks)
    later = dataclasses.replace(
        report, run_id="other", seconds=9.0,
        datasets=tuple(dataclasses.replace(d, version="later", rows_scanned=5) for d in report.datasets),
    )  # fmt: skip
    again = {
        key: r["partialFingerprints"][FINGERPRINT] for key, r in by_column(written(later)).items()
    }
    assert again == marks


def test_columns_of_one_name_have_fingerprints_of_their_own(report):
    customers = report.datasets[0]
    email = customers.columns[1]
    twice = dataclasses.replace(customers, columns=(email, dataclasses.replace(email, index=2)))
    run = written(dataclasses.replace(report, datasets=(twice,)))
    first, second = (r["partialFingerprints"][FINGERPRINT] for r in run["results"])
    assert first != second


def test_baseline_tells_new_from_unchanged(report):
    before = dataclasses.replace(report, datasets=report.datasets[:1])
    states = {key[0]: r["baselineState"] for key, r in by_column(written(report, before)).items()}
    assert states["email"] == "unchanged"
    assert states["token"] == "new"


def test_what_was_not_read_is_a_notification(report):
    (invocation,) = written(report)["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["descriptor"]["id"] == "CorruptFile"
    assert invocation["executionSuccessful"]


def test_hostile_names_leave_it_valid(hostile_report):
    assert len(written(hostile_report)["results"]) == 7


@pytest.mark.parametrize(
    "uri",
    [
        "/lake/a b.csv",
        "/lake/ü/\u202e<x>.csv",
        "s3://bucket/ke y%20.csv",
        "/a.zip!/member.csv",
        "/x#y?z",
    ],
)
def test_locations_are_valid_uri_references(uri):
    reference = uri_reference(uri)
    assert reference.isascii()
    assert " " not in reference
    assert urlsplit(reference).scheme in ("file", "s3")
    assert not urlsplit(reference).fragment
    assert not urlsplit(reference).query
