"""Finds labelled sets below a folder: tables with a ``labels.jsonl``, and texts with spans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = Path(__file__).parent / "labels"
GOLD = "labels.jsonl"

#: How text sets name things: by the beginning of the file's name.
_FAMILIES = {"presidio": "presidio", "ambient": "ambient", "tab": "tab"}


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A gold file and the label map that reads it.

    Args:
        kind: ``columns`` or ``texts``.
        name: how it is called in tables.
        gold: the file with the labels.
        labels: the label map.
    """

    kind: str
    name: str
    gold: Path
    labels: Path


def labelled_sets(folder: Path) -> Iterator[LabelledSet]:
    """Column sets first, then text sets, by name."""
    tables = sorted(folder.rglob(GOLD))
    for gold in tables:
        yield LabelledSet("columns", gold.parent.name, gold, LABELS / "columns.yaml")
    below = [gold.parent for gold in tables]
    for path in sorted(folder.rglob("*.jsonl")):
        if path.parent not in below and _has_spans(path):
            family = next((f for f in _FAMILIES if path.name.startswith(f)), "")
            labels = LABELS / f"{_FAMILIES.get(family, 'ner')}.yaml"
            yield LabelledSet("texts", path.stem, path, labels)


def _has_spans(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        try:
            first = json.loads(file.readline())
        except (json.JSONDecodeError, UnicodeDecodeError):
            return False
    return isinstance(first, dict) and "text" in first and "spans" in first
