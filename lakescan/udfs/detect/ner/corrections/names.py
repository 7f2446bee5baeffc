"""Parts of a person's name that stand side by side are one name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakescan.udfs.detect.ner.spans import Span

_GIVEN, _FAMILY = frozenset(["FIRST_NAME", "MIDDLE_NAME"]), frozenset(["LAST_NAME"])
_PARTS = _GIVEN | _FAMILY
_WHOLE = "PERSON"

#: Parts of one name, at most.
_MOST_PARTS = 6

#: What may stand between two parts: a blank, a hyphen, an initial; no line end, no ``v.`` of two
#: parties.
_BETWEEN = re.compile(
    r"[ \t\u00a0]{1,2}|[-\u2010\u2011'’]|\.?[ \t\u00a0](?!v\.)\w\.?[ \t\u00a0]|\.[ \t\u00a0]?"
)
#: A word whose point ends a sentence: no initial, no ``Wm.`` or ``Jos.``.
_SENTENCE_END = re.compile(r"[^\W\d_]{4}\Z")
_COMMA = re.compile(r",[ \t\u00a0]?")


def whole_names(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with given and family names joined: ``Ann`` ``Lee`` -> PERSON ``Ann Lee``.

    Equal parts side by side (``Mary`` ``Ann``) become one of the same kind. ``Lee, Ann`` is one
    name, ``Ann Lee, Bob`` are two. A joined span's score is the mean by length.
    """
    joined: list[Span] = []
    group: list[Span] = []
    for place, span in enumerate(spans):
        after = spans[place + 1] if place + 1 < len(spans) else None
        if group and not _goes_on(text, group, span, after):
            joined.append(_one(group))
            group = []
        if span.entity in _PARTS:
            group.append(span)
        else:
            joined.append(span)
    if group:
        joined.append(_one(group))
    return joined


def _goes_on(text: str, group: list[Span], span: Span, after: Span | None) -> bool:
    if span.entity not in _PARTS or len(group) == _MOST_PARTS:
        return False
    begun = {each.entity for each in group}
    if span.entity in _GIVEN and group[0].entity in _GIVEN and begun & _FAMILY:
        return False  # the next person's
    between = text[group[-1].end : span.start]
    if between.startswith(".") and _SENTENCE_END.search(text[group[-1].start : group[-1].end]):
        return False
    if _BETWEEN.fullmatch(between):
        return True
    turned = len(group) == 1 and group[0].entity in _FAMILY and span.entity in _GIVEN
    if not turned or not _COMMA.fullmatch(between):
        return False
    # "Lee, Ann" and not "..., Lee, Ann Moore".
    return (
        after is None
        or after.entity not in _FAMILY
        or _BETWEEN.fullmatch(text[span.end : after.start]) is None
    )


def _one(group: list[Span]) -> Span:
    if len(group) == 1:
        return group[0]
    kinds = {span.entity for span in group}
    entity = group[0].entity if len(kinds) == 1 else _WHOLE
    sizes = [span.end - span.start for span in group]
    score = sum(s.score * size for s, size in zip(group, sizes, strict=True)) / sum(sizes)
    return Span(group[0].start, group[-1].end, entity, score)
