"""What a streaming job tells when it ends, and counts while it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

import orjson


@dataclass(slots=True)
class Counts:
    """What one process has done; of what was committed.

    Args:
        messages: taken from the source and dealt with.
        dead: of these, those in the dead-letter topic, by reason.
        found: cells and spans that were exchanged, by entity.
        commits: how often something was committed.
        aborts: how often a batch was begun again.
        lag: messages behind, by topic and partition.
    """

    messages: int = 0
    dead: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    commits: int = 0
    aborts: int = 0
    lag: dict[tuple[str, int], int] = field(default_factory=dict)

    def committed(self, messages: int, dead: Iterable[str], found: Counter[str]) -> None:
        """Count one commit."""
        self.commits += 1
        self.messages += messages
        self.dead.update(dead)
        self.found.update(found)


@dataclass(frozen=True, slots=True)
class StreamResult:
    """What a process of a stream did until it ended.

    Args:
        source, target: URIs.
        group: the consumer group; the same goes on.
        messages: dealt with, and committed.
        dead_letters: of these, those in the dead-letter topic.
        findings: cells and spans that were exchanged, by entity.
        commits: how often something was committed.
        aborts: how often a batch was begun again.
        seconds: wall time.
    """

    source: str
    target: str
    group: str
    messages: int
    dead_letters: int
    findings: dict[str, int]
    commits: int
    aborts: int
    seconds: float

    def to_json(self) -> str:
        """As JSON."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2).decode()
