"""Regexes for shapes: which could match some string of a shape, which match every one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from lakescan.udfs.detect.matching.grammar import ascii_only
from lakescan.udfs.detect.shapes.shapes import Alphabet

#: What a regex is written with: groups, members (classes, escapes, characters) and the rest.
_PIECE = re.compile(
    r"(?P<folding>\(\?i:)|(?P<open>\((?:\?(?:P<\w+>|:))?)|(?P<close>\))"
    r"|(?P<kept>\\[bB]|[|^$]|(?:[*+?]|\{[0-9]*,?[0-9]*\})\??)"
    r"|(?P<member>\[\^?(?:\\.|[^\]\\])+\]|\\.|[^\\])",
    re.DOTALL,
)
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
    shapes = {alphabet.of(member) for member in members_of(one, ignore_case)}
    return _class(shapes, _BEYOND if others else "")


@lru_cache(maxsize=4096)
def _kernel_of(one: str, alphabet: Alphabet, ignore_case: bool) -> str:  # noqa: FBT001
    """The same in its kernel."""
    members = members_of(one, ignore_case)
    return _class({shape for shape, chars in preimages(alphabet).items() if chars <= members})


@lru_cache(maxsize=8)
def preimages(alphabet: Alphabet) -> dict[str, frozenset[str]]:
    """The ASCII characters behind each character of a shape."""
    mapped: dict[str, set[str]] = {}
    for char in _ASCII:
        mapped.setdefault(alphabet.of(char), set()).add(char)
    return {shape: frozenset(chars) for shape, chars in mapped.items()}


def _mapped(
    regex: str,
    of: Callable[[str, Alphabet, bool], str],
    alphabet: Alphabet,
    ignore_case: bool,  # noqa: FBT001
) -> str:
    """``regex`` with each of its characters and classes exchanged for a class."""
    out = []
    folded = [ignore_case]
    for kind, text in pieces(regex):
        if kind == "member":
            out.append(of(text, alphabet, folded[-1]))
        elif kind == "kept":
            out.append(text)
        elif kind == "close":
            folded.pop()
            out.append(text)
        else:
            folded.append(folded[-1] or kind == "folding")
            out.append("(?:")
    return "".join(out)


@lru_cache(maxsize=2048)
def pieces(regex: str) -> list[tuple[str, str]]:
    """The kind and the text of each piece of a regex."""
    found = _PIECE.finditer(ascii_only(regex))
    return [(str(piece.lastgroup), piece.group()) for piece in found]


@lru_cache(maxsize=1024)
def members_of(one: str, ignore_case: bool) -> frozenset[str]:  # noqa: FBT001
    """The ASCII characters that it stands for."""
    covers = re.compile(one, re.IGNORECASE * ignore_case | re.ASCII)
    return frozenset(char for char in _ASCII if covers.fullmatch(char))


def _class(chars: set[str], others: str = "") -> str:
    inside = "".join(re.escape(char) for char in sorted(chars)) + others
    return f"[{inside}]" if inside else _NOTHING
