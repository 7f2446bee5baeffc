"""What a label in the text names: ``Town: Plasy``, ``"city": "Plasy"``, ``<city>Plasy<``.

Forms, logs, JSON, XML and tables written as text say what a value is; a model that reads words
beside words may miss it or take a surname for a town. The labels are those that the names of
columns are read by (`lakescan.udfs.classify.header.header`), and only those that say it plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from lakescan.udfs.detect.ner.corrections.places import Covered, replaced
from lakescan.udfs.detect.ner.spans import Span

#: The concept of a label, and what its values are.
_ENTITIES = {
    "first_name": "FIRST_NAME",
    "last_name": "LAST_NAME",
    "full_name": "PERSON",
    "city": "CITY",
    "county": "COUNTY",
    "state": "STATE",
    "country": "COUNTRY",
    "organization": "ORGANIZATION",
}

#: Of a value that a label names.
_SCORE = 0.9

#: A label says so much at least; a mere hint ("from", "customer") does not do.
_PLAIN = 0.8

_LABEL = r"[^\W\d_][^\W_]{0,30}(?:[ _./-]{1,2}[^\W_]{1,30}){0,4}"
_KEY = _LABEL.replace("[ _", "[_")
#: A label at the beginning of a line, a cell, an object's member; before ``=`` of a word.
_MEMBER = (
    rf"(?:^|[\n\r\t;|,{{\[(>*]|[ ]{{2}}|[-*•][ ])[ *_]{{0,9}}[\"']?({_LABEL})[\"']?"
    r"[ *_]{0,9}:[ *_]{0,40}"
)
_ARGUMENT = rf"(?<![\w.-])({_KEY})="
#: By the signs that a text has: to look for both where there is one takes three times as long.
_FIELDS = {
    ":": re.compile(rf"{_MEMBER}([\"']?)"),
    "=": re.compile(rf"{_ARGUMENT}([\"']?)"),
    ":=": re.compile(rf"(?:{_MEMBER}|{_ARGUMENT})([\"']?)"),
}
_ELEMENT = re.compile(
    r"<(?:[\w-]{1,30}:)?([A-Za-z][\w.-]{0,40})(?:\s[^<>]{0,200})?>([^<>]{2,80})</"
)
#: Where a value ends that stands in no quotes.
_END = re.compile(
    r"[\n\r\t;|<>(){}\[\]\"*,]| {2}|[.!?](?:\s|$)(?<!\b\w\.\s)(?<!\b\w\w\.\s)"
    r"| [\w.-]{1,40}[=:]|\s[-\u2013\u2014]\s|$"
)
#: One to five words, of letters and what joins them.
_WORD = r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?"
_VALUE = re.compile(rf"{_WORD}(?: {_WORD}){{0,4}}")
_LONGEST = 80
#: Words that stand where a value is missing.
_MISSING = frozenset(
    "null none nil na nan unknown true false yes no not see required optional string text str value"
    " undefined redacted hidden pending various same all any other empty keine unbekannt".split()
)
#: Small words inside of names.
_SMALL = frozenset(
    "de da do dos das del della di la las le les los el du des van von der den het ten ter zu zum y"
    " e i of the and und et en al bin ibn am an der auf sur sous".split()
)

_LINE = re.compile(r"[^\n\r]+")
#: Signs between the cells of a line.
_DELIMITERS = "\t|;,"
#: A table has so many cells a line at least.
_LEAST_CELLS = 2


def with_fields(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those inside a labelled value replaced by what the label names.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    if not any(sign in text for sign in (":", "=", "\n", "</")):
        return list(spans)
    named = [*_fields(text), *_cells(text), *_elements(text)]
    if not named:
        return list(spans)
    told: list[Span] = []
    for field in sorted(named):
        if not told or field.start >= told[-1].end:
            told.append(field)
    read = Covered(spans)
    return replaced(spans, [field for field in told if not _is_owner(field, read)])


def _is_owner(field: Span, read: Covered) -> bool:
    """Whether what should be a firm's name was read as a person's in full: people trade, too."""
    over = read.first(field.start, field.end) if field.entity == "ORGANIZATION" else None
    return (
        over is not None
        and over.entity == "PERSON"
        and over.start <= field.start
        and over.end >= field.end
    )


def _fields(text: str) -> Iterator[Span]:
    """Values behind their labels."""
    field = _FIELDS.get("".join(sign for sign in ":=" if sign in text))
    for match in field.finditer(text) if field else ():
        *labels, quote = match.groups()
        start = match.end()
        if quote:
            end = text.find(quote, start)
        else:
            found = _END.search(text, start)
            end = found.start() if found else len(text)
        place = _name_in(text, start, end) if end > start else None
        entity = _named_by(next(filter(None, labels))) if place else None
        if place and entity:
            yield Span(*place, entity, _SCORE)


def _elements(text: str) -> Iterator[Span]:
    """What stands in elements of markup, by their names."""
    for match in _ELEMENT.finditer(text) if "</" in text else ():
        place = _name_in(text, *match.span(2))
        entity = _named_by(match[1]) if place else None
        if place and entity:
            yield Span(*place, entity, _SCORE)


def _cells(text: str) -> Iterator[Span]:
    """Values of the columns of a table whose first line says what they hold."""
    lines = [(m.start(), m.group()) for m in _LINE.finditer(text)]
    for delimiter in _DELIMITERS if len(lines) > 1 else "":
        if delimiter not in text:
            continue
        counts = [line.count(delimiter) + 1 for _, line in lines]
        place = 0
        while place + 1 < len(lines):
            count, line = counts[place], lines[place][1]
            place += 1
            if count < _LEAST_CELLS or counts[place] != count:
                continue
            head = line.split(delimiter)
            if not _is_head(head):
                continue
            entities = [_named_by(label.strip(" \"'")) for label in head]
            while place < len(lines) and counts[place] == count:
                start, line = lines[place]
                cells = line.split(delimiter)
                for entity, cell in zip(entities, cells, strict=True):
                    named = _name_in(text, start, start + len(cell)) if entity else None
                    if named and entity:
                        yield Span(*named, entity, _SCORE)
                    start += len(cell) + 1
                place += 1


def _is_head(labels: Sequence[str]) -> bool:
    """Whether a line is one of labels: all of them short words, and at least one names a value."""
    words = [label.strip(" \"'") for label in labels]
    inner = words[1:-1] if not words[0] and not words[-1] else words
    return all(re.fullmatch(_LABEL, word) for word in inner) and any(map(_named_by, inner))


def _name_in(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a value is, that has the form of a name."""
    value = text[start:end]
    if len(value) > _LONGEST:
        return None
    begin = start + len(value) - len(value.lstrip(" \"'"))
    value = value.strip(" \"'.")
    if not _VALUE.fullmatch(value) or len(value) < 2:
        return None
    words = re.split(r"[ ]", value)
    if any(word.lower().strip(".") in _MISSING for word in words):
        return None
    big = [word for word in words if word.lower() not in _SMALL]
    if not big:
        return None
    if any(word[0].islower() for word in big) and not (value.islower() and text.islower()):
        return None
    return begin, begin + len(value)


@lru_cache(maxsize=4096)
def _named_by(label: str) -> str | None:
    """What a label plainly names, of what is told here."""
    # Column profiles know the words; they build on this package.
    from lakescan.udfs.classify.header.header import read_header

    if not label:
        return None
    header = read_header(label)
    sure = {concept: header.sure(concept) for concept in _ENTITIES}
    best = max(sure, key=lambda concept: sure[concept])
    if sure[best] < _PLAIN or sure[best] < header.best:
        return None
    return _ENTITIES[best]
