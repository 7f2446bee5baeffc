"""What the catalog says of an entity, for those that it knows and those that a policy made."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lakescan.entities import entity, is_known

_DOMAINS = {
    "PII": "Personal data",
    "PHI": "Health data",
    "PCI": "Payment data",
    "SECRET": "Secrets",
}

#: The order in which domains are shown: what hurts most when it leaks comes first.
DOMAIN_ORDER = ("SECRET", "PCI", "PHI", "PII")


@dataclass(frozen=True, slots=True)
class About:
    """One entity as a reader wants it."""

    name: str
    title: str
    description: str
    regulations: tuple[str, ...]


def about(name: str) -> About:
    """Describe an entity; one that only a policy knows is described by its name."""
    if not is_known(name):
        return About(name, title_of(name), "Named by the policy of this run.", ())
    known = entity(name)
    return About(name, title_of(name), known.description, known.regulations)


#: Short parts of the catalog's names that are words; the others are codes of countries and things.
_WORDS = frozenset(
    re.findall(
        r"\w+",
        """AGE AWARD BANK BIRTH BLOOD BOX CARD CARE CITY CLAIM CODE DATE DRUG EMAIL EVENT FAX FIRST
        FREE GEO HASH KEY LAST NAME OF PHONE PLATE PRIOR SIGN SLACK SORT STATE TAX TEXT TIME TITLE
        TOKEN TRACK TYPE VOTER AZURE""",
    )
)
_LONGEST_CODE = 5


def title_of(name: str) -> str:
    """``Email address`` of ``EMAIL_ADDRESS``, ``FR SIREN`` of ``FR_SIREN``."""
    known = is_known(name)
    title = " ".join(part if known and _is_code(part) else part.lower() for part in _parts(name))
    return title[:1].upper() + title[1:]


def _parts(name: str) -> list[str]:
    return [part for part in name.split("_") if part]


def _is_code(part: str) -> bool:
    return part not in _WORDS and (len(part) <= _LONGEST_CODE or any(map(str.isdigit, part)))


def domain_title(domain: str) -> str:
    """``Payment data`` of ``PCI``."""
    return _DOMAINS.get(domain, domain)
