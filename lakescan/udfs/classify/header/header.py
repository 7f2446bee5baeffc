"""Reads a column's name: what its words say about what the column holds.

``emailCount`` is a count, ``date_of_birth`` a date, ``company phone`` a phone: a name is a noun
with words around it, and the noun that counts stands last in English or German, first in French
or Spanish. Words that nobody knows after the noun make its reading doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from lakescan.udfs.classify.header.lexicon import (
    HINT,
    SURE,
    Lexicon,
    Sense,
    is_unspaced,
    lexicon,
    singular,
    words_of,
)
from lakescan.udfs.documents import KEY, VALUE

#: Longest phrase that is looked up, in words.
_LONGEST = 5

#: Shorter words are not taken apart.
_SHORTEST_JOINED = 6

#: Two words of different languages are joined only if both are longer.
_SHORT = 4

#: A shorter abbreviation alone may stand for anything.
_SHORTEST_ALONE = 4

#: How much of its word a phrase keeps that is not the noun that counts.
_DOUBTFUL, _ASIDE, _KEYED = 0.6, 0.4, 0.3

_PATH_END = re.compile(r"(\[\]|\.\{\}|\.\$)+$")

#: "D.O.B." is one word, and no step into a struct.
_INITIALS = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?")

#: "Tel.", "Imp. concedido": the point of an abbreviation is no step either.
_SHORTENED = re.compile(r"\.(?=\s|\Z)")

#: What a struct calls the thing itself that it is about: "phoneNumbers.value", "address.text".
_ITSELF = frozenset("value val text formatted display raw content".split())

#: What the columns of the OMOP common data model end in that keep what the source had.
_VERBATIM = ("source", "value")

#: Short words for a number that stand joined behind what they count: "regnr", "kontonr".
_JOINED_NUMBER = re.compile(r"(?:nr|no|num)\Z")

#: What ends the first clause of a comment.
_CLAUSE_END = re.compile(r"[.,;:(\n\u2013]| - ")

#: Behind these the name goes on about something else ("contributions from candidate").
_LINKS = frozenset(
    "of from to by for in at on per with de del la du des di do da von van der dem para por pour"
    " aus l d".split()
)

#: These after the noun do not change what it is.
_HARMLESS = frozenset(
    "home work primary secondary other old new raw clean cleaned original orig value text txt str"
    " string final current prev previous main alt alternate copy full local private business a b c"
    " x y usd eur gbp us uk eu utc gmt 1st 2nd desc description masked personal mobile office"
    " billing shipping en de fr es native std normalized s line part paid due owed ytd mtd"
    " qtd ms millis net gross excl incl vat brutto netto ht ttc e164 legal mm dd yyyy yy mmddyyyy"
    " ddmmyyyy yyyymmdd mmyy aud brl cad chf cny czk dkk hkd huf inr jpy krw mxn nok nzd pln rub"
    " sek sgd try zar kc kr ft tl zl lei rp fcfa".split()
)

#: These before "by" say who did it: the column names a person (or a system).
_BY = frozenset(["by", "von", "par", "por", "da", "door"])

#: These at the end say when it was done ("placed_at"): values may show that it is a moment.
_WHEN = frozenset(["at", "on"])

#: Concepts whose noun may be followed by "name" or "code" and stay what they are.
_NAMED = frozenset(
    "city county state country place organization occupation medical nrp street".split()
)
_NAME_WORDS = frozenset(
    "".join(words_of(word))
    for word in "name names nm nam naam navn namn nama имя название наименование 名 名称 名前 名稱"
    " 이름 명".split()
)

#: Concepts of things that are known by a number: "passport no" is the passport's number, no key.
_NUMBERED = frozenset(
    "phone ssn national_id tax_id organization_id passport driver_license health_id credit_card cvv"
    " iban bank_account routing vehicle device_id zip".split()
)
_NUMBER_WORDS = frozenset(
    "".join(words_of(word))
    for word in "number no nbr num nr nro nmbr nummer numer numero numéro número číslo szám szam"
    " nomor nombor номер no° 番号 号 号码 號 號碼 번호".split()
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a column's name says.

    Args:
        words: its words, in lower case and without accents.
        concepts: concept of the lexicon -> how sure the name is of it, 0..1.
        about: the column only tells something about the noun (a count, a flag, a type).
        key: the name ends in a word for internal keys, codes and numbers.
        roles: ``person``, ``organization``, ``place``, ``thing``: what its words are about.
    """

    words: tuple[str, ...] = ()
    concepts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    about: bool = False
    key: bool = False
    roles: frozenset[str] = frozenset()

    def sure(self, *concepts: str) -> float:
        """How sure the name is of any of the concepts; 0 where it says nothing of them."""
        return max((self.concepts.get(concept, 0.0) for concept in concepts), default=0.0)

    @property
    def best(self) -> float:
        """How sure it is of whatever it is surest of."""
        return max(self.concepts.values(), default=0.0)


