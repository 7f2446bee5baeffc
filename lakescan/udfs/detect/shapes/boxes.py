"""Boxes: what a regex asks of strings of one shape, position by position.

All strings of a shape have the same length, and which character may stand where depends on the
path through the regex alone. Most paths of most regexes ask the same of them, so that few boxes
are left, and with what is known of the bytes that do stand at a position hardly one is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from lakescan.udfs.detect.shapes.regex import members_of, pieces, preimages
from lakescan.udfs.detect.shapes.shapes import Alphabet

#: Places of a shape and, for each, a bit for each byte that may stand there. Places where all may
#: that stand behind the shape's sign are left out.
Box = tuple[tuple[int, int], ...]
#: Boxes of the beginnings of a string, by where these end.
_Ends = Mapping[int, frozenset[Box]]

#: Where there are more boxes, or to find them takes more steps, a regex is run instead.
_MOST, _STEPS = 256, 4000
_ANYTHING: frozenset[Box] = frozenset({()})
_WORD = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")


class _TooManyError(Exception):
    """There are too many boxes."""


def boxes(regex: str, ignore_case: bool, alphabet: Alphabet, shape: str) -> tuple[Box, ...] | None:  # noqa: FBT001
    """The boxes of a regex: it matches the strings of ``shape`` that are in one of them.

    Returns:
        The boxes, none where it matches no such string; None where they are too many.
    """
    if not shape.isascii():
        return None
    walk = _Walk(shape, alphabet)
    try:
        found = walk.ends(_tree(regex, ignore_case), 0).get(len(shape), frozenset())
    except _TooManyError:
        return None
    return tuple(sorted(found))


class _Walk:
    """One shape, and what has been found out of it.

    Args:
        shape: of the strings.
        alphabet: that it is written in.
    """

    def __init__(self, shape: str, alphabet: Alphabet) -> None:
        self.shape = shape
        self.behind = [preimages(alphabet).get(sign, frozenset()) for sign in shape]
        self._known: dict[tuple[int, int], _Ends] = {}
        self._steps = 0

    def ends(self, node: _Node, at: int) -> _Ends:
        """Where what a node matches from a place on may end, and its boxes."""
        key = (id(node), at)
        found = self._known.get(key)
        if found is None:
            self._steps += 1
            if self._steps > _STEPS:
                raise _TooManyError
            found = self._known[key] = node.ends(self, at)
        return found

    def then(self, node: _Node, before: _Ends) -> dict[int, frozenset[Box]]:
        """The same of a node that follows on others."""
        found: dict[int, frozenset[Box]] = {}
        for at, heads in before.items():
            for end, tails in self.ends(node, at).items():
                both = {head + tail for head in heads for tail in tails}
                found[end] = _either(found.get(end, frozenset()), both)
                self._steps += len(both)
        return found


def _either(some: frozenset[Box], others: Iterable[Box]) -> frozenset[Box]:
    together = some.union(others)
    if () in together:
        return _ANYTHING
    if len(together) > _MOST:
        raise _TooManyError
    return together


class _Node(Protocol):
    """A part of a regex."""

    def ends(self, walk: _Walk, at: int) -> _Ends:
        """See `_Walk.ends`."""


@dataclass(frozen=True, slots=True, eq=False)
class _Member:
    chars: frozenset[str]

    def ends(self, walk: _Walk, at: int) -> _Ends:
        if at == len(walk.shape):
            return {}
        allowed = walk.behind[at] & self.chars
        if not allowed:
            return {}
        if len(allowed) == len(walk.behind[at]):
            return {at + 1: _ANYTHING}
        return {at + 1: frozenset({((at, sum(1 << ord(char) for char in allowed)),)})}


@dataclass(frozen=True, slots=True, eq=False)
class _Edge:
    """What matches a place between characters."""

    kind: str

    def ends(self, walk: _Walk, at: int) -> _Ends:
        if self.kind in "^$":
            fits = at == (0 if self.kind == "^" else len(walk.shape))
        else:
            sides = walk.shape[max(at - 1, 0) : at], walk.shape[at : at + 1]
            fits = (sides[0] in _WORD) != (sides[1] in _WORD)
            fits = fits if self.kind == r"\b" else not fits
        return {at: _ANYTHING} if fits else {}


@dataclass(frozen=True, slots=True, eq=False)
class _Sequence:
    parts: tuple[_Node, ...]

    def ends(self, walk: _Walk, at: int) -> _Ends:
        found: _Ends = {at: _ANYTHING}
        for part in self.parts:
            found = walk.then(part, found)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    parts: tuple[_Node, ...]

    def ends(self, walk: _Walk, at: int) -> _Ends:
        found: dict[int, frozenset[Box]] = {}
        for part in self.parts:
            for end, several in walk.ends(part, at).items():
                found[end] = _either(found.get(end, frozenset()), several)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Repeat:
    part: _Node
    low: int
    high: int

    def ends(self, walk: _Walk, at: int) -> _Ends:
        found: dict[int, frozenset[Box]] = {}
        state: _Ends = {at: _ANYTHING}
        # To go round without a step forward finds nothing new.
        for times in range(min(self.high, self.low + len(walk.shape) - at) + 1):
            if times >= self.low:
                for end, several in state.items():
                    found[end] = _either(found.get(end, frozenset()), several)
            state = walk.then(self.part, state)
            if not state:
                break
        return found


@lru_cache(maxsize=1024)
def _tree(regex: str, ignore_case: bool) -> _Node:  # noqa: FBT001
    """A regex as its parts."""
    parts: list[_Node] = []
    choices: list[_Node] = []
    folded = [ignore_case]
    outer: list[tuple[list[_Node], list[_Node]]] = []
    for kind, text in pieces(regex):
        if kind == "member":
            parts.append(_Member(members_of(text, folded[-1])))
        elif kind in ("open", "folding"):
            folded.append(folded[-1] or kind == "folding")
            outer.append((parts, choices))
            parts, choices = [], []
        elif kind == "close":
            folded.pop()
            group = _Choice((*choices, _Sequence(tuple(parts))))
            parts, choices = outer.pop()
            parts.append(group)
        elif text == "|":
            choices.append(_Sequence(tuple(parts)))
            parts = []
        elif text in ("^", "$", r"\b", r"\B"):
            parts.append(_Edge(text))
        else:
            parts.append(_Repeat(parts.pop(), *_bounds(text)))
    return _Choice((*choices, _Sequence(tuple(parts))))


#: More than a shape is long.
_ENDLESS = 1 << 30


def _bounds(quantifier: str) -> tuple[int, int]:
    quantifier = quantifier.removesuffix("?") if len(quantifier) > 1 else quantifier
    if quantifier in "*+?":
        return int(quantifier == "+"), 1 if quantifier == "?" else _ENDLESS
    low, comma, high = quantifier[1:-1].partition(",")
    return int(low or 0), int(high or _ENDLESS) if comma else int(low)
