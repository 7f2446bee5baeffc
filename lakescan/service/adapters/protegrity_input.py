"""Protegrity's input validation: what is refused as untrusted.

Refused: what is not in NFC or changes under NFKC (presentation forms, mathematical letters, full
width), control and format characters but TAB, CR and LF, unassigned and private characters,
hieroglyphs, and homoglyphs: words that mix Latin with look-alikes of another script, or that are
made of look-alikes alone. Typographic quotes and composed letters pass. The look-alikes are those
of Unicode's confusables (UTS #39) in the package ``confusable-homoglyphs``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from confusable_homoglyphs import categories, confusables

_WORD = re.compile(r"[^\W\d_]+")
_ALLOWED_CONTROLS = frozenset("\t\r\n")
#: Control, format, private, unassigned, surrogate.
_REFUSED = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
#: Compatibility changes that ordinary text holds: no-break space, ellipsis, fractions and the like
#: are refused too, as the page says that text must be normalized.
_HIEROGLYPHS = range(0x13000, 0x14680)


def is_trusted(text: str) -> bool:
    """Whether a text passes all checks."""
    if text.isascii():
        return all(c.isprintable() or c in _ALLOWED_CONTROLS for c in text)
    if unicodedata.normalize("NFKC", text) != text:
        return False
    return all(_passes(c) for c in set(text)) and not any(
        is_homoglyph(word) for word in set(_WORD.findall(text)) if not word.isascii()
    )


def _passes(character: str) -> bool:
    if ord(character) in _HIEROGLYPHS:
        return False
    return unicodedata.category(character) not in _REFUSED or character in _ALLOWED_CONTROLS


@lru_cache(maxsize=4096)
def is_homoglyph(word: str) -> bool:
    """Whether a word passes itself off as a Latin one."""
    scripts = categories.unique_aliases(word) - {"COMMON", "INHERITED"}
    if scripts == {"LATIN"}:
        return False
    alike = {
        each["character"]
        for each in confusables.is_confusable(word, greedy=True, preferred_aliases=["latin"]) or ()
        if any(other["c"].isascii() for other in each["homoglyphs"])
    }
    if "LATIN" in scripts:
        return bool(alike)
    return all(letter in alike for letter in word)
