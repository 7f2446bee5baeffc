"""The pattern rules of the Data Curation API, as its page of PII types states them.

They are looser than lakescan's own by the page's word: no Luhn check, octets up to 999, nine bare
digits as a social security number. All are RE2, so that no text can make them slow; a rule's group
``v`` is what is told where its keyword is not. Names of types that the page does not show on the
wire are made in the style of those it shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import NamedTuple

import re2

from lakescan.service.adapters.markers import longest


class Match(NamedTuple):
    """One match of a rule."""

    start: int
    end: int
    kind: str


_DESIGNATORS = (
    "Street|St|Avenue|Ave|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Plaza|Plz|Terrace|Ter|"
    "Place|Pl|Trail|Trl|Road|Rd|Way|Circle|Cir|Parkway|Pkwy|Highway|Hwy"
)
_UNITS = r"(?:,?\s+(?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|Building|Bldg)\.?\s*#?\w+|\s+#\w+)?"
_KEYWORDS = r"(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token|token)"
_CVV = r"(?:cvv2?|cvc2?|csc|cid|security\s+code|card\s+code)"
_GENDERS = (
    "transgender|trans(?:\\s+|-)(?:man|woman|male|female)|cisgender|cis(?:\\s+|-)(?:man|woman|"
    "male|female)|non-?binary|gender(?:queer|fluid|\\s*non-?conforming)|two-?spirit|pangender|"
    "bigender|agender|demi(?:boy|girl|gender)|intersex"
)
_TITLES = (
    "Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Rev|Capt|Col|Gen|Lt|Maj|Sgt|Baron|Baroness|Duke|Duchess|Earl|"
    "Marquis|Rabbi|Imam|Cardinal|Bishop|Archbishop|Pope|President|Chancellor|Dean|Judge|Justice|"
    "Ambassador"
)
_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_DATE = r"(?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|[12]\d|3[01])[/-](?:19|20)\d\d"
#: First three digits that begin no ZIP code in use (USPS Publication 65).
_NO_ZIP = frozenset(
    "000 001 002 003 004 099 213 269 343 345 348 353 419 428 429 517 518 519 529 533 536 552 568 "
    "578 579 589 621 632 642 643 659 663 682 694 695 696 697 698 699 702 709 715 732 742 771 817 "
    "818 819 839 848 849 854 858 861 862 866 867 868 869 876 886 887 888 892 896 899 909 929 "
    "987".split()
)


class Edge(Enum):
    """What may stand beside a match."""

    ANY = "any"
    #: No letter, digit, hyphen.
    FREE = "free"
    #: White space, or nothing.
    SPACE = "space"


class _Rule(NamedTuple):
    kind: str
    regex: str
    edge: Edge = Edge.ANY


#: In the order of the page's table; ``(?i)`` where case says nothing.
_RULES = (
    _Rule("ADDRESS", rf"(?i)\b\d{{1,6}}\s+(?:[\w.'-]+\s+){{1,4}}(?:{_DESIGNATORS})\b\.?{_UNITS}"),
    _Rule("EMAIL", r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"),
    _Rule(
        "PHONE",
        r"(?:\+?1[-. ]?)?(?:\(\d{3}\)[-. ]?|\b\d{3}[-. ])\d{3}[-. ]?\d{4}\b"
        r"|\+1[-. ]?\d{10}\b|\b\d{10}\b",
        Edge.FREE,
    ),
    _Rule("SSN", r"\b(?:\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4}|\d{9})\b", Edge.FREE),
    _Rule(
        "CREDIT_CARD",
        r"\b(?:3\d{3}-\d{6}-\d{5}|3\d{3} \d{6} \d{5}|3\d{14}"
        r"|[2-6]\d{3}(?:-\d{4}){3}(?:-\d{3})?|[2-6]\d{3}(?: \d{4}){3}(?: \d{3})?"
        r"|[2-6]\d{12}|[2-6]\d{15}|[2-6]\d{18})\b",
        Edge.FREE,
    ),
    _Rule(
        "CVV", rf'(?i)\b{_CVV}\b["\']?\s*(?:is|number|no\.?|#)?\s*[:=]?\s*["\']?(?P<v>\d{{3,4}})\b'
    ),
    _Rule(
        "CREDIT_CARD_ISSUER",
        r"(?i)\b(?:visa|master\s?card|american\s+express|amex|discover|jcb|diners\s+club|"
        r"union\s?pay|maestro)\b",
    ),
    _Rule("BANK_ACCOUNT", r"\b(?:\d{8}|\d{10}|\d{11}|\d{12}|\d{14}|\d{17})\b", Edge.SPACE),
    _Rule("IBAN", r"\b[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)\b"),
    _Rule("SECRET", rf'(?i)\b[\w-]*{_KEYWORDS}["\']?\s*[:=]\s*["\']?(?P<v>[^\s"\',;&]{{4,200}})'),
    _Rule("SECRET", r"://[^\s:/@]{1,100}:(?P<v>[^\s:/@]{1,100})@[\w.-]+"),
    _Rule("SECRET", r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"),
    _Rule("IP_ADDRESS", r"\b\d{1,3}(?:\.\d{1,3}){3}\b", Edge.FREE),
    _Rule(
        "URL",
        r"(?i)\b(?:https?://|www\.)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?:[/?#][^\s<>\"]*)?",
    ),
    _Rule("ZIP_CODE", r"\b\d{5}(?:-\d{4})?\b", Edge.FREE),
    _Rule(
        "DATE_OF_BIRTH",
        rf"(?i)\b(?:birth|born|dob|birthdate|birthday)\b[^\d\n]{{0,20}}(?P<v>{_DATE})\b",
    ),
    _Rule("GENDER", rf"(?i)\b(?:{_GENDERS})\b"),
    _Rule("PASSPORT", r"\b[A-PR-WY]\d{7}\b", Edge.FREE),
    _Rule("MEDICAL_LICENSE", r"\b(?:[A-Z]\d{5,7}|\d{2}-\d{5})\b", Edge.FREE),
    _Rule("TITLE", rf"\b(?:{_TITLES})\b\.?"),
    _Rule("CRYPTO_WALLET", r"\b(?:0x[0-9A-Fa-f]{40}|(?:bc1|[13])" + _BASE58 + r"{25,39})\b"),
    _Rule("BITCOIN_ADDRESS", rf"\b(?:[13]{_BASE58}{{25,34}}|bc1[a-z0-9]{{39,59}})\b"),
)


def matches(text: str) -> list[Match]:
    """What the rules match in a text, settled, in the order of the text.

    The longer wins, then the earlier rule of the page.
    """
    found = [
        (start, end, order)
        for order, (rule, regex) in enumerate(_compiled())
        for start, end in _spans(rule, regex, text)
    ]
    return [Match(start, end, _RULES[order].kind) for start, end, order in longest(found)]


def _spans(rule: _Rule, regex: re2._Regexp, text: str) -> Iterator[tuple[int, int]]:
    group = regex.groupindex.get("v", 0)
    for match in regex.finditer(text):
        start, end = match.span(group)
        before, after = text[start - 1 : start], text[end : end + 1]
        if rule.edge is Edge.SPACE and (before.strip() or after.strip()):
            continue
        if rule.edge is Edge.FREE and (_touches(before) or _touches(after)):
            continue
        if rule.kind == "ZIP_CODE" and text[start : start + 3] in _NO_ZIP:
            continue
        yield start, end


def _touches(character: str) -> bool:
    return character.isalnum() or character in ("-", "_")


@cache
def _compiled() -> tuple[tuple[_Rule, re2._Regexp], ...]:
    return tuple((rule, re2.compile(rule.regex)) for rule in _RULES)
