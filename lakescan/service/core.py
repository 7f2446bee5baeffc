"""What all contracts of one service share."""

from __future__ import annotations

from dataclasses import dataclass, field

from lakescan.jobs.reading import Question, read_texts
from lakescan.service.desk import Desk
from lakescan.service.meters import Meters
from lakescan.service.settings import Settings

#: Read once at the start: it has all that makes detectors load what they need.
_FIRST = "Ann Example of Springfield pays by 4111 1111 1111 1111; call 202-555-0142 on 3 May 2021."


@dataclass(slots=True)
class Core:
    """One service's parts.

    Args:
        settings: what it was told.
        meters: its counters.
        desk: where questions about texts are answered.
        ready: whether detectors and model are loaded.
        fault: the kind of error that kept them from it.
    """

    settings: Settings
    meters: Meters = field(default_factory=Meters)
    desk: Desk = field(init=False)
    ready: bool = False
    fault: str = ""

    def __post_init__(self) -> None:
        self.desk = Desk(
            self.settings.policy, self.settings.workers, self.settings.waiting, self.meters
        )

    def load(self) -> None:
        """Load detectors and model; blocks."""
        try:
            read_texts([Question((_FIRST,))], self.settings.policy)
        except Exception as error:
            self.fault = type(error).__name__
            raise
        self.ready = True
