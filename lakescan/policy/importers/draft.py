"""A policy in the making, with notes on what does not fit into it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from lakescan import entities
from lakescan.policy.fields import Score
from lakescan.policy.lists import AllowRule
from lakescan.policy.model import Policy
from lakescan.policy.problems import PolicyProblem
from lakescan.policy.references import SLIP
from lakescan.policy.rules import CustomDetector
from lakescan.policy.validation import problems_of

#: How Python's regexes say what RE2 says otherwise.
_END, _CODE_POINT = re.compile(r"(?<!\\)((?:\\\\)*)\\Z"), re.compile(r"\\[uU]([0-9A-Fa-f]{4,8})")


class Draft:
    """Collects the parts of a policy."""

    def __init__(self) -> None:
        self.notes: list[PolicyProblem] = []
        self.allow: list[AllowRule] = []
        self.detectors: list[CustomDetector] = []
        self.default_threshold: Score | None = None
        self.by_entity: dict[str, Score] = {}
        self.by_detector: dict[str, Score] = {}
        self._enabled: dict[str, None] = {}

    def note(self, path: str, message: str, hint: str | None = None) -> None:
        """Tell of something that is not carried over, or not as it was."""
        self.notes.append(PolicyProblem(path, message, hint))

    def enable(self, entity: str) -> None:
        """Look for an entity; one that is its category's general name means the category."""
        self._enabled[entity] = None

    def detector(self, path: str, keys: Mapping[str, object]) -> CustomDetector | None:
        """Add a detector of the user's own and look for what it finds.

        Args:
            path: where it came from.
            keys: as in a policy; the name is made unique, and the regex what RE2 takes.

        Returns:
            The detector; None where a policy refuses it, which is noted.
        """
        data = dict(keys)
        data["name"] = self._unique(str(data["name"]))
        if isinstance(data.get("regex"), str):
            data["regex"] = _as_re2(str(data["regex"]))
        entity = str(data["entity"])
        if entity in (*entities.domains(), "ALL"):
            # As a name of its own it would mean everything of that kind.
            entity = data["entity"] = f"{entity}_VALUE"
        if not entities.is_known(entity):
            near = difflib.get_close_matches(entity, entities.categories(), n=1, cutoff=SLIP)
            data["category"] = near[0] if near else entity
        try:
            made = CustomDetector.model_validate(data)
        except ValidationError as error:
            for problem in problems_of(error, CustomDetector):
                what = f"{problem.path}: " if problem.path else ""
                self.note(path, f"not carried over: {what}{problem.message}", problem.hint)
            return None
        self.detectors.append(made)
        self.enable(made.entity)
        return made

    def allows(self, path: str, keys: Mapping[str, object]) -> None:
        """Add values never to report; what a policy refuses is noted."""
        data = dict(keys)
        if isinstance(data.get("regex"), str):
            data["regex"] = _as_re2(str(data["regex"]))
        try:
            self.allow.append(AllowRule.model_validate(data))
        except ValidationError as error:
            for problem in problems_of(error, AllowRule):
                self.note(path, f"not carried over: {problem.message}", problem.hint)

    def policy(self) -> Policy:
        """The policy; one that looks for nothing where nothing was named."""
        own = {detector.entity for detector in self.detectors}
        thresholds: dict[str, object] = {
            "entities": {
                name: score
                for name, score in self.by_entity.items()
                if entities.is_known(name) or name in own or name in entities.categories()
            },
            "detectors": self.by_detector,
        }
        if self.default_threshold is not None:
            thresholds["default"] = self.default_threshold
        enabled = list(dict.fromkeys(widest(name) for name in self._enabled))
        if enabled:
            # So that a column of prose is told as such, with what stands in it.
            enabled.append("FREE_TEXT")
        return Policy.model_validate(
            {
                "entities": {"enable": enabled} if enabled else {"disable": ["*"]},
                "thresholds": thresholds,
                "detectors": [each.model_dump(exclude_unset=True) for each in self.detectors],
                "allow": [each.model_dump(exclude_unset=True) for each in self.allow],
            }
        )

    def _unique(self, name: str) -> str:
        taken = {each.name for each in self.detectors}
        wanted, number = slug(name), 1
        while wanted in taken:
            number += 1
            wanted = f"{slug(name)}_{number}"
        return wanted


def widest(entity: str) -> str:
    """The name that means an entity and all finer ones, where it is its category's own name."""
    if not entities.is_known(entity):
        return entity
    category = entities.category_of(entity)
    general = entities.is_known(category) and entities.canonical(category) == entity
    return category if general else entity


def slug(*parts: str) -> str:
    """A detector's name out of what something is called."""
    text = "_".join(re.sub(r"[^a-z0-9]+", "_", part.lower()).strip("_") for part in parts if part)
    return text if text[:1].isalpha() else f"d_{text}".rstrip("_")


def known_entity(label: str, vendor: str | None, table: Mapping[str, Iterable[str]]) -> list[str]:
    """The catalog's entities that another tool's label means; none where it has none.

    Args:
        label: such as ``IBAN_CODE``.
        vendor: whose labels the catalog knows, if it does.
        table: the labels that mean something else, or several things.
    """
    if label in table:
        return list(table[label])
    if vendor is not None:
        for each in entities.vendor_labels(vendor):
            if each.label == label:
                return [entities.by_vendor(vendor, label).name]
    return [entities.canonical(label)] if entities.is_known(label) else []


def _as_re2(regex: str) -> str:
    ended = _END.sub(r"\1\\z", regex)
    return _CODE_POINT.sub(lambda match: rf"\x{{{match.group(1)}}}", ended)
