"""Reading tables in tests, and a proxy that stands between us and a server."""

from __future__ import annotations

import contextlib
import socket
import threading

import pyarrow as pa
import pytest

from lakescan.connectors import Dataset, ReadRequest, Selection, discover, read
from lakescan.connectors.held import holding


class Proxy:
    """Stands between a client and a server: hands bytes on, slowly, or stops in the middle."""

    def __init__(self, port: int, *, stop_after: int | None = None, piece: int = 1 << 16) -> None:
        self._target = port
        self._left = stop_after
        self._piece = piece
        self._server = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = [self._server]
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                self._lines.append(client)
                server = socket.create_connection(("127.0.0.1", self._target))
                self._lines.append(server)
                for source, to, back in ((client, server, False), (server, client, True)):
                    line = threading.Thread(target=self._hand_on, args=(source, to, back))
                    line.daemon = True
                    line.start()

    def _hand_on(self, source: socket.socket, to: socket.socket, back: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(self._piece):
                if back and self._left is not None:
                    if self._left <= 0:
                        return  # and silence
                    self._left -= len(data)
                to.sendall(data)
            to.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()


@pytest.fixture
def tables():
    """The datasets of a URI by the last part of theirs; failures are none."""

    def run(uri: str, selection: Selection | None = None) -> dict[str, Dataset]:
        found = list(discover(uri, selection))
        assert all(isinstance(one, Dataset) for one in found), found
        return {one.uri.rsplit("/", 1)[-1]: one for one in found if isinstance(one, Dataset)}

    return run


@pytest.fixture
def rows():
    """All rows of a dataset of a URI, read split by split in one snapshot."""

    def run(
        uri: str, selection: Selection | None = None, request: ReadRequest | None = None
    ) -> pa.Table:
        with holding():
            (dataset,) = discover(uri, selection)
            assert isinstance(dataset, Dataset), dataset
            batches = [batch for split in dataset.splits for batch in read(split, request)]
        return pa.concat_tables([pa.Table.from_batches([b]) for b in batches])

    return run


@pytest.fixture
def proxy():
    """Makes proxies, and closes them."""
    made: list[Proxy] = []

    def make(port: int, *, stop_after: int | None = None, piece: int = 1 << 16) -> Proxy:
        made.append(Proxy(port, stop_after=stop_after, piece=piece))
        return made[-1]

    yield make
    for one in made:
        one.close()
