"""A card: a heading, what it rests on, tables. What a notebook shows in place of a ``repr``.

Everything that is not `Markup` is escaped on its way in, and made legible: a column's name can
neither become markup nor turn the text around.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from markupsafe import Markup

from lakescan.markup.legible import legible

#: Longer tables are cut, and say so: a notebook's file keeps what it shows.
MAX_ROWS = 60

Piece = str | Markup


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table's column; numbers stand on the right."""

    name: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells; ``tone`` is ``quiet``, ``alarm`` or empty."""

    cells: Sequence[Piece]
    tone: str = ""


def safe(piece: Piece) -> Markup:
    """Markup as it is, anything else legible and escaped."""
    return piece if isinstance(piece, Markup) else Markup.escape(legible(piece))


def joined(pieces: Iterable[Piece], between: Piece = "") -> Markup:
    """Pieces one after the other."""
    return safe(between).join(map(safe, pieces))


def card(title: Piece, facts: Sequence[Piece], *parts: Piece) -> str:
    """A whole card, with its style.

    Args:
        title: what is to be known first.
        facts: small, below it, with dots between.
        parts: tables and the like; empty ones are left out.
    """
    about = Markup("<p class=facts>{}</p>").format(joined(facts, " · ")) if facts else Markup("")
    return Markup(
        "<div class=lakescan-card><style>{}</style><p class=title>{}</p>{}{}</div>"
    ).format(Markup(_style()), safe(title), about, joined(part for part in parts if part))  # noqa: S704 - our own file


def framed(frame: Markup) -> str:
    """A page of its own in a card without edges, which tells it whether the notebook is dark."""
    style = Markup(_style())  # noqa: S704 - our own file
    return Markup("<div class='lakescan-card lakescan-frame'><style>{}</style>{}</div>").format(
        style, frame
    )


def table(heads: Sequence[Head], rows: Sequence[Row]) -> Markup:
    """A table of at most `MAX_ROWS` rows."""
    top = joined(
        Markup("<th class={}>{}</th>").format("n" if head.is_number else "t", safe(head.name))
        for head in heads
    )
    body = joined(_row(heads, row) for row in rows[:MAX_ROWS])
    made = Markup(
        "<div class=scroll><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(top, body)
    left = len(rows) - MAX_ROWS
    return made if left <= 0 else made + note(f"and {left:,} more rows")


def _row(heads: Sequence[Head], row: Row) -> Markup:
    cells = joined(
        Markup("<td class={}>{}</td>").format("n" if head.is_number else "t", safe(cell))
        for head, cell in zip(heads, row.cells, strict=True)
    )
    return Markup('<tr class="{}">{}</tr>').format(row.tone, cells)


def heading(text: Piece) -> Markup:
    """A line above a table."""
    return Markup("<p class=head>{}</p>").format(safe(text))


def note(text: Piece) -> Markup:
    """A small line."""
    return Markup("<p class=facts>{}</p>").format(safe(text))


def code(text: Piece) -> Markup:
    """A name or a masked value, in the face of code."""
    return Markup("<code>{}</code>").format(safe(text))


def listed(sentences: Sequence[Piece]) -> Markup:
    """Sentences as a list; nothing where there are none."""
    items = joined(Markup("<li>{}</li>").format(safe(each)) for each in sentences)
    return Markup("<ul>{}</ul>").format(items) if sentences else Markup("")


def block(lines: Iterable[str]) -> Markup:
    """Lines of a file, each as it is."""
    return Markup("<pre>{}</pre>").format(joined(lines, Markup("\n")))


def tag(domain: str) -> Markup:
    """A domain on its colour."""
    known = domain.lower() if domain in {"PII", "PHI", "PCI", "SECRET"} else "other"
    return Markup("<span class='tag {}'>{}</span>").format(known, safe(domain))


def bar(share: float, low: float, high: float) -> Markup:
    """A share from 0 to 1 as a bar, with its interval behind it."""
    shown = [round(100 * min(1.0, max(0.0, each)), 1) for each in (share, low, high)]
    return Markup(
        "<svg class=bar viewBox='0 0 100 8' preserveAspectRatio=none aria-hidden=true>"
        "<rect class=bed width=100 height=8 /><rect class=span x={} width={} height=8 />"
        "<rect class=fill width={} height=8 /></svg>"
    ).format(shown[1], round(shown[2] - shown[1], 1), shown[0])


@lru_cache(maxsize=1)
def _style() -> str:
    return resources.files(__package__).joinpath("card.css").read_text(encoding="utf-8")
