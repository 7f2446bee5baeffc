"""A date says when: it has digits or a word for a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from lakescan.udfs.detect.dictionaries.table import entries
from lakescan.udfs.detect.ner.spans import Span

_TIMES = frozenset(["DATE", "TIME", "DATE_TIME"])

#: Stems of words for times, anywhere in a word: ``Sonntagabend``, ``weekends``.
_INSIDE = (
    "year|month|week|hour|minut|second|decade|centur|today|tomorrow|yesterday|tonight|night|morning"
    "|noon|evening|dawn|dusk|season|spring|summer|autumn|winter|quarter|semester|trimest|christmas"
    "|easter|holiday|thanksgiving|ramadan|fiscal|present|annual|daily|clock|time|date|birth|moment"
    "|recent|current|period|later|earlier|nineteen|twent|thousand|hundred"
    "|jahr|monat|woche|stund|sekund|heut|morgen|gestern|abend|nacht|mittag|frühling|frühjahr|sommer"
    "|herbst|quartal|ostern|weihnacht|pfingst|silvester|anfang|mitte|ende"
    "|année|mois|semaine|jour|heure|demain|hier|matin|soir|nuit|midi|minuit|printemps|automne|hiver"
    "|noël|pâques|siècle|veille|proch|derni"
    "|semana|noche|tarde|mañana|madrugada|primavera|verano|otoño|invierno|navidad|siglo|década|pasad"
    "|próxim|fecha"
    "|settiman|giorn|oggi|domani|ieri|mattin|notte|pomeriggio|mezzo|estate|autunno|inverno|natal"
    "|pasqua|secolo|decenni|scors|prossim"
    "|semana|noite|manhã|amanhã|ontem|hoje|verão|outono|século|passad"
    "|jaar|jaren|maand|weken|dagen|vandaag|gisteren|ochtend|avond|middag|lente|zomer|herfst|kwartaal"
    "|eeuw|vorig|volgend"
    "|miesi|tydzień|tygod|dzień|dziś|dzisiaj|godzin|jutro|wczoraj|rano|wiecz|połud|wiosn|jesie|kwarta"
    "|poniedział|czwart|piątk|sobot|niedziel|stycz|luteg|marca|kwiet|czerw|lip[ci]|sierp|wrześ"
    "|październ|listopad|grud"
    "|månad|veck|timm|måned|dagar|kväll|vuosi|vuode|kuukau|viikk|päiv|tunti"
)
#: Whole words, or their beginnings.
_WHOLE = (
    r"days?|mon|tue|wed|thu|fri|sat|sun|ago|age|era|eve|last|next|past|now|fall|am|pm|q[1-4]|uhr|tag"
    r"|tage[ns]?|ans?|été|años?|mes|mese|mesi|mês|meses|d[ií]as?|horas?|hoy|ayer|ann[oi]|ora|ore|sera"
    r"|anos?|uur|dag|week|weken|rok\w*|lata?|dnia?|dni|noc\w*|zim\w*|lato|år|dag|natt|ur|i\s?dag|kl"
)
_WORDS = re.compile(rf"{_INSIDE}|(?<![^\W_])(?:{_WHOLE})(?![^\W_])", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
#: Letters of other scripts have words that are not listed here.
_LATIN = re.compile(r"[\u0000-\u024f\u1e00-\u1eff\u2000-\u206f]*")

#: Before a number that is an hour.
_AT = re.compile(
    r"(?<!\w)(?:at|by|until|till|before|after|from|to|um|ab|bis|gegen|à|vers|a las?|las|alle|ore|às"
    r"|om|tegen|o|kl\.?)[ \u00a0]\Z",
    re.IGNORECASE,
)
_REACH = 12
#: Behind a number, what makes it an hour or a year.
_UNIT = re.compile(
    r"[ \u00a0](?:Uhr|uur|roku|r\.(?= [a-zà-ÿ(]|\Z)|heures?(?: \d\d)?|[ap]\.m\.|hrs)(?!\w)"
)
#: A year that is the first or last part of a number: ``2023-0447``, ``1182/2019``.
_NUMBER_ON = re.compile(r"[-/](?!(?:19|20)\d\d(?!\d))\d{3,}")
_NUMBER_BEFORE = re.compile(r"(?:\d{3,}[-/]|[A-Z]-)\Z")


def without_timeless(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans but dates that say no time: ``primeras``, a lone ``62``, parts of file numbers.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    return [
        _with_clock(text, span) if span.entity in _TIMES else span
        for span in spans
        if span.entity not in _TIMES or _says_when(text, span)
    ]


def _with_clock(text: str, span: Span) -> Span:
    """The span with the word for hours or years behind it."""
    unit = _UNIT.match(text, span.end)
    return span._replace(end=unit.end()) if unit and text[span.end - 1].isdigit() else span


def _says_when(text: str, span: Span) -> bool:
    said = text[span.start : span.end]
    if said.isdigit():
        before = text[max(0, span.start - _REACH) : span.start]
        if len(said) < 4 and _UNIT.match(text, span.end):
            return True
        if len(said) < 4:
            return span.entity == "TIME" and bool(_AT.search(before))
        part = _NUMBER_ON.match(text, span.end) or _NUMBER_BEFORE.search(before)
        return not (len(said) == 4 and part)
    if any(map(str.isdigit, said)) or not _LATIN.fullmatch(said):
        return True
    return bool(_WORDS.search(said)) or not _named().isdisjoint(
        word.lower() for word in _LETTERS.findall(said)
    )


@cache
def _named() -> frozenset[str]:
    """The names of months and days."""
    return frozenset(entries("month")) | frozenset(entries("weekday"))
