"""Checking the section on anonymizing: operators that exist, options that they have."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from pydantic import ValidationError

from lakescan.errors import UsageError, did_you_mean
from lakescan.policy.globs import path_matches
from lakescan.policy.operators import OPTIONS
from lakescan.policy.problems import PolicyProblem
from lakescan.policy.selectors import parse_selector
from lakescan.policy.validation import problems_of

if TYPE_CHECKING:
    from lakescan.policy.anonymize import AnonymizeRule
    from lakescan.policy.model import Policy

#: Operators of plug-ins: names are known here, what they do is not.
_ENTRY_POINTS = "lakescan.operators"
_KEY_HINT = "name where it is: env:NAME, file:PATH, or a URI; never the key itself"
_KEY_SCHEMES = ("env", "file", "vault", "aws-kms", "gcp-kms", "azure-keyvault")


def anonymize_problems(policy: Policy) -> Iterator[PolicyProblem]:
    """Everything in the section that means nothing."""
    section = policy.anonymize
    if section.key is not None and section.key.partition(":")[0] not in _KEY_SCHEMES:
        yield PolicyProblem("anonymize.key", "is no place of a key", _KEY_HINT)
    yield from _operator_problems("anonymize.default", section.default)
    for place, rule in enumerate(section.rules):
        path = f"anonymize.rules[{place}]"
        yield from _operator_problems(f"{path}.operator", rule.operator)
        yield from _option_problems(f"{path}.options", rule)
        for number, name in enumerate(rule.entities):
            try:
                parse_selector(name, policy.custom_entities)
            except UsageError as error:
                yield PolicyProblem(f"{path}.entities[{number}]", error.message, error.hint)
        try:
            path_matches(rule.path, "")
        except UsageError as error:
            yield PolicyProblem(f"{path}.path", error.message, error.hint)


def _operator_problems(path: str, name: str) -> Iterator[PolicyProblem]:
    known = {*OPTIONS, *entry_points(group=_ENTRY_POINTS).names}
    if name not in known:
        hint = did_you_mean(name, known) or f"choose from {', '.join(sorted(known))}"
        yield PolicyProblem(path, f"unknown operator {name!r}", hint)


def _option_problems(path: str, rule: AnonymizeRule) -> Iterator[PolicyProblem]:
    model = OPTIONS.get(rule.operator)
    if model is None:
        return
    try:
        options = model.model_validate(rule.options)
    except ValidationError as error:
        for problem in problems_of(error, model):
            where = f"{path}.{problem.path}" if problem.path else path
            yield PolicyProblem(where, problem.message, problem.hint)
        return
    if getattr(options, "checksum", "none") != "none" and getattr(options, "keep_last", 0):
        yield PolicyProblem(f"{path}.checksum", "the last digit cannot both stay and fit")
