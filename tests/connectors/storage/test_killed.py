"""A server that is really killed, and started again on the same data and port.

SeaweedFS and Azurite are cut off instead, in the conformance suite: Azurite forgets its containers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lakescan.connectors import ReadRequest, discover, read, storage_for
from lakescan.errors import LakeError, TransientError

if TYPE_CHECKING:
    from conftest import Servers

ROWS = 300_000


@pytest.mark.gcs
def test_a_server_is_killed_in_the_middle_and_comes_back(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never fewer rows than there are: all, or an error that is worth a retry, and then all."""
    monkeypatch.setattr("lakescan.connectors.storage.gcs.TRY_SECONDS", 3)
    with servers.start("gcs", tmp_path) as (store, process):
        for variable, value in store.env.items():
            monkeypatch.setenv(variable, value)
        body = b"id,name\n" + b"".join(b"%07d,some name\n" % i for i in range(ROWS))
        storage_for(store.root).write_bytes(f"{store.root}/a.csv", body)
        (dataset,) = discover(f"{store.root}/a.csv")
        batches = read(dataset.splits[0], ReadRequest(batch_bytes=1 << 20))
        count = next(batches).num_rows
        process.kill()
        process.wait()
        try:
            count += sum(batch.num_rows for batch in batches)
        except LakeError as error:
            assert isinstance(error, TransientError)  # noqa: PT017 - or it may have had them all
            count = 0
    assert count in (0, ROWS)
    with servers.start("gcs", tmp_path, store.address[1]):
        assert sum(b.num_rows for b in read(dataset.splits[0])) == ROWS
