"""What a Python worker of Spark keeps from task to task: detectors, keys, one model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import lru_cache

from lakescan.engines.attempt import as_lakescan_error
from lakescan.engines.spark.stage import bound_threads
from lakescan.jobs.detect import detectors_for
from lakescan.jobs.keys import keyring_at
from lakescan.policy import Policy
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.classify import Memory
from lakescan.udfs.detect import DetectorSet


def detectors_here(policy: Policy) -> DetectorSet:
    """The detectors of a policy, set up once in this worker; those of the last few are kept."""
    bound_threads()
    return detectors_for(policy)


def memory_here(policy: Policy) -> Memory:
    """What was found in strings that come again with every partition."""
    return _memory(detectors_here(policy))


@lru_cache(maxsize=4)
def _memory(detectors: DetectorSet) -> Memory:
    return Memory(detectors.evidence)


@lru_cache(maxsize=4)
def workshop_here(key: str | None) -> Workshop:
    """Operators with the keys of a keyring, fetched once in this worker.

    Args:
        key: the keyring's URI; None where no operator is keyed.
    """
    return Workshop(None if key is None else keyring_at(key))


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Let no library's message out: it may hold cells, and Spark logs what it gets."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - it becomes one of ours
        raise as_lakescan_error(error) from None
