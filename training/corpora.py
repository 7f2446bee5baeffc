"""Real annotated texts: read, joined to passages, their names now and then exchanged for others.

The folder holds ``NAME.jsonl``, a line each ``{"id", "text", "spans"}`` with spans of ``start``,
``end`` and ``label``; another may hold ``NAME.silver.jsonl`` with more spans (see
`training.silver`).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from training.examples import Example, Span
from training.labels import COARSE, GROUP, ORGANIZATION, PERSON, PLACE, WHEN, outside
from training.synth import organizations
from training.synth.people import Person
from training.synth.pieces import Piece, Pieces, layout
from training.synth.places import Place


@dataclass(frozen=True, slots=True)
class Corpus:
    """How a corpus is read."""

    name: str
    #: Neighbouring lines are sentences of one text.
    running: bool
    licence: str
    #: How often a round of all corpora goes through it: running text is rarer and worth more.
    rounds: int = 1
    #: It marks handles (``@name``) as what stands behind them; others leave them out.
    handles: bool = False
    #: Lower-case words that it calls persons or bodies though they name nobody.
    roles: frozenset[str] = frozenset()


HANDLE = re.compile(r"(?<!\w)@\w+")
ROLES = frozenset("borrower lender bank agent company executive employee tenant landlord".split())
CORPORA = (
    Corpus("wnut17_train", running=False, licence="CC BY 4.0"),
    Corpus("btc_train", running=False, licence="CC BY 4.0", handles=True),
    Corpus("wikigold", running=True, licence="CC BY 4.0", rounds=2),
    Corpus("uner_ewt_dev", running=True, licence="CC BY-SA 4.0", rounds=2),
    Corpus("sec_filings_train", running=True, licence="CC BY 3.0", rounds=2, roles=ROLES),
)
MARKED = (*PERSON, *PLACE, *ORGANIZATION)
#: What a word outside of every span may be: anything that the corpora do not mark.
REST = outside(MARKED)
#: The same where a silver labeller has looked for dates, sums and groups, too.
SILVER = {"DATE": WHEN, "TIME": ("TIME", "DATE"), "MONEY": ("AMOUNT",), "NORP": GROUP}
SILVER_REST = outside((*MARKED, *GROUP, *WHEN, "AMOUNT"))


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a corpus: spans in fine labels; ``silver``: whether the labeller has seen it."""

    text: str
    spans: tuple[Span, ...]
    silver: bool


