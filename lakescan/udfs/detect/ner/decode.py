"""Label scores to spans: whole words, trimmed, with a score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from lakescan import entities as catalog
from lakescan.udfs.detect.ner.labels import OUTSIDE, Labels
from lakescan.udfs.detect.ner.spans import Span
from lakescan.udfs.detect.ner.tokenizers import Encoded
from lakescan.udfs.detect.ner.trim import trimmed

Scores = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: Two words are one entity only where no more than so many characters stand between them.
_WIDEST_GAP = 3

#: Signs that join parts of a word.
_JOINTS = "'’-\u2010\u2011"


class Decoder:
    """Reads a network's scores.

    Args:
        labels: of the network.
        entities: the entity of each type; None for types that are of no interest.
    """

    def __init__(self, labels: Labels, entities: Sequence[str | None]) -> None:
        self._entities = entities
        kinds = np.array(labels.of, dtype=np.int64)
        # One column for what is outside, then one a type.
        self._types = np.zeros((len(kinds), len(labels.types) + 1), np.float32)
        self._types[np.arange(len(kinds)), kinds + 1] = 1
        self._begins = self._types * np.array(labels.begins, dtype=np.float32)[:, None]
        families = [OUTSIDE, *(_family(kind, e) for kind, e in _pairs(labels, entities))]
        names = list(dict.fromkeys(families))
        self._family = np.array([names.index(name) for name in families])
        self._families = np.zeros((len(families), len(names)), np.float32)
        self._families[np.arange(len(families)), self._family] = 1

    def spans(self, text: str, encoded: Encoded, scores: Scores) -> list[Span]:
        """The entities of a text, in its order; none overlap.

        A word's category is the likeliest by the mean over its tokens, so that no word is cut, and
        its entity the likeliest of that category; it begins an entity if its first token does. A
        span's score is the mean of how likely its words' category is.

        Args:
            text: the text.
            encoded: its tokens.
            scores: [tokens, labels], before the softmax.
        """
        real = np.flatnonzero(encoded.ends > encoded.starts)
        if not len(real):
            return []
        chances = _softmax(scores[real])
        words = encoded.words[real]
        firsts = np.flatnonzero(np.diff(words, prepend=words[0] - 1))
        sizes = np.diff(firsts, append=len(words))
        types = np.add.reduceat(chances @ self._types, firsts, axis=0) / sizes[:, None]
        families = types @ self._families
        family = families.argmax(axis=1)
        best = np.where(self._family[None, :] == family[:, None], types, -1).argmax(axis=1)
        rows = np.arange(len(best))
        begins = (chances[firsts] @ self._begins)[rows, best]
        opening = begins > (chances[firsts] @ self._types)[rows, best] - begins
        starts = encoded.starts[real][firsts]
        ends = np.maximum.reduceat(encoded.ends[real], firsts)
        runs = _runs(text, best, opening, starts, ends)
        return self._named(text, runs, best, families[rows, family], (starts, ends))

    def _named(
        self,
        text: str,
        runs: Iterator[tuple[int, int]],
        best: Ints,
        sure: Scores,
        bounds: tuple[Ints, Ints],
    ) -> list[Span]:
        starts, ends = bounds
        found: list[Span] = []
        for low, high in runs:
            entity = self._entities[int(best[low]) - 1]
            if entity is None:
                continue
            start, end = trimmed(text, int(starts[low]), int(ends[high - 1]), entity)
            if start == end:
                continue
            span = Span(start, end, entity, min(1.0, float(sure[low:high].mean())))
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


def _softmax(scores: Scores) -> Scores:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances: Scores = powers / powers.sum(axis=1, keepdims=True)
    return chances


def _runs(
    text: str, best: Ints, opening: npt.NDArray[np.bool_], starts: Ints, ends: Ints
) -> Iterator[tuple[int, int]]:
    """Runs of words of one type as [low, high)."""
    low = high = -1
    for place in np.flatnonzero(best).tolist():
        if low >= 0 and place == high and best[place] == best[low]:
            between = text[int(ends[place - 1]) : int(starts[place])]
            # What begins within a word ("O'Brien", "Müller-Lüdenscheid") begins nothing.
            inside = not between and not _is_spaced(text, int(starts[place]))
            if inside or (not opening[place] and len(between) <= _WIDEST_GAP):
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
