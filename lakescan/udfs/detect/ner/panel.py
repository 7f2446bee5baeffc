"""Networks that are asked of the same tokens, how they are asked, and what they say together."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]


class TokenClassifier(Protocol):
    """Token ids in, one row of label scores a token out."""

    def run(self, ids: Ints, types: Ints) -> Scores:
        """Scores [texts, tokens, labels] of ids and types, both [texts, tokens]."""


class OneByOne:
    """A network whose scores of a text depend on what is read beside it: nothing is.

    Args:
        network: the network.
    """

    def __init__(self, network: TokenClassifier) -> None:
        self._network = network

    def run(self, ids: Ints, types: Ints) -> Scores:
        """Scores [texts, tokens, labels]; see `TokenClassifier.run`."""
        each = [self._network.run(ids[at : at + 1], types[at : at + 1]) for at in range(len(ids))]
        return np.concatenate(each)


class Panel:
    """A network whose scores are weighed with those of a second one of another build.

    What two networks get wrong differs where they are built differently, so the weighed mean of the
    logarithms of their chances (a logarithmic opinion pool: Heskes 1998, "Selecting weighting
    factors in logarithmic opinion pools") is surer to be right than either.

    Args:
        first: the network.
        beside: the second, and the weight of what it says, 0 to 1.
        lean: what is taken from the score of "nothing".
        outside: the place of that label.
    """

    def __init__(
        self,
        first: TokenClassifier,
        beside: tuple[TokenClassifier, float] | None,
        lean: float,
        outside: int,
    ) -> None:
        self._first = first
        self._beside = beside
        self._lean = np.float32(lean)
        self._outside = outside

    def run(self, ids: Ints, types: Ints) -> Scores:
        """Scores [texts, tokens, labels] before the softmax; see `TokenClassifier.run`."""
        scores = _logarithms(self._first.run(ids, types))
        if self._beside is not None:
            second, weight = self._beside
            told = _logarithms(second.run(ids, types))
            scores = np.float32(1 - weight) * scores + np.float32(weight) * told
        scores[..., self._outside] -= self._lean
        return scores


def _logarithms(scores: Scores) -> Scores:
    """The logarithms of chances."""
    lowered = scores - scores.max(axis=-1, keepdims=True)
    chances: Scores = lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True))
    return chances
