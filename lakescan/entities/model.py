"""The values of the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of thing that a detector can find.

    Args:
        name: ``US_SSN``, ``IBAN``, ``CITY``: the finest name, unique in the catalog.
        category: the harmonized name that verdicts are counted under (``SOCIAL_SECURITY_ID``).
        domain: ``PII``, ``PHI``, ``PCI`` or ``SECRET``.
        regulations: codes of the rules that name it, see `regulation`.
        description: one line, what it is and how it looks.
        example: made up, but of valid shape and with valid check digits where it has any.
        sensitive: whether a column of it counts as personal data unless the context says otherwise.
        vendors: product -> the labels under which that product reports it.
        aliases: other names that policies and callers may use for it.
        found_as: the entity that findings of it carry, where no detector tells the two apart.
    """

    name: str
    category: str
    domain: str
    regulations: tuple[str, ...]
    description: str
    example: str
    sensitive: bool
    vendors: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    aliases: tuple[str, ...] = ()
    found_as: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """Entities that a reader of a report wants to see as one.

    Args:
        name: ``BANK_ACCOUNT``.
        domain: the domain of its entities unless they say otherwise.
        description: one line.
        generic: the entity to name when only the category is known.
    """

    name: str
    domain: str
    description: str
    generic: str


@dataclass(frozen=True, slots=True)
class Regulation:
    """A rule that names a kind of data.

    Args:
        code: how entities refer to it (``GDPR Art. 9(1)``).
        title: what the rule says about the data, in one line.
        source: the law or standard, with its section.
    """

    code: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class VendorLabel:
    """One row of a product's table of what it finds.

    Args:
        vendor: ``presidio``, ``protegrity``, ``private_ai``, ``zenguard`` or ``data_curation``.
        label: the product's name for it, as published.
        category: the product's own grouping, as published; the label itself where it has none.
        entity: our name for it.
        group: the list that the row stands in (``general``, ``PHI``, ``USA``, ``pattern``, ...).
        note: what is odd about the row, if anything.
    """

    vendor: str
    label: str
    category: str
    entity: str
    group: str = ""
    note: str = ""
