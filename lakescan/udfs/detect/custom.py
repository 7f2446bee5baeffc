"""Detectors that a policy declares: patterns and word lists of the user's own, and denied words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.policy import CustomDetector, DenyRule
from lakescan.policy.regex import SafePattern, compile_regex
from lakescan.udfs.arrays import taken
from lakescan.udfs.detect.buffers import BoolArray, IntArray
from lakescan.udfs.detect.collect import Collector, Group, table_of
from lakescan.udfs.detect.layout import Layout
from lakescan.udfs.detect.matching.grammar import ascii_only
from lakescan.udfs.detect.values import Values

#: Code points around a match in which a context word counts, as in `text`.
_BEFORE, _AFTER = 48, 24
#: What a context word adds to the score.
_LIFT = 0.35


class RegexDetector:
    """A user's pattern, run by RE2 (linear time) over the values that a first look lets through.

    Args:
        declared: the detector as the policy has it; it has a ``regex``.
        version: of the policy.
        name: of its findings' detector; ``custom.`` and the declared one if not given.
    """

    def __init__(self, declared: CustomDetector, version: str, name: str = "") -> None:
        assert declared.regex is not None
        self.name = name or f"custom.{declared.name}"
        self.version = version
        self.entities = frozenset({declared.entity})
        self._declared = declared
        self._regex = declared.regex

    def setup(self) -> None:
        """Compile the pattern."""
        self._compiled()

    def _compiled(self) -> SafePattern:
        return compile_regex(self._regex, ignore_case=self._declared.ignore_case)

    def detect(self, values: Values) -> pa.Table:
        """Find entities; see `Detector.detect`."""
        return table_of(self.groups(values))

    def groups(self, values: Values) -> list[Group]:
        """Find matches anywhere; see `Detector.detect`."""
        gate = _rust(self._regex, self._declared.ignore_case)
        rows = np.arange(len(values))
        if gate is not None:
            rows = np.flatnonzero(values.series.str.contains(gate).to_numpy())
        regex, words = self._compiled(), _context(self._declared.context)
        plain: list[tuple[int, int, int]] = []
        lifted: list[tuple[int, int, int]] = []
        for row, text in zip(rows.tolist(), taken(values.series, rows).to_list(), strict=True):
            for match in regex.finditer(text):
                start, end = match.start(), match.end()
                if start == end:
                    continue
                near = words is not None and _near(words, text, start, end)
                (lifted if near else plain).append((row, start, end))
        out, score = Collector(), self._declared.score
        for found, certainty in ((plain, score), (lifted, min(1.0, score + _LIFT))):
            spans = np.asarray(found, np.int64).reshape(-1, 3)
            label = (self._declared.entity, self.name, certainty)
            out.add(spans[:, 0], spans[:, 1], spans[:, 2], label)
        return out.groups


class WordsDetector:
    """Words found whole, wherever they stand.

    Args:
        name: of its findings' detector.
        entity: what the words are.
        words: words or phrases.
        score: of a finding.
        ignore_case: whether case does not matter.
        version: of the policy.
    """

    def __init__(
        self,
        name: str,
        entity: str,
        words: Sequence[str],
        score: float,
        version: str,
        *,
        ignore_case: bool,
    ) -> None:
        self.name = name
        self.version = version
        self.entities = frozenset({entity})
        self._entity = entity
        self._score = score
        self._ignore_case = ignore_case
        self._words = sorted({w.lower() if ignore_case else w for w in words})

    @classmethod
    def declared(cls, what: CustomDetector, version: str) -> WordsDetector:
        """A policy's word list."""
        return cls(
            f"custom.{what.name}",
            what.entity,
            what.words,
            what.score,
            version,
            ignore_case=what.ignore_case,
        )

    def setup(self) -> None:
        """Nothing to load."""

    def detect(self, values: Values) -> pa.Table:
        """Find entities; see `Detector.detect`."""
        return table_of(self.groups(values))

    def groups(self, values: Values) -> list[Group]:
        """Find the words; see `Groups.groups`."""
        out = Collector()
        series = self._searched(values.series)
        found = pl.DataFrame(
            {
                "row": np.arange(len(series)),
                "start": series.str.find_many(self._words, overlapping=True),
                "word": series.str.extract_many(self._words, overlapping=True),
            }
        ).filter(pl.col("start").list.len() > 0)
        if not len(found):
            return out.groups
        found = found.explode("start", "word")
        rows = found["row"].to_numpy().astype(np.int64)
        starts = found["start"].to_numpy().astype(np.int64)
        spans = np.stack((starts, starts + found["word"].str.len_bytes().to_numpy()), axis=1)
        layout = Layout(values.series)
        whole = _whole(layout, rows, spans)
        rows, places = rows[whole], layout.code_points(rows[whole], spans[whole])
        out.add(rows, places[:, 0], places[:, 1], (self._entity, self.name, self._score))
        return out.groups

    def _searched(self, series: pl.Series) -> pl.Series:
        if not self._ignore_case:
            return series
        lower = series.str.to_lowercase()
        # A few letters change their length; then offsets would not hold.
        same = lower.str.len_bytes() == series.str.len_bytes()
        return lower if same.all() else lower.zip_with(same, series)


