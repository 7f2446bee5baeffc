"""Units packed into bundles, for engines whose own cost for each piece of work is not small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lakescan.engines.protocol import Unit
from lakescan.engines.weight import total_weight, weight

#: A bundle's outcomes arrive together, so this is what a lost driver can lose: a second or so.
MOST_BYTES = 64 << 20
LEAST_BYTES = 2 << 20
MOST_UNITS = 512
#: Bundles for each worker at least, so that all end at about the same time.
_ROUNDS = 8


def bundles(units: Sequence[Unit], parallelism: int) -> Iterator[list[tuple[int, Unit]]]:
    """Pack ``units``, each with its index, in order."""
    share = total_weight(units) // max(1, parallelism * _ROUNDS)
    most_bytes = min(MOST_BYTES, max(LEAST_BYTES, share))
    most_units = min(MOST_UNITS, max(1, len(units) // (parallelism * _ROUNDS)))
    bundle: list[tuple[int, Unit]] = []
    held = 0
    for index, unit in enumerate(units):
        if bundle and (held + weight(unit) > most_bytes or len(bundle) >= most_units):
            yield bundle
            bundle, held = [], 0
        bundle.append((index, unit))
        held += weight(unit)
    if bundle:
        yield bundle
