"""The JSON Schema agrees with what the reader takes."""

import jsonschema
import pytest
import yaml

from lakescan import entities
from lakescan.policy import Policy

VALIDATOR = jsonschema.Draft202012Validator(Policy.json_schema())


def test_the_schema_is_a_schema_with_every_name_in_it():
    VALIDATOR.check_schema(VALIDATOR.schema)
    offered = VALIDATOR.schema["$defs"]["Name"]["anyOf"][0]["enum"]
    assert {each.name for each in entities.all_entities()} <= set(offered)
    assert {*entities.categories(), *entities.domains()} <= set(offered)


def test_every_key_is_described():
    parts = [VALIDATOR.schema, *VALIDATOR.schema["$defs"].values()]
    parts = [inner for part in parts for inner in (part, *part.get("anyOf", ()))]
    for part in parts:
        for key, field in part.get("properties", {}).items():
            assert field.get("description"), key
            assert "Args:" not in field["description"]


def test_it_takes_the_policy_that_uses_every_key(everything):
    written = yaml.safe_load(
        everything.read_text(encoding="utf-8")
        .replace("- no", "- 'no'")
        .replace("- 0123", "- '0123'")
    )
    VALIDATOR.validate(written)
    VALIDATOR.validate(yaml.safe_load(Policy.load(everything).to_yaml()))
    VALIDATOR.validate(yaml.safe_load(Policy.default().to_yaml()))


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "sampling: full",
        "entities: {disable: PII}",
        "allow: [a, {regex: b}]",
        "gates: sensitive",
    ],
)
def test_it_takes_the_short_forms(text):
    assert VALIDATOR.is_valid(yaml.safe_load(text))
    assert Policy.check(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "foo: 1", "version: 2", "entities: {x: 1}", "thresholds: {default: 2}", "sampling: half", "sampling: {files: 0}", "allow: [{}]",
        "detectors: [{name: a, entity: CITY}]", "detectors: [{name: a, entity: CITY, regex: x, words: y}]", "columns: {}", "deny: [{}]",
        "detectors: [{name: A, entity: CITY, regex: x}]", "columns: [{ignore: 5}]",
    ],
)  # fmt: skip
def test_it_refuses_what_the_reader_refuses(text):
    assert not VALIDATOR.is_valid(yaml.safe_load(text))
    assert Policy.check(text)
