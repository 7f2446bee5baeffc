"""Reports to print: a small lake with everything in it, one with hostile names, a wide one."""

from __future__ import annotations

import pytest

from lakescan.reports.model import (
    Classification,
    ColumnReport,
    DatasetReport,
    ErrorReport,
    Evidence,
    ScanReport,
)

#: Names that try something: markup, reading direction, terminal control, Markdown, length.
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "salary\u202egnp.exe",
    "\x1b[31mred\x1b[0m\r\nnew line\tand | pipe `code` **bold** [a](javascript:alert(1))",
    "{{ 7 * 7 }}{% raw %}</style></title>",
    "x" * 5000,
    "",
)


def classification(entity, category=None, domain="PII", confidence=0.99, **more):
    values = {
        "prevalence": 0.97,
        "interval": (0.955, 0.98),
        "rows_hit": 388,
        "distinct_hit": 371,
        "samples": ("j***@e***.com", "a***@m***.org"),
        "evidence": (Evidence("pattern.email", 1.0, 388), Evidence("header", 0.9)),
    }
    return Classification(entity, category or entity, domain, confidence, **(values | more))


def column(name, index, *found, sensitive=True, type_="string", **more):
    values = {"rows": 400, "nulls": 2, "distinct": 380} | more
    return ColumnReport(
        column=name, index=index, type=type_, sensitive=sensitive and bool(found),
        classifications=tuple(found), **values,
    )  # fmt: skip


@pytest.fixture
def report() -> ScanReport:
    customers = DatasetReport(
        uri="/lake/crm/customers.csv",
        format="csv",
        version="1842-99",
        rows=400,
        rows_scanned=400,
        columns=(
            column("id", 0, distinct=400),
            column("email", 1, classification("EMAIL_ADDRESS")),
            column(
                "iban", 2,
                classification(
                    "IBAN", "BANK_ACCOUNT", "PCI", 0.93, prevalence=0.62, interval=(0.57, 0.67), rows_hit=246,
                    distinct_hit=240, samples=("DE********************00",),
                    evidence=(Evidence("pattern.iban", 1.0, 246), Evidence("header", 0.9)),
                ),
            ),
            column(
                "note", 3,
                classification(
                    "PERSON", confidence=0.71, prevalence=0.2, interval=(0.16, 0.24), rows_hit=79, distinct_hit=70,
                    samples=("A*** B***",), evidence=(Evidence("dictionary.person", 0.7, 79),),
                ),
                classification(
                    "PHONE_NUMBER", confidence=0.55, prevalence=0.004, interval=(0.001, 0.01), rows_hit=2,
                    distinct_hit=2, samples=("***-***-**42",), evidence=(Evidence("pattern.phone", 0.8, 2),),
                ),
                type_hint="FREE_TEXT",
            ),
            column(
                "city", 4,
                classification(
                    "CITY", "LOCATION", confidence=0.8, samples=("L***",),
                    evidence=(Evidence("dictionary.city", 0.9, 380), Evidence("header", 0.9)),
                ),
                sensitive=False,
            ),
        ),
    )  # fmt: skip
    visits = DatasetReport(
        uri="s3://clinic/visits/",
        format="parquet",
        version="e7c1",
        rows=1_000_000,
        rows_scanned=10_000,
        columns=(
            column(
                "patient.icd[]", 0,
                classification(
                    "ICD10_CODE", "MEDICAL", "PHI", 0.88, prevalence=1.0, interval=(0.9996, 1.0), rows_hit=9998,
                    distinct_hit=412, samples=("***.*",), evidence=(Evidence("dictionary.icd10", 0.9, 9998),),
                ),
                type_="list<string>", rows=10_000,
            ),
            column(
                "token", 1,
                classification(
                    "API_KEY", "PASSWORD", "SECRET", 0.97, prevalence=0.01, interval=(0.008, 0.012), rows_hit=100,
                    distinct_hit=100, samples=("***",), evidence=(Evidence("pattern.aws_access_key", 1.0, 100),),
                ),
                rows=10_000,
            ),
            column("price", 2, type_="double", rows=10_000),
        ),
    )  # fmt: skip
    empty = DatasetReport("/lake/ops/settings.json", "json", "25-1", 1, 1, (column("debug", 0),))
    return ScanReport(
        run_id="20261122T061500-4f2a",
        status="partial",
        engine="local",
        policy_hash="9f86d081884c7d65",
        rows_scanned=10_401,
        bytes_scanned=2_097_152,
        seconds=1.25,
        datasets=(customers, visits, empty),
        errors=(
            ErrorReport("/lake/orders/upload.parquet", "CorruptFile", "the footer is missing"),
        ),
        versions=(("lakescan", "0.1.0"), ("pattern", "0.1.0")),
        started="2026-11-22T06:15:00Z",
    )


@pytest.fixture
def hostile_report() -> ScanReport:
    columns = tuple(column(name, at, classification("EMAIL_ADDRESS", samples=(name[:40],)))
                    for at, name in enumerate(HOSTILE))  # fmt: skip
    dataset = DatasetReport(
        "/lake/<script>alert(2)</script>/\u202ecod.csv", "csv", "</script>", 9, 9, columns
    )
    error = ErrorReport(
        "/x/<script>alert(3)</script>", "CorruptFile", "<img src=x onerror=alert(4)>\x1b[2J"
    )
    return ScanReport(
        "<script>r</script>", "complete", "local", "p", 9, 9, 0.1, (dataset,), (error,)
    )


def wide(columns: int, datasets: int = 1) -> ScanReport:
    """A report of so many columns, a third of them personal."""
    made = []
    for at in range(datasets):
        found = [
            column(f"field_{at}_{index}", index,
                   *([classification("EMAIL_ADDRESS" if index % 2 else "PERSON")] if index % 3 else []),
                   sensitive=index % 3 == 1)
            for index in range(columns // datasets)
        ]  # fmt: skip
        made.append(DatasetReport(f"/lake/t{at}.parquet", "parquet", "1", 100, 100, tuple(found)))
    return ScanReport("wide", "complete", "local", "p", 100 * datasets, 1, 1.0, tuple(made))


@pytest.fixture
def wide_report() -> ScanReport:
    return wide(5000, 50)
