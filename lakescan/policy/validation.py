"""pydantic's complaints in the words of a policy's author."""

from __future__ import annotations

import re
import types
from typing import TYPE_CHECKING, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lakescan.errors import did_you_mean
from lakescan.policy.operators import OPTIONS
from lakescan.policy.problems import Location, PolicyProblem, dotted

if TYPE_CHECKING:
    from lakescan.policy.document import Data

_QUOTED = re.compile(r"'([^']*)'")

_WORDS = {
    "missing": "is missing",
    "string_type": "must be one text",
    "tuple_type": "must be a list",
    "dict_type": "must have keys and values",
    "model_type": "must have keys and values",
    "model_attributes_type": "must have keys and values",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "finite_number": "must be a finite number",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[PolicyProblem]:
    """Each complaint as a problem; lines are not known yet."""
    return [_problem(each, model) for each in error.errors(include_url=False)]


def location_of(problem: ErrorDetails) -> Location:
    """Where a complaint points, without pydantic's own marks."""
    return tuple(part for part in problem["loc"] if part != "[key]")


def without_empty(data: Data, model: type[BaseModel]) -> Data:
    """The same data without the keys that are known but were left empty."""
    return _prune(data, model)


def _prune(data: Data, kind: object) -> Data:
    found = _model_in(kind)
    if isinstance(data, list):
        return [_prune(each, _step(kind, index)) for index, each in enumerate(data)]
    if isinstance(data, dict) and found is not None:
        known = found.model_fields
        return {
            key: _prune(value, _step(kind, key))
            for key, value in data.items()
            if value is not None or key not in known
        }
    return data


def _problem(details: ErrorDetails, model: type[BaseModel]) -> PolicyProblem:
    at = location_of(details)
    kind = details["type"]
    context = details.get("ctx", {})
    if kind == "extra_forbidden":
        known = _fields_at(model, at[:-1])
        near = did_you_mean(str(at[-1]), known)
        if "options" in known and any(at[-1] in each.model_fields for each in OPTIONS.values()):
            near = f"an operator's: write options: {{{at[-1]}: ...}}"
        hint = near or f"known here: {', '.join(known)}"
        return PolicyProblem(dotted(at), "unknown key", hint)
    if kind == "literal_error":
        expected = str(context.get("expected"))
        near = did_you_mean(str(details["input"]), _QUOTED.findall(expected))
        if near and not near.startswith("did you mean"):
            near = None  # all choices are named already
        return PolicyProblem(dotted(at), f"must be {expected}", near)
    if kind == "value_error":
        return PolicyProblem(dotted(at), str(context.get("error", details["msg"])))
    if kind == "string_pattern_mismatch":
        return PolicyProblem(dotted(at), f"must match {context.get('pattern')}")
    message = _WORDS.get(kind) or details["msg"].replace("Input should be", "must be")
    return PolicyProblem(dotted(at), message)


def _fields_at(model: type[BaseModel], at: Location) -> list[str]:
    """The keys that the model at ``at`` knows."""
    here: object = model
    for part in at:
        here = _step(here, part)
    found = _model_in(here)
    return [] if found is None else sorted(found.model_fields)


def _step(kind: object, part: str | int) -> object:
    found = _model_in(kind)
    if found is not None and isinstance(part, str):
        field = found.model_fields.get(part)
        return None if field is None else field.annotation
    arguments = [each for each in get_args(kind) if each is not Ellipsis]
    return arguments[-1] if arguments else None


def _model_in(kind: object) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if get_origin(kind) in (Union, types.UnionType):
        return next((found for each in get_args(kind) if (found := _model_in(each))), None)
    return None
