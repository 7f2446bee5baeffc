"""Numbers of the United States."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.us import ein, itin, ssn
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
        regex=r"[0-8][0-9]{2} [0-9]{2} [0-9]{4}|[0-8][0-9]{2}\.[0-9]{2}\.[0-9]{4}|[0-8][0-9]{8}",
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
        # IRS Publication 1915: the group of an adoption number is 93.
        entity="US_ATIN",
        name="us_atin",
        regex="9[0-9]{2}-93-[0-9]{4}",
        score=0.8,
        edge=Edge.NUMBER,
    ),
    Pattern(
        entity="US_EIN",
        name="us_ein",
        regex="[0-9]{2}-[0-9]{7}",
        score=0.4,
        shape=True,
        validate=ein,
        context=("ein", "employer identification", "fein", "tax id", "tin"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        # 22 CFR 51: nine digits, or a letter and eight since 2021.
        entity="US_PASSPORT",
        name="us_passport",
        regex="[A-Z][0-9]{8}|[A-PR-WY][0-9]{7}|[0-9]{9}",
        score=0.15,
        shape=True,
        context=("passport", "travel document"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        # ICAO Doc 9303, part 4: the second line of a machine-readable passport.
        entity="PASSPORT_MRZ",
        name="passport_mrz",
        regex="[0-9A-Z<]{9}[0-9][A-Z<]{3}[0-9]{6}[0-9][MF<X][0-9]{6}[0-9][0-9A-Z<]{14}[0-9<][0-9]",
        score=0.95,
        edge=Edge.NONE,
    ),
    Pattern(
        entity="PASSPORT_MRZ",
        name="passport_mrz_name",
        regex="P[A-Z<][A-Z]{3}[A-Z]{1,37}(?:<[A-Z]+)*<<[A-Z<]{2,38}",
        score=0.95,
        edge=Edge.NONE,
        gate="<<",
    ),
    Pattern(
        # AAMVA, "DL/ID number formats" by state, those that are more than a run of digits.
        entity="US_DRIVER_LICENSE",
        name="us_driver_license",
        regex="[A-Z][0-9]{5,8}R?|[A-Z][0-9]{9,14}|[A-Z][0-9]{18}|[A-Z]{2}[0-9]{5,7}[A-Z]?"
        "|[A-Z][0-9]{3}[- ][0-9]{3,4}[- ][0-9]{4}|[A-Z][0-9]{3}[- ][0-9]{3}[- ][0-9]{3}[- ][0-9]{3}"
        "|[A-Z][0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{3}-[0-9]|[A-Z][0-9]{4}[- ][0-9]{5}[- ][0-9]{5}"
        "|[A-Z][0-9]{2}-[0-9]{2}-[0-9]{4}|[0-9]{3}[A-Z]{2}[0-9]{4}|[0-9]{2}[A-Z]{3}[0-9]{5}"
        "|[A-Z]{3}[0-9]{2}[0-9A-Z]{4,7}|[A-Z][A-Z*]{4,6}[0-9A-Z*]{2}[0-9]{3}[0-9A-Z]{2}"
        "|WDL[0-9A-Z]{9}|[A-Z]{3}[0-9]{6}|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{4}"
        "|[0-9]{2}-[0-9]{3}-[0-9]{4}|[0-9]{7,8}[A-Z]|[0-9]{8}[A-Z]{2}|[0-9]{9}[A-Z]",
        score=0.2,
        shape=True,
        context=("driver", "driving", "licen[cs]e", "dl ?#", "permit"),
        edge=Edge.NUMBER,
        against=("(?:medical|physician|nursing) licen[cs]e(?: number| no)?(?: [A-Z]{2})?",),
    ),
    Pattern(
        entity="US_DRIVER_LICENSE",
        name="us_driver_license_digits",
        regex="[0-9]{7,12}",
        score=0.05,
        shape=True,
        context=("driver.?s? licen", "driving licen", "dl ?#"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        entity="US_PTIN",
        name="us_ptin",
        regex="P[0-9]{8}",
        score=0.2,
        shape=True,
        context=("ptin", "preparer"),
    ),
)
