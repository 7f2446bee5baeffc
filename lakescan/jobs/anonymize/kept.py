"""What of an earlier run's outputs a second run keeps: whatever would become the same again.

An output is made of rows, and in a way: by operators and their options, keys, detectors, the code
of all of these. Where nothing of it is different, the output of the run before stays as it is.
Operators that draw at random (``noise``) are no exception: what they drew once is as good, and
who has it twice could tell more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib import resources

from lakescan import __version__
from lakescan.connectors.sinks import OutputUnit, Sink, Staged, Transaction
from lakescan.connectors.sinks.files.bundle import INSIDE
from lakescan.connectors.sinks.protocol import KeepingSink
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, scheme_of
from lakescan.errors import UsageError
from lakescan.jobs.anonymize.task import AnonymizeUnit
from lakescan.policy import Policy
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.plan import TablePlan, Treatment
from lakescan.udfs.detect import build_detectors
from lakescan.udfs.detect.revision import digest_of

_BETWEEN = "\x1f"


def recipe_of(plan: TablePlan, policy: Policy, keyring: Keyring | None) -> str:
    """A digest of all that a table's outputs depend on, besides its rows and formats.

    Args:
        plan: what is done to its columns.
        policy: another one makes everything anew, whatever it changed.
        keyring: of a keyed operator, the key itself counts, not just its id.
    """
    told = [policy.hash, __version__, _operators(), repr(sorted(plan.kept))]
    told += map(repr, sorted(build_detectors(policy).versions.items()))
    for column in plan.columns:
        about = (column.index, column.path, column.entity, column.category, column.subject)
        told.append(repr(about))
        for entity, treatment in {"": column.whole, **column.spans}.items():
            if treatment is not None:
                told += [entity, repr(treatment.key), _key(treatment, keyring)]
    return _digest(told)


def made_of(unit: OutputUnit, recipe: str) -> OutputUnit:
    """The unit with its ``made``, if what it is read of tells when it changes.

    Databases do not, lake tables become such by commits of their own, and what lies in one
    file with others is written with them.
    """
    some = unit.splits[0] if unit.splits else None
    if some is None or scheme_of(some.uri) not in STORAGE_SCHEMES:
        return unit
    if unit.stage or INSIDE in unit.output or unit.format.name == "":
        return unit
    told = [recipe, unit.output, repr(unit.format), str(unit.schema), repr(unit.partitions)]
    return replace(unit, made=_digest([*told, *(split.token for split in unit.splits)]))


def check_keeps(sink: Sink, target: str) -> None:
    """Refuse targets of which no part can stay.

    Raises:
        UsageError: the target is no folder of files.
    """
    if not isinstance(sink, KeepingSink):
        raise UsageError(
            f"{target}: only files are written incrementally",
            hint="leave --incremental out: tables of databases, catalogs and topics are written"
            " whole",
            uri=target,
        )


def kept_of(
    sink: Sink, transaction: Transaction, units: Iterable[AnonymizeUnit]
) -> Iterator[tuple[AnonymizeUnit, Staged]]:
    """The units that the run before wrote, with what it wrote."""
    if not isinstance(sink, KeepingSink):
        return
    found = sink.kept(transaction)
    for unit in units:
        one = found.get(unit.output.made)
        if one is not None:
            yield unit, one


def _key(treatment: Treatment, keyring: Keyring | None) -> str:
    """Something that only this key makes, for an operator with one."""
    if keyring is None or not build_operator(treatment.operator, treatment.options).traits.keyed:
        return ""
    keys = keyring.domain(treatment.domain, treatment.key_id)
    return f"{keys.key_id} {keys.secret('recipe', 16).hex()}"


@cache
def _operators() -> str:
    """Changes with the code and the data of the operators."""
    return digest_of([resources.files("lakescan.udfs.anonymize")])


def _digest(told: Iterable[str]) -> str:
    return hashlib.sha256(_BETWEEN.join(told).encode()).hexdigest()[:32]
