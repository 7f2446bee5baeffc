"""The case of each token, as a network that reads small letters alone is told it beside them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

#: As the networks know them.
_OTHER, _LOWER, _TITLE, _UPPER, _WITH_DIGIT, _DIGITS = range(6)

#: Below so many tokens arrays are no faster.
_FEW = 32

#: Counts of digits, small and capital letters and of what is not ASCII, side by side in one number.
_BITS = 16
_SMALL, _CAPITAL, _FOREIGN = (1 << _BITS * place for place in (1, 2, 3))
_KINDS = np.array(
    [
        ("0" <= c <= "9") + _SMALL * ("a" <= c <= "z") + _CAPITAL * ("A" <= c <= "Z")
        for c in map(chr, range(128))
    ]
    + [_FOREIGN]
)


def case_of(token: str) -> int:
    """The case of a token, by its characters in the text."""
    # Most tokens are words; of letters none is a digit.
    if not token.isalpha():
        if token.isdigit():
            return _DIGITS
        if any(c.isdigit() for c in token):
            return _WITH_DIGIT
    if token.islower():
        return _LOWER
    if len(token) > 1 and token.isupper():
        return _UPPER
    return _TITLE if token[:1].isupper() else _OTHER


def cases_of(text: str, bounds: Ints) -> Ints:
    """`case_of` each token.

    Args:
        text: shorter than 32,768 characters.
        bounds: [tokens, 2], where each begins and ends.
    """
    if len(bounds) < _FEW:
        return np.array([case_of(text[a:b]) for a, b in bounds.tolist()], dtype=np.int64)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = np.append(_KINDS[np.minimum(codes, 128)], 0)
    sums = np.concatenate(([0], np.cumsum(kinds)))
    starts, ends = bounds[:, 0], bounds[:, 1]
    counts = sums[ends] - sums[starts]
    sizes = ends - starts
    digits = counts & (_SMALL - 1)
    small = counts >> _BITS & (_SMALL - 1)
    capital = counts >> 2 * _BITS & (_SMALL - 1)
    first = kinds[starts] == _CAPITAL
    cases = np.select(
        [
            (digits == sizes) & (digits > 0),
            digits > 0,
            (small > 0) & (capital == 0),
            (capital > 0) & (small == 0) & (sizes > 1),
            first & (sizes > 0),
        ],
        [_DIGITS, _WITH_DIGIT, _LOWER, _UPPER, _TITLE],
        _OTHER,
    )
    for place in np.flatnonzero(counts >= _FOREIGN).tolist():
        start, end = bounds[place].tolist()
        cases[place] = case_of(text[start:end])
    return cases.astype(np.int64)
