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


def image(regex: str, alphabet: Alphabet, ignore_case: bool) -> str:  # noqa: FBT001
    """A regex for the shapes of all matches of ``regex``.

    Each character class becomes the class of what stands for its members, so that it matches a
    shape if ``regex`` matches any string of that shape (and perhaps if not).
    """
    return _mapped(regex, _image_of, alphabet, ignore_case)


def kernel(regex: str, alphabet: Alphabet, ignore_case: bool) -> str:  # noqa: FBT001
    """A regex for shapes of which ``regex`` matches every string.

    Each character class becomes the class of what stands for its members only.
    """
    return _mapped(regex, _kernel_of, alphabet, ignore_case)


@lru_cache(maxsize=4096)
def _image_of(one: str, alphabet: Alphabet, ignore_case: bool) -> str:  # noqa: FBT001
    """What becomes of a character, an escape or a class of the regex in its image."""
    others = not one.isascii() or one == "." or one.startswith("[^")
    shapes = {alphabet.of(member) for member in _members(one, ignore_case)}
    return _class(shapes, _BEYOND if others else "")


@lru_cache(maxsize=4096)
def _kernel_of(one: str, alphabet: Alphabet, ignore_case: bool) -> str:  # noqa: FBT001
    """The same in its kernel."""
    members = _members(one, ignore_case)
    return _class({shape for shape, chars in _preimages(alphabet).items() if chars <= members})


@lru_cache(maxsize=8)
def _preimages(alphabet: Alphabet) -> dict[str, set[str]]:
    """The ASCII characters behind each character of a shape."""
    mapped: dict[str, set[str]] = {}
    for char in _ASCII:
        mapped.setdefault(alphabet.of(char), set()).add(char)
    return mapped


def _mapped(
    regex: str,
    of: Callable[[str, Alphabet, bool], str],
    alphabet: Alphabet,
    ignore_case: bool,  # noqa: FBT001
) -> str:
    """``regex`` with each of its characters and classes exchanged for a class."""
    text, out, at = ascii_only(regex), [], 0
    folded = [ignore_case]
    while at < len(text):
        char = text[at]
        if char == "[":
            end = _class_end(text, at)
            out.append(of(text[at:end], alphabet, folded[-1]))
            at = end
        elif char == "\\":
            escape = text[at : at + 2]
            out.append(escape if escape[1] in "bB" else of(escape, alphabet, folded[-1]))
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
            out.append(of(plain, alphabet, folded[-1]))
            at += 1
    return "".join(out)


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
