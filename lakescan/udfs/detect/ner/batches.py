"""Windows of many texts in batches of equal length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

#: Tokens read in one call: enough for a core, little enough for its cache.
_TOKENS = 512


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group windows that have equally many tokens, the shortest first.

    Args:
        lengths: tokens of each window.

    Yields:
        The places of the windows of one batch.
    """
    by_length: dict[int, list[int]] = {}
    for place, length in enumerate(lengths):
        by_length.setdefault(length, []).append(place)
    for length in sorted(by_length):
        places = by_length[length]
        size = max(1, _TOKENS // max(1, length))
        for at in range(0, len(places), size):
            yield places[at : at + size]
