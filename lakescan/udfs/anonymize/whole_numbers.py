"""Whole numbers as data frames write them in columns of floats: ``2025550142.0``."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Operator
from lakescan.udfs.anonymize.text_types import TEXT

_ZERO = ".0"
_FRACTION = r"^\d{5,16}\.0$"


def applied(operator: Operator, cells: Cells) -> Applied:
    """What an operator makes of the numbers without their ``.0``; digits get it back.

    So they become what equal numbers without it become. Ciphertexts would not get it back.
    """
    texts, traits = cells.values, operator.traits
    if texts.type != TEXT or traits.trivial or (traits.reversible and not traits.keeps_length):
        return operator.apply(cells)
    marked = pc.ends_with(texts, _ZERO)
    if not pc.any(marked).as_py():
        return operator.apply(cells)
    marked = pc.and_(marked, pc.match_substring_regex(texts, _FRACTION))
    bare = pc.if_else(marked, pc.utf8_slice_codeunits(texts, 0, -len(_ZERO)), texts)
    done = operator.apply(replace(cells, values=bare))
    if done.values.type != TEXT:
        return done
    digits = pc.and_(marked, pc.match_substring_regex(done.values, r"^\d+$"))
    longer = pc.binary_join_element_wise(done.values, *(pa.scalar(e, TEXT) for e in (_ZERO, "")))
    return replace(done, values=pc.if_else(digits, longer, done.values))
