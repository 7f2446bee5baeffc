"""Labelled texts: JSON Lines with ``id``, ``text``, ``spans`` of ``start``, ``end``, ``label``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lakescan.errors import CorruptFileError, NotFoundError

#: Names under which a span's label may stand, the first that is there counts.
_LABEL_KEYS = ("label", "category", "entity", "entity_type", "type")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: half-open code points, the label as the file has it."""

    start: int
    end: int
    label: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text and what stands in it."""

    id: str
    text: str
    spans: tuple[Span, ...]


def read_texts(path: Path) -> list[LabelledText]:
    """The gold texts.

    Raises:
        NotFoundError: there is no such file.
        CorruptFileError: a line is not what it should be; names the line, never its content.
    """
    texts: dict[str, LabelledText] = {}
    for number, record in json_lines(path):
        text = record.get("text")
        if not isinstance(text, str):
            raise _corrupt(path, number, "has no text")
        name = str(record.get("id", number))
        if name in texts:
            raise _corrupt(path, number, "has the id of an earlier line")
        spans = tuple(_spans(record, path, number))
        if any(not 0 <= span.start <= span.end <= len(text) for span in spans):
            raise _corrupt(path, number, "has a span outside of its text")
        texts[name] = LabelledText(name, text, spans)
    return list(texts.values())


def read_spans(path: Path) -> dict[str, tuple[Span, ...]]:
    """Predicted spans by the texts' ids; errors as in `read_texts`."""
    found: dict[str, tuple[Span, ...]] = {}
    for number, record in json_lines(path):
        if "id" not in record:
            raise _corrupt(path, number, "has no id")
        name = str(record["id"])
        found[name] = (*found.get(name, ()), *_spans(record, path, number))
    return found


def json_lines(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The objects of a JSON Lines file with their line numbers, from 1."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise NotFoundError("there is no such file", uri=str(path)) from None
    except UnicodeDecodeError:
        raise CorruptFileError("is not UTF-8 text", uri=str(path)) from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            raise _corrupt(path, number, "is not JSON") from None
        if not isinstance(record, dict):
            raise _corrupt(path, number, "is no JSON object")
        yield number, record


def _spans(record: Mapping[str, object], path: Path, number: int) -> Iterator[Span]:
    spans = record.get("spans", [])
    if not isinstance(spans, list):
        raise _corrupt(path, number, "has spans that are no list")
    for span in spans:
        if not isinstance(span, dict):
            raise _corrupt(path, number, "has a span that is no object")
        label = next((span[key] for key in _LABEL_KEYS if key in span), None)
        start, end, score = span.get("start"), span.get("end"), span.get("score", 1.0)
        if not (isinstance(start, int) and isinstance(end, int) and isinstance(label, str)):
            raise _corrupt(path, number, "has a span without start, end and label")
        yield Span(start, end, label, float(score) if isinstance(score, int | float) else 1.0)


def _corrupt(path: Path, number: int, why: str) -> CorruptFileError:
    return CorruptFileError(f"line {number} {why}", uri=str(path))
