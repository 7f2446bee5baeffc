"""Short ways to run a stream against a real broker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import lakescan

#: The broker answers a join only after half of a session's time-out.
QUICK = {"kafka.session.timeout.ms": "1500", "kafka.heartbeat.interval.ms": "300"}
POLICY = """
accuracy_mode: patterns
anonymize:
  rules:
    - {entities: EMAIL_ADDRESS, operator: mask, options: {keep_first: 1}}
    - {column: "value.$.id", operator: keep}
"""


@pytest.fixture
def drained(broker) -> Callable[..., lakescan.StreamResult]:
    """Stream all that a topic holds now."""

    def run(
        source: str,
        to: str,
        policy: str = POLICY,
        streaming: lakescan.Streaming | None = None,
        key: str | None = None,
    ) -> lakescan.StreamResult:
        how = streaming or lakescan.Streaming()
        how = replace(how, until="drained", seconds=0.3, storage=QUICK | dict(how.storage))
        return lakescan.stream(source, to, lakescan.Policy.parse(policy), key=key, streaming=how)

    return run