def read(folder: Path, silver_folder: Path | None, corpus: Corpus) -> list[Passage]:
    """The corpus' lines in order."""
    silver = silver_spans(silver_folder / f"{corpus.name}.silver.jsonl") if silver_folder else {}
    found = []
    with Path(folder, f"{corpus.name}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row["text"]
            spans = []
            for span in row["spans"]:
                start, end = span["start"], span["end"]
                entities = COARSE.get(span["label"])
                if entities is None:
                    continue
                role = text[start:end].lower() in corpus.roles
                spans.append(Span(start, end, () if role else entities))
            if not corpus.handles:
                marks = HANDLE.finditer(text)
                spans += free([Span(m.start(), m.end(), ()) for m in marks], spans)
            extra = silver.get(row["id"], [])
            spans += free(extra, spans)
            found.append(Passage(text, tuple(spans), row["id"] in silver))
    return found


def free(new: list[Span], spans: list[Span]) -> list[Span]:
    """Those of ``new`` that touch none of ``spans``."""
    return [s for s in new if not any(s.start < t.end and t.start < s.end for t in spans)]


def silver_spans(path: Path) -> dict[str, list[Span]]:
    """Spans by the line's id."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {
        row["id"]: [Span(s["start"], s["end"], SILVER.get(s["label"], ())) for s in row["spans"]]
        for row in rows
    }


def apart(lines: list[Passage], block: int = 40) -> tuple[list[Passage], list[Passage]]:
    """Seven of eight blocks of neighbouring lines, and the eighth."""
    eighth = [n // block % 8 == 7 for n in range(len(lines))]
    return (
        [line for line, held in zip(lines, eighth, strict=True) if not held],
        [line for line, held in zip(lines, eighth, strict=True) if held],
    )


class Reader:
    """Passages of the corpora without end, in a new order each round, varied."""

    def __init__(self, folder: Path, silver: Path | None, seed: int, *, held_out: bool) -> None:
        self.rng = random.Random(seed)
        self.corpora = [
            (corpus, apart(lines)[0] if held_out else lines)
            for corpus in CORPORA
            for lines in (read(folder, silver, corpus),)
        ]

    def __iter__(self) -> Iterator[Example]:
        while True:
            rows = [
                example
                for corpus, lines in self.corpora
                for _ in range(corpus.rounds)
                for example in self.passages(corpus, lines)
            ]
            self.rng.shuffle(rows)
            yield from rows

    def passages(self, corpus: Corpus, lines: list[Passage]) -> Iterator[Example]:
        """Every line once: running text in passages of one to eight sentences."""
        at = 0
        while at < len(lines):
            size = self.rng.choice((1, 1, 2, 3, 5, 8)) if corpus.running else 1
            if not corpus.running and self.rng.random() < 0.1:
                size = 3
            yield self.varied(join(lines[at : at + size], " " if corpus.running else "\n"))
            at += size

    def varied(self, passage: Passage) -> Example:
        """As it is, or with other names, or in another case."""
        if self.rng.random() < 0.4:
            passage = self.exchanged(passage)
        rest = SILVER_REST if passage.silver else REST
        example = Example(passage.text, passage.spans, rest, REST)
        r = self.rng.random()
        if r < 0.12:
            return recased(example, example.text.lower())
        if r < 0.15:
            return recased(example, example.text.title())
        return recased(example, example.text.upper()) if r < 0.20 else example

    def exchanged(self, passage: Passage) -> Passage:
        """Some of the names replaced by made-up ones, the same name by the same."""
        made: dict[str, Pieces | None] = {}
        row: list[tuple[Pieces, Span | None]] = []
        at = 0
        for span in sorted(passage.spans, key=lambda s: s.start):
            if span.start < at:
                continue
            row.append(([Piece(passage.text[at : span.start])], None))
            old = passage.text[span.start : span.end]
            if passage.text[max(0, span.start - 1) : span.start + 1].strip()[:1] in ("@", "#"):
                made[old] = None
            if old not in made:
                made[old] = self.other(old, span) if self.rng.random() < 0.7 else None
            new = made[old]
            row.append((new, None) if new else ([Piece(old)], span))
            at = span.end
        row.append(([Piece(passage.text[at:])], None))
        text, spans = "", []
        for pieces, kept in row:
            part, found = layout(pieces)
            spans += [Span(len(text) + a, len(text) + b, (entity,)) for a, b, entity in found]
            if kept:
                spans.append(replace(kept, start=len(text), end=len(text) + len(part)))
            text += part
        return replace(passage, text=text, spans=tuple(spans))

    def other(self, old: str, span: Span) -> Pieces | None:
        """Another name in the shape of ``old``; None where it is better kept."""
        if span.entities == PERSON:
            person = Person.make(self.rng, "en")
            pieces = [person.given()] if self.rng.random() < 0.55 else [person.family()]
            if " " in old:
                pieces = person.simple() if self.rng.random() < 0.8 else person.full()
        elif span.entities == PLACE:
            if any(c.isdigit() for c in old):
                return None
            place = Place(self.rng, "en")
            pieces = place.wild() if old.lower().startswith("the ") else place.any()
        elif span.entities == ORGANIZATION:
            body = organizations.make(self.rng, "en")
            pieces = body.full() if " " in old else body.brief()
        else:
            return None
        if old.islower():
            return [Piece(p.text.lower(), p.entity) for p in pieces]
        return (
            [Piece(p.text.upper(), p.entity) for p in pieces]
            if old.isupper() and len(old) > 4
            else pieces
        )


def join(lines: list[Passage], gap: str) -> Passage:
    """Several lines as one text."""
    text, spans = "", []
    for line in lines:
        text += gap if text else ""
        spans += [Span(s.start + len(text), s.end + len(text), s.entities) for s in line.spans]
        text += line.text
    return Passage(text, tuple(spans), all(line.silver for line in lines))


def recased(example: Example, text: str) -> Example:
    """With ``text`` in its place, unless letters were lost or won on the way."""
    return replace(example, text=text) if len(text) == len(example.text) else example
