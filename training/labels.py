"""What the token classifier tells apart, in lakescan's own entity names.

A label set is closed: every corpus is read into it. Corpora with coarser types name, for each of
theirs, the set of labels that it may stand for (`COARSE`); training then asks only that the model
puts its weight inside the set (see `training.loss`).
"""

from __future__ import annotations

#: Entities, in the order of the model's outputs. Each but `O` has a B- and an I- label.
ENTITIES: tuple[str, ...] = (
    "FIRST_NAME",
    "LAST_NAME",
    "STREET",
    "BUILDING",
    "SECONDARY_ADDRESS",
    "CITY",
    "COUNTY",
    "STATE",
    "ZIPCODE",
    "COUNTRY",
    "LOCATION",
    "ORGANIZATION",
    "OCCUPATION",
    "NATIONALITY",
    "RELIGION",
    "POLITICAL_AFFILIATION",
    "ORIGIN",
    "LANGUAGE",
    "GENDER",
    "AGE",
    "DATE_OF_BIRTH",
    "DATE",
    "TIME",
    "AMOUNT",
    "EVENT",
    "CONDITION",
    "DRUG",
    "MEDICAL_PROCESS",
    "INJURY",
    "BLOOD_TYPE",
    "USERNAME",
    "PASSWORD",
    "EMAIL_ADDRESS",
    "PHONE_NUMBER",
    "URL",
    "IP_ADDRESS",
    "CREDIT_CARD",
    "IBAN",
    "BANK_ACCOUNT",
    "SOCIAL_SECURITY_ID",
    "NATIONAL_ID",
    "TAX_ID",
    "PASSPORT",
    "DRIVER_LICENSE",
    "HEALTH_CARE_ID",
    "VEHICLE_ID",
    "EMPLOYEE_ID",
    "ACCOUNT_NUMBER",
)

LABELS: tuple[str, ...] = ("O", *(f"{tag}-{entity}" for entity in ENTITIES for tag in "BI"))
INDEX: dict[str, int] = {label: index for index, label in enumerate(LABELS)}

PERSON = ("FIRST_NAME", "LAST_NAME")
PLACE = (
    "STREET",
    "BUILDING",
    "SECONDARY_ADDRESS",
    "CITY",
    "COUNTY",
    "STATE",
    "ZIPCODE",
    "COUNTRY",
    "LOCATION",
)
ORGANIZATION = ("ORGANIZATION",)
#: Whom one belongs to: nationality, religion, politics.
GROUP = ("NATIONALITY", "RELIGION", "POLITICAL_AFFILIATION", "ORIGIN", "LANGUAGE")
WHEN = ("DATE", "DATE_OF_BIRTH", "TIME")

#: A corpus' type -> what it may be in ours.
COARSE: dict[str, tuple[str, ...]] = {
    "PER": PERSON,
    "person": PERSON,
    "LOC": PLACE,
    "location": PLACE,
    "ORG": ORGANIZATION,
    "corporation": ORGANIZATION,
    "group": ORGANIZATION,
}

#: The base model's labels, as a start for the rows of ours.
BASE: dict[str, str] = {
    "FIRST_NAME": "GIVEN_NAME",
    "LAST_NAME": "SURNAME",
    "STREET": "STREET_NAME",
    "BUILDING": "BUILDING_NUMBER",
    "SECONDARY_ADDRESS": "SECONDARY_ADDRESS",
    "CITY": "CITY",
    "STATE": "STATE",
    "ZIPCODE": "ZIP_CODE",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "URL": "URL",
    "BANK_ACCOUNT": "BANK_ACCOUNT",
    "IBAN": "BANK_ACCOUNT",
    "SOCIAL_SECURITY_ID": "GOVERNMENT_ID",
    "NATIONAL_ID": "GOVERNMENT_ID",
    "TAX_ID": "TAX_ID",
    "PASSPORT": "PASSPORT",
    "DRIVER_LICENSE": "DRIVERS_LICENSE",
}


def inside(entities: tuple[str, ...], first: bool) -> tuple[str, ...]:  # noqa: FBT001 a position
    """The labels that a token of a span of one of ``entities`` may have.

    ``first``: the span's first token. Later words of a coarse span may begin a finer one ("Ann
    Berg" is one person, a first and a last name).
    """
    begin = tuple(f"B-{entity}" for entity in entities)
    if first:
        return begin
    within = tuple(f"I-{entity}" for entity in entities)
    return (*within, *begin) if len(entities) > 1 else within


def outside(entities: tuple[str, ...]) -> tuple[str, ...]:
    """Every label but those of ``entities``: a corpus that marks only these says no more."""
    barred = {f"{tag}-{entity}" for entity in entities for tag in "BI"}
    return tuple(label for label in LABELS if label not in barred)
