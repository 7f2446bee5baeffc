"""The title before a name and the letters after it are part of the name as it is written.

Alone they identify nobody; left standing beside a masked name they say sex, profession, rank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakescan.udfs.detect.ner.corrections.places import Covered
from lakescan.udfs.detect.ner.corrections.small_letters import keeps_case
from lakescan.udfs.detect.ner.spans import Span

_NAMES = frozenset(["PERSON", "FIRST_NAME", "MIDDLE_NAME", "LAST_NAME"])

#: In any case of letters.
_ANYHOW = (
    "mr|mrs|ms|miss|mx|dr|prof|professor|doctor|sir|madam|dame|rev|reverend|capt|lt|sgt|"
    "monsieur|madame|mademoiselle|mme|mlle|herrn?|frau|señor|señora|señorita|sr|sra|srta|dña|doña|dra"
    "|signor|signora|dott|dott\\.ssa|dottoressa|avv|rag|geom|prof\\.ssa|senhor|senhora|dona|meneer"
    "|mevrouw|de heer|dhr|mevr|drs|fru|pan|pani|panią|pana|panu|panem|ing|mag"
)
#: Only as written: in small letters they are other words.
_AS_WRITTEN = "Don|Lord|Lady|Judge|Justice|Sister|Father|Fr|Sig|Hr|M"

#: Titles right before a name, several in a row at most.
_BEFORE = re.compile(rf"(?<!\w)(?:(?:(?i:{_ANYHOW})|{_AS_WRITTEN})\.?[ \t\u00a0]{{1,2}}){{1,3}}\Z")
#: The farthest that they reach.
_REACH = 48

#: Titles that nothing but a name follows, and the name: one word, with what begins surnames.
_TITLED = re.compile(
    r"(?<![\w.])(?:(?:Mr|Mrs|Ms|Dr|Herrn|Frau|Mme|Mlle|Monsieur|Mademoiselle|Señora?|Sra|Srta|Dña|Doña"
    r"|Dra|Dott\.ssa|Dott|Avv|[Mm]evrouw|[Mm]eneer|[Dd]e heer|Panią|Panem|Panu)\.?[ \u00a0]){1,2}"
    r"(?P<name>(?:(?:van|von|de|der|den|del|di|da|la|el|al|ter)[ \u00a0]){0,3}"
    r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’-]+)"
)
#: What may be said to somebody instead of a name.
_ROLES = frozenset(
    "president speaker chairman chairwoman secretary minister mayor justice ambassador professor"
    " kollege kollegin doktor präsident präsidentin professorin le la président présidente ministre"
    " directeur directora director presidente ministra".split()
)
#: What a model takes such a name for.
_OTHERS = frozenset("CITY COUNTY STATE COUNTRY LOCATION ORGANIZATION BUILDING STREET".split())
_SCORE = 0.8

#: Generations and degrees right after one; a state of that name is followed by its ZIP code.
_AFTER = re.compile(
    r"(?:,?[ \t\u00a0]{1,2}(?:(?i:jr|sr)|II|III|IV|MD|M\.D|PhD|Ph\.D|Esq|DDS|DVM|DO|RN|CPA|QC|KC)"
    r"(?!\w)(?! \d{5}\b))+"
)


def with_titles(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those of names widened by what stands right before and after them.

    ``Dr. Ann Lee, MD`` is one PERSON; ``Mr Lee`` is one, too, where the model read a last name.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    spans = _addressed(text, spans)
    wide: list[Span] = []
    for place, span in enumerate(spans):
        if span.entity not in _NAMES:
            wide.append(span)
            continue
        floor = max(wide[-1].end if wide else 0, span.start - _REACH)
        ceiling = spans[place + 1].start if place + 1 < len(spans) else len(text)
        before = _BEFORE.search(text[floor : span.start])
        after = _AFTER.match(text, span.end, ceiling)
        start = floor + before.start() if before else span.start
        end = after.end() if after else span.end
        moved = (start, end) != (span.start, span.end)
        wide.append(Span(start, end, "PERSON" if moved else span.entity, span.score))
    return wide


def _addressed(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, and the names behind titles that were read over or as something else."""
    told, covered = {span: span for span in spans}, Covered(spans)
    # In short texts they are titles of films and brands as often.
    for match in _TITLED.finditer(text) if keeps_case(text) else ():
        start, end = match.span("name")
        if match["name"].lower() in _ROLES:
            continue
        over = covered.first(match.start(), end)
        if over is None:
            named = Span(start, end, "PERSON", _SCORE)
            told[named] = named
        elif over[:2] == (start, end) and over.entity in _OTHERS:
            told[over] = over._replace(entity="PERSON")
    return sorted(told.values())
