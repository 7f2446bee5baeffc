"""How the buckets are protected in which data was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from lakescan.connectors import storage_for
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, scheme_of
from lakescan.errors import LakescanError
from lakescan.reports.model import BucketReport, DatasetReport


def protection(
    datasets: Sequence[DatasetReport], storage: Mapping[str, str]
) -> tuple[BucketReport, ...]:
    """What the store says of each bucket that holds a dataset; none of which it says nothing."""
    found = {"/".join(dataset.uri.split("/")[:3]) for dataset in datasets if _stored(dataset)}
    return tuple(one for uri in sorted(found) for one in _asked(uri, storage))


def _stored(dataset: DatasetReport) -> bool:
    scheme = scheme_of(dataset.uri)
    return scheme in STORAGE_SCHEMES and scheme != "file"


def _asked(uri: str, storage: Mapping[str, str]) -> Iterator[BucketReport]:
    try:
        posture = storage_for(uri, storage).posture(f"{uri}/")
    except LakescanError:
        return  # no right to see it: nothing that the scan needs
    if posture is not None:
        yield BucketReport(**asdict(posture))
