"""The title before a name and the letters after it are part of the name as it is written.

Alone they identify nobody; left standing beside a masked name they say sex, profession, rank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakescan.udfs.detect.ner.spans import Span

_NAMES = frozenset(["PERSON", "FIRST_NAME", "MIDDLE_NAME", "LAST_NAME"])

#: In any case of letters.
_ANYHOW = (
    "mr|mrs|ms|miss|mx|dr|prof|professor|doctor|sir|madam|dame|rev|reverend|capt|lt|sgt|"
    "monsieur|madame|mme|mlle|herr|frau|señor|señora|señorita|sr|sra|srta|signor|signora|dott|"
    "dottoressa|senhor|senhora|meneer|mevrouw|dhr|mevr|fru|pan|pani|ing|mag"
)
#: Only as written: in small letters they are other words.
_AS_WRITTEN = "Don|Doña|Lord|Lady|Judge|Justice|Sister|Father|Fr|Sig|Hr|M"

#: Titles right before a name, several in a row at most.
_BEFORE = re.compile(rf"(?<!\w)(?:(?:(?i:{_ANYHOW})|{_AS_WRITTEN})\.?[ \t\u00a0]{{1,2}}){{1,3}}\Z")
#: The farthest that they reach.
_REACH = 48

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
