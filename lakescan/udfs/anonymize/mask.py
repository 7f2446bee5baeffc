"""mask: characters become stars, and a few at the ends stay."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from lakescan.policy.operators import MaskOptions
from lakescan.udfs.anonymize.code_points import CodePoints, are_separators
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import text_only


class Mask:
    """Hides characters one by one; marks that combine with a letter are hidden as it is.

    A value that has no more characters than would stay is hidden whole.
    """

    name = "mask"
    traits = Traits(keeps_length=True, light=True)

    def __init__(self, options: MaskOptions) -> None:
        star = ord(options.character)
        #: Of 8 bits, so that texts in ASCII stay so.
        self._star = np.uint8(star) if star < 128 else np.uint32(star)
        self._first = options.keep_first
        self._last = options.keep_last
        self._separators = options.keep_separators

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Nothing to prepare."""

    def apply(self, cells: Cells) -> Applied:
        """The masked values."""
        texts = CodePoints.of(cells.values)
        counted = (
            ~are_separators(texts.points)
            if self._separators
            else np.ones(len(texts.points), np.bool_)
        )
        hidden = counted
        if self._first or self._last:
            before, totals = texts.ranks(counted)
            enough = np.repeat(totals > self._first + self._last, texts.sizes)
            ends = np.repeat(totals, texts.sizes) - self._last
            shown = enough & ((before < self._first) | (before >= ends))
            hidden = counted & ~shown
        points = np.where(hidden, self._star, texts.points)
        return Applied(CodePoints(points, texts.offsets).to_arrow())
