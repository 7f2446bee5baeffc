"""Whose money an amount is: what a person earns, owns or owes, or the price of a thing."""

from __future__ import annotations

from lakescan.udfs.classify.verdict.table import Table

#: Concepts of the header lexicon for what somebody has: wages, and balances and debts.
_MEANS = ("salary", "means")

#: "yearly income, person" says it, too, with words behind the noun; "income growth" does not.
_SAID = 0.35


def is_means(place: int, table: Table) -> bool:
    """Whether an amount is what a person in the row earns, owns or owes.

    A wage, a balance, a debt tell of somebody; the total of an order, a price, a fee tell what was
    sold, whoever bought it.
    """
    said = table.columns[place].header.sure(*_MEANS)
    return said >= _SAID and (table.persons or table.of_one_person)


def whose(place: int, table: Table) -> str:
    """The same as a sentence for the evidence."""
    said = table.columns[place].header.sure(*_MEANS)
    if said < _SAID:
        return "a price, a fee or a total as far as the name says: no person's means"
    if is_means(place, table):
        return "the name says what somebody earns, owns or owes, and the row is a person's"
    return "the name says what somebody earns, owns or owes, but the rows are no persons"
