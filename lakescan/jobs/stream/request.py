"""What is asked of a streaming job beyond its source, target and policy."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from lakescan.connectors.kafka.codec import VALUE_FORMS, ValueForm
from lakescan.errors import UnknownNameError, UsageError

#: ``stopped``: goes on until it is told to stop; ``drained``: ends once all that there is is done.
Until: TypeAlias = Literal["stopped", "drained"]
_UNTIL: tuple[Until, ...] = ("stopped", "drained")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,200}")


@dataclass(frozen=True, slots=True)
class Streaming:
    """How a stream is run.

    Args:
        group: the consumer group; None for one that source and target name. Who begins again with
            the same group goes on where it was.
        instance: names this process among those of the group; None for the host's name. A second
            one of the same name replaces the first.
        dead_letters: the topic of messages that cannot be read or anonymized; None to stop at one.
        until: when to end.
        form: what values are taken for: ``auto``, ``json``, ``text``.
        messages: most in one commit; None for 1,000 to a topic and 100,000 to a lake.
        seconds: longest wait for a commit; None for 1 to a topic and 60 to a lake.
        bytes: most in memory at once, about, of messages that are worked on.
        format: of files in a lake.
        metrics: ``host:port`` where Prometheus may ask; None for nowhere.
        storage: connection properties of both sides.
    """

    group: str | None = None
    instance: str | None = None
    dead_letters: str | None = None
    until: Until = "stopped"
    form: ValueForm = "auto"
    messages: int | None = None
    seconds: float | None = None
    bytes: int = 16 << 20
    format: str = "parquet"
    metrics: str | None = None
    storage: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.until not in _UNTIL:
            raise UnknownNameError("end of a stream", self.until, _UNTIL)
        if self.form not in VALUE_FORMS:
            raise UnknownNameError("form of values", self.form, VALUE_FORMS)
        for what, name in {"group": self.group, "instance": self.instance}.items():
            if name is not None and not _NAME.fullmatch(name):
                raise UsageError(f"the {what}'s name is 1 to 200 letters, digits, '.', '_' and '-'")
        if min(self.messages or 1, self.bytes) < 1 or (self.seconds or 1.0) <= 0:
            raise UsageError("a stream takes at least one message at once, and some time for it")

    @property
    def process(self) -> str:
        """This process's name."""
        return self.instance or re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname()) or "one"
