"""A policy as it stands for one column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakescan.policy.rules import ColumnRule
from lakescan.policy.selectors import Selector, parse_selector, strongest

if TYPE_CHECKING:
    from lakescan.policy.model import Policy


@dataclass(frozen=True, slots=True)
class ColumnPolicy:
    """A policy with the rules for one column laid over it.

    Args:
        policy: the whole.
        rule: the column's rules in one; empty where none is for it.
    """

    policy: Policy
    rule: ColumnRule

    @property
    def ignored(self) -> bool:
        """Whether the column is not to be read."""
        return bool(self.rule.ignore)

    @property
    def entity(self) -> str | None:
        """The verdict that the user wrote down, if any."""
        return self.rule.entity

    def enabled(self, entity: str) -> bool:
        """Whether to look for ``entity`` in this column."""
        if not self.policy.enabled(entity):
            return False
        rule = self.rule
        if not rule.enable and not rule.disable:
            return True
        what = self.policy.named(entity)
        on = strongest(self._selectors(rule.enable), what) if rule.enable else -1
        off = strongest(self._selectors(rule.disable), what)
        return (on > off) if rule.enable else off < 0

    def threshold(self, entity: str, detector: str | None = None) -> float:
        """The score that a finding must reach in this column."""
        rule = self.rule
        if rule.thresholds:
            what = self.policy.named(entity)
            selectors = {self._selector(name): score for name, score in rule.thresholds.items()}
            found = [each for each in selectors if each.matches(what)]
            if found:
                return selectors[max(found, key=lambda each: each.level)]
        if rule.threshold is not None:
            return rule.threshold
        return self.policy.threshold(entity, detector)

    def sensitive(self, entity: str) -> bool:
        """Whether ``entity`` counts as personal data in this column."""
        if self.rule.sensitive is not None:
            return self.rule.sensitive
        return self.policy.sensitive(entity)

    def _selector(self, name: str) -> Selector:
        return parse_selector(name, self.policy.custom_entities)

    def _selectors(self, names: tuple[str, ...]) -> list[Selector]:
        return [self._selector(name) for name in names]
