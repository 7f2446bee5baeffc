"""A blob that is written in blocks: none of it shows before all of it is committed."""

from __future__ import annotations

import base64
import io
import secrets
from typing import TYPE_CHECKING

from lakescan.connectors.storage.azure_errors import azure_errors

if TYPE_CHECKING:
    from azure.storage.blob import BlobClient

#: A blob has at most 50,000 blocks (Put Block List): 8 MiB make 390 GiB.
_BLOCK_BYTES = 8 << 20


class Blocks(io.RawIOBase):
    """A stream into blocks; what is not committed, Azure drops after a week."""

    def __init__(self, blob: BlobClient, uri: str) -> None:
        super().__init__()
        self._blob = blob
        self._uri = uri
        self._held = bytearray()
        self._ids: list[str] = []
        self._count = 0
        # Ids of one length, and not those of another writer of the same blob.
        self._prefix = secrets.token_hex(4)

    def writable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Bytes so far."""
        return self._count

    def write(self, data: object, /) -> int:
        """Append."""
        piece = memoryview(data).cast("B")  # type: ignore[arg-type] # bytes or an Arrow buffer
        self._held += piece
        self._count += len(piece)
        while len(self._held) >= _BLOCK_BYTES:
            self._stage(bytes(self._held[:_BLOCK_BYTES]))
            del self._held[:_BLOCK_BYTES]
        return len(piece)

    def commit(self) -> None:
        """Make the blob of what was written."""
        from azure.storage.blob import BlobBlock

        if self._held:
            self._stage(bytes(self._held))
            self._held.clear()
        with azure_errors(self._uri):
            self._blob.commit_block_list([BlobBlock(one) for one in self._ids])

    def _stage(self, data: bytes) -> None:
        name = base64.b64encode(f"{self._prefix}-{len(self._ids):06d}".encode()).decode()
        with azure_errors(self._uri):
            self._blob.stage_block(name, data)
        self._ids.append(name)
