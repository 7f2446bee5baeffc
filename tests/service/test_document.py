"""The OpenAPI document: whole, and true of a real server."""

from __future__ import annotations

from collections.abc import Iterator

import jsonschema
import pytest

from lakescan.service.application import create_app

DOCUMENT = create_app().openapi()
OPERATIONS = [
    pytest.param(operation, id=f"{method} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_every_reference_points_at_something():
    found = set(references(DOCUMENT))
    assert "#/components/schemas/ChosenOperator" in found
    for each in found:
        place: object = DOCUMENT
        for part in each.removeprefix("#/").split("/"):
            assert isinstance(place, dict), each
            assert part in place, each
            place = place[part]


def test_no_component_is_called_after_a_module():
    assert not [name for name in DOCUMENT["components"]["schemas"] if "__" in name]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_says_what_it_does_and_how_it_fails(operation):
    assert operation["summary"]
    assert operation["description"]
    failures = {s: r for s, r in operation["responses"].items() if not s.startswith("2")}
    assert "500" in failures
    for answer in failures.values():
        assert answer["description"]
        assert answer["content"]["application/json"]["schema"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_answer_has_a_schema(operation):
    answers = [r for s, r in operation["responses"].items() if s.startswith("2")]
    assert answers
    for answer in answers:
        assert answer["content"]
        for kind, content in answer["content"].items():
            assert content["schema"], kind


def test_what_needs_no_key_refuses_nobody():
    for path in ("/healthz", "/readyz", "/health"):
        operation = DOCUMENT["paths"][path]["get"]
        assert operation["security"] == []
        assert not {"401", "403", "429"} & set(operation["responses"])
    for path in ("/metrics", "/v1/policy"):
        assert {"401", "403", "429"} <= set(DOCUMENT["paths"][path]["get"]["responses"])


def test_the_policy_is_yaml_alone():
    answer = DOCUMENT["paths"]["/v1/policy"]["get"]["responses"]["200"]
    assert list(answer["content"]) == ["application/yaml"]


def test_the_report_of_a_table_has_the_documented_keys_and_no_others(client):
    told = client.post("/v1/classify", json={"rows": [{"mail": "ann@example.com", "n": 1}] * 5})
    schemas = DOCUMENT["components"]["schemas"]
    jsonschema.validate(
        told.json(), {"$ref": "#/components/schemas/Report", "components": {"schemas": schemas}}
    )
    column = told.json()["datasets"][0]["columns"][0]
    found = column["classifications"][0]
    for name, value in (
        ("Report", told.json()),
        ("ReportedDataset", told.json()["datasets"][0]),
        ("ReportedColumn", column),
        ("ReportedClassification", found),
        ("ReportedEvidence", found["evidence"][0]),
    ):
        assert set(value) <= set(schemas[name]["properties"])
