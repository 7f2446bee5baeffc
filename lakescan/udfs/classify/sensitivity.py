"""Whether a column is personal data about a person: by what it holds and whose table it is in."""

from __future__ import annotations

from lakescan.policy import ColumnPolicy
from lakescan.udfs.classify.table import Table

#: Tell of a person only where the rows are persons: a place, a sex, a job, a wage.
_OF_PERSONS_ONLY = frozenset(
    ["LOCATION", "OCCUPATION", "MEDICAL", "AMOUNT", "URL", "TITLE", "LANGUAGE", "UUID"]
)

#: Tell of a person unless the table is plainly about something else: crabs have a sex and an age.
_UNLESS_THINGS = frozenset(["AGE", "GENDER", "NRP", "FREE_TEXT"])

#: How a firm is reached, where nobody else stands in the table.
_OF_FIRMS_TOO = frozenset(["EMAIL_ADDRESS", "PHONE_NUMBER", "TAX_ID", "BANK_ACCOUNT"])


def is_sensitive(entity: str, category: str, table: Table, policy: ColumnPolicy) -> bool:
    """Whether an entity in a column of this table counts as personal data.

    A policy's ``sensitive`` and ``not_sensitive`` for the column or the entity decide first.
    """
    if policy.rule.sensitive is not None:
        return policy.rule.sensitive
    if not policy.sensitive(entity):
        return False
    if category in _OF_PERSONS_ONLY:
        return table.persons
    if category in _UNLESS_THINGS:
        return not table.things
    if category in _OF_FIRMS_TOO:
        return not table.of_firms
    return True
