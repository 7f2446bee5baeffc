"""Numbers of the United States."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.us import itin, npi, ssn
from lakescan.udfs.detect.pattern import DIGIT_GROUPS, Edge, Pattern

PATTERNS = (
    Pattern(
        # SSA POMS RM 10201.025-035: no area 000, 666, 9xx; no group 00; no serial 0000.
        entity="US_SSN",
        name="us_ssn",
        regex="[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}",
        score=0.9,
        validate=ssn,
        weak=0.3,
        context=("ssn", "social security", r"soc\.? sec", "ss#"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        entity="US_SSN",
        name="us_ssn",
        gate=DIGIT_GROUPS,
        regex="[0-8][0-9]{2} [0-9]{2} [0-9]{4}|[0-8][0-9]{8}",
        score=0.3,
        shape=True,
        validate=ssn,
        context=("ssn", "social security", r"soc\.? sec", "ss#"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        # IRS IRM 3.21.263: 9xx, group 50-65, 70-88, 90-92, 94-99.
        entity="US_ITIN",
        name="us_itin",
        gate=DIGIT_GROUPS,
        regex="9[0-9]{2}[- ][0-9]{2}[- ][0-9]{4}",
        score=0.8,
        validate=itin,
        weak=0.2,
        edge=Edge.NUMBER,
    ),
    Pattern(
        entity="US_EIN",
        name="us_ein",
        regex="[0-9]{2}-[0-9]{7}",
        score=0.4,
        shape=True,
        context=("ein", "employer identification", "fein", "tax id", "tin"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        # Employers' and passports: one letter and eight digits, or nine digits.
        entity="US_PASSPORT",
        name="us_passport",
        regex="[A-Z][0-9]{8}|[A-PR-WY][0-9]{7}|[0-9]{9}",
        score=0.15,
        shape=True,
        context=("passport", "travel document"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        # 45 CFR 162.406: Luhn with the prefix 80840.
        entity="US_NPI",
        name="us_npi",
        regex="[12][0-9]{9}",
        score=0.4,
        shape=True,
        validate=npi,
        context=("npi", "provider id", "national provider"),
        edge=Edge.NUMBER,
    ),
)