def denied(rule: DenyRule, version: str) -> list[RegexDetector | WordsDetector]:
    """Detectors of what a policy always wants to hear of."""
    name = f"deny.{rule.entity.lower()}"
    found: list[RegexDetector | WordsDetector] = []
    if rule.words:
        anyhow = rule.ignore_case is not False
        found.append(WordsDetector(name, rule.entity, rule.words, 1.0, version, ignore_case=anyhow))
    if rule.regex is not None:
        declared = CustomDetector(
            name="denied",
            entity=rule.entity,
            regex=rule.regex,
            score=1.0,
            ignore_case=bool(rule.ignore_case),
        )
        found.append(RegexDetector(declared, version, name))
    return found


def _whole(layout: Layout, rows: IntArray, spans: IntArray) -> BoolArray:
    """Whether no letter, digit or underscore touches a span whose own edge is one."""
    low, high = layout.offsets[rows], layout.offsets[rows + 1]
    start, end = low + spans[:, 0], low + spans[:, 1]
    word = _WORD_BYTES[layout.data]
    before = (start > low) & word[np.maximum(start - 1, 0)] & word[start]
    after = (end < high) & word[np.minimum(end, len(word) - 1)] & word[end - 1]
    free: BoolArray = ~(before | after)
    return free


#: Letters, digits, underscore, and all that is not ASCII.
_WORD_BYTES = np.array([b >= 0x80 or b == 0x5F or chr(b).isalnum() for b in range(256)])


def _near(words: SafePattern, text: str, start: int, end: int) -> bool:
    return bool(
        words.search(text[max(0, start - _BEFORE) : start])
        or words.search(text[end : end + _AFTER])
    )


@lru_cache(maxsize=256)
def _context(words: tuple[str, ...]) -> SafePattern | None:
    if not words:
        return None
    return compile_regex(r"\b(?:" + "|".join(map(re.escape, words)) + ")", ignore_case=True)


#: Escapes and flags that the two engines may not share, operators in classes, and letters whose
#: other case is a question of Unicode's version.
_DIFFERENT = re.compile(r"\\[^dwsbtnrf.^$*+?()\[\]{}|\\/-]|\(\?[^:P]|\[\[|&&|--|~~|[^\x00-\x7f]")


@lru_cache(maxsize=256)
def _rust(regex: str, ignore_case: bool) -> str | None:  # noqa: FBT001
    """The pattern for a first look by Polars; None where Rust may read it differently than RE2."""
    if _DIFFERENT.search(regex):
        return None
    spelled = ascii_only(regex).replace(r"\b", r"(?-u:\b)")
    source = f"(?{'i' if ignore_case else ''}:{spelled})"
    try:
        pl.Series([""]).str.contains(source)
    except pl.exceptions.ComputeError:
        return None
    return source
