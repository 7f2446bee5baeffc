"""Addresses of pages, and what stands in their queries: ``https://x.org/?email=ann@y.org``.

The address is longer and as well proven. But a person's number or a secret that it carries is told
by itself, and the address before and behind it, so that neither is lost on who wants but one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from lakescan import entities as catalog
from lakescan.udfs.detect.buffers import IntArray
from lakescan.udfs.detect.collect import Group, groups_of, table_of
from lakescan.udfs.detect.conflicts.ranks import MODEL, rank_of

_ADDRESS = "URL"

#: Categories and a domain that are told by themselves; dates, places and identifiers are not.
_TOLD = frozenset(
    "EMAIL_ADDRESS PHONE_NUMBER CREDIT_CARD BANK_ACCOUNT SOCIAL_SECURITY_ID NATIONAL_ID TAX_ID"
    " PASSPORT DRIVER_LICENSE HEALTH_CARE_ID USERNAME PASSWORD".split()
)
_TOLD_DOMAIN = "SECRET"

_Spans = list[tuple[int, int]]


def is_carried(entity: str) -> bool:
    """Whether an entity is told even where an address carries it."""
    if not catalog.is_known(entity):
        return False
    return catalog.category_of(entity) in _TOLD or catalog.domain_of(entity) == _TOLD_DOMAIN


def opened(findings: pa.Table) -> pa.Table:
    """The findings, addresses cut around what they carry.

    Args:
        findings: a table of `FINDINGS_SCHEMA`; they may overlap.
    """
    groups = groups_of(findings)
    addresses = [group for group in groups if group.entity == _ADDRESS]
    told = [g for g in groups if is_carried(g.entity) and rank_of(g.detector) > MODEL]
    if not addresses or not told:
        return findings
    held = _held(told, np.concatenate([group.rows for group in addresses]))
    others = [group for group in groups if group.entity != _ADDRESS]
    return table_of([*others, *(_cut(group, held) for group in addresses)])


def _held(told: Sequence[Group], rows: IntArray) -> dict[int, _Spans]:
    """Where something is told in rows, in the order of the text."""
    held: dict[int, _Spans] = {}
    for group in told:
        some = group.take(np.flatnonzero(np.isin(group.rows, rows)))
        columns = (some.rows, some.starts, some.ends)
        for row, start, end in zip(*(column.tolist() for column in columns), strict=True):
            held.setdefault(row, []).append((start, end))
    return {row: sorted(spans) for row, spans in held.items()}


def _cut(addresses: Group, held: Mapping[int, _Spans]) -> Group:
    left: list[tuple[int, int, int]] = []
    columns = (addresses.rows, addresses.starts, addresses.ends)
    for row, start, end in zip(*(column.tolist() for column in columns), strict=True):
        inside = [(low, high) for low, high in held.get(row, ()) if start < low and high <= end]
        left += [(row, *piece) for piece in _between(start, end, inside)]
    rows, starts, ends = np.array(left, np.int64).reshape(-1, 3).T
    return replace(addresses, rows=rows, starts=starts, ends=ends, whole=False)


def _between(start: int, end: int, inside: _Spans) -> _Spans:
    """What is left of a span around those inside it."""
    left = []
    for low, high in inside:
        if low > start:
            left.append((start, low))
        start = max(start, high)
    return [*left, (start, end)] if start < end else left
