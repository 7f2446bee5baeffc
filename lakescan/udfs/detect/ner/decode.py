"""Label scores to spans: whole words, trimmed, with a score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lakescan import entities as catalog
from lakescan.udfs.detect.ner.corrections.trim import trimmed
from lakescan.udfs.detect.ner.labels import OUTSIDE, Labels
from lakescan.udfs.detect.ner.spans import Span
from lakescan.udfs.detect.ner.tokenizers import Encoded

Scores = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Two words are one entity only where no more than so many characters stand between them.
_WIDEST_GAP = 3

#: Signs that join parts of a word.
_JOINTS = "'’-\u2010\u2011"


class _Words(NamedTuple):
    """What is said of words, one entry each: as arrays of many texts', as lists of one text's.

    Args:
        best: the type, 0 for none.
        opening: whether it begins an entity.
        sure: how likely the type's family is.
        starts: first code point.
        ends: one past the last.
    """

    best: Any
    opening: Any
    sure: Any
    starts: Any
    ends: Any

    def part(self, low: int, high: int) -> _Words:
        """The words from ``low`` to before ``high``, as lists."""
        return _Words(*(each[low:high].tolist() for each in self))


class Decoder:
    """Reads a network's scores.

    Args:
        labels: of the network.
        entities: the entity of each type; None for types that are of no interest.
    """

    def __init__(self, labels: Labels, entities: Sequence[str | None]) -> None:
        self._entities = entities
        #: Of each label the row of its type: one for what is outside, then one a type.
        self._type = [kind + 1 for kind in labels.of]
        self._outside = [place for place, kind in enumerate(labels.of) if kind < 0]
        self._margin = np.float32(np.log(3 * len(labels.of)))
        self._begins = [place for place, begins in enumerate(labels.begins) if begins]
        families = [OUTSIDE, *(_family(kind, e) for kind, e in _pairs(labels, entities))]
        names = list(dict.fromkeys(families))
        self._family = np.array([names.index(name) for name in families])

    def spans(
        self, texts: Sequence[str], encoded: Sequence[Encoded], scores: Sequence[Scores]
    ) -> list[list[Span]]:
        """The entities of each text, in its order; none overlap.

        A word's category is the likeliest by the mean over its tokens, so that no word is cut, and
        its entity the likeliest of that category; it begins an entity if its first token does. A
        span's score is the mean of how likely its words' category is.

        Texts are decoded together for speed alone: what is said of one depends on it alone.

        Args:
            texts: the texts.
            encoded: the tokens of each.
            scores: of each, [tokens, labels], before the softmax.
        """
        found: list[list[Span]] = [[] for _ in texts]
        ends = np.concatenate([each.ends for each in encoded])
        starts = np.concatenate([each.starts for each in encoded])
        real = np.flatnonzero(ends > starts)
        if not len(real):
            return found
        ends, starts = ends[real], starts[real]
        owner = np.repeat(np.arange(len(texts)), [len(each) for each in encoded])[real]
        words = np.concatenate([each.words for each in encoded])[real]
        told = np.concatenate(scores)
        told = told if len(real) == len(told) else told[real]
        firsts = np.flatnonzero(
            np.diff(words, prepend=words[0] - 1) | np.diff(owner, prepend=owner[0])
        )
        sizes = np.diff(firsts, append=len(words))
        best = np.zeros(len(firsts), np.int64)
        opening, sure = np.zeros(len(firsts), np.bool_), np.zeros(len(firsts), np.float32)
        # Most words are surely nothing, so nothing more is asked of them.
        some = np.logical_or.reduceat(self._could_be(told), firsts)
        if not some.any():
            return found
        taken = told[np.repeat(some, sizes)]
        best[some], opening[some], sure[some] = self._judged(taken, sizes[some])
        said = _Words(best, opening, sure, starts[firsts], np.maximum.reduceat(ends, firsts))
        bounds = np.searchsorted(owner[firsts], np.arange(len(texts) + 1)).tolist()
        for place in np.unique(owner[firsts][best > 0]).tolist():
            part = said.part(bounds[place], bounds[place + 1])
            found[place] = self._named(texts[place], part)
        return found

    def _could_be(self, scores: Scores) -> Bools:
        """Which tokens are not nothing with a chance of two thirds, by their scores alone."""
        if len(self._outside) != 1:
            return np.ones(len(scores), np.bool_)
        outside = self._outside[0]
        # No other chance is above a third divided by the number of the others.
        most = scores[:, outside] - self._margin
        before, after = scores[:, :outside], scores[:, outside + 1 :]
        likeliest = np.maximum(
            before.max(axis=1, initial=-np.inf), after.max(axis=1, initial=-np.inf)
        )
        found: Bools = likeliest > most
        return found

    def _judged(self, scores: Scores, sizes: Ints) -> tuple[Ints, Bools, Scores]:
        """Of each word the type, whether it begins an entity, and how likely its family is.

        Args:
            scores: of the words' tokens.
            sizes: tokens of each word.
        """
        chances = np.ascontiguousarray(_softmax(scores).T)
        firsts = np.cumsum(sizes) - sizes
        kinds = len(self._family)
        types = _summed(chances, self._type, kinds)
        first = types[:, firsts]
        types = (np.add.reduceat(types, firsts, axis=1) / sizes).astype(np.float32)
        families = _summed(types, self._family.tolist(), int(self._family.max()) + 1)
        family = families.argmax(axis=0)
        best = np.where(self._family[:, None] == family, types, -1).argmax(axis=0)
        begins = _summed(
            chances[self._begins][:, firsts], [self._type[place] for place in self._begins], kinds
        )
        column = np.arange(len(best))
        opening = begins[best, column] > first[best, column] - begins[best, column]
        return best, opening, families[family, column]

    def _named(self, text: str, words: _Words) -> list[Span]:
        found: list[Span] = []
        for low, high in _runs(text, words):
            entity = self._entities[words.best[low] - 1]
            if entity is None:
                continue
            start, end = trimmed(text, words.starts[low], words.ends[high - 1], entity)
            if start == end:
                continue
            sure = sum(words.sure[low:high]) / (high - low)
            span = Span(start, end, entity, min(1.0, sure))
            if found and start < found[-1].end:
                # Two parts of one word: it is what its surer part is.
                before = found.pop()
                surer = max(before, span, key=lambda each: each.score)
                span = surer._replace(start=before.start, end=max(before.end, end))
            found.append(span)
        return found


def _pairs(labels: Labels, entities: Sequence[str | None]) -> Iterator[tuple[str, str | None]]:
    return zip(labels.types, entities, strict=True)


def _family(kind: str, entity: str | None) -> str:
    """The category in which a type's chances count; its own where it is no entity."""
    if entity is None:
        return f"label {kind}"
    return catalog.entity(entity).category if catalog.is_known(entity) else entity


