"""A policy for other tools: its JSON Schema, and itself as YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from lakescan import entities
from lakescan.policy.fields import Part
from lakescan.policy.operators import OPTIONS

if TYPE_CHECKING:
    from lakescan.policy.model import Policy

Schema = dict[str, object]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string", "minLength": 1}
_NAME: Schema = {"$ref": "#/$defs/Name"}


def policy_schema(model: type[Policy]) -> Schema:
    """The JSON Schema of a policy file, with every known name for an editor to offer."""
    schema = _filled(model.model_json_schema(mode="validation"))
    assert isinstance(schema, dict)
    parts = schema["$defs"]
    parts["Name"] = {
        "description": "An entity, category or domain; a glob over entities; or a new entity.",
        "anyOf": [{"enum": _known_names()}, _TEXT],
    }
    parts["Thresholds"]["properties"]["entities"]["propertyNames"] = _NAME
    parts["ColumnRule"]["properties"]["thresholds"]["propertyNames"] = _NAME
    parts["ModelReading"]["properties"]["labels"]["additionalProperties"] = _NAME
    kinds: list[Schema] = [{"required": [key]} for key in ("regex", "words", "words_file")]
    parts["CustomDetector"]["oneOf"] = kinds
    parts["AllowRule"]["anyOf"] = parts["DenyRule"]["anyOf"] = kinds
    parts["AllowRule"] = {"anyOf": [_TEXT, parts["AllowRule"]]}
    parts["AnonymizeRule"]["allOf"] = [
        {
            "if": {"properties": {"operator": {"const": name}}},
            "then": {"properties": {"options": _options_schema(model)}},
        }
        for name, model in OPTIONS.items()
    ]
    parts["Sampling"] = {"anyOf": [{"const": "full"}, parts["Sampling"]]}
    return {
        "$schema": _DIALECT,
        **schema,
        "title": "lakescan policy",
        "description": "What to look for, how sure to be, where to look, and when to fail.",
    }


def _options_schema(model: type[Part]) -> Schema:
    """The options of one operator; a wrong one is told beside the rule."""
    schema = _filled(model.model_json_schema(mode="validation"))
    assert isinstance(schema, dict)
    return schema


def policy_yaml(policy: Policy) -> str:
    """A policy with every default written out."""
    data = policy.model_dump(mode="json", exclude_none=True)
    for key in ("detectors", "allow", "deny", "columns"):
        data[key] = [{k: v for k, v in part.items() if v not in ([], {})} for part in data[key]]
    if policy.sampling.is_full:
        data["sampling"] = "full"
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
    return text


def _known_names() -> list[str]:
    names = {each.name for each in entities.all_entities()}
    return [*entities.domains(), *sorted(names | set(entities.categories()))]


def _filled(node: object) -> object:
    """The same schema with the marks of `lakescan.policy.rules` replaced by what they stand for."""
    if isinstance(node, list):
        return [_filled(each) for each in node]
    if not isinstance(node, dict):
        return node
    rest = {key: _filled(value) for key, value in node.items() if key not in ("$comment", "title")}
    if isinstance(rest.get("description"), str):
        # Of a docstring, the first paragraph.
        rest["description"] = str(rest["description"]).partition("\n\n")[0]
    match node.get("$comment"):
        case "NAME":
            return {**rest, **_NAME}
        case "NAMES":
            return {**rest, "anyOf": [_NAME, {"type": "array", "items": _NAME}]}
        case "TEXTS":
            return {**rest, "anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    return rest
