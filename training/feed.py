"""Batches for training: corpora and made-up texts mixed, windows of like length together."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from training.corpora import Reader
from training.examples import SILENT, Encoded, Encoder, Example, Span
from training.synth.documents import Writer

#: Windows sorted by length at a time; more wastes less padding and mixes less.
POOL = 1500


@dataclass(frozen=True, slots=True)
class Sources:
    """Where texts come from, and in which shares."""

    data: Path
    silver: Path | None
    seed: int = 1
    #: Share of examples from the corpora; the rest is made up.
    real: float = 0.52
    #: Share of examples that are several texts, one after the other.
    long: float = 0.15

    def examples(self) -> Iterator[Example]:
        """Texts without end; the same for the same seed."""
        rng = random.Random(self.seed)
        real, made = iter(Reader(self.data, self.silver, self.seed)), iter(Writer(self.seed))
        while True:
            source = real if rng.random() < self.real else made
            if source is made and rng.random() < self.long:
                yield chain(list(islice(made, rng.randint(2, 5))), rng.choice(("\n\n", "\n", " ")))
            else:
                yield next(source)


def chain(parts: list[Example], gap: str) -> Example:
    """Fully marked texts as one."""
    text, spans = "", []
    for part in parts:
        text += gap if text else ""
        spans += [Span(s.start + len(text), s.end + len(text), s.entities) for s in part.spans]
        text += part.text
    return Example(text, tuple(spans))


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of like length, padded, [B, T]; ``targets`` are numbers of label sets."""

    ids: torch.Tensor
    mask: torch.Tensor
    cases: torch.Tensor
    targets: torch.Tensor

    @classmethod
    def of(cls, windows: list[Encoded]) -> Batch:
        length = -(-max(len(w.ids) for w in windows) // 8) * 8
        shape = len(windows), length
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, bool)
        cases, targets = np.zeros(shape, np.int64), np.full(shape, SILENT, np.int64)
        for row, window in enumerate(windows):
            n = len(window.ids)
            ids[row, :n], mask[row, :n] = window.ids, True
            cases[row, :n], targets[row, :n] = window.cases, window.targets
        return cls(*(torch.from_numpy(a) for a in (ids, mask, cases, targets)))


def batches(
    examples: Iterator[Example], encoder: Encoder, tokens: int, seed: int
) -> Iterator[Batch]:
    """Batches of about ``tokens`` tokens each, without end."""
    rng = random.Random(seed)
    windows = (w for example in examples for w in encoder(example) if len(w.ids) > 3)
    while True:
        pool = sorted(islice(windows, POOL), key=lambda w: len(w.ids))
        groups: list[list[Encoded]] = [[]]
        for window in pool:
            if groups[-1] and (len(groups[-1]) + 1) * len(window.ids) > tokens:
                groups.append([])
            groups[-1].append(window)
        rng.shuffle(groups)
        yield from map(Batch.of, groups)
