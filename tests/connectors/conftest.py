"""Short ways to write files and to read them back; the stores, each by a real server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from lakescan.connectors import Dataset, ReadRequest, Selection, SourceFailure, discover, read

if TYPE_CHECKING:
    from conftest import Store

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


class Proxy:
    """The program in `proxy.py`, between client and server."""

    def __init__(self, port: int, *, renamed: bool) -> None:
        program = Path(__file__).with_name("proxy.py")
        command = [sys.executable, str(program), str(port), "renamed" if renamed else "plain"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def tell(self, command: str) -> int:
        """Give it a command; how many connections it has refused so far."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def proxy(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy that the store's client goes through."""
    if store.name == "local":
        pytest.skip("a disk has no connection")
    made = Proxy(store.address[1], renamed=store.name == "gcs")
    for name, value in store.through(made.port).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("lakescan.connectors.storage.gcs.TRY_SECONDS", 4)
    yield made
    made.close()
