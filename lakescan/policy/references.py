"""Checking that what a policy refers to exists."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lakescan import entities
from lakescan.errors import UsageError
from lakescan.policy.anonymize_problems import anonymize_problems
from lakescan.policy.gates import parse_gate
from lakescan.policy.globs import path_matches
from lakescan.policy.problems import PolicyProblem
from lakescan.policy.rules import CustomDetector
from lakescan.policy.selectors import Named, parse_selector

if TYPE_CHECKING:
    from lakescan.policy.model import Policy

#: Where an entity must be known already, a name this near to one is worth suggesting.
SIMILAR = 0.8
_NEW_ENTITY = "`lakescan entities list` shows them; a detector of your own can add one"
#: A new entity's name this near to a known one is taken for a slip.
SLIP = 0.85


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
    yield from _detector_problems(policy.detectors)
    yield from _name_problems(policy)
    yield from _verdict_problems(policy)
    yield from _model_problems(policy)
    yield from anonymize_problems(policy)
    for index, gate in enumerate(policy.gates):
        try:
            parse_gate(gate, policy.custom_entities)
        except UsageError as error:
            yield PolicyProblem(f"gates[{index}]", error.message, error.hint)
    for path, glob in _globs(policy):
        try:
            path_matches(glob, "")
        except UsageError as error:
            yield PolicyProblem(path, error.message, error.hint)


def _name_problems(policy: Policy) -> Iterator[PolicyProblem]:
    for path, name in _names(policy):
        try:
            parse_selector(name, policy.custom_entities)
        except UsageError as error:
            yield PolicyProblem(path, error.message, error.hint)


def _verdict_problems(policy: Policy) -> Iterator[PolicyProblem]:
    extra = {each.entity for each in policy.custom_entities}
    for path, name in _verdicts(policy):
        if name not in extra and not entities.is_known(name):
            near = _nearest(name, cutoff=SIMILAR)
            hint = f"did you mean {near!r}?" if near else _NEW_ENTITY
            yield PolicyProblem(path, f"unknown entity {name!r}", hint)
    for index, rule in enumerate(policy.columns):
        if rule.entity and rule.ignore:
            yield PolicyProblem(f"columns[{index}]", "an ignored column has no entity")


def _model_problems(policy: Policy) -> Iterator[PolicyProblem]:
    if policy.ner.model is None:
        if policy.ner.labels:
            yield PolicyProblem("ner.labels", "are those of ner.model, which is not given")
        if policy.accuracy_mode == "high":
            hint = "a folder with a token classifier, or spacy:NAME"
            yield PolicyProblem("ner.model", "is what accuracy_mode high needs", hint)
    elif policy.accuracy_mode not in (None, "high"):
        hint = "leave accuracy_mode out, or ner.model"
        yield PolicyProblem("ner.model", f"is not used by {policy.accuracy_mode}", hint)


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
        elif detector.category is not None:
            yield from _category_problems(f"{path}.category", detector.category)
        elif near := _nearest(detector.entity):
            message = f"unknown entity {detector.entity!r}"
            hint = f"did you mean {near!r}? a new entity needs a category"
            yield PolicyProblem(f"{path}.entity", message, hint)


def _category_problems(path: str, category: str) -> Iterator[PolicyProblem]:
    known = entities.categories()
    near = difflib.get_close_matches(category, known, n=1, cutoff=SLIP)
    if near and category not in known:
        yield PolicyProblem(path, f"unknown category {category!r}", f"did you mean {near[0]!r}?")


def _names(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every name in the policy that may be an entity, a category or a domain, with its path."""
    lists: dict[str, Iterable[str]] = {}
    for key in ("enable", "disable", "sensitive", "not_sensitive"):
        lists[f"entities.{key}"] = getattr(policy.entities, key)
    for index, rule in enumerate(policy.columns):
        lists[f"columns[{index}].enable"] = rule.enable
        lists[f"columns[{index}].disable"] = rule.disable
    for index, allowed in enumerate(policy.allow):
        lists[f"allow[{index}].entities"] = allowed.entities
    for path, names in lists.items():
        for index, name in enumerate(names):
            yield f"{path}[{index}]", name
    for name in policy.thresholds.entities:
        yield f"thresholds.entities.{name}", name
    for index, rule in enumerate(policy.columns):
        for name in rule.thresholds:
            yield f"columns[{index}].thresholds.{name}", name


def _verdicts(policy: Policy) -> Iterator[tuple[str, str]]:
    for index, rule in enumerate(policy.columns):
        if rule.entity is not None:
            yield f"columns[{index}].entity", rule.entity
    for index, denied in enumerate(policy.deny):
        yield f"deny[{index}].entity", denied.entity
    for label, entity in policy.ner.labels.items():
        yield f"ner.labels.{label}", entity


def _globs(policy: Policy) -> Iterator[tuple[str, str]]:
    for key in ("include", "exclude"):
        for index, glob in enumerate(getattr(policy, key)):
            yield f"{key}[{index}]", glob
    for index, rule in enumerate(policy.columns):
        yield f"columns[{index}].path", rule.path


def _nearest(name: str, cutoff: float = SLIP) -> str | None:
    known = [each.name for each in entities.all_entities()]
    near = difflib.get_close_matches(name, known, n=1, cutoff=cutoff)
    return near[0] if near else None
