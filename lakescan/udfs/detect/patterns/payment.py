"""Cards and accounts."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.generic import IBAN_LENGTHS, iban
from lakescan.udfs.detect.checksums.payment import aba, bic, card
from lakescan.udfs.detect.pattern import DIGIT_GROUPS, Edge, Pattern

_CARD_WORDS = ("card", "credit", "debit", "visa", "master ?card", "amex", "cc", "pan", "karte",
               "carte", "tarjeta", "carta di credito")  # fmt: skip


def _in_groups() -> str:
    """IBANs in groups of four, each country's as long as its own are."""
    countries: dict[int, list[str]] = {}
    for country, length in IBAN_LENGTHS.items():
        letters = (f"[{letter}{letter.lower()}]" for letter in (country[0], country[1]))
        countries.setdefault(length, []).append("".join(letters))
    return "|".join(
        rf"(?:{'|'.join(some)})[0-9]{{2}}(?:[ -][0-9A-Za-z]{{4}}){{{length // 4 - 1}}}"
        + (rf"[ -][0-9A-Za-z]{{{length % 4}}}" if length % 4 else "")
        for length, some in sorted(countries.items(), reverse=True)
    )


_IN_GROUPS = _in_groups()

PATTERNS = (
    Pattern(
        # ISO/IEC 7812-1: issuer ranges and lengths of the networks, and the Luhn digit.
        entity="CREDIT_CARD",
        name="credit_card",
        gate=DIGIT_GROUPS,
        regex="[2-6][0-9]{3}(?:[ -]?[0-9]{4}){3}|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}"
        "|3(?:0[0-5]|[689][0-9])[0-9][ -]?[0-9]{6}[ -]?[0-9]{4}|[456][0-9]{12}|[456][0-9]{16,18}",
        score=1.0,
        validate=card,
        weak=0.3,
        context=_CARD_WORDS,
        edge=Edge.NUMBER,
    ),
    Pattern(
        # Four groups of four under a card's own name: mistyped, made up, or rounded by a
        # spreadsheet, it was meant as a card and is masked as one.
        entity="CREDIT_CARD",
        name="credit_card_named",
        regex="[0-9]{4}(?:-[0-9]{4}){3}|[0-9]{4}(?: [0-9]{4}){3}",
        score=0.4,
        shape=True,
        context=_CARD_WORDS,
        edge=Edge.NUMBER,
        whole=False,
    ),
    Pattern(
        # PCI DSS 3.4: at most the first eight digits and the last four are shown; airlines put a
        # code for the card before it and the expiry behind (IATA form of payment).
        entity="CREDIT_CARD",
        name="card_masked",
        regex="(?:(?:CC[A-Z]{0,2}|[A-Z]{1,2})[ -]?)?(?:[2-6][0-9]{3,7}|[Xx*•#]{4,12})[ -]?[Xx*•#]{2,8}[ -]?[Xx*•#]{0,4}[ -]?[0-9]{4}(?:/[0-9]{4})?",
        score=0.5,
        shape=True,
        context=_CARD_WORDS,
        edge=Edge.NUMBER,
    ),
    Pattern(
        # ISO 13616-1: the registry's length for the country, MOD 97-10.
        entity="IBAN",
        name="iban",
        gate="[A-Za-z]{2}[0-9]{2}[0-9A-Za-z -]{8}",
        regex="[A-Za-z]{2}[0-9]{2}(?:[ -]?[0-9A-Za-z]{4}){2,7}(?:[ -]?[0-9A-Za-z]{1,4})?",
        score=1.0,
        validate=iban,
        weak=0.2,
    ),
    Pattern(
        # The same in groups inside a text, where the next word may look like the last group.
        entity="IBAN",
        name="iban_in_text",
        gate="[A-Za-z]{2}[0-9]{2}[ -][0-9A-Za-z]{4}[ -]",
        regex=_IN_GROUPS,
        score=1.0,
        validate=iban,
        whole=False,
    ),
    Pattern(
        # ISO 9362: four letters, a country, two of location, perhaps three of branch.
        entity="BIC",
        name="bic",
        regex="[A-Z]{6}[0-9A-Z]{2}(?:[0-9A-Z]{3})?",
        score=0.35,
        shape=True,
        validate=bic,
        context=("bic", "swift", "bank"),
    ),
    Pattern(
        # The same in a text, where eight letters are any word unless they are called so.
        entity="BIC",
        name="bic_named",
        regex=r"(?:BIC|Bic|bic|SWIFT|Swift|swift)(?:[-/ ]?(?:code|Code|CODE|BIC))?[ :#=]{1,3}"
        "(?P<v>[A-Z]{6}[0-9A-Z]{2}(?:[0-9A-Z]{3})?)",
        score=0.85,
        validate=bic,
        whole=False,
        gate="(?i:bic|swift)",
    ),
    Pattern(
        entity="ABA_ROUTING_NUMBER",
        name="aba_routing",
        regex="[0-9]{4}-?[0-9]{4}-?[0-9]",
        score=0.45,
        shape=True,
        validate=aba,
        context=("aba", "routing", "transit", "rtn", "bank"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        entity="US_BANK_NUMBER",
        name="bank_account",
        regex="[0-9]{8,17}",
        score=0.1,
        shape=True,
        context=(r"account (?:no|number|#)", r"acct", "bank account", "kontonummer", "cuenta"),
        edge=Edge.NUMBER,
    ),
)
