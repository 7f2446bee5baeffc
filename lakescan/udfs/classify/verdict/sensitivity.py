"""Whether a column is personal data about a person: by what it holds and whose table it is in."""

from __future__ import annotations

from lakescan.policy import ColumnPolicy
from lakescan.udfs.classify.verdict.means import is_means
from lakescan.udfs.classify.verdict.table import Table

#: Tell of a person only where the rows are persons: a place, a job, a disease, a text.
_OF_PERSONS_ONLY = frozenset(
    ["LOCATION", "OCCUPATION", "MEDICAL", "TITLE", "LANGUAGE", "UUID", "FREE_TEXT"]
)

#: Tell of a person unless the table is plainly about something else: crabs have a sex and an age.
_UNLESS_THINGS = frozenset(["AGE", "GENDER", "NRP"])

#: How a firm is reached and known, where it is the firm that the row is about.
_OF_FIRMS_TOO = frozenset(["EMAIL_ADDRESS", "PHONE_NUMBER", "TAX_ID", "BANK_ACCOUNT"])

#: Tell of a person where the column's name shares its owner with a person's name.
_OF_ITS_OWNER = _OF_FIRMS_TOO | {"LOCATION", "OCCUPATION", "MEDICAL"}

#: Links and times say little by themselves; a policy may see that otherwise.
_NEVER_ALONE = frozenset(["URL"])

#: Names of those who made a work stand in public on it.
_MAKERS = frozenset(
    "director artist author writer composer actor actress singer producer editor publisher"
    " illustrator translator photographer autor auteur autore".split()
)


def is_sensitive(
    entity: str, category: str, place: int, table: Table, policy: ColumnPolicy
) -> bool:
    """Whether an entity in a column of this table counts as personal data.

    A policy's ``sensitive`` and ``not_sensitive`` for the column or the entity decide first.
    """
    if policy.rule.sensitive is not None:
        return policy.rule.sensitive
    if category == "AMOUNT":
        wanted = policy.policy.sensitive
        return wanted("AMOUNT") or (wanted("SALARY") and is_means(place, table))
    if category in _NEVER_ALONE or not policy.sensitive(entity):
        return False
    if category in _OF_ITS_OWNER and table.is_somebodys(place):
        return True
    return _by_rows(category, place, table)


def _by_rows(category: str, place: int, table: Table) -> bool:
    """Whether it is personal by what the rows of its table are."""
    column = table.columns[place]
    if category == "FREE_TEXT" and table.signed:
        return True
    if category in _OF_PERSONS_ONLY:
        return table.persons and (table.named_persons or not table.of_firms)
    if category in _UNLESS_THINGS:
        return not table.things
    if category in _OF_FIRMS_TOO:
        return not table.of_firms or table.named_persons or "person" in column.header.roles
    if category == "PERSON":
        return table.persons or table.reachable or not _MAKERS & set(column.header.words)
    return True
