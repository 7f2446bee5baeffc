"""What a column's neighbours say: whether rows are persons, and which doubtful names they back.

``state`` beside ``city`` and ``zip`` is a place, beside ``started_at`` it is a status; ``name``
beside ``birth_date`` is a person, beside ``price`` a product.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lakescan.udfs.classify.header.header import Header, read_header, roles_of
from lakescan.udfs.classify.header.lexicon import HINT
from lakescan.udfs.classify.verdict.forms import Shape, accounts, fits, labels, moments
from lakescan.udfs.classify.verdict.rules import Rule, family_of, rule_of, rules
from lakescan.udfs.classify.verdict.support import Support
from lakescan.udfs.classify.verdict.unnamed import are_dialled

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
#: A doubtful name of one coordinate needs one of the other beside it.
_COORDINATES = {"latitude": "longitude", "longitude": "latitude"}
#: Words for a country's state that are as well the state that an order is in.
_STATUS = frozenset("state states estado estados stato stati etat etats".split())
#: What an account is opened with: these back each other.
_ACCOUNTS = frozenset(["username", "password", "secret", "email"])
#: Papers of a person: beside one, a licence is a driver's.
_PAPERS = frozenset(["passport", "national_id", "ssn", "driver_license"])
#: A number that only a person has makes its row a person's by itself.
_NUMBERED = _PAPERS | {"health_id"}
_NAMES = frozenset(["first_name", "last_name", "full_name"])
_CONTACTS = frozenset(["full_name", "email", "phone", "username"])

#: What neighbours may tell of a column whose name says nothing.
_GUESSED = frozenset("phone username vehicle birth_date first_name last_name full_name".split())

#: What people log in by, where it is no number; it has no more digits than this.
_LOGINS, _FEW_DIGITS = frozenset("uid user usr userid login logon".split()), 0.3

#: So many doubtful names of money, over numbers of its size, are money: quota, bonus, value. Of
#: those with cents fewer will do: bid and ask.
_TOGETHER, _WITH_CENTS = 3, 2

#: What a name alone may hint at where no value was read: roles of persons, moments, firms.
_BY_NAME = frozenset("full_name date organization phone mac first_name last_name salary".split())

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
        guessed: for each column the concepts that its neighbours suggest (`unnamed.guess`): of a
            table without a header all, else those of persons where a name says nothing.
        named: whether the columns have names of their own.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        title: str = "",
        guessed: Sequence[dict[str, float]] = (),
        *,
        named: bool = True,
    ) -> None:
        self.columns = columns
        #: Whether any row was read; else names are all that there is.
        self.read = any(column.shape.profile.rows for column in columns)
        self._guessed = guessed
        self._named = named
        self.roles = roles_of(title)
        self._title = read_header(title) if title else Header()
        self._anchors = [_anchors(column) for column in columns]
        self._concepts = Counter(concept for found in self._anchors for concept in found)
        self._families = Counter(
            family
            for found in self._anchors
            for family in {family_of(concept) for concept in found} - {""}
        )
        sums = [column.shape for column in columns if _hints_at_money(column)]
        cents = sum(1 for shape in sums if 2 * shape.numbers.cents >= shape.rows)
        self._sums = len(sums) >= _TOGETHER or cents >= _WITH_CENTS

    @property
    def persons(self) -> bool:
        """Whether the rows are natural persons, or one person stands in each."""
        attributes = sum(1 for concept in _ATTRIBUTES if self._concepts[concept])
        contacts = sum(1 for concept in _CONTACTS if self._concepts[concept])
        if self.roles & {"person", "person_table"}:
            return True
        if self._concepts["first_name"] and self._concepts["last_name"]:
            return True
        if self._concepts["full_name"] and self._concepts["medical"]:
            return True
        if any(self._concepts[concept] for concept in _NUMBERED):
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
        own = _ATTRIBUTES - {"first_name", "last_name", "occupation"} | {"credit_card"}
        if any(self._concepts[concept] for concept in own):
            return False
        if "organization" in self.roles:
            return True
        firm, person = self._first({"organization"}), self._first(_NAMES)
        return firm is not None and (person is None or firm < person)

    def _first(self, concepts: AbstractSet[str]) -> int | None:
        """The first column that surely is any of the concepts: the subject comes first."""
        places = (at for at, found in enumerate(self._anchors) if found & concepts)
        return next(places, None)

    def is_somebodys(self, place: int) -> bool:
        """Whether a column's name shares its owner with that of a person's name.

        ``ship_city`` beside ``ship_name``, ``author_email`` beside ``author``.
        """
        words = self.columns[place].header.words
        for at, found in enumerate(self._anchors):
            if at == place or not found & _NAMES:
                continue
            other = self.columns[at].header.words
            if len(words) > 1 and other[:1] == words[:1]:
                return True
            if len(other) == 1 and other[0] in words:
                return True
        return False

    @property
    def of_one_person(self) -> bool:
        """Whether somebody's name stands in each row, and no firm's before it."""
        return any(self._concepts[concept] for concept in _NAMES) and not self.of_firms

    @property
    def signed(self) -> bool:
        """Whether each row names somebody who can be reached: who wrote what stands there."""
        return bool(self._concepts["full_name"]) and self.reachable and not self.of_firms

    @property
    def reachable(self) -> bool:
        """Whether somebody's e-mail address, user name or telephone stands in the rows."""
        return any(self._concepts[concept] for concept in ("email", "username", "phone"))

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
        column = self.columns[place]
        if self._guessed and not self._named:
            return dict(self._guessed[place])
        if self._guessed and _says_nothing(column.header):
            guessed = {c: sure for c, sure in self._guessed[place].items() if c in _GUESSED}
            if not are_dialled(column):
                guessed.pop("phone", None)  # numbers in groups are of anything
            return guessed
        concepts = dict(column.header.concepts)
        for concept, sure in concepts.items():
            if HINT <= sure < PLAIN and concept != "name" and self._raises(concept, place):
                concepts[concept] = BACKED
        if column.header.key and _LOGINS & set(column.header.words) and _are_logins(column.shape):
            concepts["username"] = BACKED
        if concepts.get("work", 0.0) >= HINT and self._of_works(place):
            return {"thing": BACKED}
        if concepts.get("name", 0.0) >= HINT and not concepts.get("work"):
            owner = self._owner_of_name()
            if owner is not None:
                concepts[owner] = max(concepts.get(owner, 0.0), BACKED)
        return concepts

    def _raises(self, concept: str, place: int) -> bool:
        alone = not self.read and self._says_only(concept, place)
        if alone or concept == "full_name":
            # "driver", "patient": a role. Its values must look like names, whoever stands beside.
            return alone
        others = self._concepts - Counter(self._anchors[place])
        if concept == "driver_license":
            return any(others[paper] for paper in _PAPERS)
        if concept in _COORDINATES and not self._is_paired(concept, place):
            return False
        column = self.columns[place]
        if concept == "date" or _is_status(concept, column):
            return concept == "date" and moments(column.shape)
        if concept == "occupation" and "provider" in column.header.words:
            return bool(self._families["medical"])
        if concept in _OF_A_PERSON and not (self.one_person_a_row or self.named_persons):
            return False
        means = concept == "money" and column.header.sure("means") >= PLAIN
        if (concept == "salary" and self.one_person_a_row) or (means and self.persons):
            return True
        together = concept == "money" and self._sums
        opened = concept in _ACCOUNTS and any(others[each] for each in _ACCOUNTS)
        opened |= concept == "username" and accounts(column.shape)
        return together or opened or self.backs(concept, place)

    def _is_paired(self, concept: str, place: int) -> bool:
        """Whether a column beside a coordinate may be the other one: an x without any y is none."""
        other = _COORDINATES[concept]
        return any(
            column.header.sure(other) >= HINT and fits("coordinate", column.shape)
            for at, column in enumerate(self.columns)
            if at != place
        )

    def _of_works(self, place: int) -> bool:
        """Whether a bare "title" is one of films, books, songs, and no person's."""
        if self.persons:
            return False
        others = (column for at, column in enumerate(self.columns) if at != place)
        works = any(column.header.sure("work_attribute") >= HINT for column in others)
        return works or "thing" in self.roles

    def _says_only(self, concept: str, place: int) -> bool:
        """Whether a name hints at one thing only, of those that are seldom anything else."""
        said = self.columns[place].header.concepts
        hinted = {name for name, sure in said.items() if sure >= HINT}
        return concept in _BY_NAME and hinted == {concept}

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
        mine = members(rule, column.supports)
        certainty = max((s.certainty for s in mine), default=0.0)
        shown = max((s.certainty for s in mine if s.proven or not _is_other(rule, column)),
                    default=0.0)  # fmt: skip
        if shown >= _ANCHOR and rule.values_alone >= _ANCHOR and rule.concepts:
            found.add(rule.concepts[0])
        said = [c for c in rule.concepts if column.header.sure(c) >= PLAIN]
        unread = column.shape.profile.rows == 0
        if said and (unread or certainty >= 0.2 or fits(rule.form, column.shape)):
            found.update(said)
    return found


