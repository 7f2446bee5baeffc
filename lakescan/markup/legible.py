"""Text as a person can safely read it.

A column may be called anything: what moves a terminal's cursor, turns the direction of reading
or cannot be seen is shown as its escape, so that what is read is what is there.
"""

from __future__ import annotations

import unicodedata

#: Categories (Unicode Standard, section 4.5) of characters that are not seen or not harmless:
#: control, format (which the bidirectional overrides are), surrogate, line and paragraph
#: separators, and those that mean nothing to anybody (private use, unassigned).
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})

#: Format characters that some scripts and emoji cannot be written without.
_JOINERS = frozenset("\u200c\u200d")


def legible(text: str) -> str:
    r"""The text with each harmful or invisible character as ``\\n``, ``\\u202e``, ...."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN or character in _JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")
