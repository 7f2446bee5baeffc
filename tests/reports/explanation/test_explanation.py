"""Explanations as their golden files."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from lakescan.reports.explanation.contract import columns_json
from lakescan.reports.explanation.model import (
    ColumnExplanation,
    FindingExplanation,
    FormExplanation,
    TextExplanation,
)
from lakescan.reports.explanation.terminal import print_columns, print_text
from lakescan.reports.model import Classification, ColumnReport, Evidence, Outvoted

GOLDEN = Path(__file__).parent / "golden"


def printed(draw, *args):
    text = io.StringIO()
    draw(*args, Console(file=text, width=110, highlight=False, color_system=None))
    return text.getvalue()


@pytest.fixture
def columns():
    iban = Classification(
        "IBAN", "BANK_ACCOUNT", "PII", 0.99, 0.62, (0.57, 0.67), 246, 240, ("DE********00",),
        (
            Evidence("pattern.iban", 1.0, 246, 0.95, ("DE********00", "GB********55")),
            Evidence("header", 0.9, None, 0.9),
        ),
        "values and header", ("values (IBAN) and header agree: 1 - (1 - 0.95) x (1 - 0.90)",),
    )  # fmt: skip
    other = Outvoted(
        "US_BANK_NUMBER", "BANK_ACCOUNT", 0.1, ("0.10 is below the threshold 0.5",),
        (Evidence("shape.us_bank_number", 0.05, 20, 0.02, ("******12",)),),
    )  # fmt: skip
    column = ColumnReport(
        "acc\u202eount", 3, "string", 400, 2, 380, True, None, (iban,), 0.0, (other,)
    )
    words = {
        "pattern.iban": "the form fits and the check passed: ISO 13616",
        "header": "the column's name",
    }
    nothing = ColumnReport(None, 4, "int64", 400, 0, 3, False)
    return (
        ColumnExplanation("/lake/a.csv", column, words),
        ColumnExplanation("/lake/a.csv", nothing, {}),
    )


@pytest.fixture
def text():
    return TextExplanation(
        (FindingExplanation(0, 9, "US_SSN", "SOCIAL_SECURITY_ID", 0.75, "context.us_ssn", "***-**-89",
                            "the form fits, and a word nearby says so", ("ssn",)),),
        (FindingExplanation(0, 9, "PHONE_NUMBER", "PHONE_NUMBER", 0.75, "context.phone", "***-**-89", "",
                            (), "outvoted by US_SSN (context.us_ssn) at 0-9: it came first"),),
        (FormExplanation(20, 29, "*******89", ("shape.us_passport",)),),
    )  # fmt: skip


def test_columns_as_a_table(columns):
    golden = (GOLDEN / "columns.txt").read_text(encoding="utf-8")
    assert printed(print_columns, columns) == golden


def test_columns_as_json(columns):
    golden = (GOLDEN / "columns.json").read_text(encoding="utf-8")
    assert columns_json(columns).decode() == golden


def test_a_text_as_a_table(text):
    golden = (GOLDEN / "text.txt").read_text(encoding="utf-8")
    assert printed(print_text, text) == golden


def test_a_text_as_json(text):
    golden = (GOLDEN / "text.json").read_text(encoding="utf-8")
    assert text.to_json() == golden


def test_values_are_shown_only_with_the_text(text):
    value = "219099999" + " " * 30
    out = io.StringIO()
    print_text(text, Console(file=out, width=110), value)
    assert "219099999" in out.getvalue()
