"""Reads a column's name: what its words say about what the column holds."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

#: How sure a header's word is by itself: it names the thing, or only hints at it.
SURE, HINT = 0.9, 0.5

#: Longest phrase of the lexicon, in words.
_LONGEST = 5

_WORD = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PATH_END = re.compile(r"(\[\]|\.\{\})+$")

#: Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Header:
    """What a column's name says.

    Args:
        words: its words, in lower case and without accents.
        concepts: concept of the lexicon -> how sure the words are of it, 0..1.
        about: the last word says that the column only tells something about the concept (a count, a
            flag, a type), or None; else that word.
        key: the last word says that these are internal keys, codes or numbers.
        roles: ``person``, ``organization``, ``thing``: whom the column belongs to.
    """

    words: tuple[str, ...] = ()
    concepts: Mapping[str, float] | None = None
    about: str | None = None
    key: bool = False
    roles: frozenset[str] = frozenset()

    def sure(self, concept: str) -> float:
        """How sure the header is of a concept; 0 where it says nothing of it."""
        return (self.concepts or {}).get(concept, 0.0)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    phrases: dict[str, tuple[tuple[str, float], ...]]
    other: frozenset[str]
    key: frozenset[str]
    roles: dict[str, frozenset[str]]
    vocabulary: frozenset[str]


def words_of(name: str) -> tuple[str, ...]:
    """A name's words: split on case, digits and punctuation, lower case, without accents."""
    name = _CAMEL.sub(" ", _fold_case(name))
    return tuple(word.lower() for word in _WORD.findall(name))


@cache
def read_header(path: str) -> Header:
    """Read a leaf's path; the words of the struct around it only tell its role."""
    lexicon = _lexicon()
    parts = [part for part in re.split(r"\.", _PATH_END.sub("", path)) if part not in ("$", "{}")]
    own = _split_joined(words_of(parts[-1]) if parts else (), lexicon)
    outer = _split_joined(tuple(w for part in parts[:-1] for w in words_of(part)), lexicon)
    roles = frozenset(
        role
        for role, names in lexicon.roles.items()
        if any(_plain(word) in names or word in names for word in own + outer)
    )
    words = own
    while words and words[-1].isdigit() and len(words) > 1:
        words = words[:-1]
    concepts, used = _concepts(words, lexicon)
    about, key = None, False
    if words and len(words) - 1 not in used:
        about = words[-1] if words[-1] in lexicon.other else None
        key = words[-1] in lexicon.key
    return Header(own, concepts, about, key, roles)


def _concepts(words: tuple[str, ...], lexicon: _Lexicon) -> tuple[dict[str, float], set[int]]:
    """Concepts by the longest phrases, later ones first (the head noun comes last)."""
    concepts: dict[str, float] = {}
    used: set[int] = set()
    for size in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - size, -1, -1):
            span = set(range(start, start + size))
            if span & used:
                continue
            found = lexicon.phrases.get("".join(words[start : start + size]))
            if found is None and size == 1:
                found = lexicon.phrases.get(_plain(words[start]))
            if found is None:
                continue
            used |= span
            for concept, sure in found:
                concepts[concept] = max(concepts.get(concept, 0.0), sure)
    return concepts, used


def _split_joined(words: tuple[str, ...], lexicon: _Lexicon) -> tuple[str, ...]:
    """Take apart words that are known words joined (``orderdate``)."""
    out: list[str] = []
    for word in words:
        known = word in lexicon.vocabulary or word in lexicon.phrases
        out.extend([word] if known or len(word) < 6 else _break(word, lexicon) or [word])
    return tuple(out)


def _break(word: str, lexicon: _Lexicon) -> list[str] | None:
    for cut in range(len(word) - 3, 2, -1):
        head, tail = word[:cut], word[cut:]
        if head in lexicon.vocabulary and tail in lexicon.vocabulary:
            return [head, tail]
    return None


def _plain(word: str) -> str:
    """An English plural without its ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _fold_case(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(c for c in text if not unicodedata.combining(c))


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads(
        resources.files("lakescan.udfs.classify").joinpath("lexicon.toml").read_text("utf-8")
    )
    phrases: dict[str, dict[str, float]] = {}
    vocabulary: set[str] = set()
    for concept, lists in data["concepts"].items():
        for strength, sure in (("sure", SURE), ("hint", HINT)):
            for phrase in lists.get(strength, []):
                words = words_of(phrase)
                vocabulary.update(word for word in words if len(word) > 2)
                entry = phrases.setdefault("".join(words), {})
                entry[concept] = max(entry.get(concept, 0.0), sure)
    heads = {name: frozenset(data["heads"][name]) for name in ("other", "key")}
    roles = {name: frozenset(data["roles"][name]) for name in data["roles"]}
    for names in (*heads.values(), *roles.values()):
        vocabulary.update(word for word in names if len(word) > 2 and " " not in word)
    return _Lexicon(
        {phrase: tuple(entry.items()) for phrase, entry in phrases.items()},
        heads["other"],
        heads["key"],
        roles,
        frozenset(vocabulary),
    )
