"""File formats: each describes a file from its head or footer and reads pieces of it as Arrow.

`format_named` gives the reader of a format, `detect` finds out which one a file is in.
"""

from __future__ import annotations

from lakescan.connectors.formats.detect import detect
from lakescan.connectors.formats.lookup import FORMAT_NAMES, format_named
from lakescan.connectors.formats.protocol import Format, Layout, Piece

__all__ = ["FORMAT_NAMES", "Format", "Layout", "Piece", "detect", "format_named"]
