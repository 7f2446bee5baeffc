"""What goes round in a stream: messages are taken, treated, and written with how far that got."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lakescan.connectors.kafka.group import Limits, Member, Resume
from lakescan.errors import TransientError
from lakescan.jobs.stream.cleaning import Cleaner
from lakescan.jobs.stream.request import Until
from lakescan.jobs.stream.result import Counts

if TYPE_CHECKING:
    from confluent_kafka import Consumer

_log = logging.getLogger(__name__)

#: So often in a row a batch is begun again before the stream gives up, and the first pause.
_ATTEMPTS = 6
_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Flow:
    """One process's part of a stream.

    Args:
        consumer: the client of `member`.
        member: gives messages.
        cleaner: treats them.
        limits: of one commit.
        bytes: about how much is held in memory at once.
        stopped: whether it is time to end.
        counts: are kept.
        until: when to end.
    """

    consumer: Consumer
    member: Member
    cleaner: Cleaner
    limits: Limits
    bytes: int
    stopped: Callable[[], bool]
    counts: Counts
    until: Until = "stopped"


class Outlet(Protocol):
    """Where a stream goes: writes output and positions together."""

    @property
    def resume(self) -> Resume | None:
        """Tells where partitions were left; None if the consumer group knows."""

    def once(self, flow: Flow) -> None:
        """Take messages, treat and commit them; nothing is done if none come in time.

        Raises:
            TransientError: nothing was committed; the messages come again after a rewind.
            TerminalError: another process took over, or a message failed and may not.
        """


def go_round(flow: Flow, outlet: Outlet) -> None:
    """Until it is stopped, or everything is through.

    Raises:
        LakeError: of the outlet; transient ones once they came too often in a row.
    """
    failed = 0
    while not flow.stopped():
        try:
            outlet.once(flow)
        except TransientError as error:
            failed += 1
            flow.counts.aborts += 1
            if failed >= _ATTEMPTS:
                raise
            _log.warning("%s; the batch is begun again", error)
            time.sleep(_PAUSE * 2 ** (failed - 1))
            flow.member.rewind()
            continue
        failed = 0
        flow.counts.lag = flow.member.lag()
        if flow.until == "drained" and flow.member.drained:
            return
