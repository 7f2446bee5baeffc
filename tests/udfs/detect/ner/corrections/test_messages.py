"""HL7 version 2 messages, by the places of their values."""

from __future__ import annotations

import pytest

from lakescan.udfs.detect.ner.corrections.messages import with_messages
from lakescan.udfs.detect.ner.spans import Span

_MESSAGE = (
    r"MSH|^~\&|LAB|NORTHSHORE|EMR|CLINIC|20240122153000||ORU^R01|99812|P|2.5"
    "\r"
    "PID|||0098812^^^GH^MR||TRAN^LINH^THI^^^DR||19880214|F|||7 ELM RD^^EVANSTON^IL^60201||"
    "(847)555-0139~(847)555-0140\r"
    "PV1|1|I|4W^412^A||||1447^HOLLINGS^PETER^J^^DR|||MED\r"
    "OBX|1|NM|WBC^LEUKOCYTES||6.1|10*3/uL"
)


def told(text: str, spans: list[Span]) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.entity) for span in spans]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_places_say_what_their_values_are(end):
    text = _MESSAGE.replace("\r", end)
    assert told(text, with_messages(text, [])) == [
        ("20240122153000", "DATE"),
        ("0098812", "HEALTH_CARE_ID"),
        ("TRAN^LINH^THI", "PERSON"),
        ("19880214", "DATE_OF_BIRTH"),
        ("7 ELM RD", "STREET"),
        ("EVANSTON", "CITY"),
        ("IL", "STATE"),
        ("60201", "ZIPCODE"),
        ("(847)555-0139", "PHONE_NUMBER"),
        ("(847)555-0140", "PHONE_NUMBER"),
        ("HOLLINGS^PETER^J", "PERSON"),
    ]


def test_what_was_read_elsewhere_stays_and_names_of_segments_go():
    start, segment = _MESSAGE.index("NORTHSHORE"), _MESSAGE.index("OBX")
    spans = [
        Span(start, start + 10, "ORGANIZATION", 0.8),
        Span(_MESSAGE.index("TRAN"), _MESSAGE.index("TRAN") + 4, "CITY", 0.8),
        Span(segment, segment + 3, "LAST_NAME", 0.8),
    ]
    found = told(_MESSAGE, with_messages(_MESSAGE, spans))
    assert ("NORTHSHORE", "ORGANIZATION") in found
    assert not {("TRAN", "CITY"), ("OBX", "LAST_NAME")} & set(found)


@pytest.mark.parametrize("text", ["PID|||0098812||TRAN^LINH", "see MSH|^~\\& in the manual", ""])
def test_other_texts_are_no_messages(text):
    assert with_messages(text, []) == []
