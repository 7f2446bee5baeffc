"""The evidence table: for each entity, what speaks for it, and how much of it is enough.

One row an entity. The reasoning is the same for all (`verdict`), so that a decision can be read off
its row: *these* detectors found it in *that* share of the rows, the header said *this*.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Rule:
    """What it takes to call a column by an entity's name.

    Args:
        entity: as in the catalog.
        concepts: concepts of the header lexicon that speak for it.
        form: name of the check in `forms` that its values must pass before the header alone counts.
        header_alone: whether a sure header with values of the right form is enough.
        values_alone: how much the values alone can carry, 0..1: 1 for checksummed or unmistakable
            forms, low for bare numbers and words that many other things look like.
        share: the least share of filled rows that must hold it, without a header that says so.
        backed_share: the same, with a header that says so.
    """

    entity: str
    concepts: tuple[str, ...]
    form: str
    header_alone: bool = True
    values_alone: float = 1.0
    share: float = 0.5
    backed_share: float = 0.2


_RULES = (
    Rule("EMAIL_ADDRESS", ("email",), "lettered", header_alone=False),
    Rule("PHONE_NUMBER", ("phone",), "phone", values_alone=0.6),
    Rule("CREDIT_CARD", ("credit_card",), "card"),
    Rule("IBAN", ("iban", "bank_account"), "code", values_alone=1.0, header_alone=False),
    Rule("BIC", ("bic",), "code", values_alone=0.5),
    Rule("US_BANK_NUMBER", ("bank_account",), "account", values_alone=0.0),
    Rule("US_SSN", ("ssn",), "ssn", values_alone=0.7),
    Rule("IP_ADDRESS", ("ip",), "code", header_alone=False, values_alone=0.95),
    Rule("MAC_ADDRESS", ("mac",), "code", header_alone=False),
    Rule("URL", ("url",), "lettered", header_alone=False),
    Rule("UUID", ("uuid",), "code", header_alone=False),
    Rule("CRYPTO", ("crypto",), "code", header_alone=False),
    Rule("PASSWORD", ("password",), "one_word", values_alone=0.0),
    Rule("USERNAME", ("username",), "one_word", values_alone=0.0),
    Rule("FIRST_NAME", ("first_name",), "name", values_alone=0.8),
    Rule("LAST_NAME", ("last_name",), "name", values_alone=0.6),
    Rule("PERSON", ("full_name",), "name", values_alone=0.8),
    Rule("STREET", ("street",), "lettered", values_alone=0.9),
    Rule("CITY", ("city",), "place", values_alone=0.8),
    Rule("COUNTY", ("county",), "place", values_alone=0.6),
    Rule("STATE", ("state",), "place", values_alone=0.8),
    Rule("COUNTRY", ("country",), "place", values_alone=0.9),
    Rule("ZIPCODE", ("zip",), "zip", values_alone=0.0),
    Rule("GEO_COORDINATE", ("latitude", "longitude", "coordinates"), "coordinate"),
    Rule("DATE_OF_BIRTH", ("birth_date",), "date", values_alone=0.0),
    Rule("DATE_TIME", ("date", "death_date"), "date", values_alone=0.9),
    Rule("AGE", ("age",), "age", values_alone=0.0),
    Rule("GENDER", ("gender",), "few", values_alone=0.9),
    Rule("MONEY", ("money",), "amount", values_alone=0.9),
    Rule("ORGANIZATION", ("organization",), "words", values_alone=0.7),
    Rule("OCCUPATION", ("occupation",), "words", values_alone=0.7),
    Rule("NRP", ("nrp",), "words", values_alone=0.7),
    Rule("PASSPORT", ("passport",), "code", values_alone=0.0),
    Rule("DRIVER_LICENSE", ("driver_license",), "code", values_alone=0.0),
    Rule("NATIONAL_ID", ("national_id",), "code", values_alone=0.0),
    Rule("TAX_ID", ("tax_id",), "code", values_alone=0.0),
    Rule("HEALTH_ID", ("health_id",), "code", values_alone=0.0),
    Rule("VEHICLE_ID", ("vehicle",), "code", values_alone=0.9),
    Rule("MEDICAL", ("medical",), "filled", values_alone=0.7),
)


@cache
def rules() -> dict[str, Rule]:
    """The table by entity."""
    return {rule.entity: rule for rule in _RULES}
