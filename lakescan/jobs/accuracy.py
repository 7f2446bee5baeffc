"""Which model reads: settled once, where a job is started, for all of its workers."""

from __future__ import annotations

from typing import get_args

from lakescan.errors import UnknownNameError
from lakescan.policy import AccuracyMode, Policy


def asked(policy: Policy, mode: AccuracyMode | None) -> Policy:
    """The policy with another accuracy mode, where one is asked for.

    Raises:
        UnknownNameError: there is no such mode.
    """
    if mode is None or mode == policy.accuracy_mode:
        return policy
    if mode not in get_args(AccuracyMode):
        raise UnknownNameError("accuracy mode", mode, get_args(AccuracyMode))
    return policy.model_copy(update={"accuracy_mode": mode})


def decided(policy: Policy) -> Policy:
    """The policy with its accuracy mode settled.

    What it does not say follows from what is there: ``high`` if it names a model, ``standard`` if
    its model and packages are installed, else ``patterns``.
    """
    if policy.accuracy_mode is not None:
        return policy
    if policy.ner.model is not None:
        return asked(policy, "high")
    from lakescan.udfs.detect.ner.choice import default_mode

    return asked(policy, default_mode())


def fallback(policy: Policy) -> str | None:
    """Why a policy that leaves the choice open gets less than ``standard``; None if it does not."""
    if policy.accuracy_mode is not None or policy.ner.model is not None:
        return None
    from lakescan.udfs.detect.ner.choice import missing_runtime, shipped_folder

    package = missing_runtime()
    if package is None or shipped_folder("standard") is None:
        return None
    return (
        f"{package} is not installed, so names and places in text are not read "
        '(accuracy mode patterns; pip install "lakescan[ner]")'
    )
