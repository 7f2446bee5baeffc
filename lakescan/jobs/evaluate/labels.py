"""Foreign labels: what a gold file or another product calls an entity, in our categories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from lakescan import entities
from lakescan.errors import NotFoundError, UnknownNameError, UsageError
from lakescan.policy import Policy

#: Stands for "nothing is there" among labels.
NONE = "NONE"

_NOTHING = frozenset(["", "NONE", "O", "NON_PII"])
_NULL = frozenset(["", "~", "null", "Null", "NULL"])
_KEYS = ("labels", "scored")


class Labels:
    """Turns labels into categories.

    Args:
        policy: whose own entities count as known.
        names: foreign label -> category, entity, ``NONE``; or None for one that is not scored.
        scored: the categories that are compared; None for all that the gold uses.
    """

    def __init__(
        self,
        policy: Policy,
        names: Mapping[str, str | None] | None = None,
        scored: Iterable[str] | None = None,
    ) -> None:
        self._policy = policy
        self._known: dict[str, str | None] = {}
        for label, target in (names or {}).items():
            self._known[label] = None if target is None else self._ours(target)
        self.scored = None if scored is None else frozenset(self._ours(name) for name in scored)

    @classmethod
    def load(cls, path: str | Path, policy: Policy) -> Labels:
        """Read a label map: YAML with ``labels`` (a mapping) and, if wanted, ``scored`` (a list).

        Raises:
            NotFoundError: there is no such file.
            UsageError: it is no label map; or it names a category that does not exist.
        """
        file = Path(path)
        try:
            # The base loader leaves every scalar a string: a label may be called NO or 1.
            data = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506
        except FileNotFoundError:
            raise NotFoundError("there is no such label map", uri=str(file)) from None
        except (yaml.YAMLError, UnicodeDecodeError):
            raise UsageError("the label map is not YAML", uri=str(file)) from None
        if not isinstance(data, dict) or not isinstance(data.get("labels", {}), dict):
            hint = "write 'labels:' and below it one 'THEIR_LABEL: OUR_CATEGORY' a line"
            raise UsageError("the label map has no labels", hint=hint, uri=str(file))
        for key in data:
            if key not in _KEYS:
                raise UnknownNameError("key in the label map", str(key), _KEYS)
        names = {
            str(label): None if str(target) in _NULL else str(target)
            for label, target in data.get("labels", {}).items()
        }
        scored = data.get("scored")
        if scored is not None and not isinstance(scored, list):
            raise UsageError("'scored' in the label map must be a list", uri=str(file))
        return cls(policy, names, None if scored is None else map(str, scored))

    def category(self, label: str) -> str | None:
        """The category of a label, `NONE` for nothing, None where it is not scored.

        Raises:
            UnknownNameError: nobody knows the label; with what was probably meant.
            UsageError: products that know it disagree.
        """
        if label not in self._known:
            self._known[label] = self._ours(label)
        return self._known[label]

    def _ours(self, name: str) -> str:
        if name.strip().upper() in _NOTHING:
            return NONE
        known = {category.upper(): category for category in entities.categories()}
        found = known.get(name.strip().upper().replace(" ", "_").replace("-", "_"))
        if found is not None:
            return found
        for custom in self._policy.custom_entities:
            if name in (custom.entity, custom.category):
                return custom.category
        if entities.is_known(name):
            return entities.category_of(name)
        return self._by_vendor(name, {*known.values(), *(e.name for e in entities.all_entities())})

    def _by_vendor(self, name: str, known: set[str]) -> str:
        """What the products of the catalog mean by a label, where they agree."""
        meant = set()
        for vendor in entities.vendors():
            try:
                meant.add(entities.by_vendor(vendor, name).category)
            except UnknownNameError:
                continue
        if len(meant) == 1:
            return meant.pop()
        ours = f"write '{name}: CATEGORY' in a file for --labels"
        if meant:
            several = " or ".join(sorted(meant))
            raise UsageError(f"the label {name!r} may mean {several}", hint=ours)
        unknown = UnknownNameError("label", name, known)
        unknown.hint = f"{unknown.hint} Or {ours}" if unknown.hint else ours
        raise unknown
