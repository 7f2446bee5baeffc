"""docs/accuracy-results.md, as accuracy.py writes it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from targets import Standing
from tried import TRIED

from lakescan.reports.evaluation.model import Evaluation, Measure
from lakescan.reports.evaluation.rendering import markdown_table
from lakescan.reports.evaluation.words import BIN_HEADER, bin_rows, told

if TYPE_CHECKING:
    from accuracy import Outcome
    from detectors import DetectorScore

_HEAD = """# Accuracy, as measured

This page is written by

<!-- not run: it needs labelled data and an environment with the peers -->
```sh
python benchmarks/accuracy.py DATA_DIR --peers-python PYTHON --page docs/accuracy-results.md
```

which reads every labelled set below DATA_DIR with lakescan and with the peers and scores all of
them with [`lakescan evaluate`](evaluate.md): tokens for texts, columns for tables, 95 % bootstrap
intervals in brackets. Nothing of the sets is part of lakescan, and no model was trained on them;
but the rules were worked out while looking at the columns, and two for texts (telephones with their
kind behind them, names of countries) while looking at what was missed in presidio_generated_large:
expect less on others. That names of countries hold elsewhere was tried on 480 sentences of our own
with 250 names: .73 of them were found without the rule, .97 with it.
"""

_PEERS = """The peers run as they come: Presidio with all of its English recognizers and its default
configuration (which leaves organizations out), presidio-structured by the entity with the most hits
("defaults") and, tuned by us, by one that is in half of the cells with a score of at least 0.4;
DataProfiler with its unstructured labeler for texts and, for columns, the label that its structured
one gives to most cells. Of a column the peers get the first filled cells, lakescan the whole file;
"names alone" read no row, and "values alone" judges those same cells without the column's name, its
neighbours or its table.
"""

_DETECTORS = """How right each detector is by itself: of the columns in half of whose cells it
fires, the share that is of its category; and of those in which it became the verdict. `shape.*`
says of itself that a form proves little, `dictionary.*` knows words that other things have as well:
header, neighbours and check digits decide. Of what was outvoted, the five surest a column count.
"""


@dataclass(frozen=True, slots=True)
class When:
    """What the figures belong to.

    Args:
        day: of the page, ISO 8601.
        versions: of everything that ran.
        peers: the days on which the peers' predictions were made.
    """

    day: str
    versions: dict[str, str]
    peers: set[str]

    def sentence(self) -> str:
        """Day, machine and versions."""
        versions = ", ".join(f"{name} {number}" for name, number in sorted(self.versions.items()))
        older = sorted(self.peers - {self.day})
        kept = (
            f" The peers' predictions are of {', '.join(older)}, on the same machine."
            if older
            else ""
        )
        return (
            f"{self.day}, {len(os.sched_getaffinity(0))} cores of {platform.machine()}, "
            f"Python {platform.python_version()}; {versions}.{kept}"
        )


def write_page(
    path: Path,
    outcomes: Sequence[Outcome],
    found: Sequence[tuple[Outcome, Standing]],
    when: When,
) -> None:
    """Write the page.

    Args:
        path: of the page.
        outcomes: every system on every set.
        found: the targets and how lakescan stands.
        when: day, machine, versions.
    """
    lines = [
        _HEAD,
        when.sentence(),
        "",
        _PEERS,
        *_targets(found),
        *_missed(found),
    ]
    for name in dict.fromkeys(outcome.set.name for outcome in outcomes):
        lines += _set([outcome for outcome in outcomes if outcome.set.name == name])
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _targets(found: Sequence[tuple[Outcome, Standing]]) -> Iterator[str]:
    yield "## Targets"
    yield ""
    yield from markdown_table(
        ("set", "measure", "aim", "seen", "margin", ""),
        [
            (
                standing.set,
                f"{standing.target.measure}, {outcome.system}",
                f"{'at most' if standing.target.most else 'at least'} {standing.target.value:.2f}",
                told(standing.seen),
                f"{standing.margin:+.3f}",
                "met" if standing.met else "missed",
            )
            for outcome, standing in found
        ],
    )
    yield ""


def _missed(found: Sequence[tuple[Outcome, Standing]]) -> Iterator[str]:
    """Of each set with a target that is missed: by how much, the confusions, what was tried."""
    missed: dict[str, list[tuple[Outcome, Standing]]] = {}
    for outcome, standing in found:
        if not standing.met:
            missed.setdefault(standing.set, []).append((outcome, standing))
    for name, pairs in missed.items():
        yield f"### Missed on {name}"
        yield ""
        each = [f"{s.target.measure} is {told(s.seen)}, {-s.margin:.3f} short" for _, s in pairs]
        yield f"{'; '.join(each)}. The ten worst confusions:"
        yield ""
        evaluation = pairs[0][0].evaluation
        if evaluation is not None:
            yield from _confusions(evaluation)
            yield ""
        for paragraph in TRIED.get(name, ()):
            yield paragraph
            yield ""


def _confusions(figures: Evaluation) -> Iterator[str]:
    worst = [(c.gold, c.predicted, f"{c.count:,}") for c in figures.confusions[:10]]
    yield from markdown_table(("gold", "taken for", "times"), worst)


def _set(outcomes: Sequence[Outcome]) -> Iterator[str]:
    given = outcomes[0].set
    there = [(o, o.evaluation) for o in outcomes if o.evaluation is not None]
    if not there:
        return
    noun = "texts" if given.kind == "texts" else "columns"
    yield f"## {given.name}: {there[0][1].items:,} {noun}"
    yield ""
    yield from _overview(there, given.kind)
    yield ""
    for outcome in outcomes:
        if outcome.evaluation is None:
            yield f"{outcome.system} is absent: {outcome.why}."
            yield ""
    mine = [(o, e) for o, e in there if o.system.startswith("lakescan")]
    if not mine:
        return
    best, figures = max(mine, key=lambda pair: pair[1].main.micro.f1.value or 0.0)
    yield f"{best.system} by entity, and the others' F1:"
    yield ""
    yield from _entities(figures, [(o.system, e) for o, e in there if o is not best])
    yield ""
    if figures.calibration:
        yield "How often a verdict of some confidence is right:"
        yield ""
        yield from markdown_table(BIN_HEADER, list(bin_rows(figures)))
        yield ""
    if best.detectors:
        yield _DETECTORS
        yield from _detectors(best.detectors)
        yield ""
    yield f"The worst confusions of {best.system}:"
    yield ""
    yield from _confusions(figures)
    yield ""


def _overview(there: Sequence[tuple[Outcome, Evaluation]], kind: str) -> Iterator[str]:
    header: tuple[str, ...] = ("system", "precision", "recall", "F1", "F2")
    header += ("exact spans, F1", "any, F1") if kind == "texts" else (
        "macro-F1", "sensitive recall", "sensitive precision", "false alarms on NONE"
    )  # fmt: skip
    rows = []
    for outcome, found in there:
        micro = found.main.micro
        row = (outcome.system, *map(told, (micro.precision, micro.recall, micro.f1, micro.f2)))
        if kind == "texts":
            row += (told(found.level("spans").micro.f1), told(found.level("any").micro.f1))
        else:
            more = outcome.measures or {}
            rate = found.false_positive_rate or Measure(None)
            flags = [
                more.get(f"sensitive {what}", Measure(None)) for what in ("recall", "precision")
            ]
            row += (told(found.main.macro_f1), *map(told, flags), told(rate))
        rows.append(row)
    yield from markdown_table(header, rows)


def _entities(figures: Evaluation, others: Sequence[tuple[str, Evaluation]]) -> Iterator[str]:
    header = ("entity", "support", "precision", "recall", "F1", "F2", *(name for name, _ in others))
    known = [{score.name: score.f1 for score in found.main.entities} for _, found in others]
    rows = [
        (
            score.name,
            f"{score.support:,}",
            *map(told, (score.precision, score.recall, score.f1, score.f2)),
            *(_short(each.get(score.name)) for each in known),
        )
        for score in figures.main.entities
    ]
    yield from markdown_table(header, rows)


def _detectors(scores: Sequence[DetectorScore]) -> Iterator[str]:
    header = ("detector", "category", "columns", "precision", "verdicts", "precision of those")
    rows = [
        (s.name, s.category, f"{s.columns:,}", told(s.precision), f"{s.told:,}", told(s.verdicts))
        for s in scores
    ]
    yield from markdown_table(header, rows)


def _short(measure: Measure | None) -> str:
    return "-" if measure is None or measure.value is None else f"{measure.value:.3f}"
