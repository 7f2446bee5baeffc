"""Phrases made of listed words: full names, firms, streets, job titles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lakescan.udfs.detect.dictionaries.table import BoolArray, IntArray, UInt64s, WordTable
from lakescan.udfs.detect.dictionaries.tokens import Ends


@dataclass(frozen=True, slots=True)
class Phrase:
    """A kind of phrase and what it says of a whole cell."""

    name: str
    entity: str
    score: float


PERSON = Phrase("person_name", "PERSON", 0.7)
PARTIAL = Phrase("person_name_partial", "PERSON", 0.35)
FIRM = Phrase("organization_suffix", "ORGANIZATION", 0.7)
INSTITUTION = Phrase("organization_word", "ORGANIZATION", 0.5)
STREET = Phrase("street_word", "STREET", 0.4)
JOB = Phrase("occupation_word", "OCCUPATION", 0.45)
PHRASES = (PERSON, PARTIAL, FIRM, INSTITUTION, STREET, JOB)

_PLACES = ("city", "county", "state", "country")


def judge(cells: Ends, whole: UInt64s, table: WordTable) -> Iterator[tuple[Phrase, IntArray]]:
    """Say which cells are which phrase.

    Args:
        cells: their first and last words.
        whole: list bits of the whole cell.
        table: the words.

    Yields:
        A phrase and the rows that are one.
    """
    first, last = table.look_up(cells.first), table.look_up(cells.last)

    def has(bits: UInt64s, *names: str) -> BoolArray:
        found: BoolArray = (bits & table.any(*names)) != 0
        return found

    firm = has(last, "organization_suffix") & (cells.words >= 2)
    institution = (has(first, "organization_word") | has(last, "organization_word")) & ~firm
    street = has(last, "street_word") | (has(first, "street_word") & ~has(first, "title"))
    job = has(last, "occupation_word") | has(first, "occupation_head") | has(whole, "occupation")
    place = has(whole, *_PLACES)
    yield FIRM, cells.rows[firm]
    yield INSTITUTION, cells.rows[institution]
    yield STREET, cells.rows[street & ~firm & ~institution]
    yield JOB, cells.rows[job & ~firm & ~has(whole, "occupation")]
    sure, partial = _person(cells, first, last, table)
    other = firm | institution | job | place | has(whole, "organization")
    yield PERSON, cells.rows[sure & ~other]
    yield PARTIAL, cells.rows[(partial | (sure & place)) & ~sure & ~other & ~street]


def _person(
    cells: Ends, first: UInt64s, last: UInt64s, table: WordTable
) -> tuple[BoolArray, BoolArray]:
    def strong(bits: UInt64s, name: str) -> BoolArray:
        found: BoolArray = (bits & table.strong(name)) != 0
        return found

    def known(bits: UInt64s, *names: str) -> BoolArray:
        found: BoolArray = (bits & table.any(*names)) != 0
        return found

    initial = cells.sizes <= 2
    given, given_last = strong(first, "first_name"), strong(last, "first_name")
    family, family_first = strong(last, "last_name"), strong(first, "last_name")
    titled = known(first, "title") & (family | given_last) & ~initial[:, 1]
    possible = (cells.words <= 4) & (given | family_first | family | titled)
    middle = np.zeros(len(first), np.uint64)
    several = np.flatnonzero(possible & (cells.words >= 3))
    middle[several] = table.look_up(cells.between(several))
    few = possible & ~known(middle, "connector")
    straight = given & (family | known(last, "title_after")) & ~cells.comma & ~initial[:, 1]
    turned = family_first | known(first, "last_name")
    turned &= cells.comma & (given_last | known(middle, "first_name"))
    sure = few & (straight | turned | titled)
    lettered = initial[:, 0] & family & (cells.words <= 3)
    partial = few & (
        (given & ~initial[:, 1] & (cells.words <= 3))
        | (family_first & given_last)
        | lettered
        | (cells.comma & family_first & initial[:, 1])
    )
    return sure, partial
