r"""Counts how well spans were found in texts.

Three ways. *Tokens*: the text is cut into runs of letters and digits (``\w+``) and each token's
category compared, so that a name found by half is found by half. *Spans*: a predicted span must
begin and end where the gold one does, punctuation around it and a form of address before a name
aside. *Any*: tokens again, whatever the category.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

from lakescan.jobs.evaluate.labels import NONE, Labels
from lakescan.jobs.evaluate.tally import FALSE_ALARM, HIT, MISS, Counts
from lakescan.jobs.evaluate.texts import LabelledText, Span

#: A token of a gold span whose label is not scored: neither hit nor miss.
IGNORED = ""

_TOKEN = re.compile(r"\w+")
_ADDRESS = re.compile(
    r"(?:mr|mrs|ms|mx|miss|dr|prof|sir|madam|judge|herr|frau|mme|mlle|m|sr|sra|sig)\.?\s+",
    re.IGNORECASE,
)

_Placed = tuple[int, int, str]


class SpanCounts:
    """What came of all texts, a text a unit.

    Args:
        scored: the categories that are compared; any other counts as nothing.
        units: how many texts.
    """

    def __init__(self, scored: Sequence[str], units: int) -> None:
        self._scored = frozenset(scored)
        self.tokens = Counts(scored, units)
        self.spans = Counts(scored, units)
        self.any = Counts(["any"], units)
        self.confusions: Counter[tuple[str, str]] = Counter()

    def add(self, unit: int, text: str, gold: Sequence[_Placed], found: Sequence[_Placed]) -> None:
        """Count one text.

        Args:
            unit: its number.
            text: the text.
            gold: (start, end, category), `IGNORED` where the label is not scored.
            found: the same; none overlap.
        """
        self._add_tokens(unit, token_categories(text, gold), token_categories(text, found))
        aside = [(start, end) for start, end, category in gold if category == IGNORED]
        wanted = {_trimmed(text, *span) for span in gold if span[2] in self._scored}
        seen = {
            _trimmed(text, *span)
            for span in found
            if span[2] in self._scored
            and all(span[1] <= start or span[0] >= end for start, end in aside)
        }
        for kind, spans in (
            (HIT, wanted & seen),
            (FALSE_ALARM, seen - wanted),
            (MISS, wanted - seen),
        ):
            for _, _, category in spans:
                self.spans.add(unit, category, kind)

    def _add_tokens(self, unit: int, gold: Sequence[str], found: Sequence[str]) -> None:
        pairs = Counter(zip(gold, found, strict=True))
        for (want, have), times in pairs.items():
            if want == IGNORED or (want == NONE and have == NONE):
                continue
            is_wanted, is_seen = want in self._scored, have in self._scored
            if want == have:
                self.tokens.add(unit, want, HIT, times)
            else:
                self.tokens.add(unit, want, MISS, times)
                self.tokens.add(unit, have, FALSE_ALARM, times)
                if is_wanted or is_seen:
                    self.confusions[want, have] += times
            if want == NONE or is_wanted:
                kind = HIT if is_wanted and is_seen else MISS if is_wanted else FALSE_ALARM
                if is_wanted or is_seen:
                    self.any.add(unit, "any", kind, times)


def token_categories(text: str, spans: Sequence[_Placed]) -> list[str]:
    """The category of each token of a text; of overlapping spans the longer one counts."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    starts = [start for start, _ in tokens]
    categories = [NONE] * len(tokens)
    for start, end, category in sorted(spans, key=lambda span: span[1] - span[0]):
        at = bisect_left(starts, start)
        if at and tokens[at - 1][1] > start:
            at -= 1
        while at < len(tokens) and tokens[at][0] < end:
            categories[at] = category
            at += 1
    return categories


def resolved(spans: Sequence[Span]) -> list[Span]:
    """Of overlapping predictions the surer one, then the longer one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (-span.score, span.start - span.end)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return kept


def placed(spans: Sequence[Span], labels: Labels) -> list[_Placed]:
    """Spans with categories instead of labels; those that mean nothing are left out."""
    with_names = [(span.start, span.end, labels.category(span.label)) for span in spans]
    return [
        (start, end, IGNORED if category is None else category)
        for start, end, category in with_names
        if category != NONE
    ]


def count_spans(
    texts: Sequence[LabelledText], found: Mapping[str, Sequence[Span]], labels: Labels
) -> SpanCounts:
    """Count all texts; one without predictions is one in which nothing was found."""
    gold = [placed(text.spans, labels) for text in texts]
    used = {category for spans in gold for _, _, category in spans} - {IGNORED}
    counts = SpanCounts(sorted(used if labels.scored is None else labels.scored), len(texts))
    for unit, (text, wanted) in enumerate(zip(texts, gold, strict=True)):
        seen = placed(resolved(found.get(text.id, ())), labels)
        counts.add(unit, text.text, wanted, [span for span in seen if span[2] != IGNORED])
    return counts


def _trimmed(text: str, start: int, end: int, category: str) -> _Placed:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    if category == "PERSON" and (match := _ADDRESS.match(text, start, end)):
        start = match.end()
    return start, end, category
