"""Which columns a model should read: prose, and words that may be names."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lakescan.udfs.classify.header.header import Header
from lakescan.udfs.classify.header.lexicon import HINT
from lakescan.udfs.classify.profile.profile import Hit
from lakescan.udfs.classify.verdict.support import kind_of
from lakescan.udfs.classify.verdict.table import PLAIN
from lakescan.udfs.detect.conflicts.disputes import LOST
from lakescan.udfs.detect.ner.gate import could_hold

#: Concepts of headers whose values are words; those of persons, firms and places among them.
_WORDS = (
    "first_name last_name full_name name username street city county state country place"
    " organization occupation nrp medical text"
).split()
_NAMES = "first_name last_name full_name name organization place occupation street city".split()

#: What these name plainly, they name; there is little to be learnt from reading it.
_DECIDED = "street city state county country organization occupation nrp".split()

#: So many of the values must be words, of no pattern, and not all of them known to the lists.
_READABLE, _EXPLAINED, _LISTED = 0.3, 0.5, 0.9

#: So many of the values being prose, or names by their form, is enough.
_PROSE, _NAMELIKE = 0.2, 0.5

#: Of the lines of a text, be it code or markup, so many are more than one word.
_SPOKEN = 0.1

#: A list says so much of a word that means one thing only.
_PLAIN_WORD = 0.4

_IS_PROSE = r"^\s*\S+(?:\s+\S+){5,}"
_IS_WORDS = r"^\s*\S+\s+\S"
#: Two words or more, the first with a capital or of a script that has none, few signs.
_IS_NAME = r"^\s*[\p{Lu}\p{Lo}][\p{L}\p{M}.'’-]*,?(?:\s+[\p{L}\p{M}\d&.,'’()/-]+){1,6}\s*$"


def worth_reading(
    header: Header, texts: pl.Series, hits: Sequence[Hit], filled: int, *, alone: bool = False
) -> bool:
    """Whether reading the values may tell something that patterns, lists and header do not.

    Args:
        header: of the column.
        texts: some of its distinct values.
        hits: what was found in all of them.
        filled: its cells.
        alone: it is the table's only column: without a name, the lines of a text.
    """
    if len(texts) == 0 or could_hold(texts).mean() < _READABLE or _explained(hits, filled):
        return False
    hinted = header.sure(*_WORDS)
    if hinted < HINT and (header.best >= PLAIN or header.key or header.about):
        return False
    if _share(texts, _IS_PROSE) >= _PROSE:
        return True
    if alone and not header.words and _share(texts, _IS_WORDS) >= _SPOKEN:
        return True
    if header.sure(*_DECIDED) >= PLAIN:
        return False
    if header.sure(*_NAMES) >= HINT:
        return True
    return _share(texts, _IS_NAME) >= _NAMELIKE


def _share(texts: pl.Series, form: str) -> float:
    return int(texts.str.contains(form).sum()) / len(texts)


def _explained(hits: Sequence[Hit], filled: int) -> bool:
    """Whether strict forms are most of the cells, or one list is nearly all of them."""
    for hit in hits:
        kind = kind_of(hit.detector)
        share = hit.whole_rows / max(1, filled)
        if kind == "dictionary":
            if share >= _LISTED and hit.mean_score >= _PLAIN_WORD:
                return True
        elif kind not in ("shape", LOST) and share >= _EXPLAINED:
            return True
    return False
