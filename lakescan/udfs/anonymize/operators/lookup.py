"""An operator's name -> the operator: ours, then those that plug-ins bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

from lakescan.errors import UnknownNameError
from lakescan.policy.operators import OPTIONS
from lakescan.udfs.anonymize.operators.date_shift import DateShift
from lakescan.udfs.anonymize.operators.encrypt import Encrypt
from lakescan.udfs.anonymize.operators.fpe import Fpe
from lakescan.udfs.anonymize.operators.generalize import Generalize
from lakescan.udfs.anonymize.operators.hash import Hash
from lakescan.udfs.anonymize.operators.keep import Drop, Keep, Null
from lakescan.udfs.anonymize.operators.mask import Mask
from lakescan.udfs.anonymize.operators.noise import Noise
from lakescan.udfs.anonymize.operators.protocol import Operator
from lakescan.udfs.anonymize.operators.replace import Redact, Replace
from lakescan.udfs.anonymize.operators.token import Token
from lakescan.udfs.anonymize.operators.truncate import Truncate

#: Where third parties register theirs: a callable that takes a mapping of the policy's options and
#: gives an `Operator`; it raises ``ValueError`` for options that make no sense.
ENTRY_POINTS = "lakescan.operators"

_PLAIN: Mapping[str, Callable[[], Operator]] = {"drop": Drop, "keep": Keep, "null": Null}
_MAKERS: Mapping[str, Callable[[Any], Operator]] = {
    "date_shift": DateShift,
    "encrypt": Encrypt,
    "fpe": Fpe,
    "generalize": Generalize,
    "hash": Hash,
    "mask": Mask,
    "noise": Noise,
    "redact": Redact,
    "replace": Replace,
    "token": Token,
    "truncate": Truncate,
}


def build_operator(name: str, options: Mapping[str, object]) -> Operator:
    """An operator with its options.

    Args:
        name: ours, or that of a plug-in's entry point.
        options: as a policy has them.

    Raises:
        UnknownNameError: there is none.
        ValueError: the options make no sense; a policy's own are checked before.
    """
    if name in _PLAIN:
        return _PLAIN[name]()
    if name == "fake":
        from lakescan.udfs.anonymize.operators.fake.operator import Fake

        return Fake(OPTIONS[name].model_validate(options))  # type: ignore[arg-type]
    if name in _MAKERS:
        return _MAKERS[name](OPTIONS[name].model_validate(options))
    plugged = _plugged()
    if name not in plugged:
        raise UnknownNameError("operator", name, operator_names())
    return plugged[name](options)


def operator_names() -> tuple[str, ...]:
    """All operators that there are, sorted."""
    return tuple(sorted({*OPTIONS, *_plugged()}))


@lru_cache(maxsize=1)
def _plugged() -> dict[str, Callable[[Mapping[str, object]], Operator]]:
    points = sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)
    return {point.name: point.load() for point in points}
