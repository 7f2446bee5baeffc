"""What people and machines do to text: all lower case, capitals, typing errors, no accents."""

from __future__ import annotations

import random
import unicodedata

from training.synth.pieces import Piece, Pieces

#: Their letters count, whatever the rest of the text does.
FIXED = frozenset({"PASSWORD", "URL", "USERNAME", "HANDLE"})


def lower(pieces: Pieces) -> Pieces:
    return [p if p.entity in FIXED else Piece(p.text.lower(), p.entity) for p in pieces]


def upper(pieces: Pieces) -> Pieces:
    return [Piece(p.text.upper(), p.entity) for p in pieces]


def shout(pieces: Pieces) -> Pieces:
    """Names in capitals, as in forms and court papers."""
    named = ("FIRST_NAME", "LAST_NAME", "ORGANIZATION")
    return [Piece(p.text.upper(), p.entity) if p.entity in named else p for p in pieces]


def bare(pieces: Pieces) -> Pieces:
    """Without accents."""
    return [
        Piece(
            "".join(
                c for c in unicodedata.normalize("NFKD", p.text) if not unicodedata.combining(c)
            ),
            p.entity,
        )
        for p in pieces
    ]


def typos(pieces: Pieces, rng: random.Random) -> Pieces:
    """A few letters outside of entities swapped, doubled or left out."""
    made = []
    for piece in pieces:
        text = piece.text
        if piece.entity is None and len(text) > 12 and rng.random() < 0.6:
            at = rng.randrange(1, len(text) - 2)
            if text[at].isalpha() and text[at + 1].isalpha():
                swap = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
                text = rng.choice(
                    (swap, text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:])
                )
        made.append(Piece(text, piece.entity))
    return made


def unpunctuated(pieces: Pieces) -> Pieces:
    """Speech as it is written down by machines: no capitals, no punctuation between words."""
    made = []
    for piece in lower(pieces):
        text = piece.text
        if piece.entity is None:
            text = "".join(" " if c in ".,;:!?\n" else c for c in text)
            text = " ".join(text.split()) if not text.isspace() else " "
            text = (" " if piece.text[:1].isspace() or piece.text[:1] in ".,;:!?" else "") + text
            text += " " if piece.text[-1:].isspace() or piece.text[-1:] in ".,;:!?" else ""
        made.append(Piece(text, piece.entity))
    return made


def noisy(pieces: Pieces, rng: random.Random) -> Pieces:
    """Mostly the text itself."""
    r = rng.random()
    if r < 0.10:
        return lower(pieces)
    if r < 0.14:
        return upper(pieces)
    if r < 0.17:
        return shout(pieces)
    if r < 0.20:
        return bare(pieces)
    if r < 0.26:
        return typos(pieces, rng)
    return unpunctuated(pieces) if r < 0.28 else pieces