def _is_other(rule: Rule, column: Column) -> bool:
    """Whether the name plainly says that it is something else, or about something."""
    if column.header.about or column.header.key:
        return True
    concepts = column.header.concepts
    mine = column.header.sure(*rule.concepts)
    return mine < HINT and max(concepts.values(), default=0.0) >= PLAIN


def _hints_at_money(column: Column) -> bool:
    return column.header.sure("money", "salary") >= HINT and fits("sizable", column.shape)


def _is_status(concept: str, column: Column) -> bool:
    """Whether a doubtful "state" or "role" is one of a few labels: "active", "viewer"."""
    doubtful = concept == "occupation" or (
        concept == "state" and bool(_STATUS & set(column.header.words))
    )
    return doubtful and labels(column.shape)


def _says_nothing(header: Header) -> bool:
    """Whether a name has no word that is known: "Telm_Pess" may be anything."""
    return header.best < HINT and not header.about and not header.key


def _are_logins(shape: Shape) -> bool:
    """Whether what is called an id are names of accounts: ``jsmith2``, but no ``u387427``."""
    return accounts(shape) and shape.digit_share <= _FEW_DIGITS


def members(rule: Rule, supports: Sequence[Support]) -> list[Support]:
    """The supports that are evidence for a rule."""
    rows = [(s, rule_of(s.entity, s.category)) for s in supports]
    return [s for s, row in rows if row is rule or (row is None and s.entity in rule.members)]
