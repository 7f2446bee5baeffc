"""Where a span really begins and ends: no punctuation around it, no word cut in two."""

from __future__ import annotations

import re
import unicodedata

#: Signs that belong to what they stand before.
_LEADING = {"PHONE_NUMBER": "+(", "FAX_NUMBER": "+(", "USERNAME": "@"}

#: Amounts keep the signs of currencies.
_MONEY = frozenset(["AMOUNT", "SALARY"])

#: Beside these a word begins or ends, whatever it is.
_APART = frozenset(" \t\r\n,.;:()")

#: The first letter of O'Brien and D'Angelo.
_ELIDED = re.compile(r"(?<!\w)[A-Z]['’]\Z")

#: A closing bracket stays where its opening one is inside.
_PAIRS = {")": "(", "]": "[", "}": "{"}


def trimmed(text: str, start: int, end: int, entity: str) -> tuple[int, int]:
    """The span without white space and punctuation at its ends, whole words only.

    Args:
        text: the text.
        start: the first code point.
        end: one past the last.
        entity: what it is: some keep a sign before them.

    Returns:
        Bounds; equal ones if nothing is left.
    """
    if (
        start < end
        and text[start].isalnum()
        and text[end - 1].isalnum()
        and (start == 0 or text[start - 1] in _APART)
        and (end == len(text) or text[end] in _APART)
    ):
        return start, end
    keep = _LEADING.get(entity, "")
    money = entity in _MONEY
    while start < end and _is_edge(text[start], money=money) and text[start] not in keep:
        start += 1
    while start < end:
        base = _base(text, start, end)
        opening = _PAIRS.get(text[base])
        if opening is not None and opening in text[start:base]:
            break
        if not _is_edge(text[base], money=money):
            break
        end = base
    if start == end:
        return start, end
    # A mark upon a space is part of no word before it.
    while (
        start > 0
        and not _is_edge(text[start - 1], money=False)
        and _joined(text[start - 1], text[start])
    ):
        start -= 1
    if _ELIDED.search(text, max(0, start - 3), start):
        start -= 2
    while end < len(text) and _joined(text[end - 1], text[end]):
        end += 1
    return start, end


def _base(text: str, start: int, end: int) -> int:
    """The last character before ``end`` that is no mark upon another."""
    at = end - 1
    while at > start and unicodedata.category(text[at])[0] == "M":
        at -= 1
    return at


def _is_edge(char: str, *, money: bool) -> bool:
    """White space, punctuation, signs, and what cannot be seen."""
    kind = unicodedata.category(char)
    if money and (kind == "Sc" or char in "+-%"):
        return False
    return char.isspace() or kind[0] in "PZCS"


def _joined(one: str, two: str) -> bool:
    """Whether a word goes on from one character to the next."""
    if unicodedata.category(two)[0] == "M":
        return True
    if not (_in_word(one) and _in_word(two)):
        return False
    # Scripts without spaces have no words to be kept whole.
    return not (_unspaced(one) or _unspaced(two))


def _in_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _unspaced(char: str) -> bool:
    """Han, kana, Hangul's neighbours, Thai, Lao, Khmer, Burmese: written without spaces."""
    code = ord(char)
    return (
        0x0E00 <= code <= 0x0EFF
        or 0x1000 <= code <= 0x109F
        or 0x1780 <= code <= 0x17FF
        or 0x2E80 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )
