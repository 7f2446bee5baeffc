"""What a column's neighbours say: whether rows are persons, and which doubtful names they back.

``state`` beside ``city`` and ``zip`` is a place, beside ``started_at`` it is a status; ``name``
beside ``birth_date`` is a person, beside ``price`` a product.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lakescan.udfs.classify.forms import Shape, fits, labels, moments
from lakescan.udfs.classify.header import Header, read_header, roles_of
from lakescan.udfs.classify.lexicon import HINT
from lakescan.udfs.classify.rules import Rule, family_of, rule_of, rules
from lakescan.udfs.classify.support import Support

#: From here on a header speaks plainly.
PLAIN = 0.8

#: A doubtful header that neighbours back counts so much.
BACKED = 0.8

#: Values as sure as this make a column an anchor for its neighbours, whatever its header.
_ANCHOR = 0.7

#: Attributes that only natural persons have.
_ATTRIBUTES = frozenset(
    "first_name last_name birth_date gender ssn national_id passport driver_license age occupation"
    " nrp salary health_id".split()
)
#: A title, a party, a rank are a person's only where one is plainly there.
_OF_A_PERSON = frozenset(["occupation", "nrp", "salary"])

#: A machine has a position and a state, a customer a city and a state: coordinates do not back it.
_POSTAL_ONLY = frozenset(["state", "street"])
_POSTAL = ("street", "city", "county", "zip", "country")
_PLACES = ("city", "county", "state", "country")
#: Words for a country's state that are as well the state that an order is in.
_STATUS = frozenset("state states estado estados stato stati etat etats".split())
#: What an account is opened with: these back each other.
_ACCOUNTS = frozenset(["username", "password", "secret", "email"])
#: Papers of a person: beside one, a licence is a driver's.
_PAPERS = frozenset(["passport", "national_id", "ssn", "driver_license"])
_CONTACTS = frozenset(["full_name", "email", "phone", "username"])

#: So many doubtful names of money, over numbers of its size, are money: quota, bonus, value.
_TOGETHER = 3

#: So many of a table's columns in a family back the family's doubtful headers.
_BACKING = {"place": 1, "bank": 1, "money": 1, "medical": 1, "person": 2, "network": 1}


@dataclass(frozen=True, slots=True)
class Column:
    """One column with what its header and its values say."""

    header: Header
    shape: Shape
    supports: tuple[Support, ...]


class Table:
    """The columns of one dataset, looked at together.

    Args:
        columns: all of them.
        title: the table's own name; empty where it has none.
        guessed: for each column of a table without a header the concepts that its neighbours
            suggest (`unnamed.guess`).
    """

    def __init__(
        self,
        columns: Sequence[Column],
        title: str = "",
        guessed: Sequence[dict[str, float]] = (),
    ) -> None:
        self.columns = columns
        #: Whether any row was read; else names are all that there is.
        self.read = any(column.shape.profile.rows for column in columns)
        self._guessed = guessed
        self.roles = roles_of(title)
        self._title = read_header(title) if title else Header()
        self._anchors = [_anchors(column) for column in columns]
        self._concepts = Counter(concept for found in self._anchors for concept in found)
        self._families = Counter(
            family
            for found in self._anchors
            for family in {family_of(concept) for concept in found} - {""}
        )
        self._sums = sum(1 for column in columns if _hints_at_money(column))

    @property
    def persons(self) -> bool:
        """Whether the rows are natural persons, or one person stands in each."""
        attributes = sum(1 for concept in _ATTRIBUTES if self._concepts[concept])
        contacts = sum(1 for concept in _CONTACTS if self._concepts[concept])
        if self.roles & {"person", "person_table"}:
            return True
        if self._concepts["first_name"] and self._concepts["last_name"]:
            return True
        return attributes >= 2 or (attributes >= 1 and contacts >= 1) or contacts >= 3

    @property
    def things(self) -> bool:
        """Whether the rows are products, events, files, ...: no persons to be seen."""
        return not self.persons and bool(self.roles & {"thing", "place", "organization"})

    @property
    def named_persons(self) -> bool:
        """Whether persons stand in the rows by first or last name."""
        return bool(self._concepts["first_name"] or self._concepts["last_name"])

    @property
    def of_firms(self) -> bool:
        """Whether it is organizations that the rows are about, whoever answers their phone."""
        firms = "organization" in self.roles or bool(self._concepts["organization"])
        own = _ATTRIBUTES - {"first_name", "last_name", "occupation"}
        return firms and not any(self._concepts[concept] for concept in own)

    @property
    def one_person_a_row(self) -> bool:
        """Whether each row describes a person, not an order or a visit of one."""
        attributes = sum(1 for concept in _ATTRIBUTES if self._concepts[concept])
        persons = bool(self.roles & {"person", "person_table"})
        return attributes >= 2 or (persons and attributes >= 1)

    def backs(self, concept: str, place: int) -> bool:
        """Whether columns other than the one at ``place`` back a doubtful header."""
        family = family_of(concept)
        if family not in _BACKING:
            return False
        if concept in _POSTAL_ONLY:
            others = self._concepts - Counter(self._anchors[place])
            return any(others[anchor] for anchor in _POSTAL)
        own = family in {family_of(found) for found in self._anchors[place]}
        return self._families[family] - own >= _BACKING[family]

    def concepts_at(self, place: int) -> dict[str, float]:
        """A column's header concepts, the doubtful ones raised where neighbours back them."""
        if self._guessed:
            return dict(self._guessed[place])
        column = self.columns[place]
        concepts = dict(column.header.concepts)
        for concept, sure in concepts.items():
            if HINT <= sure < PLAIN and concept != "name" and self._raises(concept, place):
                concepts[concept] = BACKED
        if concepts.get("name", 0.0) >= HINT:
            owner = self._owner_of_name()
            if owner is not None:
                concepts[owner] = max(concepts.get(owner, 0.0), BACKED)
        return concepts

    def _raises(self, concept: str, place: int) -> bool:
        if concept == "full_name":
            # "driver", "patient": a role. Its values must look like names, whoever stands beside.
            return False
        others = self._concepts - Counter(self._anchors[place])
        if concept == "driver_license":
            return any(others[paper] for paper in _PAPERS)
        column = self.columns[place]
        if concept == "date" or _is_status(concept, column):
            return concept == "date" and moments(column.shape)
        if concept == "occupation" and "provider" in column.header.words:
            return bool(self._families["medical"])
        if concept in _OF_A_PERSON and not (self.one_person_a_row or self.named_persons):
            return False
        together = concept == "money" and self._sums >= _TOGETHER
        opened = concept in _ACCOUNTS and any(others[each] for each in _ACCOUNTS)
        return together or opened or self.backs(concept, place)

    def _owner_of_name(self) -> str | None:
        """Whose name a bare ``name`` is, by the table's name and the columns in it."""
        for concept in _PLACES:
            if self._title.sure(concept) >= PLAIN:
                return concept
        attributes = sum(1 for concept in _ATTRIBUTES if self._concepts[concept])
        if attributes >= 2 and "organization" not in self.roles:
            return "full_name"
        for role, concept in (("person", "full_name"), ("organization", "organization")):
            if role in self.roles:
                return concept
        if self.roles & {"thing", "place"}:
            return None
        return "full_name" if self.persons and not self._concepts["organization"] else None