@dataclass(frozen=True, slots=True)
class _Mention:
    senses: tuple[Sense, ...]
    start: int
    end: int


@lru_cache(maxsize=65536)
def read_header(path: str) -> Header:
    """Read a leaf's path; the words of the structs around it only say whose it is."""
    lex = lexicon()
    path = _INITIALS.sub(lambda found: found[0].replace(".", ""), path)
    steps = _SHORTENED.sub(" ", _PATH_END.sub("", path).replace("[]", "")).split(".")
    parts = [step for step in steps if step not in ("$", VALUE, KEY)]
    if len(parts) > 1 and parts[-1].lower() in _ITSELF:
        known = "".join(words_of(".".join(parts[-2:]))) in lex.phrases
        named = read_header(".".join(parts[:-1]))
        if not known and named.best >= HINT:
            return named
    leaf = _leaf_of(parts)
    words = _split_joined(tuple(w for part in leaf for w in words_of(part)), lex)
    if words[-2:] == _VERBATIM:
        words = words[:-2] or words
    around = parts[: len(parts) - len(leaf)]
    outer = _split_joined(tuple(w for part in around for w in words_of(part)), lex)
    if around:
        # A dot may be part of the name ("Geb.datum") and not a step into a struct.
        joined = words_of(around[-1]) + words
        cut = len(joined) - len(words)
        if any(m.start < cut < m.end for m in _mentions(joined, lex)):
            words = joined
    mentions = _mentions(words, lex)
    covered = {i for m in mentions for i in range(m.start, m.end)}
    concepts: dict[str, float] = {}
    stop = _noun_end(words, covered)
    while stop > 1 and stop - 1 not in covered and words[stop - 1].isdigit():
        stop -= 1
    for mention in mentions:
        for sense in mention.senses:
            concept = "date" if _expires(mention, sense, words) else sense.concept
            weight = sense.sure * _weight(mention, sense, words, stop)
            concepts[concept] = max(concepts.get(concept, 0.0), weight)
    about = _is_about(words, mentions, stop, lex)
    last = stop - 1
    key = last >= 0 and last not in covered and words[last] in lex.keys
    called = {
        i
        for m in mentions
        if any(sense.concept == "name" for sense in m.senses)
        for i in range(m.start, m.end)
    }
    own = [word for i, word in enumerate(words) if i not in called]
    _name_of_whom(concepts, own, outer, lex)
    if len(words) > 1 and words[-1] in _BY and not concepts.get("full_name"):
        concepts["full_name"] = HINT
    if len(words) > 1 and words[-1] in _WHEN:
        concepts.setdefault("date", HINT)
    if key or about:
        concepts = {concept: sure * _KEYED for concept, sure in concepts.items()}
    return Header(words, MappingProxyType(concepts), about, key, _roles(words + outer, lex))


def _leaf_of(steps: list[str]) -> list[str]:
    """The last steps of a path that name the leaf: a place in a list or segment is no name.

    "emails.0", "PID.5.1".
    """
    size = 1
    while size < len(steps) and all(w.isdigit() for w in words_of(steps[-size])):
        size += 1
    return steps[-size:]


