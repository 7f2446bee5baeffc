"""What notes say of somebody: a sex beside the age, a gender."""

from __future__ import annotations

from lakescan.udfs.detect.pattern import Pattern

_AGED = r"(?:[0-9]{1,3} ?y/?o|[0-9]{1,3}[ -]?(?:years?|yrs?)[ -]old|years of age)"
_WHO = (
    "patients?|suspects?|drivers?|victims?|pedestrians?|passengers?|witness(?:es)?|employees?"
    "|students?|pupils?|customers?|clients?|callers?|residents?|applicants?|offenders?|subjects?"
)
#: Words for genders that mean nothing else.
_GENDERS = (
    "gender[- ]?(?:queer|fluid|non[- ]?conforming)|(?:a|bi|pan|demi|poly|cis|trans)gender"
    "|trans(?:masculine|feminine)|(?:trans|cis) (?:wo)?m[ae]n"
)
_ONE_IS = (
    "(?:i am|i'm|s?he is|s?he's|they are|they're|who (?:is|are)|gender(?: is|:)?"
    "|identif(?:y|ies|ied|ying)(?: as)?)"
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
    Pattern(
        entity="GENDER",
        name="gender_word",
        gate=rf"(?i:{_GENDERS})",
        regex=rf"(?P<v>{_GENDERS})",
        score=0.85,
        ignore_case=True,
    ),
    Pattern(
        # "They are non-binary": of files and trees, "it is".
        entity="GENDER",
        name="gender_nonbinary",
        gate=rf"(?i:{_ONE_IS} non[- ]?binary)",
        regex=rf"\b{_ONE_IS} (?P<v>non[- ]?binary)",
        score=0.85,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        entity="GENDER",
        name="gender_nonbinary_of",
        gate=rf"(?i:non[- ]?binary (?:{_WHO}|persons?|people))",
        regex=rf"(?P<v>non[- ]?binary) (?:{_WHO}|persons?|people)",
        score=0.85,
        ignore_case=True,
        whole=False,
    ),
)
