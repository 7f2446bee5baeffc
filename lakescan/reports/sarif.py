"""SARIF: the report for code scanners and security dashboards.

The Static Analysis Results Interchange Format, version 2.1.0 (OASIS Standard, 27 March 2020): a
rule per entity (section 3.49), a result per column and entity (3.27), a notification per object
that could not be read (3.58).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import orjson

from lakescan.reports.baseline import Finding, findings, fingerprints
from lakescan.reports.catalog import about
from lakescan.reports.contract import Json
from lakescan.reports.model import ErrorReport, ScanReport

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
SARIF_VERSION = "2.1.0"

#: Under which name the fingerprints stand (3.27.17); the number changes with the recipe.
FINGERPRINT = "lakescanColumnEntity/v1"

#: Domains whose loss harms at once: a sure finding in them is an error, not a warning.
_GRAVE = frozenset({"PCI", "PHI", "SECRET"})
_SURE = 0.8
#: A finding below this confidence is only a note.
_LIKELY = 0.5


def to_sarif(report: ScanReport, baseline: ScanReport | None = None) -> bytes:
    """The report as a SARIF 2.1.0 log, UTF-8.

    Args:
        report: what was found.
        baseline: an earlier run; with it every result tells whether it is ``new`` or ``unchanged``
            (3.27.24).
    """
    known = None if baseline is None else fingerprints(baseline)
    found = list(findings(report))
    rules = sorted({finding.entity for finding in found})
    index = {entity: at for at, entity in enumerate(rules)}
    versions = dict(report.versions)
    lakescan = versions.pop("lakescan", "0.0.0")
    log: dict[str, Json] = {
        "$schema": SARIF_SCHEMA,
        "version": SARIF_VERSION,
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "lakescan",
                        "version": lakescan,
                        "semanticVersion": lakescan,
                        "rules": [_rule(entity) for entity in rules],
                    },
                    "extensions": [
                        {"name": name, "version": version} for name, version in versions.items()
                    ],
                },
                "automationDetails": {"id": f"lakescan/{report.run_id}"},
                "invocations": [
                    {
                        "executionSuccessful": report.status != "failed",
                        "toolExecutionNotifications": [_notification(e) for e in report.errors],
                    }
                ],
                "columnKind": "unicodeCodePoints",
                "properties": {"policyHash": report.policy_hash, "status": report.status},
                "results": [_result(f, index[f.entity], known) for f in found],
            }
        ],
    }
    return orjson.dumps(log, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _rule(name: str) -> Json:
    entity = about(name)
    tags: list[Json] = ["privacy", *entity.regulations]
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in name.split("_")),
        "shortDescription": {"text": f"{entity.title} in a column"},
        "fullDescription": {"text": entity.description},
        "help": {
            "text": f"A column holds {entity.title}. Check whether it should be there; if it "
            "should not, remove or anonymize it. If the verdict is wrong, say so in the policy."
        },
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": tags},
    }


def _result(finding: Finding, rule_index: int, known: frozenset[str] | None) -> Json:
    seen = finding.classification
    low, high = seen.interval
    value: dict[str, Json] = {
        "ruleId": finding.entity,
        "ruleIndex": rule_index,
        "kind": "fail" if finding.sensitive else "informational",
        "level": _level(finding),
        "message": {
            "text": f"Column {finding.column_name} holds {about(finding.entity).title}: "
            f"{seen.prevalence:.1%} of its values, confidence {seen.confidence:.2f}."
        },
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": uri_reference(finding.uri)}},
                "logicalLocations": [
                    {
                        "name": finding.column_name,
                        "fullyQualifiedName": f"{finding.uri}#{finding.column_name}",
                        "kind": "column",
                        "properties": {"index": finding.index},
                    }
                ],
            }
        ],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "rank": round(100 * seen.confidence, 2),
        "properties": {
            "category": seen.category,
            "domain": seen.domain,
            "sensitive": finding.sensitive,
            "confidence": round(seen.confidence, 6),
            "prevalence": round(seen.prevalence, 6),
            "interval": [round(low, 6), round(high, 6)],
            "rowsHit": seen.rows_hit,
            "distinctHit": seen.distinct_hit,
            "detectors": list(_detectors(finding)),
        },
    }
    if known is not None:
        value["baselineState"] = "unchanged" if finding.fingerprint in known else "new"
    return value


def _detectors(finding: Finding) -> Iterator[Json]:
    for reason in finding.classification.evidence:
        yield reason.detector


def _level(finding: Finding) -> str:
    """How bad it is; an informational result has to have level ``none`` (3.27.10)."""
    found = finding.classification
    if not finding.sensitive:
        return "none"
    if found.confidence < _LIKELY:
        return "note"
    return "error" if found.domain in _GRAVE and found.confidence >= _SURE else "warning"


def _notification(error: ErrorReport) -> Json:
    return {
        "level": "error",
        "descriptor": {"id": error.kind},
        "message": {"text": error.message},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": uri_reference(error.uri)}}}
        ],
    }


def uri_reference(uri: str) -> str:
    """A valid URI reference (RFC 3986) for a dataset's URI or an absolute path."""
    if "://" not in uri:
        uri = f"file://{uri}" if uri.startswith("/") else uri
    return quote(uri, safe="/:!@$&'()*+,;=~", errors="replace")
