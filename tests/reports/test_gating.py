"""Gates: what trips them, and that a baseline forgives what was there before."""

import dataclasses

import pytest

from lakescan.policy import parse_gate
from lakescan.reports.gating import tripped


def trip_columns(report, gate, baseline=None):
    trips = tripped(report, [parse_gate(gate)], baseline)
    return [finding.column_name for trip in trips for finding in trip.findings]


@pytest.mark.parametrize(
    "gate, columns",
    [
        ("sensitive", ["email", "iban", "note", "patient.icd[]", "token"]),
        ("EMAIL_ADDRESS", ["email"]),
        ("IBAN>0.5", ["iban"]),
        ("IBAN>0.7", []),
        ("domain:SECRET", ["token"]),
        ("CITY", ["city"]),
        ("PHONE_NUMBER", ["note"]),
        ("CREDIT_CARD", []),
    ],
)
def test_trips(report, gate, columns):
    assert trip_columns(report, gate) == columns


def test_baseline_forgives_what_tripped_before(report):
    before = dataclasses.replace(report, datasets=report.datasets[:1])
    assert trip_columns(report, "sensitive", before) == ["patient.icd[]", "token"]
    assert trip_columns(report, "sensitive", report) == []


def test_growing_over_the_gate_is_new(report):
    customers = report.datasets[0]
    columns = list(customers.columns)
    iban = columns[2].classifications[0]
    columns[2] = dataclasses.replace(
        columns[2], classifications=(dataclasses.replace(iban, prevalence=0.1),)
    )
    before = dataclasses.replace(
        report, datasets=(dataclasses.replace(customers, columns=tuple(columns)),)
    )
    assert trip_columns(report, "IBAN>0.5", before) == ["iban"]
    assert trip_columns(report, "IBAN", before) == []


def test_line_names_the_first_columns(report):
    (trip,) = tripped(report, [parse_gate("sensitive")])
    assert trip.line() == (
        "gate 'sensitive' tripped by 5 findings: customers.csv: email (EMAIL_ADDRESS), "
        "customers.csv: iban (IBAN), customers.csv: note (PERSON), and 2 more"
    )


def test_line_is_harmless_whatever_a_column_is_called(hostile_report):
    (trip,) = tripped(hostile_report, [parse_gate("sensitive")])
    assert trip.line().isprintable()
