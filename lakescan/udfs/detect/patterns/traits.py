"""What notes say of somebody beside the age: a sex."""

from __future__ import annotations

from lakescan.udfs.detect.pattern import Pattern

_AGED = r"(?:[0-9]{1,3} ?y/?o|[0-9]{1,3}[ -]?(?:years?|yrs?)[ -]old|years of age)"
_WHO = (
    "patients?|suspects?|drivers?|victims?|pedestrians?|passengers?|witness(?:es)?|employees?"
    "|students?|pupils?|customers?|clients?|callers?|residents?|applicants?|offenders?|subjects?"
)

PATTERNS = (
    Pattern(
        # "67 y/o male", "a 24-year-old, female".
        entity="GENDER",
        name="gender_aged",
        gate=rf"(?i:{_AGED},? (?:fe)?male)",
        regex=rf"{_AGED},? (?P<v>(?:fe)?male)",
        score=0.85,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        # "a female suspect": males and females alone are of any kind.
        entity="GENDER",
        name="gender_of",
        gate=rf"(?i:male (?:{_WHO}))",
        regex=rf"(?P<v>(?:fe)?male) (?:{_WHO})",
        score=0.75,
        ignore_case=True,
        whole=False,
    ),
)
