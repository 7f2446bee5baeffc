"""Text files of a few lines: what a person would see in them is told, and lists stay lists."""

from __future__ import annotations

import pytest

import lakescan
from lakescan.connectors.formats.detect import detect

MAIL = """Hi Tom,

please send the contract to Mary Johnson.
She pays with 4111 1111 1111 1111.

Thanks,
Eve
"""
CHAT = "hey\nyou there?\nyes\ndid you call Mary Johnson\nnot yet\nok do it\nbtw Peter Smith quit\nbye\n"
ADDRESS = "Mary Johnson\n45 Oak Avenue\nSpringfield, IL 62704\n(217) 555-0142\n"


def told(tmp_path, text, name="a.txt"):
    (tmp_path / name).write_text(text)
    (dataset,) = lakescan.classify(tmp_path / name).value.datasets
    (column,) = dataset.columns
    return {each.entity: each for each in column.classifications}


ENVIRONMENT = "DB_HOST=db01\nDB_PASSWORD=hunter2!Sup3r\nADMIN_EMAIL=ops@acme.io\nMODE=prod\n"
DUMP = """CREATE TABLE users (id int, name text, email text, ssn text);
INSERT INTO users VALUES (1, 'Mary Johnson', 'mary@acme.io', '536-22-8171');
INSERT INTO users VALUES (2, 'Peter Smith', 'psmith@acme.io', '219-09-9990');
"""
CARD = """BEGIN:VCARD
N:Johnson;Mary;;;
FN:Mary Johnson
TEL;TYPE=CELL:+1-217-555-0142
EMAIL:mary@acme.io
ADR;TYPE=HOME:;;45 Oak Avenue;Springfield;IL;62704;USA
END:VCARD
"""
HL7 = """MSH|^~\\&|LAB|HOSP|EHR|HOSP|20240102101010||ADT^A01|123|P|2.5
PID|1||123456^^^HOSP^MR||JOHNSON^MARY^A||19800211|F|||45 OAK AVE^^SPRINGFIELD||(217)555-0142|||||536-22-8171
NK1|1|JOHNSON^PETER|SPO||(217)555-0199
"""
TABLE = "# On-call\n| Who | Phone |\n|---|---|\n| Mary Johnson | +1 217 555 0142 |\n| Tom Hill | +1 217 555 0199 |\n"
CODE = 'KEY = 7\ndef test_user():\n    u = User(name="Mary Johnson", ssn="536-22-8171")\n'


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        (MAIL, {"PERSON", "CREDIT_CARD"}),
        (CHAT, {"PERSON"}),
        (ADDRESS, {"PERSON", "STREET", "PHONE_NUMBER"}),
        ("My name is Ann Lee\n", {"PERSON"}),
        ("My name is Ann Lee and I live in Boston, my mail is broken.\n", {"PERSON", "CITY"}),
        ("call Mary Johnson\ncall Peter Smith\n", {"PERSON"}),
        (ENVIRONMENT, {"PASSWORD", "EMAIL_ADDRESS"}),
        (DUMP, {"PERSON", "EMAIL_ADDRESS", "US_SSN"}),
        (CARD, {"PERSON", "STREET", "PHONE_NUMBER", "EMAIL_ADDRESS"}),
        (HL7, {"PHONE_NUMBER", "US_SSN"}),
        (TABLE, {"PERSON", "PHONE_NUMBER"}),
        (CODE, {"PERSON", "US_SSN"}),
    ],
    ids="mail chat address sentence comma calls environment dump card hl7 table code".split(),
)
def test_what_stands_in_a_few_lines_is_told(tmp_path, text, entities):
    found = told(tmp_path, text, "a.md" if text == TABLE else "a.txt")
    assert {"FREE_TEXT"} | entities <= set(found)


def test_a_card_that_stands_there_once_is_as_sure_as_its_check(tmp_path):
    assert told(tmp_path, MAIL)["CREDIT_CARD"].confidence >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "red\ngreen\nblue\n",
        "Blue Widget Large\nRed Widget Small\nGreen Widget Medium\n",
        "1 5.0 3.2 a\n2 4.3 2.2 b\n3 6.0 1.1 c\n",
        # By chance one in ten has a Canadian number's check digit in it.
        "".join(f"{n:09d} {n * 7919:05d}\n" for n in range(120_000_000, 120_000_600)),
    ],
    ids=["words", "titles", "numbers", "digits"],
)
def test_a_list_is_no_text(tmp_path, text):
    assert told(tmp_path, text) == {}


def test_a_list_of_names_is_a_column_of_persons(tmp_path):
    assert set(told(tmp_path, "Ann Lee\nTom Hill\nMary Stone\n")) == {"PERSON"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Spoke with Ann Lee about 612-34-5678 and ann@example.com\n" * 9, "text"),
        ("I live in Boston now, my mail is broken.\nHe lives in Rome, her cat is old.\n", "text"),
        ("id, name, note\n1, Ann Lee, called\n2, Tom Hill, asked for a refund\n", "csv"),
        ("1,She is nice to me,yes\n2,He is a bit slow today,no\n", "csv"),
        ('10.0.0.1 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 12\n' * 9, "csv"),
    ],
)  # fmt: skip
def test_sentences_of_one_length_are_no_table(text, kind):
    assert detect("file:///a.txt", text.encode()) == kind


def test_a_person_in_one_of_a_few_notes_that_repeat_is_told(tmp_path):
    notes = [
        "Customer called about the late delivery of goods.",
        "Please call Ann Lee at the office today.",
        "Asked for a refund of the full price.",
        "Sent the contract to him by post again.",
        "No answer, will try again some other day.",
    ]
    rows = "".join(f'{n},"{notes[n % 5]}"\n' for n in range(300))
    (tmp_path / "calls.csv").write_text("id,note\n" + rows)
    (dataset,) = lakescan.classify(tmp_path / "calls.csv").value.datasets
    prose, *inside = dataset.columns[1].classifications
    assert "PERSON" in {each.entity for each in inside}
    assert prose.entity == "FREE_TEXT"
    assert not any("anew" in reason for reason in prose.because)
