"""HL7 version 2 messages say by its place what each value is: ``PID|||0098812||TRAN^LINH``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from lakescan.udfs.detect.ner.corrections.places import Covered, replaced
from lakescan.udfs.detect.ner.spans import Span

#: HL7 v2.5, chapter 2.5.4: a message begins with its header and the four encoding characters.
_MESSAGE = re.compile(r"(?:\A|[\r\n\v])MSH\|\^~\\&")
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}(?=\|)[^\r\n]*")
_PART = re.compile(r"[^~]+")

#: The concept of a place, and what its values are.
_ENTITIES = {
    "full_name": "PERSON",
    "first_name": "FIRST_NAME",
    "last_name": "LAST_NAME",
    "birth_date": "DATE_OF_BIRTH",
    "street": "STREET",
    "city": "CITY",
    "state": "STATE",
    "zip": "ZIPCODE",
    "country": "COUNTRY",
    "phone": "PHONE_NUMBER",
    "health_id": "HEALTH_CARE_ID",
    "organization": "ORGANIZATION",
    "date": "DATE",
}
#: What has one component that is somebody's; the others say who gave it out and of what kind it is.
_ALONE = frozenset(["HEALTH_CARE_ID", "PHONE_NUMBER"])
_SCORE = 0.9
#: Letters of a segment's name, and the most components of a field that are looked at: XAD has 23.
_NAME, _COMPONENTS = 3, 32


def with_messages(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those in an HL7 message replaced by what their places say.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    begun = _MESSAGE.search(text)
    if begun is None:
        return list(spans)
    segments = list(_SEGMENT.finditer(text, begun.start()))
    told = [found for segment in segments for found in _said(segment)]
    # The segments' own names are nobody's.
    names = Covered([Span(s.start(), s.start() + _NAME, "", 0) for s in segments])
    return replaced([s for s in spans if not names.touches(s.start, s.end)], told)


def _said(segment: re.Match[str]) -> Iterator[Span]:
    """What the fields of a segment hold."""
    name, *fields = segment.group().split("|")
    at = segment.start() + len(name) + 1
    # The first field of the header is the sign between fields.
    for number, field in enumerate(fields, start=2 if name == "MSH" else 1):
        for part in _PART.finditer(field) if field else ():
            yield from _of_field(f"{name}.{number}", at + part.start(), part.group())
        at += len(field) + 1


def _of_field(place: str, at: int, value: str) -> Iterator[Span]:
    entity = named_by(place)
    components = value.split("^")
    if entity == "PERSON" and len(components) > 1:
        yield from _of_name(at, components)
        return
    for number, component in enumerate(components[:_COMPONENTS], start=1):
        said = named_by(f"{place}.{number}") if len(components) > 1 else entity
        if number > 1 and said in _ALONE:
            said = None
        if said and component.strip():
            yield Span(at, at + len(component), said, _SCORE)
        at += len(component) + 1


def _of_name(at: int, components: Sequence[str]) -> Iterator[Span]:
    """A name of some components (XPN), perhaps behind a number (XCN)."""
    first = 1 if any(map(str.isdigit, components[0])) else 0
    at += sum(len(component) + 1 for component in components[:first])
    name = "^".join(components[first:]).partition("^^")[0].rstrip("^")
    if name:
        yield Span(at, at + len(name), "PERSON", _SCORE)


@lru_cache(maxsize=1024)
def named_by(place: str) -> str | None:
    """What stands at a place of a message, or in a column, if it is of anybody."""
    # Column profiles know the places; they build on this package.
    from lakescan.udfs.classify.header.header import read_header

    header = read_header(place)
    best = max(_ENTITIES, key=header.sure)
    return _ENTITIES[best] if header.sure(best) and header.sure(best) >= header.best else None
