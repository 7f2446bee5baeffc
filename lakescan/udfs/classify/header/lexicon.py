"""Loads the header lexicon (``lexicon/*.toml``, read ``lexicon/README.md``)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

#: How sure a header's phrase is by itself: it names the thing, or other things have that name too.
SURE, HINT = 0.9, 0.5

#: Languages that join nouns into one word, the head last.
_COMPOUNDING = ("de", "nl", "others")

#: A compound's head must be this long, or every word would have one.
_SHORTEST_HEAD = 5

_WORD = re.compile(r"[^\W\d_]+|\d+")
#: A word without vowels, but perhaps the first letter; and what its full form leaves out.
_CONSONANTS = re.compile(r"[a-z][^\W\d_aeiou]+")
_VOWELS, _TWICE = re.compile("(?<!^)[aeiou]"), re.compile(r"(.)\1+")

#: Fewer consonants than this may stand for anything, and so few for several things.
_FEWEST, _FEW = 4, 5
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

#: Han, kana, Hangul (syllables and, decomposed, jamo).
_UNSPACED = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)

#: Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "ı": "i"}
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Æ": "AE", "Œ": "OE"}
)


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a phrase.

    Args:
        concept: what it names (``first_name``).
        sure: `SURE` or `HINT`.
        head_first: whether the phrase's language puts the noun that counts first.
    """

    concept: str
    sure: float
    head_first: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All languages together; phrases are keyed by their words joined.

    Args:
        phrases: what each phrase means.
        about_last, about_first: words that make a name tell only something about the noun.
        keys: words for internal keys, codes and numbers.
        roles: words for whom or what rows are about.
        words: all words that compounds may be cut at, each with the files (languages) it stands in.
        whole: ordinary words that look like two of these joined (``newborn``, ``lineage``).
        heads: words that may end a compound whose front nobody knows.
        short: what abbreviations stand for, word by word.
        places: names of countries and states, and their codes: they qualify a noun.
        consonants: what phrases that say one thing only are by their consonants (``dgnss``).
    """

    phrases: dict[str, tuple[Sense, ...]]
    about_last: frozenset[str]
    about_first: frozenset[str]
    keys: frozenset[str]
    roles: dict[str, frozenset[str]]
    words: dict[str, frozenset[str]]
    whole: frozenset[str]
    heads: frozenset[str]
    short: dict[str, str]
    places: frozenset[str]
    consonants: dict[str, tuple[Sense, ...]]

    def in_consonants(self, words: Sequence[str]) -> tuple[Sense, ...]:
        """What words that were written without vowels stand for; nothing for others."""
        if not all(_CONSONANTS.fullmatch(word) for word in words):
            return ()
        key = " ".join(map(_without_vowels, words))
        letters = len(key) - key.count(" ")
        if letters < _FEWEST:
            return ()
        sure = SURE if letters >= _FEW else HINT
        return tuple(replace(sense, sure=sure) for sense in self.consonants.get(key, ()))


def _without_vowels(word: str) -> str:
    return _TWICE.sub(r"\1", _VOWELS.sub("", word))


def words_of(name: str) -> tuple[str, ...]:
    """A name's words: split on case, digits and punctuation, lower case, without accents."""
    if name.isascii():
        plain = name
    else:
        folded = unicodedata.normalize("NFKD", name.translate(_LETTERS))
        plain = "".join(c for c in folded if not unicodedata.combining(c))
    if not plain.islower():
        plain = _CAMEL.sub(" ", plain).lower()
    return tuple(_WORD.findall(plain))


def singular(word: str) -> str:
    """An English plural without its ending; other words as they are."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@cache
def lexicon() -> Lexicon:
    """The lexicon, loaded once."""
    phrases: dict[str, dict[tuple[str, bool], float]] = {}
    about: dict[str, set[str]] = {"last": set(), "first": set(), "key": set()}
    roles: dict[str, set[str]] = {}
    words: dict[str, frozenset[str]] = {}
    spelled: list[tuple[tuple[str, ...], Sense]] = []
    whole: set[str] = set()
    heads: set[str] = set()
    short: dict[str, str] = {}
    folder = resources.files("lakescan.udfs.classify.header").joinpath("lexicon")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        data = tomllib.loads(file.read_text("utf-8"))
        first = data["head"] == "first"
        mine: set[str] = set()
        for section, sure in (("sure", SURE), ("hint", HINT)):
            for concept, listed in data[section].items():
                for phrase in listed:
                    parts = words_of(phrase)
                    mine.update(parts)
                    entry = phrases.setdefault("".join(parts), {})
                    key = (concept, first)
                    entry[key] = max(entry.get(key, 0.0), sure)
                    spelled.append((parts, Sense(concept, sure, first)))
        for place, listed in data.get("about", {}).items():
            about[place].update("".join(words_of(word)) for word in listed)
            mine.update(part for word in listed for part in words_of(word))
        for role, listed in data.get("roles", {}).items():
            roles.setdefault(role, set()).update("".join(words_of(word)) for word in listed)
            mine.update(part for word in listed for part in words_of(word))
        short |= data.get("short", {})
        whole.update(data.get("whole", ()))
        for word in mine if data.get("joins", True) else ():
            if len(word) > 2 or is_unspaced(word):
                words[word] = words.get(word, frozenset()) | {file.name}
        if file.name.removesuffix(".toml") in _COMPOUNDING:
            heads |= {word for word in mine if len(word) >= _SHORTEST_HEAD}
    return Lexicon(
        {
            phrase: tuple(Sense(concept, sure, first) for (concept, first), sure in entry.items())
            for phrase, entry in phrases.items()
        },
        frozenset(about["last"]),
        frozenset(about["first"]),
        frozenset(about["key"]),
        {role: frozenset(listed) for role, listed in roles.items()},
        words,
        frozenset(whole),
        frozenset(heads),
        short,
        _places(),
        _by_consonants(spelled),
    )


def _by_consonants(
    spelled: Sequence[tuple[tuple[str, ...], Sense]],
) -> dict[str, tuple[Sense, ...]]:
    """Sure phrases by their consonants, joined and apart, where these say one thing only."""
    found: dict[str, set[Sense]] = {}
    for parts, sense in spelled:
        for joint in ("", " ") if sense.sure >= SURE else ():
            found.setdefault(joint.join(map(_without_vowels, parts)), set()).add(sense)
    return {
        key: tuple(sorted(senses, key=lambda sense: sense.head_first))
        for key, senses in found.items()
        if len({sense.concept for sense in senses}) == 1
    }


def _places() -> frozenset[str]:
    lists = resources.files("lakescan.udfs.detect.dictionaries").joinpath("lists")
    found: set[str] = set()
    for name in ("country", "state", "country_code", "country_code2", "state_code"):
        text = lists.joinpath(f"{name}.txt").read_text("utf-8")
        lines = (line for line in text.splitlines() if not line.startswith("#"))
        items = (item.strip(" ~,") for line in lines for item in line.split(", "))
        found |= {"".join(words_of(item)) for item in items}
    return frozenset(found - {""})


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script that sets no spaces between words."""
    return _UNSPACED.fullmatch(word) is not None
