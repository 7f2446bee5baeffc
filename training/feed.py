"""Batches for training: corpora and made-up texts mixed, windows of like length together.

Texts are made by as many processes as are asked for, each with its own seed: one makes some 100,000
tokens a second, an accelerator learns several times as many.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from training.corpora import Reader
from training.examples import SILENT, Encoded, Encoder, Example, Sets, Span
from training.synth.documents import Writer

#: Windows sorted by length at a time; more wastes less padding and mixes less.
POOL = 1500


@dataclass(frozen=True, slots=True)
class Sources:
    """Where texts come from, and in which shares."""

    data: Path
    silver: Path | None
    seed: int = 1
    #: Whether an eighth of the corpora's lines is kept back, to see how well a run went.
    held_out: bool = False
    #: Share of examples from the corpora; the rest is made up.
    real: float = 0.52
    #: Share of examples that are several texts, one after the other.
    long: float = 0.15

    def examples(self) -> Iterator[Example]:
        """Texts without end; the same for the same seed."""
        rng = random.Random(self.seed)
        real, made = (
            iter(Reader(self.data, self.silver, self.seed, held_out=self.held_out)),
            iter(Writer(self.seed)),
        )
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
    """Windows of like length, padded, [B, T]; ``targets`` are rows of ``table`` [sets, labels]."""

    ids: torch.Tensor
    mask: torch.Tensor
    cases: torch.Tensor
    targets: torch.Tensor
    table: torch.Tensor
    tokens: int

    @classmethod
    def of(cls, windows: list[Encoded], table: np.ndarray) -> Batch:
        length = -(-max(len(w.ids) for w in windows) // 8) * 8
        shape = len(windows), length
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, bool)
        cases, targets = np.zeros(shape, np.int64), np.full(shape, SILENT, np.int64)
        for row, window in enumerate(windows):
            n = len(window.ids)
            ids[row, :n], mask[row, :n] = window.ids, True
            cases[row, :n], targets[row, :n] = window.cases, window.targets
        parts = (torch.from_numpy(a) for a in (ids, mask, cases, targets, table))
        return cls(*parts, tokens=int(mask.sum()))

    def to(self, device: torch.device) -> Batch:
        parts = self.ids, self.mask, self.cases, self.targets, self.table
        return Batch(*(part.to(device) for part in parts), tokens=self.tokens)


@dataclass(frozen=True, slots=True)
class Batches(IterableDataset[Batch]):
    """Batches of about ``tokens`` tokens each, without end.

    Args:
        sources: where texts come from.
        tokenizer: text of a `tokenizer.json`.
        window: longest window, specials included.
        tokens: size of a batch.
    """

    sources: Sources
    tokenizer: str
    window: int
    tokens: int

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        sources = replace(
            self.sources, seed=self.sources.seed + 1000 * (worker.id if worker else 0)
        )
        sets, rng = Sets(), random.Random(sources.seed)
        encoder = Encoder(Tokenizer.from_str(self.tokenizer), sets, self.window)
        windows = (w for e in sources.examples() for w in encoder(e) if len(w.ids) > 3)
        while True:
            pool = sorted(islice(windows, POOL), key=lambda w: len(w.ids))
            groups: list[list[Encoded]] = [[]]
            for window in pool:
                if groups[-1] and (len(groups[-1]) + 1) * len(window.ids) > self.tokens:
                    groups.append([])
                groups[-1].append(window)
            rng.shuffle(groups)
            for group in groups:
                yield Batch.of(group, sets.table())

    def made_by(self, processes: int) -> Iterator[Batch]:
        """The batches, made beside the training; in turn, so that a run repeats."""
        if not processes:
            return iter(self)
        ahead = 8
        loader = DataLoader(self, None, num_workers=processes, prefetch_factor=ahead)
        return iter(loader)
