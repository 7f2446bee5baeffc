"""What all contracts of one service share."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field

from lakescan.errors import UnknownNameError
from lakescan.jobs.keys import keyring_at
from lakescan.policy import Policy
from lakescan.service.access import Access
from lakescan.service.desk import Desk
from lakescan.service.jobs.office import Office
from lakescan.service.jwt import Tokens
from lakescan.service.meters import Meters
from lakescan.service.modes import policies_read, standard_beside
from lakescan.service.opentelemetry import Tracing
from lakescan.service.rates import Rates
from lakescan.service.settings import Settings
from lakescan.service.shared_uploads import SharedUploads
from lakescan.service.uploads import Documents, Uploads
from lakescan.udfs.anonymize.keys import Keyring


@dataclass(slots=True)
class Core:
    """One service's parts.

    Args:
        settings: what it was told.
        meters: its counters.
        tracing: None where nothing is traced.
        own_desk: answers questions about texts; None for threads of this process.
        desk: the one that does.
        access: who may come in.
        keyring: for operators that need a key; None without one.
        uploads: documents that were announced and whose text comes apart.
        standard: the policy with the shipped model, for requests that ask for no better.
        office: where scan jobs are run; None where there are none.
        ready: whether detectors and model are loaded, and it does not end yet.
        fault: the kind of error that kept them from it.
    """

    settings: Settings
    meters: Meters = field(default_factory=Meters)
    tracing: Tracing | None = None
    own_desk: InitVar[Desk | None] = None
    uploads: Documents = field(init=False)
    desk: Desk = field(init=False)
    access: Access = field(init=False)
    keyring: Keyring | None = field(init=False)
    standard: Policy = field(init=False)
    office: Office | None = field(init=False)
    ready: bool = False
    draining: bool = False
    fault: str = ""

    def __post_init__(self, own_desk: Desk | None) -> None:
        given = self.settings
        self.desk = own_desk or Desk(
            given.policy, given.workers, given.waiting, self.meters, self.tracing
        )
        tokens = None if given.tokens is None else Tokens(given.tokens)
        rates = None if given.rate is None else Rates(given.rate, given.burst)
        self.access = Access(given.keys, tokens, rates)
        self.standard = standard_beside(given.policy)
        self.uploads = SharedUploads(given.uploads, {}) if given.uploads else Uploads()
        self.keyring = None if given.key is None else keyring_at(given.key)
        self.office = None if given.jobs is None else Office(given.jobs)

    def policy(self, name: str | None) -> Policy:
        """A policy that requests may name.

        Raises:
            UnknownNameError: there is none of that name.
        """
        if name is None:
            return self.settings.policy
        every = self.settings.every_policy
        if name not in every:
            raise UnknownNameError("policy", name, every)
        return every[name]

    def load(self) -> None:
        """Load detectors and model; blocks."""
        try:
            self.desk.warm(list(policies_read(self.settings).values()))
        except Exception as error:
            self.fault = type(error).__name__
            raise
        self.ready = True