def _anchors(column: Column) -> set[str]:
    """Concepts that a column surely is, by a plain header of fitting form or by its values."""
    found: set[str] = set()
    for rule in rules():
        certainty = max((s.certainty for s in members(rule, column.supports)), default=0.0)
        if certainty >= _ANCHOR and rule.values_alone >= _ANCHOR and rule.concepts:
            found.add(rule.concepts[0])
        said = [c for c in rule.concepts if column.header.sure(c) >= PLAIN]
        unread = column.shape.profile.rows == 0
        if said and (unread or certainty >= 0.2 or fits(rule.form, column.shape)):
            found.update(said)
    return found


def _hints_at_money(column: Column) -> bool:
    return column.header.sure("money", "salary") >= HINT and fits("sizable", column.shape)


def _is_status(concept: str, column: Column) -> bool:
    """Whether a doubtful "state" or "role" is one of a few labels: "active", "viewer"."""
    doubtful = concept == "occupation" or (
        concept == "state" and bool(_STATUS & set(column.header.words))
    )
    return doubtful and labels(column.shape)


def members(rule: Rule, supports: Sequence[Support]) -> list[Support]:
    """The supports that are evidence for a rule."""
    rows = [(s, rule_of(s.entity, s.category)) for s in supports]
    return [s for s, row in rows if row is rule or (row is None and s.entity in rule.members)]
