"""An abbreviation that medicine knows is no firm: ``history of COPD``, ``s/p CABG``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import polars as pl

from lakescan.udfs.detect.dictionaries.table import shipped
from lakescan.udfs.detect.ner.spans import Span

#: What the lists know, and what it is called.
_KNOWN = {"condition": "CONDITION", "procedure": "MEDICAL_PROCESS"}
_SHORT = re.compile(r"[A-Z][A-Z0-9]{2,5}")
#: Words of notes about patients; beside one, abbreviations that have other meanings count, too.
_CLINICAL = re.compile(
    r"(?<!\w)(?:pt|pts|patients?|hx|dx|pmh|rx|s/p|y/?o|mg|mcg|admitted|discharged?|diagnos\w+|symptoms?"
    r"|chronic|acute|ward|clinic)(?!\w)",
    re.IGNORECASE,
)


def with_medical(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, organizations that are abbreviations of conditions or procedures told as these.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    told = list(spans)
    for place, span in enumerate(told):
        said = text[span.start : span.end]
        if span.entity != "ORGANIZATION" or not _SHORT.fullmatch(said):
            continue
        known = _known(said.lower(), "strong") or (
            _known(said.lower(), "weak") if _CLINICAL.search(text) else None
        )
        if known is not None:
            told[place] = span._replace(entity=known)
    return told


@lru_cache(maxsize=1024)
def _known(word: str, how: str) -> str | None:
    """What the lists say that a word is: without a doubt (``strong``), or among others."""
    table = shipped()
    bits = table.look_up(pl.Series([word]).hash().to_numpy())
    kind = table.strong if how == "strong" else table.weak
    return next((e for name, e in _KNOWN.items() if (bits & kind(name)) != np.uint64(0)), None)