def _summed(values: Scores, groups: Sequence[int], count: int) -> Scores:
    """Rows of ``values`` summed by group, [count, columns].

    Always in the same order, so that a column's sum depends on it alone; and without BLAS, that
    starts threads for less.
    """
    sums = np.zeros((count, values.shape[1]), np.float32)
    for row, group in zip(values, groups, strict=True):
        sums[group] += row
    return sums


def _softmax(scores: Scores) -> Scores:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: Scores = powers / powers.sum(axis=1, keepdims=True)
    return chances


def _runs(text: str, words: _Words) -> Iterator[tuple[int, int]]:
    """Runs of words of one type as [low, high)."""
    low = high = -1
    for place, kind in enumerate(words.best):
        if not kind:
            continue
        if low >= 0 and place == high and kind == words.best[low]:
            start = words.starts[place]
            between = text[words.ends[place - 1] : start]
            # What begins within a word ("O'Brien", "Müller-Lüdenscheid") begins nothing.
            inside = not between and not _is_spaced(text, start)
            if inside or (not words.opening[place] and len(between) <= _WIDEST_GAP):
                high = place + 1
                continue
        if low >= 0:
            yield low, high
        low, high = place, place + 1
    if low >= 0:
        yield low, high


def _is_spaced(text: str, at: int) -> bool:
    """Whether something else than a letter, a digit or a joint stands beside ``at``."""
    pair = text[max(0, at - 1) : at + 1]
    return not all(char.isalnum() or char in _JOINTS for char in pair)
