"""Where findings stand in a text: its outline, with what was found masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lakescan.markup import card as html
from lakescan.reports.legible import plural

#: So much of a text is drawn.
MAX_DRAWN = 4000
_HIDDEN = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Spot:
    """One finding.

    Args:
        start, end: half-open code points.
        preview: masked.
        entity, domain: what it is.
        score: 0..1.
        detector: what found it.
    """

    start: int
    end: int
    preview: str
    entity: str
    domain: str
    score: float
    detector: str


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text without its words.

    Args:
        length: of the text, in code points.
        outline: its beginning, a dot for every character that is no space.
        spots: in the order of the text; none overlap.
    """

    length: int
    outline: str
    spots: tuple[Spot, ...]


def sketch(text: str, spots: Sequence[Spot]) -> Sketch:
    """The outline of a text with its findings; nothing else is kept of it."""
    return Sketch(len(text), _HIDDEN.sub("·", text[:MAX_DRAWN]), tuple(spots))


_HEADS = (
    html.Head("start", is_number=True),
    html.Head("end", is_number=True),
    html.Head("found"),
    html.Head("looks like"),
    html.Head("score", is_number=True),
    html.Head("detector"),
)


def sketch_card(drawn: Sketch) -> str:
    """The outline with each finding in its place, and a table of them."""
    count = len(drawn.spots)
    rows = [
        html.Row(
            [
                f"{spot.start:,}",
                f"{spot.end:,}",
                html.joined([html.tag(spot.domain), html.code(spot.entity)], " "),
                html.code(spot.preview),
                f"{spot.score:.2f}",
                html.code(spot.detector),
            ]
        )
        for spot in drawn.spots
    ]
    return html.card(
        f"{plural(count, 'finding')} in {plural(drawn.length, 'character')}",
        ["values are masked, and the rest of the text is dots"] if drawn.length else [],
        _drawn(drawn),
        html.table(_HEADS, rows) if rows else "",
    )


def _drawn(drawn: Sketch) -> Markup:
    if not drawn.outline:
        return Markup("")
    pieces: list[str | Markup] = []
    at = 0
    for spot in drawn.spots:
        if spot.end > len(drawn.outline):
            break
        pieces += [_plain(drawn.outline[at : spot.start]), _marked(spot)]
        at = spot.end
    pieces.append(_plain(drawn.outline[at:]))
    if drawn.length > len(drawn.outline):
        pieces.append(f" … {drawn.length - len(drawn.outline):,} more characters")
    return Markup("<div class=text>{}</div>").format(html.joined(pieces))


def _plain(outline: str) -> Markup:
    """Dots and spaces; lines end where they did."""
    return Markup.escape("\n".join(outline.splitlines()) + "\n" * outline.endswith("\n"))


def _marked(spot: Spot) -> Markup:
    known = spot.domain.lower() if spot.domain in {"PII", "PHI", "PCI", "SECRET"} else "other"
    return Markup("<mark class={}>{}<small>{}</small></mark>").format(
        known, html.code(spot.preview), html.safe(spot.entity)
    )
