"""Checking that what a policy refers to exists."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lakescan import entities
from lakescan.errors import UsageError
from lakescan.policy.gates import parse_gate
from lakescan.policy.globs import column_matches, path_matches
from lakescan.policy.problems import PolicyProblem
from lakescan.policy.rules import CustomDetector
from lakescan.policy.selectors import Named, parse_selector

if TYPE_CHECKING:
    from lakescan.policy.model import Policy

#: A new entity's name this near to a known one is taken for a slip.
_SLIP = 0.85


def custom_entities(detectors: Iterable[CustomDetector]) -> tuple[Named, ...]:
    """The entities that detectors introduce beyond the catalog."""
    found: dict[str, Named] = {}
    for detector in detectors:
        name = detector.entity
        if entities.is_known(name):
            continue
        category = detector.category
        if category is None and name in found:
            continue
        known = category is not None and category in entities.categories()
        domain = detector.domain or (
            entities.category(category).domain if known and category else "PII"
        )
        found[name] = Named(name, category or name, domain)
    return tuple(found.values())


def reference_problems(policy: Policy) -> Iterator[PolicyProblem]:
    """Everything in ``policy`` that names nothing."""
    extra = policy.custom_entities
    yield from _detector_problems(policy.detectors)
    for path, names in _names(policy):
        for index, name in enumerate(names):
            yield from _name_problem(f"{path}[{index}]", name, extra)
    for path, names in _keys(policy):
        for name in names:
            yield from _name_problem(f"{path}.{name}", name, extra)
    for path, name in _verdicts(policy):
        if not _is_entity(name, extra):
            hint = _entity_hint(name)
            yield PolicyProblem(path, f"unknown entity {name!r}", hint)
    for index, gate in enumerate(policy.gates):
        try:
            parse_gate(gate, extra)
        except UsageError as error:
            yield PolicyProblem(f"gates[{index}]", error.message, error.hint)
    for path, glob in _globs(policy):
        try:
            path_matches(glob, "")
        except UsageError as error:
            yield PolicyProblem(path, error.message, error.hint)
    for index, rule in enumerate(policy.columns):
        column_matches(rule.column, "")
        if rule.entity and rule.ignore:
            yield PolicyProblem(f"columns[{index}]", "an ignored column has no entity")


def _detector_problems(detectors: tuple[CustomDetector, ...]) -> Iterator[PolicyProblem]:
    seen: set[str] = set()
    for index, detector in enumerate(detectors):
        path = f"detectors[{index}]"
        if detector.name in seen:
            yield PolicyProblem(f"{path}.name", f"a second detector named {detector.name!r}")
        seen.add(detector.name)
        if entities.is_known(detector.entity):
            for key in ("category", "domain"):
                if getattr(detector, key) is not None:
                    message = f"{detector.entity} is in the catalog and has its own"
                    yield PolicyProblem(f"{path}.{key}", message, f"remove {key}")
        elif detector.category is None and (near := _nearest(detector.entity)):
            message = f"unknown entity {detector.entity!r}"
            hint = f"did you mean {near!r}? a new entity needs a category"
            yield PolicyProblem(f"{path}.entity", message, hint)


def _names(policy: Policy) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in ("enable", "disable", "sensitive", "not_sensitive"):
        yield f"entities.{key}", getattr(policy.entities, key)
    for index, rule in enumerate(policy.columns):
        yield f"columns[{index}].enable", rule.enable
        yield f"columns[{index}].disable", rule.disable
    for index, allowed in enumerate(policy.allow):
        yield f"allow[{index}].entities", allowed.entities


def _keys(policy: Policy) -> Iterator[tuple[str, Iterable[str]]]:
    yield "thresholds.entities", policy.thresholds.entities
    for index, rule in enumerate(policy.columns):
        yield f"columns[{index}].thresholds", rule.thresholds


def _verdicts(policy: Policy) -> Iterator[tuple[str, str]]:
    for index, rule in enumerate(policy.columns):
        if rule.entity is not None:
            yield f"columns[{index}].entity", rule.entity
    for index, denied in enumerate(policy.deny):
        yield f"deny[{index}].entity", denied.entity


def _globs(policy: Policy) -> Iterator[tuple[str, str]]:
    for key in ("include", "exclude"):
        for index, glob in enumerate(getattr(policy, key)):
            yield f"{key}[{index}]", glob
    for index, rule in enumerate(policy.columns):
        yield f"columns[{index}].path", rule.path


def _name_problem(path: str, name: str, extra: tuple[Named, ...]) -> Iterator[PolicyProblem]:
    try:
        parse_selector(name, extra)
    except UsageError as error:
        yield PolicyProblem(path, error.message, error.hint)


def _is_entity(name: str, extra: tuple[Named, ...]) -> bool:
    return entities.is_known(name) or any(each.entity == name for each in extra)


def _entity_hint(name: str) -> str | None:
    near = _nearest(name, cutoff=0.6)
    return f"did you mean {near!r}?" if near else "name an entity, see `lakescan entities`"


def _nearest(name: str, cutoff: float = _SLIP) -> str | None:
    known = [each.name for each in entities.all_entities()]
    near = difflib.get_close_matches(name, known, n=1, cutoff=cutoff)
    return near[0] if near else None
