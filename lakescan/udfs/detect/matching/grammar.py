"""What a pattern's text says about every string it can match, so that gates need no second list.

Patterns are written in the common part of RE2 and Rust regexes (no lookaround, no back-references,
no Unicode classes). This module reads that part and derives, without compiling anything:
the byte classes that a match is made of, those it cannot do without, and its length in bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

DIGIT, UPPER, LOWER, SPACE, AT, DOT, DASH, OTHER = (1 << i for i in range(8))
ANY = 255
#: Classes of the bytes that a token is made of; what else there is stands between tokens.
TOKEN = DIGIT | UPPER | LOWER | AT | DOT | DASH
#: Lengths from here on are one: gates bin by length.
LONG = 63

_CLASS_OF: dict[str, int] = {}
_SHORTHAND = {"d": "0-9", "w": "0-9A-Za-z_", "s": r" \t\r\n\f"}
_CONTROL = {"t": "\t", "r": "\r", "n": "\n", "f": "\f", "v": "\v"}


def byte_class(byte: int) -> int:
    """The class bit of one byte of UTF-8; every byte beyond ASCII is `OTHER`."""
    char = chr(byte)
    if byte >= 0x80:
        return OTHER
    for bit, members in (
        (DIGIT, "0123456789"), (SPACE, " \t\r\n\f\v"), (AT, "@"), (DOT, "."), (DASH, "-/_+"),
    ):  # fmt: skip
        if char in members:
            return bit
    if char.isalpha():
        return UPPER if char.isupper() else LOWER
    return OTHER


_CLASS_OF.update({chr(byte): byte_class(byte) for byte in range(128)})


def ascii_only(regex: str) -> str:
    r"""``regex`` with ``\d``, ``\w`` and ``\s`` spelled out: they differ between the engines."""
    if not any(rf"\{name}" in regex for name in _SHORTHAND):
        return regex
    out, in_class, i = [], False, 0
    while i < len(regex):
        char = regex[i]
        if char == "\\":
            nxt = regex[i + 1]
            members = _SHORTHAND.get(nxt)
            out.append(char + nxt if members is None else members if in_class else f"[{members}]")
            i += 2
            continue
        if char == "[" and not in_class:
            in_class = True
        elif char == "]" and in_class:
            in_class = False
        out.append(char)
        i += 1
    return "".join(out)


@dataclass(frozen=True, slots=True)
class Facts:
    """What holds for every match of a regex.

    Args:
        only: union of the byte classes that a match may hold.
        needs: each a union of classes of which a match holds at least one.
        shortest: length in bytes.
        longest: length in bytes, at most `LONG` (which stands for "and more").
    """

    only: int
    needs: frozenset[int]
    shortest: int
    longest: int

    def admits(self, mask: int, length: int) -> bool:
        """Whether a value with these byte classes and this (binned) length may match wholly."""
        return (
            not mask & ~self.only
            and self.shortest <= length <= self.longest
            and all(need & mask for need in self.needs)
        )


def facts(regex: str, *, ignore_case: bool = False) -> Facts:
    """Derive the facts of ``regex``.

    Raises:
        ValueError: the regex uses syntax outside the supported part.
    """
    parser = _Parser(ascii_only(regex), ignore_case=ignore_case)
    found = parser.alternatives()
    if parser.more():
        raise ValueError(f"unbalanced parenthesis in {regex!r}")
    return found


_EMPTY = Facts(0, frozenset(), 0, 0)


def _concat(parts: Iterable[Facts]) -> Facts:
    only, needs, low, high = 0, set[int](), 0, 0
    for part in parts:
        only |= part.only
        needs |= part.needs
        low += part.shortest
        high += part.longest
    return Facts(only, frozenset(needs), min(low, LONG), min(high, LONG))


def _either(parts: list[Facts]) -> Facts:
    only = 0
    for part in parts:
        only |= part.only
    needs: set[int] = set(parts[0].needs)
    for part in parts[1:]:
        needs = {a | b for a in needs for b in part.needs}
        # Keep the sharpest few: the gate is only a filter.
        needs = set(sorted(needs, key=lambda n: n.bit_count())[:8])
    return Facts(
        only,
        frozenset(needs),
        min(p.shortest for p in parts),
        max(p.longest for p in parts),
    )


#: Characters from one code point to another, both included.
_Range = tuple[int, int]


@lru_cache(maxsize=4096)
def _one(ranges: tuple[_Range, ...], ignore_case: bool) -> Facts:  # noqa: FBT001
    """The facts of one character out of some ranges."""
    mask, shortest, longest = 0, 4, 1
    for low, high in ranges:
        for code in range(low, min(high + 1, 128)):
            mask |= _CLASS_OF[chr(code)]
        shortest = min(shortest, len(chr(low).encode()))
        longest = max(longest, len(chr(high).encode()))
        if high >= 128:
            mask |= OTHER
    if ignore_case and mask & (UPPER | LOWER):
        mask |= UPPER | LOWER
    return Facts(mask, frozenset({mask}), shortest, longest)


class _Parser:
    def __init__(self, text: str, *, ignore_case: bool) -> None:
        self.text = text
        self.at = 0
        self.ignore_case = ignore_case

    def more(self) -> bool:
        return self.at < len(self.text)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        char = self.text[self.at]
        self.at += 1
        return char

    def alternatives(self) -> Facts:
        parts = [self.sequence()]
        while self.peek() == "|":
            self.take()
            parts.append(self.sequence())
        return _either(parts) if len(parts) > 1 else parts[0]

    def sequence(self) -> Facts:
        parts = []
        while self.more() and self.peek() not in "|)":
            parts.append(self.repeated(self.atom()))
        return _concat(parts)

    def atom(self) -> Facts:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return self.char_class()
        if char == "\\":
            escaped = self.take()
            return _EMPTY if escaped in "bBAz" else self.one(_CONTROL.get(escaped, escaped))
        if char == ".":
            return Facts(ANY, frozenset(), 1, 4)
        if char in "^$":
            return _EMPTY
        return self.one(char)

    def group(self) -> Facts:
        if self.peek() == "?":
            self.take()
            flag = self.take()
            if flag == "P":
                while self.take() != ">":
                    pass
            elif flag != ":":
                raise ValueError(f"unsupported group (?{flag} in {self.text!r}")
        inner = self.alternatives()
        if not self.more() or self.take() != ")":
            raise ValueError(f"unbalanced parenthesis in {self.text!r}")
        return inner

    def char_class(self) -> Facts:
        negated = self.peek() == "^"
        if negated:
            self.take()
        ranges: list[_Range] = []
        while (char := self.take()) != "]":
            if char == "\\":
                escaped = self.take()
                char = _CONTROL.get(escaped, escaped)
            if self.peek() == "-" and self.text[self.at + 1] != "]":
                self.take()
                last = self.take()
                if last == "\\":
                    last = self.take()
                ranges.append((ord(char), ord(last)))
            else:
                ranges.append((ord(char), ord(char)))
        if negated:
            return Facts(ANY, frozenset(), 1, 4)
        return _one(tuple(ranges), self.ignore_case)

    def one(self, char: str) -> Facts:
        return _one(((ord(char), ord(char)),), self.ignore_case)

    def repeated(self, item: Facts) -> Facts:
        while self.peek() and self.peek() in "*+?{":
            low, high = self.bounds()
            if self.peek() == "?":  # lazy
                self.take()
            item = Facts(
                item.only,
                item.needs if low else frozenset(),
                min(item.shortest * low, LONG),
                LONG if high is None else min(item.longest * high, LONG),
            )
        return item

    def bounds(self) -> tuple[int, int | None]:
        char = self.take()
        if char == "*":
            return 0, None
        if char == "+":
            return 1, None
        if char == "?":
            return 0, 1
        digits = ""
        while (char := self.take()) != "}":
            digits += char
        low, comma, high = digits.partition(",")
        if not comma:
            return int(low), int(low)
        return int(low or 0), int(high) if high else None
