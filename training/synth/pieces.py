"""A text as a row of pieces, each plain or of one entity: spans hold by construction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Piece(NamedTuple):
    """Some text, and the entity it is (None: nothing)."""

    text: str
    entity: str | None = None


Pieces = list[Piece]


def plain(text: str) -> Pieces:
    return [Piece(text)]


def joined(*parts: Piece | str | Pieces) -> Pieces:
    """Strings are plain; empty pieces fall away."""
    row: Pieces = []
    for part in parts:
        new = (
            [Piece(part)] if isinstance(part, str) else [part] if isinstance(part, Piece) else part
        )
        row.extend(piece for piece in new if piece.text)
    return row


def layout(pieces: Iterable[Piece]) -> tuple[str, list[tuple[int, int, str]]]:
    """The text, and (start, end, entity) of each span; white space at a span's ends is outside."""
    text: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at = 0
    for piece in pieces:
        if piece.entity:
            body = piece.text.strip()
            start = at + len(piece.text) - len(piece.text.lstrip())
            if body:
                spans.append((start, start + len(body), piece.entity))
        text.append(piece.text)
        at += len(piece.text)
    return "".join(text), spans
