"""Writers of file formats: Arrow batches in, bytes out, in the style of the file they come from.

`open_writer` finds one by the format's name. A writer holds no more than a row group or a block.
"""

from __future__ import annotations

from lakescan.connectors.sinks.writers.lookup import EXTENSIONS, WRITABLE, open_writer, unfit
from lakescan.connectors.sinks.writers.protocol import Draft, RowWriter

__all__ = ["EXTENSIONS", "WRITABLE", "Draft", "RowWriter", "open_writer", "unfit"]
