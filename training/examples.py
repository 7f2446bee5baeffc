"""Text with spans, and what it becomes for the model: ids, case ids, allowed labels a token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer

from training.labels import INDEX, LABELS, inside

#: No loss on a token of this set.
SILENT = -1


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points and the entities that it may be (none: say nothing)."""

    start: int
    end: int
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A text, its spans, and the labels that the rest of it may have (mostly just `O`)."""

    text: str
    spans: tuple[Span, ...]
    rest: tuple[str, ...] = ("O",)
    #: The labels that tokens with a digit may have outside spans; none: say nothing about them.
    digits: tuple[str, ...] = ("O",)


@dataclass(slots=True)
class Sets:
    """Numbers the sets of allowed labels, so that a token's target is one small integer."""

    index: dict[tuple[str, ...], int] = field(default_factory=dict)

    def number(self, labels: tuple[str, ...]) -> int:
        return self.index.setdefault(labels, len(self.index)) if labels else SILENT

    def table(self) -> np.ndarray:
        """One row a set: True for each label inside, [sets, labels]."""
        table = np.zeros((len(self.index), len(LABELS)), bool)
        for labels, row in self.index.items():
            table[row, [INDEX[label] for label in labels]] = True
        return table


@dataclass(frozen=True, slots=True)
class Encoded:
    """One window: token ids, case ids and target sets, specials included."""

    ids: np.ndarray
    cases: np.ndarray
    targets: np.ndarray


def case(token: str) -> int:
    """0 none, 1 lower, 2 Title, 3 UPPER, 4 has a digit, 5 all digits."""
    if token.isdigit():
        return 5
    if any(c.isdigit() for c in token):
        return 4
    if token.islower():
        return 1
    if token.isupper() and len(token) > 1:
        return 3
    return 2 if token[:1].isupper() else 0


class Encoder:
    """Cuts examples into windows of at most ``window`` tokens (specials counted)."""

    def __init__(self, tokenizer: Tokenizer, sets: Sets, window: int) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer, self.sets, self.room = tokenizer, sets, window - 2
        self.first, self.last = (tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]"))

    def __call__(self, example: Example) -> Iterable[Encoded]:
        """The windows of ``example``, one after the other, without overlap."""
        encoding = self.tokenizer.encode(example.text, add_special_tokens=False)
        ids, offsets = encoding.ids, encoding.offsets
        pieces = [example.text[a:b] for a, b in offsets]
        cases = [case(piece) for piece in pieces]
        rest, digits = self.sets.number(example.rest), self.sets.number(example.digits)
        targets = [digits if c >= 4 else rest for c in cases]
        self._mark(example, offsets, targets)
        for at in range(0, len(ids), self.room):
            part = slice(at, at + self.room)
            yield Encoded(
                np.array([self.first, *ids[part], self.last], np.int32),
                np.array([0, *cases[part], 0], np.int8),
                np.array([SILENT, *targets[part], SILENT], np.int32),
            )

    def _mark(self, example: Example, offsets: list[tuple[int, int]], targets: list[int]) -> None:
        at = 0
        for span in sorted(example.spans, key=lambda s: s.start):
            while at and offsets[at - 1][1] > span.start:
                at -= 1
            first = True
            while at < len(offsets) and offsets[at][0] < span.end:
                if offsets[at][1] > span.start:
                    targets[at] = self.sets.number(
                        inside(span.entities, first=first) if span.entities else ()
                    )
                    first = False
                at += 1
