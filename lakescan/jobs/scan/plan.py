"""The plan of a scan: which datasets there are, and which units of work."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lakescan.connectors import Dataset, Selection, SourceFailure, discover
from lakescan.errors import LakeError
from lakescan.jobs.scan.docket import Docket
from lakescan.jobs.scan.sampling import sampled_splits
from lakescan.jobs.scan.unit import Basis
from lakescan.policy import Policy
from lakescan.udfs.classify import profile_version

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
    units: Docket
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
    units = Docket(basis.bounds, policy.ner.values_per_column)
    failures: list[SourceFailure] = []
    sampled: set[int] = set()
    for found in _found(uris, selection):
        if isinstance(found, SourceFailure):
            failures.append(found)
            continue
        fresh = found.splits
        # One URI has each split once, several may overlap.
        repeated = units.repeated(fresh) if len(uris) > 1 else frozenset()
        if repeated:
            fresh = tuple(split for n, split in enumerate(fresh) if n not in repeated)
        if found.splits and not fresh:
            continue
        place = len(datasets)
        if not sampling.is_full:
            sampled.add(place)
        datasets.append(replace(found, splits=()))
        columns = _wanted_columns(found, policy)
        chosen = sampled_splits(fresh, sampling)
        units.add(place, ((basis.unit_id(split, columns), split) for split in chosen), columns)
    return Plan(tuple(datasets), units, tuple(failures), frozenset(sampled))


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
