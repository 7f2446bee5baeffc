"""Made-up words in the place of found ones, by the ``fake`` operator with a key of the moment."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import pyarrow as pa

from lakescan.jobs.detect import Finding
from lakescan.policy.operators import FakeOptions
from lakescan.udfs.anonymize.keys import LEAST_BYTES, Keyring
from lakescan.udfs.anonymize.operators.fake.operator import Fake
from lakescan.udfs.anonymize.operators.protocol import Cells

_DOMAIN = _ID = "moment"


def fakes(found: Sequence[Finding], words: Sequence[str], *, same: bool) -> list[str]:
    """A fake for each finding.

    Args:
        found: in the order of the text.
        words: what stands there.
        same: equal words of one entity get the same fake.
    """
    made = [""] * len(found)
    groups: dict[object, list[int]] = {}
    for at, each in enumerate(found):
        groups.setdefault(each.entity if same else at, []).append(at)
    operator = None
    for places in groups.values():
        if operator is None or not same:
            operator = _operator()
        first = found[places[0]]
        values = pa.array([words[at] for at in places], pa.large_string())
        drawn = operator.apply(Cells(values, first.entity, first.category)).values.to_pylist()
        for at, word in zip(places, drawn, strict=True):
            made[at] = word
    return made


def _operator() -> Fake:
    ring = Keyring({_ID: secrets.token_bytes(LEAST_BYTES)}, _ID)
    operator = Fake(FakeOptions())
    operator.setup(ring.domain(_DOMAIN))
    return operator
