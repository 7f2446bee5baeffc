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


#: Parts of names that are no words.
_ACRONYMS = frozenset(
    re.findall(
        r"\w+",
        """ABA ABN ACN API AWS BIC BSN CIF CNPJ CPF CURP CVV DEA DNI GCP GST IBAN ICD ID IMEI IP
        ITIN JWT LOINC MAC MBI NDC NHS NIE NIF NINO NPI NRP PAN PESEL PIN RFC SIN SSN SWIFT TFN UK
        URL US UUID VAT VIN""",
    )
)


def title_of(name: str) -> str:
    """``Email address`` of ``EMAIL_ADDRESS``; ``US SSN`` of ``US_SSN``."""
    words = [
        word if word in _ACRONYMS or any(map(str.isdigit, word)) else word.lower()
        for word in name.split("_")
        if word
    ]
    title = " ".join(words)
    return title[:1].upper() + title[1:]


def domain_title(domain: str) -> str:
    """``Payment data`` of ``PCI``."""
    return _DOMAINS.get(domain, domain)
