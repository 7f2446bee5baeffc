"""The plan of a scan: which datasets there are, and which units of work."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lakescan.connectors import Dataset, Selection, SourceFailure, Split, discover
from lakescan.errors import LakeError
from lakescan.jobs.scan.sampling import sampled_splits
from lakescan.jobs.scan.unit import Basis, ScanUnit
from lakescan.policy import Policy
from lakescan.udfs.classify import profile_version

#: Values are read in a split in excess of its part, and at least.
_SPARE, _LEAST_READS = 4, 4

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done.

    Args:
        datasets: without their splits: those that are read are in ``units``.
        units: in the order of their datasets, each split once.
        failures: objects that could not be planned.
        sampled: places of the datasets of which less than all is read.
    """

    datasets: tuple[Dataset, ...]
    units: tuple[ScanUnit, ...]
    failures: tuple[SourceFailure, ...]
    sampled: frozenset[int]


def make_plan(
    uris: Sequence[str],
    policy: Policy,
    selection: Selection,
    versions: tuple[tuple[str, str], ...],
) -> Plan:
    """List the sources and cut them into units.

    Raises:
        LakeError: nothing could be listed at all; the first reason.
    """
    selection = replace(
        selection,
        include=(*selection.include, *policy.include),
        exclude=(*selection.exclude, *policy.exclude),
    )
    sampling = policy.sampling
    basis = Basis(
        policy.hash,
        (*versions, ("profile", profile_version())),
        (sampling.rows, sampling.row_groups),
    )
    datasets: list[Dataset] = []
    units: list[ScanUnit] = []
    failures: list[SourceFailure] = []
    sampled: set[int] = set()
    seen: set[bytes] = set()
    for found in _found(uris, selection):
        if isinstance(found, SourceFailure):
            failures.append(found)
            continue
        fresh = found.splits
        if len(uris) > 1:  # one URI has each split once, several may overlap
            fresh = tuple(split for split in fresh if _digest(split) not in seen)
            seen.update(_digest(split) for split in fresh)
        if found.splits and not fresh:
            continue
        place = len(datasets)
        chosen = sampled_splits(fresh, sampling)
        if not sampling.is_full:
            sampled.add(place)
        datasets.append(replace(found, splits=()))
        units.extend(_units(found, place, chosen, policy, basis))
    return Plan(tuple(datasets), tuple(units), tuple(failures), frozenset(sampled))


def _digest(split: Split) -> bytes:
    """Stands for a split's token, in a tenth of its room."""
    return hashlib.blake2b(split.token.encode(), digest_size=16).digest()


def _found(uris: Sequence[str], selection: Selection) -> Iterator[Dataset | SourceFailure]:
    """What stands under the URIs; one that fails spoils the others only if all fail."""
    errors: list[tuple[str, LakeError]] = []
    for uri in uris:
        try:
            yield from discover(uri, selection)
        except LakeError as error:
            errors.append((uri, error))
    if errors and len(errors) == len(uris):
        raise errors[0][1]
    for uri, reason in errors:
        yield SourceFailure(reason.uri or uri, reason)


def _units(
    dataset: Dataset, place: int, splits: Sequence[Split], policy: Policy, basis: Basis
) -> Iterator[ScanUnit]:
    columns = _wanted_columns(dataset, policy)
    rows, row_groups = basis.bounds
    total = sum(split.size for split in splits)
    for split in splits:
        unit = basis.unit_id(split, columns)
        reads = _reads(policy.ner.values_per_column, split.size, total)
        yield ScanUnit(unit, place, split, columns, rows, row_groups, reads)


def _reads(wanted: int, size: int, total: int) -> int:
    """How many values of a column a model may read in one of a dataset's splits.

    In few splits as many as are wanted of the whole, so that the sample is the same however the
    dataset is cut. In many, each split's part, several times over: what a split has left unread
    bounds the whole sample (`lakescan.udfs.classify.readings`).
    """
    part = -(-_SPARE * wanted * size // max(1, total))
    return min(wanted, max(_LEAST_READS, part))


def _wanted_columns(dataset: Dataset, policy: Policy) -> tuple[str, ...] | None:
    """The columns to read, where the policy says of some that they shall not be."""
    if not policy.columns or dataset.schema is None or not dataset.named:
        return None
    names = [*dataset.schema.names, *dataset.partitions]
    ignored = {
        name
        for name in names
        if (rule := policy.column_rule(dataset.uri, name)) is not None and rule.ignore
    }
    if not ignored:
        return None
    return tuple(dict.fromkeys(name for name in names if name not in ignored))