def with_comment(header: Header, comment: str) -> Header:
    """A column's name, or where that says nothing, what the catalog's comment begins with.

    Args:
        header: what the name says.
        comment: of the column; only its first clause counts, and only a short one, read as a name.
    """
    if not comment or header.about or header.key or header.best >= HINT:
        return header
    clause = _CLAUSE_END.split(comment.strip(), maxsplit=1)[0]
    if len(clause.split()) > _LONGEST:
        return header
    said = read_header(clause)
    return said if said.best >= HINT else header


def roles_of(name: str) -> frozenset[str]:
    """What a table's name is about, by its last telling word (``ProductReview``: a thing)."""
    lex = lexicon()
    for word in reversed(_split_joined(words_of(name), lex)):
        roles = _roles((word,), lex)
        if roles:
            return roles
    return frozenset()


def _mentions(words: tuple[str, ...], lex: Lexicon) -> list[_Mention]:
    """Known phrases in the words, longest first, none overlapping."""
    mentions: list[_Mention] = []
    free = [True] * len(words)
    for size in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - size, -1, -1):
            if not all(free[start : start + size]):
                continue
            *front, end = words[start : start + size]
            if size == 1 and end in _LINKS and len(words) > 1:
                continue
            senses = lex.phrases.get("".join([*front, end]))
            senses = senses or lex.phrases.get("".join([*front, singular(end)]))
            senses = senses or lex.phrases.get(_in_full([*front, end], lex))
            senses = senses or lex.in_consonants(words[start : start + size])
            if senses:
                stop = start + size
                if _is_numbered(senses) and words[stop : stop + 1] and free[stop]:
                    stop += words[stop] in _NUMBER_WORDS
                mentions.append(_Mention(senses, start, stop))
                free[start:stop] = [False] * (stop - start)
    return mentions


def _is_numbered(senses: tuple[Sense, ...]) -> bool:
    return any(sense.sure >= SURE and sense.concept in _NUMBERED for sense in senses)


def _in_full(words: list[str], lex: Lexicon) -> str:
    """The words with their abbreviations written out, joined."""
    if len(words) == 1 and len(words[0]) < _SHORTEST_ALONE:
        return words[0]
    return "".join(lex.short.get(word, word) for word in words)


def _noun_end(words: tuple[str, ...], covered: set[int]) -> int:
    """Where the noun phrase ends: before the first linking word that is part of no phrase."""
    for place, word in enumerate(words):
        if place > 0 and place not in covered and word in _LINKS:
            return place
    return len(words)


def _weight(mention: _Mention, sense: Sense, words: tuple[str, ...], stop: int) -> float:
    """How much a phrase's word counts for the whole name, by where it stands."""
    if mention.start >= stop:
        return _ASIDE
    if sense.head_first:
        whose = any(_in_role(word, "thing", lexicon()) for word in words[mention.end : stop])
        if sense.sure < SURE and whose:
            return _ASIDE  # "estado del pedido": an order has a status, no state
        return 1.0 if mention.start == 0 or mention.end == stop else _ASIDE
    rest = words[mention.end : stop]
    if sense.concept in _NAMED:
        rest = tuple(
            word for word in rest if word not in _NAME_WORDS and word not in ("code", "cd")
        )
    if all(word in _HARMLESS or word.isdigit() for word in rest):
        return 1.0
    if "".join(rest) in lexicon().places:
        return 1.0
    known = all(word in lexicon().words for word in rest)
    return _ASIDE if known else _DOUBTFUL


def _expires(mention: _Mention, sense: Sense, words: tuple[str, ...]) -> bool:
    """Whether it is something else than a card whose end a bare "exp" tells: "pp_exp_dt"."""
    around = (*words[: mention.start], *words[mention.end :])
    more = any(word not in _HARMLESS and not word.isdigit() for word in around)
    return sense.concept == "card_expiry" and sense.sure < SURE and more


def _is_about(
    words: tuple[str, ...], mentions: Sequence[_Mention], stop: int, lex: Lexicon
) -> bool:
    covered = {i for m in mentions for i in range(m.start, m.end)}
    if len(words) == 1 and not mentions:
        return words[0] in lex.about_last  # a color, a status: of a thing, or of anything
    if stop > 1 and stop - 1 not in covered and words[stop - 1] in lex.about_last:
        return True
    first = max((m.end for m in mentions if m.start == 0), default=0)
    for size in (3, 2, 1):
        if len(words) <= size or "".join(words[:size]) not in lex.about_first:
            continue
        if size == 1 and _counts_nothing(words, mentions):
            continue
        # "número de seguro social" is a phrase, of which "número de" is no count.
        if first <= size and (size > 1 or first == 0):
            return True
    return False


