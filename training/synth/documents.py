"""Writes whole texts: picks a language and a genre, expands its grammar, adds noise."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from training.examples import Example, Span
from training.labels import ORGANIZATION, PERSON
from training.synth import noise
from training.synth.grammar import Grammar, Slot, Text
from training.synth.pieces import Piece, Pieces, joined, layout
from training.synth.slots import HANDLE, Fillers

GRAMMARS = Path(__file__).parent / "grammars"
#: Language -> share of texts.
LANGUAGES = {"en": 68, "de": 5, "fr": 5, "es": 5, "it": 4, "nl": 4, "pt": 4, "pl": 2, "sv": 3}
#: Whole documents are longer than sentences: `doc` stands for both, weighted in the grammars.
ROOT = "doc"
#: A sentence that can follow any other.
SENTENCE = "sentence"
#: What the grammars leave open.
WIDE = {HANDLE: ("USERNAME", *PERSON, *ORGANIZATION)}


@cache
def grammar(language: str) -> Grammar:
    """The rules of one language, and those that every language shares (``any.*``)."""
    paths = sorted(p for p in GRAMMARS.glob("*.txt") if p.name.split(".")[0] in (language, "any"))
    return Grammar.read(paths)


class Writer:
    """Texts without end, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def __iter__(self) -> Iterator[Example]:
        while True:
            yield self.write()

    def write(self) -> Example:
        """One text with its spans."""
        (language,) = self.rng.choices(tuple(LANGUAGES), tuple(LANGUAGES.values()))
        return example(noise.noisy(self.pieces(language), self.rng))

    def pieces(self, language: str) -> Pieces:
        """A text of one genre, or several sentences about the same people."""
        fillers = Fillers(self.rng, language)
        if self.rng.random() < 0.42:
            return self.expand(ROOT, language, fillers)
        row: Pieces = []
        for _ in range(self.rng.choice((1, 1, 1, 2, 2, 3, 4, 6))):
            gap = [Piece(self.rng.choice((" ", " ", " ", "\n", "\n\n")))] if row else []
            row = joined(row, gap, self.expand(SENTENCE, language, fillers))
        return row

    def expand(self, rule: str, language: str, fillers: Fillers) -> Pieces:
        row: Pieces = []

        def emit(node: Text | Slot) -> None:
            if isinstance(node, Text):
                row.append(Piece(node.value))
            else:
                row.extend(fillers(node.name))

        grammar(language).expand(rule, self.rng, emit)
        return row


def example(pieces: Pieces) -> Example:
    """As an example for training: every entity is marked, all else is nothing."""
    text, spans = layout(pieces)
    return Example(text, tuple(Span(start, end, WIDE.get(e, (e,))) for start, end, e in spans))
