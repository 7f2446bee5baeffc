"""The evidence table: for each entity, what speaks for it, and how much of it is enough.

One row an entity. The reasoning is the same for all (`weighing`), so that a decision can be read
off its row: *these* detectors found it in *that* share of the values, the header said *this*.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Rule:
    """What it takes to call a column by an entity's name.

    Args:
        entity: what to call it when the header decides; a finer one of ``members`` if values do.
        members: entities, or categories, whose findings are evidence for it.
        concepts: concepts of the header lexicon that speak for it.
        form: name of the check (`forms`) that its values must pass before the header may decide.
        family: columns of one family back each other's doubtful headers (`table`).
        header_alone: whether a sure header over values of the right form is enough.
        values_alone: the most that values without a header can carry: 1 where the form or a check
            digit is unmistakable, less for words and numbers that other things look like too.
        share: the least share of values that must hold it when the header says nothing.
        doubtful_form: the form that is asked for when the header is doubtful and neighbours back
            it; the same ``form`` if empty, "never" where only values can help.
        pooled: whether numbers of several countries in one column make one verdict.
        many: whether there are as many values as rows, more or less: a handful of words over and
            over are labels, and no names.
        all_of_few: of so many different values on, a handful in which each one is such a thing is
            no list of labels after all; 0 for never.
        against: concepts of a header that rule it out, whatever the values look like.
        telling: share of many distinct values that a list of words knows only where they are such
            things, if other lists know far fewer; 0 for none. Of ordinary nouns half are surnames
            too, a third at most are towns or given names.
        kinds: how many different values such a column may well have and no more; 0 for any number.
        lends: entities or categories whose findings agree with a header for this one: a date of
            birth is a date, a national number is often the tax number.
        lends_plainly: whether that takes a plain header, or one that neighbours back: a date in
            ``exp`` is a card's only beside a card.
        kin: concepts of a header that do not speak against it: a "user name" is a name as well.
    """

    entity: str
    members: tuple[str, ...]
    concepts: tuple[str, ...]
    form: str
    family: str = ""
    header_alone: bool = True
    values_alone: float = 1.0
    share: float = 0.5
    all_of_few: int = 0
    lends: tuple[str, ...] = ()
    lends_plainly: bool = False
    kin: tuple[str, ...] = ()
    doubtful_form: str = ""
    pooled: bool = False
    many: bool = False
    against: tuple[str, ...] = ()
    telling: float = 0.0
    kinds: int = 0


_IDS = ("NATIONAL_ID", "TAX_ID", "SOCIAL_SECURITY_ID", "HEALTH_CARE_ID", "PASSPORT")
_DATES = ("DATE_TIME", "DATE", "TIME")

_RULES = (
    # Unmistakable forms: the values decide, a header without them is a plan, not data.
    Rule("EMAIL_ADDRESS", ("EMAIL_ADDRESS",), ("email",), "never", header_alone=False, share=0.3),
    Rule("URL", ("URL",), ("url",), "never", "network", values_alone=0.95,
         header_alone=False),
    Rule("IP_ADDRESS", ("IP_ADDRESS",), ("ip",), "never", "network", header_alone=False,
         against=("version",)),
    Rule("MAC_ADDRESS", ("MAC_ADDRESS",), ("mac",), "never", "network", header_alone=False),
    Rule("UUID", ("UUID",), ("uuid",), "never", header_alone=False),
    Rule("CRYPTO", ("CRYPTO_ADDRESS",), ("crypto",), "never", header_alone=False),
    Rule("CREDIT_CARD", ("CREDIT_CARD",), ("credit_card",), "card", "bank"),
    Rule("CREDIT_CARD", (), ("card_end",), "last four", "bank", kin=("credit_card",)),
    Rule("CREDIT_CARD_EXPIRATION", ("CREDIT_CARD_EXPIRATION",), ("card_expiry",), "expiry", "bank",
         values_alone=0.5, share=0.8, lends=_DATES, lends_plainly=True),
    Rule("CREDIT_CARD_CVV", ("CREDIT_CARD_CVV",), ("cvv",), "cvv", "bank", values_alone=0.0),
    Rule("IBAN", ("IBAN",), ("iban",), "never", "bank", header_alone=False),
    Rule("BIC", ("BIC",), ("bic",), "bic", "bank", values_alone=0.7, share=0.8),
    Rule("ABA_ROUTING_NUMBER", ("ABA_ROUTING_NUMBER", "UK_SORT_CODE", "AU_BSB"),
         ("routing",), "code", "bank", values_alone=0.5, share=0.8),
    Rule("IN_IFSC", ("IN_IFSC",), ("routing",), "never", "bank", values_alone=0.7, share=0.8),
    Rule("BANK_ACCOUNT", ("BANK_ACCOUNT",), ("bank_account",), "account", "bank",
         values_alone=0.9, share=0.8),
    # Numbers that a state gave: bare digits look alike, so most of the values must pass.
    Rule("SOCIAL_SECURITY_ID", ("SOCIAL_SECURITY_ID",), ("ssn",), "identity", "person",
         share=0.7, lends=_IDS, doubtful_form="never", pooled=True),
    Rule("US_SSN", (), ("ssn_end",), "last four", "person"),
    Rule("NATIONAL_ID", ("NATIONAL_ID",), ("national_id",), "identity", "person",
         share=0.7, lends=_IDS, doubtful_form="never", pooled=True),
    Rule("TAX_ID", ("TAX_ID",), ("tax_id",), "identity", "person", share=0.7, lends=_IDS,
         doubtful_form="never", pooled=True),
    Rule("ORGANIZATION_ID", ("ORGANIZATION_ID",), ("organization_id",), "identity",
         values_alone=0.9, share=0.7, lends=("TAX_ID",), doubtful_form="never", pooled=True),
    Rule("PASSPORT", ("PASSPORT",), ("passport",), "code", "person", values_alone=0.8, share=0.8,
         lends=_IDS, doubtful_form="never", pooled=True),
    Rule("DRIVER_LICENSE", ("DRIVER_LICENSE",), ("driver_license",), "code", "person",
         values_alone=0.8, share=0.8, lends=_IDS, doubtful_form="code", pooled=True),
    Rule("HEALTH_CARE_ID", ("HEALTH_CARE_ID",), ("health_id",), "code", "medical",
         values_alone=0.9, share=0.8, lends=_IDS, doubtful_form="never", pooled=True),
    Rule("HEALTH_INSURANCE_ID", (), ("member_id",), "prefixed", "medical"),
    Rule("VEHICLE_ID", ("VEHICLE_ID",), ("vehicle",), "plate", values_alone=0.9, share=0.7),
    Rule("PHONE_NUMBER", ("PHONE_NUMBER",), ("phone",), "phone", "person", values_alone=0.95,
         share=0.6),
    # Words: lists know many of them, and other things are called by the same words.
    Rule("FIRST_NAME", ("FIRST_NAME", "MIDDLE_NAME"), ("first_name",), "name", "person",
         values_alone=0.85, share=0.6, lends=("PERSON",), many=True, telling=0.55),
    Rule("LAST_NAME", ("LAST_NAME",), ("last_name",), "name", "person", values_alone=0.8,
         share=0.7, lends=("PERSON",), many=True, telling=0.7),
    Rule("PERSON", ("PERSON",), ("full_name",), "person", "person", values_alone=1.0, share=0.4,
         lends=("FIRST_NAME", "LAST_NAME"), kin=("username", "first_name", "last_name"),
         doubtful_form="never"),
    Rule("USERNAME", ("USERNAME",), ("username",), "handle", "person", values_alone=0.3),
    Rule("PASSWORD", ("PASSWORD", "PASSWORD_HASH"), ("password",), "password", values_alone=0.8),
    Rule("GENERIC_SECRET", ("GENERIC_SECRET",), ("secret",), "secret", values_alone=0.8),
    Rule("STREET", ("STREET", "ADDRESS", "SECONDARY_ADDRESS", "PO_BOX"), ("street",), "street",
         "place", values_alone=0.95, share=0.4),
    Rule("CITY", ("CITY",), ("city",), "place", "place", values_alone=0.8, share=0.6,
         telling=0.5),
    Rule("COUNTY", ("COUNTY",), ("county",), "place", "place", values_alone=0.8, share=0.6,
         lends=("CITY",), telling=0.7),
    Rule("STATE", ("STATE",), ("state",), "state", "place", values_alone=0.95, share=0.8,
         lends=("COUNTRY", "COUNTY")),
    Rule("COUNTRY", ("COUNTRY",), ("country",), "place", "place", values_alone=0.95, share=0.7),
    Rule("ZIPCODE", ("ZIPCODE", "UK_POSTCODE", "CA_POSTAL_CODE", "DE_PLZ", "NL_POSTCODE"),
         ("zip",), "zip", "place", values_alone=0.8, share=0.8),
    Rule("GEO_COORDINATE", ("GEO_COORDINATE",), ("latitude", "longitude", "coordinates"),
         "coordinate", "place", share=0.6),
    Rule("BUILDING", ("BUILDING", "LOCATION"), ("place",), "words", "place", values_alone=0.6,
         lends=("CITY", "COUNTY", "STATE", "COUNTRY", "STREET")),
    Rule("DATE_OF_BIRTH", ("DATE_OF_BIRTH",), ("birth_date",), "birth", "person",
         values_alone=0.9, lends=_DATES, doubtful_form="date"),
    Rule("DATE_TIME", _DATES, ("date",), "date", values_alone=0.95, share=0.7,
         against=("version",)),
    Rule("AGE", ("AGE",), ("age",), "age", "person", values_alone=0.8),
    Rule("GENDER", ("GENDER",), ("gender",), "few", "person", values_alone=0.9, share=0.8,
         doubtful_form="never", kinds=2),
    Rule("NRP", ("NRP",), ("nrp",), "group", "person", values_alone=0.8, share=0.6,
         lends=("COUNTRY",)),
    Rule("OCCUPATION", ("OCCUPATION",), ("occupation",), "words", "person", values_alone=0.8,
         share=0.5, many=True, all_of_few=5),
    Rule("ORGANIZATION", ("ORGANIZATION",), ("organization",), "words", values_alone=0.9,
         share=0.3, kin=("brand",)),
    Rule("BLOOD_TYPE", (), ("blood_type",), "blood", "medical", kin=("medical",)),
    Rule("MEDICAL", (), ("health_flag",), "flag", "medical", kin=("medical",)),
    Rule("MEDICAL", ("MEDICAL",), ("medical",), "medical", "medical", values_alone=0.9, share=0.5),
    Rule("SALARY", ("SALARY",), ("salary",), "amount", "money", values_alone=0.0,
         lends=("AMOUNT",), doubtful_form="sizable"),
    Rule("AMOUNT", ("AMOUNT",), ("money", "means"), "amount", "money", values_alone=0.95,
         doubtful_form="sizable"),
    Rule("DEVICE_ID", ("DEVICE_ID",), ("device_id",), "code", values_alone=0.8, share=0.8),
    Rule("ADVERTISING_ID", ("ADVERTISING_ID",), ("advertising_id",), "never", header_alone=False,
         lends=("UUID",)),
)  # fmt: skip

#: Families of concepts that no rule of their own has.
_EXTRA_FAMILIES = {"name": "person"}


@cache
def rules() -> tuple[Rule, ...]:
    """The whole table, in its order."""
    return _RULES


@cache
def rule_of(entity: str, category: str) -> Rule | None:
    """The row that an entity's findings count for: its own, else its category's."""
    for name in (entity, category):
        for rule in _RULES:
            if name in rule.members:
                return rule
    return None


@cache
def family_of(concept: str) -> str:
    """The family of a concept of the header lexicon; empty for none."""
    for rule in _RULES:
        if concept in rule.concepts:
            return rule.family
    return _EXTRA_FAMILIES.get(concept, "")
