"""mask: characters become stars, and a few at the ends stay."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from lakescan.policy.operators import MaskOptions
from lakescan.udfs.anonymize.code_points import Bools, CodePoints, Points, are_separators
from lakescan.udfs.anonymize.crypto.lanes import Int64s
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import text_only


class Mask:
    """Hides characters one by one; marks that combine with a letter are hidden as it is.

    A value that has no more characters than would stay is hidden whole.
    """

    name = "mask"

    def __init__(self, options: MaskOptions) -> None:
        plain = not options.keep_first and not options.keep_last
        self.traits = Traits(keeps_length=True, light=True, trivial=plain)
        star = ord(options.character)
        #: Of 8 bits, so that texts in ASCII stay so.
        self._star = np.uint8(star) if star < 128 else np.uint32(star)
        self._first = options.keep_first
        self._last = options.keep_last
        self._separators = options.keep_separators
        #: What each byte of a text in ASCII becomes; None where that is no byte.
        self._table: bytes | None = None
        if star < 128:
            ascii_bytes = np.arange(256, dtype=np.uint8)
            hidden = self._counted(ascii_bytes[:128])
            ascii_bytes[:128][hidden] = star
            self._table = ascii_bytes.tobytes()

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Nothing to prepare."""

    def apply(self, cells: Cells) -> Applied:
        """The masked values."""
        texts = CodePoints.of(cells.values)
        points = texts.points
        if points.dtype == np.uint8 and self._table is not None:
            made = np.frombuffer(bytearray(points.tobytes().translate(self._table)), np.uint8)
        else:
            made = points.astype(np.result_type(points, self._star))
            made[self._counted(points)] = self._star
        if self._first or self._last:
            shown = self._shown(texts)
            made[shown] = points[shown]
        return Applied(CodePoints(made, texts.offsets).to_arrow())

    def _counted(self, points: Points) -> Bools:
        """Which characters are hidden, were it not for the ends."""
        return ~are_separators(points) if self._separators else np.ones(len(points), np.bool_)

    def _shown(self, texts: CodePoints) -> Int64s:
        """The places of the characters that stay at the ends."""
        counted = self._counted(texts.points)
        places, edges = np.arange(len(counted)), texts.offsets
        if not counted.all():
            places = np.flatnonzero(counted)
            edges = np.concatenate((np.zeros(1, np.int64), np.cumsum(counted, dtype=np.int64)))
            edges = edges[texts.offsets]
        enough = np.flatnonzero(np.diff(edges) > self._first + self._last)
        shown = [edges[enough] + rank for rank in range(self._first)]
        shown += [edges[enough + 1] - 1 - rank for rank in range(self._last)]
        found: Int64s = places[np.concatenate(shown)]
        return found