def _counts_nothing(words: tuple[str, ...], mentions: Sequence[_Mention]) -> bool:
    """Whether the thing behind a number is known by it, where nouns come first.

    "nr_cpf", but not "num_cards".
    """
    if words[0] not in _NUMBER_WORDS or singular(words[1]) != words[1]:
        return False
    senses = (sense for m in mentions if m.start == 1 for sense in m.senses)
    return any(sense.head_first and sense.concept in _NUMBERED for sense in senses)


def _name_of_whom(
    concepts: dict[str, float], words: Sequence[str], outer: Sequence[str], lex: Lexicon
) -> None:
    """Settle a bare "name": a person's, an organization's, a place's, a thing's, by its owner.

    Args:
        concepts: what the column's name says; changed.
        words: those of the name that do not say "name".
        outer: of the structs around it.
        lex: the lexicon.
    """
    if concepts.get("name", 0.0) < HINT:
        return
    if any(concepts.get(concept, 0.0) >= SURE for concept in _NAMED):
        return
    own = [w for w in words if (len(w) > 1 or is_unspaced(w)) and not w.isdigit()]
    owners = [word for word in (*outer[-1:], *own) if word not in _LINKS]
    if not owners:
        return
    for word in reversed(owners):
        for role, concept in (
            ("person", "full_name"), ("organization", "organization"), ("place", "place"),
        ):  # fmt: skip
            if _in_role(word, role, lex):
                concepts[concept] = max(concepts.get(concept, 0.0), SURE)
                concepts["name"] = _ASIDE * HINT
                return
        if _in_role(word, "thing", lex):
            concepts.clear()
            return
    concepts["name"] *= _DOUBTFUL


def _roles(words: tuple[str, ...], lex: Lexicon) -> frozenset[str]:
    return frozenset(role for role in lex.roles if any(_in_role(word, role, lex) for word in words))


def _in_role(word: str, role: str, lex: Lexicon) -> bool:
    return word in lex.roles[role] or singular(word) in lex.roles[role]


def _split_joined(words: tuple[str, ...], lex: Lexicon) -> tuple[str, ...]:
    """Take apart words that are known words joined (``orderdate``, ``Rechnungsdatum``)."""
    out: list[str] = []
    for word in words:
        known = word in lex.words or word in lex.phrases or singular(word) in lex.words
        if known or word in lex.whole or singular(word) in lex.whole:
            out.append(word)
        elif is_unspaced(word):
            out.extend(_cut(word, lex))
        else:
            out.extend(_break(word, lex) or [word] if len(word) >= _SHORTEST_JOINED else [word])
    return tuple(out)


def _cut(word: str, lex: Lexicon) -> list[str]:
    """Cut a run of letters without spaces at known words, the longest from the end first."""
    parts: list[str] = []
    end = unknown = len(word)
    while end > 0:
        start = next((at for at in range(end) if word[at:end] in lex.words), end)
        if start == end:
            end -= 1
            continue
        if end < unknown:
            parts.append(word[end:unknown])
        parts.append(word[start:end])
        end = unknown = start
    if unknown:
        parts.append(word[:unknown])
    return parts[::-1]


def _break(word: str, lex: Lexicon) -> list[str] | None:
    for cut in range(len(word) - 3, 2, -1):
        first, last = lex.words.get(word[:cut]), lex.words.get(word[cut:])
        if not first or not last:
            continue
        # Words of one language are joined: short ones meet by chance ("gene", "ral").
        if first & last or min(cut, len(word) - cut) > _SHORT:
            return [word[:cut], word[cut:]]
    for cut in range(3, len(word) - 4):
        if word[cut:] in lex.heads:
            return [word[:cut], word[cut:]]
    number = _JOINED_NUMBER.search(word)
    if number and lex.phrases.get(word[: number.start()]):
        return [word[: number.start()], number[0]]
    return None
