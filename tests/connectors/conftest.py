"""Short ways to write files and to read them back through a connector."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from lakescan.connectors import Dataset, ReadRequest, Selection, SourceFailure, discover, read

Scan = Callable[..., tuple[list[Dataset], list[SourceFailure]]]


@pytest.fixture
def scan() -> Scan:
    """Discover: the datasets and the failures under a URI."""

    def run(
        uri: Path | str, selection: Selection | None = None
    ) -> tuple[list[Dataset], list[SourceFailure]]:
        found = list(discover(str(uri), selection))
        return (
            [one for one in found if isinstance(one, Dataset)],
            [one for one in found if isinstance(one, SourceFailure)],
        )

    return run


@pytest.fixture
def load() -> Callable[..., pa.Table]:
    """Read all splits of a dataset; dictionaries are decoded so that tables compare."""

    def run(dataset: Dataset, request: ReadRequest | None = None) -> pa.Table:
        tables = []
        for split in dataset.splits:
            for batch in read(split, request):
                arrays = [
                    a.dictionary_decode() if pa.types.is_dictionary(a.type) else a
                    for a in batch.columns
                ]
                tables.append(pa.table(arrays, names=batch.schema.names))
        same = all(table.schema == tables[0].schema for table in tables)
        return pa.concat_tables(tables, promote_options="none" if same else "permissive")

    return run


@pytest.fixture
def one(tmp_path: Path, scan: Scan) -> Callable[..., Dataset]:
    """Write bytes to a file and discover the one dataset in it."""

    def run(name: str, data: bytes | str, selection: Selection | None = None) -> Dataset:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        datasets, failures = scan(path, selection)
        assert not failures
        (dataset,) = datasets
        return dataset

    return run
