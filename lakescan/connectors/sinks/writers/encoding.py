"""How text is put into bytes: encoding, byte order mark and line ends of the model."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from lakescan.connectors.sinks.writers.protocol import Draft
from lakescan.connectors.sniff.encoding import byte_order_mark
from lakescan.errors import UnsupportedError

_UTF8 = frozenset({"utf-8", "ascii"})


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a text file is written.

    Args:
        encoding: a Python codec's name.
        mark: a byte order mark, or nothing.
        newline: LF, CR LF or CR.
        uri: the output, for errors.
    """

    encoding: str = "utf-8"
    mark: bytes = b""
    newline: str = "\n"
    uri: str = ""

    @classmethod
    def of(cls, draft: Draft) -> TextStyle:
        """The style of a draft: its options, and what its model's first bytes show."""
        encoding = codecs.lookup(draft.format.option("encoding", "utf-8")).name
        if draft.model is None:
            return cls(encoding, uri=draft.uri)
        head = draft.model.head()
        found = byte_order_mark(head)
        marked = found is not None and codecs.lookup(found[0]).name == encoding
        mark = head[: found[1]] if found and marked else b""
        sample = head.decode(encoding, "replace")
        newline = "\r\n" if "\r\n" in sample else "\n"
        if draft.format.option("newline") == "cr":
            newline = "\r"
        return cls(encoding, mark, newline, draft.uri)

    def lines(self, cells: pa.LargeStringArray) -> bytes | pa.Buffer:
        """Strings as lines, each with its end.

        Raises:
            UnsupportedError: the encoding has no such character.
        """
        if not len(cells):
            return b""
        ended = pc.binary_join_element_wise(
            cells, pa.scalar("", pa.large_string()), pa.scalar(self.newline, pa.large_string())
        )
        whole = ended.combine_chunks() if isinstance(ended, pa.ChunkedArray) else ended
        offsets = pa.Array.from_buffers(pa.int64(), len(whole) + 1, [None, whole.buffers()[1]])
        start, stop = offsets[whole.offset].as_py(), offsets[whole.offset + len(whole)].as_py()
        data = whole.buffers()[2].slice(start, stop - start) if stop > start else b""
        return data if self.encoding in _UTF8 else self.encoded(data)

    def encoded(self, data: bytes | pa.Buffer) -> bytes:
        """UTF-8 in the encoding of the file."""
        text = bytes(data).decode()
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError:
            raise UnsupportedError(
                f"{self.uri}: has characters that {self.encoding} has not",
                hint="write it in another encoding, such as utf-8",
                uri=self.uri,
            ) from None
