"""Names in a policy: an entity, a category, a domain, a glob over entities, or everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from fnmatch import fnmatchcase
from functools import lru_cache

from lakescan import entities
from lakescan.errors import UnknownNameError


class Level(IntEnum):
    """How exactly a selector names an entity; the higher wins."""

    ALL = 0
    DOMAIN = 1
    CATEGORY = 2
    GLOB = 3
    ENTITY = 4


@dataclass(frozen=True, slots=True)
class Named:
    """An entity as a policy sees it: also those that only a policy or a plug-in knows."""

    entity: str
    category: str
    domain: str


@dataclass(frozen=True, slots=True)
class Selector:
    """A name, and what kind of name it is."""

    level: Level
    name: str

    def matches(self, what: Named) -> bool:
        """Whether it means that entity."""
        match self.level:
            case Level.ALL:
                return True
            case Level.DOMAIN:
                return what.domain == self.name
            case Level.CATEGORY:
                return what.category == self.name
            case Level.GLOB:
                return fnmatchcase(what.entity, self.name)
            case Level.ENTITY:
                return what.entity == self.name

    def __str__(self) -> str:
        return "*" if self.level is Level.ALL else self.name


def parse_selector(text: str, extra: Iterable[Named] = ()) -> Selector:
    """Read a name: ``PCI``, ``LOCATION``, ``US_SSN``, ``KR_*``, ``*``, ``entity:LOCATION``.

    A name that is several things means the widest: domain, then category, then entity. A prefix
    ``domain:``, ``category:`` or ``entity:`` says which one.

    Args:
        text: the name; case does not matter.
        extra: entities beyond the catalog.

    Raises:
        UnknownNameError: nothing has that name.
    """
    return _parse(text, tuple(extra))


@lru_cache(maxsize=4096)
def _parse(text: str, extra: tuple[Named, ...]) -> Selector:
    kind, colon, rest = text.partition(":")
    name = _upper(rest if colon else text)
    wanted = kind.strip().lower() if colon else ""
    if wanted not in ("", "domain", "category", "entity"):
        raise UnknownNameError("kind of name", kind, ("domain", "category", "entity"))
    if not wanted and name in ("*", "ALL"):
        return Selector(Level.ALL, "*")
    domains = {*entities.domains(), *(each.domain for each in extra)}
    if wanted in ("", "domain") and name in domains:
        return Selector(Level.DOMAIN, name)
    categories = {*entities.categories(), *(each.category for each in extra)}
    if wanted in ("", "category") and name in categories:
        return Selector(Level.CATEGORY, name)
    names = {each.entity for each in extra}
    if wanted in ("", "entity"):
        if name in names:
            return Selector(Level.ENTITY, name)
        if entities.is_known(name):
            return Selector(Level.ENTITY, entities.canonical(name))
    known = {each.name for each in entities.all_entities()} | names
    if any(mark in name for mark in "*?["):
        if not any(fnmatchcase(each, name) for each in known):
            raise UnknownNameError("entity", text, ())
        return Selector(Level.GLOB, name)
    choices = {"domain": domains, "category": categories, "entity": known}
    raise UnknownNameError(
        wanted or "entity, category or domain",
        name,
        choices.get(wanted, known | categories | domains),
    )


def _upper(text: str) -> str:
    return text.strip().upper().replace(" ", "_").replace("-", "_")


def strongest(selectors: Iterable[Selector], what: Named) -> int:
    """The level of the most exact selector that means ``what``; -1 if none does."""
    return max((each.level for each in selectors if each.matches(what)), default=-1)
