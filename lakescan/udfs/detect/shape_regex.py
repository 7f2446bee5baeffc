"""Regexes for shapes: which could match some string of a shape, which match every one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from lakescan.udfs.detect.grammar import ascii_only
from lakescan.udfs.detect.shapes import Alphabet

_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]*,?[0-9]*\})\??")
_OPENING = re.compile(r"\((?:\?(?:P<\w+>|(?P<flag>i?):))?")
_ASCII = [chr(byte) for byte in range(128)]
#: All that is not ASCII, as part of a class; and a class of nothing.
_BEYOND, _NOTHING = r"\x{80}-\x{10FFFF}", r"[^\s\S]"


@lru_cache(maxsize=8192)
def image(regex: str, alphabet: Alphabet, ignore_case: bool) -> str:  # noqa: FBT001
    """A regex for the shapes of all matches of ``regex``.

    Each character class becomes the class of what stands for its members, so that it matches a
    shape if ``regex`` matches any string of that shape (and perhaps if not).
    """

    def of_class(members: frozenset[str], others: bool) -> str:  # noqa: FBT001
        return _class({alphabet.of(member) for member in members}, _BEYOND if others else "")

    return _mapped(regex, of_class, ignore_case)


@lru_cache(maxsize=8192)
def kernel(regex: str, alphabet: Alphabet, ignore_case: bool) -> str:  # noqa: FBT001
    """A regex for shapes of which ``regex`` matches every string.

    Each character class becomes the class of what stands for its members only.
    """
    mapped = _preimages(alphabet)

    def of_class(members: frozenset[str], others: bool) -> str:  # noqa: FBT001, ARG001
        return _class({shape for shape, chars in mapped.items() if chars <= members})

    return _mapped(regex, of_class, ignore_case)


@lru_cache(maxsize=8)
def _preimages(alphabet: Alphabet) -> dict[str, set[str]]:
    """The ASCII characters behind each character of a shape."""
    mapped: dict[str, set[str]] = {}
    for char in _ASCII:
        mapped.setdefault(alphabet.of(char), set()).add(char)
    return mapped


_OfClass = Callable[[frozenset[str], bool], str]


def _mapped(regex: str, of_class: _OfClass, ignore_case: bool) -> str:  # noqa: FBT001
    """``regex`` with each of its characters and classes exchanged for a class."""
    text, out, at = ascii_only(regex), [], 0
    folded = [ignore_case]
    while at < len(text):
        char = text[at]
        if char == "[":
            end = _class_end(text, at)
            out.append(_of_members(text[at:end], of_class, folded[-1]))
            at = end
        elif char == "\\":
            escape = text[at : at + 2]
            out.append(escape if escape[1] in "bB" else _of_members(escape, of_class, folded[-1]))
            at += 2
        elif opening := _OPENING.match(text, at):
            folded.append(folded[-1] or "i" in (opening["flag"] or ""))
            out.append("(?:")
            at = opening.end()
        elif char == ")":
            folded.pop()
            out.append(char)
            at += 1
        elif quantifier := _QUANTIFIER.match(text, at):
            out.append(quantifier.group())
            at = quantifier.end()
        elif char in "|^$":
            out.append(char)
            at += 1
        else:
            plain = char if char == "." else re.escape(char)
            out.append(_of_members(plain, of_class, folded[-1]))
            at += 1
    return "".join(out)


def _of_members(one: str, of_class: _OfClass, ignore_case: bool) -> str:  # noqa: FBT001
    """What becomes of a character, an escape or a class of the regex."""
    others = not one.isascii() or one == "." or one.startswith("[^")
    return of_class(_members(one, ignore_case), others)


@lru_cache(maxsize=1024)
def _members(one: str, ignore_case: bool) -> frozenset[str]:  # noqa: FBT001
    """The ASCII characters that it stands for."""
    covers = re.compile(one, re.IGNORECASE * ignore_case | re.ASCII)
    return frozenset(char for char in _ASCII if covers.fullmatch(char))


def _class(chars: set[str], others: str = "") -> str:
    inside = "".join(re.escape(char) for char in sorted(chars)) + others
    return f"[{inside}]" if inside else _NOTHING


def _class_end(text: str, at: int) -> int:
    at += 2
    while text[at] != "]":
        at += 2 if text[at] == "\\" else 1
    return at + 1
