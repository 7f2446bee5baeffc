"""A dry run's look at the first rows: before and after, both masked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from lakescan import entities
from lakescan.connectors import Dataset, ReadRequest, read
from lakescan.policy import Policy
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import TablePlan
from lakescan.udfs.anonymize.rewriter import Rewriter
from lakescan.udfs.anonymize.tally import Tallies
from lakescan.udfs.classify.profile.masking import mask
from lakescan.udfs.detect import build_detectors
from lakescan.udfs.leaves import leaves

_ROWS = 200
_SHOWN = 3
#: Stands for a marker while the rest of a text is masked (U+FFFC, OBJECT REPLACEMENT CHARACTER).
_PLACE = "\ufffc"


@dataclass(frozen=True, slots=True)
class Change:
    """A column's first changed cells.

    Args:
        column: its path.
        before, after: masked, but for markers of what was found; an empty text for null.
    """

    column: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of the first rows of a table."""

    uri: str
    changes: tuple[Change, ...]
    tallies: Tallies


def previews(
    datasets: Sequence[Dataset],
    plans: Sequence[TablePlan],
    policy: Policy,
    keyring: Keyring | None,
    storage: Mapping[str, str],
) -> Iterator[Preview]:
    """Rewrite the first rows of each dataset, here, and keep masked previews of them."""
    detectors = build_detectors(policy)
    detectors.setup()
    markers = _markers(policy)
    for dataset, plan in zip(datasets, plans, strict=True):
        rewriter = Rewriter(plan, policy, Workshop(keyring), detectors)
        request = ReadRequest(max_rows=_ROWS, storage=storage)
        batch = next(read(dataset.splits[0], request), None) if dataset.splits else None
        changes = () if batch is None else tuple(_changes(batch, rewriter.rewrite(batch), markers))
        yield Preview(dataset.uri, changes, rewriter.tallies)


def _markers(policy: Policy) -> re.Pattern[str]:
    """What `replace` writes: ``<PERSON>``, ``<PERSON_2>``."""
    names = {each.name for each in entities.all_entities()}
    names |= {each.category for each in entities.all_entities()}
    names |= {each.entity for each in policy.custom_entities}
    return re.compile(f"<(?:{'|'.join(map(re.escape, sorted(names)))})(?:_[0-9]+)?>")


def _masked(text: str, markers: re.Pattern[str]) -> str:
    found = iter(markers.findall(text))
    shown = mask(markers.sub(_PLACE, text))
    return re.sub(_PLACE, lambda _: next(found, ""), shown)


def _changes(
    before: pa.RecordBatch, after: pa.RecordBatch, markers: re.Pattern[str]
) -> Iterator[Change]:
    new = {leaf.path: leaf.array for leaf in leaves(after)}
    for leaf in leaves(before):
        made = new.get(leaf.path)
        olds = _texts(leaf.array)
        news = [""] * len(olds) if made is None or len(made) != len(olds) else _texts(made)
        pairs = [(a, b) for a, b in zip(olds, news, strict=True) if a != b][:_SHOWN]
        if pairs:
            yield Change(
                leaf.path,
                tuple(mask(a) for a, _ in pairs),
                tuple(_masked(b, markers) for _, b in pairs),
            )


def _texts(array: pa.Array) -> list[str]:
    return ["" if value is None else str(value) for value in array.to_pylist()]
