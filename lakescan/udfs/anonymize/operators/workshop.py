"""The operators that a plan needs, each set up once with the keys of its domain."""

from __future__ import annotations

from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.operators.protocol import Operator
from lakescan.udfs.anonymize.plan import Treatment


class Workshop:
    """Hands out operators that are ready.

    Args:
        keyring: None where no operator of the plan is keyed.
    """

    def __init__(self, keyring: Keyring | None) -> None:
        self._keyring = keyring
        self._ready: dict[object, Operator] = {}

    def operator(self, treatment: Treatment) -> Operator:
        """The operator of a treatment."""
        if treatment.key not in self._ready:
            operator = self.build(treatment)
            keys = None
            if operator.traits.keyed:
                assert self._keyring is not None, "the job asks for a key first"
                keys = self._keyring.domain(treatment.domain, treatment.key_id)
            operator.setup(keys)
            self._ready[treatment.key] = operator
        return self._ready[treatment.key]

    def build(self, treatment: Treatment) -> Operator:
        """The operator, not set up yet."""
        return build_operator(treatment.operator, treatment.options)
