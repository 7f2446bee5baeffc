"""The slots of the grammars: ``{name}`` -> pieces.

``{p.full}``: ``p``, ``q``, ``r``, ``s`` are persons who stay the same through a document, ``x`` is
somebody new each time; ``o`` and ``w`` are organizations that stay, ``{org}`` a new one; ``a`` is
an address that stays, ``{address}`` a new one.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from training.synth import codes, moments, numbers, organizations, people
from training.synth.lexicon import own, provider, words
from training.synth.organizations import Organization
from training.synth.people import Person
from training.synth.pieces import Piece, Pieces, joined
from training.synth.places import Address, Place

PEOPLE = "pqrsx"
BODIES = "ow"
TITLES = {
    "en": (
        "Mr.",
        "Mr",
        "Ms.",
        "Dr.",
        "Prof.",
        "Mrs.",
        "Ms",
        "Mrs",
        "Dr",
        "Sir",
        "Judge",
        "Captain",
        "Sgt.",
        "Senator",
        "Rev.",
        "Miss",
        "Officer",
        "Professor",
        "Detective",
    ),
    "de": ("Herr", "Frau", "Dr.", "Prof. Dr.", "Herrn"),
    "fr": ("M.", "Mme", "Dr", "Maître", "Monsieur", "Madame", "Mlle"),
    "es": ("Sr.", "Sra.", "Don", "Doña", "Dr.", "D.", "Señor", "Señora"),
    "it": ("Sig.", "Sig.ra", "Dott.", "Dott.ssa", "Avv.", "Signora", "Ing."),
    "nl": ("dhr.", "mevr.", "meneer", "mevrouw", "dr.", "De heer"),
    "pt": ("Sr.", "Sra.", "Dr.", "Dra.", "Dona", "Senhor"),
    "pl": ("Pan", "Pani", "dr", "Pana", "prof."),
    "sv": ("herr", "fru", "dr", "professor"),
    "da": ("hr.", "fru", "dr."),
}
ENDINGS = "com org net io de co.uk fr it es nl gov edu".split()
#: A handle in a post: who or what stands behind it is for the corpora to say.
HANDLE = "HANDLE"
Slots = dict[str, Callable[[], Pieces]]


class Fillers:
    """One document's people, bodies and places, and every slot there is."""

    def __init__(self, rng: random.Random, language: str) -> None:
        self.rng, self.language = rng, language
        self.persons: dict[str, Person] = {}
        self.bodies: dict[str, Organization] = {}
        self.home: Address | None = None
        self.place = Place(rng, language)
        self.slots: Slots = {**self._words(), **self._numbers(), **self._places(), **self._health()}

    def __call__(self, name: str) -> Pieces:
        """The pieces of slot ``name``.

        Raises: KeyError: there is no such slot.
        """
        head, _, tail = name.partition(".")
        if tail and head in PEOPLE:
            return self._person(head, tail)
        if tail and head in BODIES:
            if head not in self.bodies:
                self.bodies[head] = organizations.make(self.rng, self.language)
            return {"name": self.bodies[head].full, "short": self.bodies[head].brief}[tail]()
        if tail and head == "a":
            self.home = self.home or Address(self.rng, self.language)
            return self._address(self.home, tail)
        return self.slots[name]()

    def _person(self, who: str, what: str) -> Pieces:
        if who == "x" or who not in self.persons:
            self.persons[who] = Person.make(self.rng, self.language)
        person = self.persons[who]
        title = self.rng.choice(TITLES.get(self.language, TITLES["en"]))
        made: Slots = {
            "full": person.full,
            "simple": person.simple,
            "reverse": person.reverse,
            "initials": person.initials,
            "any": person.any,
            "first": lambda: [person.given()],
            "last": lambda: [person.family()],
            "email": person.email,
            "user": person.username,
            "initial": lambda: [Piece(f"{person.initial}.", "FIRST_NAME")],
            "middle": lambda: [Piece(person.middle or "Lee", "FIRST_NAME")],
            "titled": lambda: joined(
                f"{title} ",
                *([person.given(), " "] if self.rng.random() < 0.3 else []),
                person.family(),
            ),
            "phone": lambda: person.keep("phone", lambda: numbers.phone(self.rng, self.language)),
            "born": lambda: person.keep("born", lambda: moments.birth(self.rng, self.language)),
            "handle": lambda: [Piece("@" + person.username()[0].text, HANDLE)],
            "he": lambda: [Piece("she" if person.female else "he")],
            "He": lambda: [Piece("She" if person.female else "He")],
            "his": lambda: [Piece("her" if person.female else "his")],
            "him": lambda: [Piece("her" if person.female else "him")],
        }
        return made[what]()

    def _address(self, address: Address, what: str) -> Pieces:
        city, rng = address.city, self.rng
        made: Slots = {
            "line": address.line,
            "block": address.block,
            "first": address.first_line,
            "last": address.last_line,
            "short": address.short,
            "street": lambda: [Piece(address.street, "STREET")],
            "number": lambda: [Piece(address.number, "BUILDING")],
            "city": lambda: [Piece(city.name, "CITY")],
            "zip": lambda: [Piece(address.code, "ZIPCODE")],
            "state": lambda: (
                [Piece(address.state, "STATE")] if address.state else self.place.state()
            ),
            "country": lambda: (
                [Piece(address.country, "COUNTRY")] if address.country else self.place.country()
            ),
            "unit": lambda: [Piece(address.unit or str(rng.randint(1, 40)), "SECONDARY_ADDRESS")],
        }
        return made[what]()

    def _one(self, entity: str | None, *lists: str, title: bool = False) -> Callable[[], Pieces]:
        def pick() -> Pieces:
            found = self.rng.choice(
                own(self.rng.choice(lists)) if lists[0] not in HEALTH else words(lists[0])
            )
            return [
                Piece(
                    found.capitalize()
                    if title or (lists[0] in HEALTH and self.rng.random() < 0.08)
                    else found,
                    entity,
                )
            ]

        return pick

    def _local(self, stem: str) -> str:
        return f"{stem}_{self.language}" if self.language in LOCAL else f"{stem}_en"

    def _job(self) -> Pieces:
        rng, one = self.rng, self._one
        if self.language in LOCAL:
            return one("OCCUPATION", self._local("occupation"))()
        if rng.random() < 0.1:
            return [Piece(people.rank(rng), "OCCUPATION")]
        if rng.random() < 0.4:
            name = rng.choice(provider("job", "en_US", "jobs") or own("occupation_en"))
            name = " ".join(reversed(name.split(", "))) if name.count(", ") == 1 else name
            return [Piece(name.lower() if rng.random() < 0.4 else name, "OCCUPATION")]
        name = rng.choice(own("occupation_en"))
        return [
            Piece(name.title() if rng.random() < 0.2 and name.islower() else name, "OCCUPATION")
        ]

    def _words(self) -> Slots:
        rng, one = self.rng, self._one

        def nationality() -> Pieces:
            if self.language in LOCAL:
                return one("NATIONALITY", self._local("nationality"))()
            return [Piece(rng.choice(words("nationality")).title(), "NATIONALITY")]

        def group() -> Pieces:
            r = rng.random()
            if r < 0.6 or self.language in LOCAL:
                return nationality()
            if r < 0.8:
                return one("RELIGION", "religion_en")()
            return (
                one("POLITICAL_AFFILIATION", "politics_en")()
                if r < 0.93
                else one("ORIGIN", "origin_en")()
            )

        def host() -> str:
            return f"{people.ascii_of(people.invented(rng))}.{rng.choice(ENDINGS)}"

        def url() -> Pieces:
            path = rng.choice(
                (
                    "",
                    "",
                    "/",
                    "/about",
                    f"/{rng.choice(own('handle_words'))}/{rng.randint(1, 9999)}",
                    "/index.html",
                    f"/p?id={rng.randint(1, 999)}",
                )
            )
            return [
                Piece(
                    rng.choice(("https://", "http://", "https://www.", "www.", "www.", ""))
                    + host()
                    + path,
                    "URL",
                )
            ]

        def org() -> Pieces:
            return organizations.make(rng, self.language).full()

        return {
            "org": org,
            "brand": lambda: organizations.make(rng, self.language).brief(),
            "job": self._job,
            "nationality": nationality,
            "nrp": group,
            "url": url,
            "product": lambda: codes.product(rng),
            "religion": one("RELIGION", "religion_en"),
            "politics": one("POLITICAL_AFFILIATION", "politics_en"),
            "origin": one("ORIGIN", "origin_en"),
            "language": one("LANGUAGE", "language_en"),
            "gender": one("GENDER", "gender_en"),
            "event": one("EVENT", "events"),
            "word": lambda: [Piece(rng.choice(own("handle_words")))],
            "code": lambda: codes.code(rng),
            "order": lambda: codes.order(rng),
            "n": lambda: codes.count(rng),
            "uuid": lambda: codes.uuid(rng),
            "hex": lambda: codes.hexa(rng),
            "password": lambda: codes.password(rng),
            "device": lambda: codes.device(rng),
            "term": lambda: codes.term(rng),
            "noun": lambda: [Piece(rng.choice(own("nouns")))],
            "Noun": lambda: [Piece(rng.choice(own("nouns")).title())],
            "adj": lambda: [Piece(rng.choice(own("adjectives")))],
            "Adj": lambda: [Piece(rng.choice(own("adjectives")).title())],
            "verbed": lambda: [Piece(rng.choice(own("verbs_past")))],
            "dept": lambda: [Piece(rng.choice(own("departments")))],
            "heading": lambda: codes.heading(rng),
            "work": lambda: [Piece(rng.choice(own("works")))],
            "field": lambda: [Piece(rng.choice(own("brand_fields")).lower())],
        }

    def _numbers(self) -> Slots:
        rng, language = self.rng, self.language
        shaped = numbers.shaped
        national = numbers.NATIONAL.get(language, numbers.NATIONAL["en"])
        return {
            "phone": lambda: numbers.phone(rng, language),
            "card": lambda: numbers.card(rng),
            "iban": lambda: numbers.iban(rng),
            "ssn": lambda: numbers.social(rng, language),
            "ip": lambda: numbers.ip(rng),
            "nid": lambda: shaped(rng, "NATIONAL_ID", national),
            "tax": lambda: shaped(rng, "TAX_ID", numbers.TAX),
            "passport": lambda: shaped(rng, "PASSPORT", numbers.PASSPORTS),
            "license": lambda: shaped(rng, "DRIVER_LICENSE", numbers.LICENSES),
            "mrn": lambda: shaped(rng, "HEALTH_CARE_ID", numbers.HEALTH),
            "vehicle": lambda: shaped(rng, "VEHICLE_ID", numbers.VEHICLES),
            "employee": lambda: shaped(rng, "EMPLOYEE_ID", numbers.EMPLOYEES),
            "account": lambda: shaped(rng, "ACCOUNT_NUMBER", numbers.ACCOUNTS),
            "bank": lambda: shaped(
                rng, "BANK_ACCOUNT", ("########", "##########", "############", "#######")
            ),
            "date": lambda: moments.date(rng, language),
            "day": lambda: [Piece(moments.written(rng, moments.day(rng), language), "DATE")],
            "year": lambda: [Piece(str(rng.randint(1900, 2026)), "DATE")],
            "born": lambda: moments.birth(rng, language),
            "duration": lambda: moments.duration(rng, language),
            "time": lambda: moments.time(rng),
            "stamp": lambda: moments.stamp(rng),
            "age": lambda: moments.age(rng, language),
            "old": lambda: moments.bare_age(rng),
            "money": lambda: moments.money(rng, language),
        }

    def _places(self) -> Slots:
        rng, place = self.rng, self.place

        def fresh(what: str) -> Callable[[], Pieces]:
            return lambda: self._address(Address(rng, self.language), what)

        return {
            "city": place.city,
            "town": place.town,
            "country": place.country,
            "state": place.state,
            "county": place.county,
            "place": place.any,
            "location": place.wild,
            "address": fresh("line"),
            "block": fresh("block"),
            "street": fresh("first"),
            "zip": fresh("zip"),
            "streetname": fresh("street"),
            "lastline": fresh("last"),
            "shortaddress": fresh("short"),
        }

    def _health(self) -> Slots:
        one = self._one
        condition = (
            one("CONDITION", self._local("condition"))
            if self.language in LOCAL
            else one("CONDITION", "condition")
        )
        return {
            "condition": condition,
            "drug": one("DRUG", "drug"),
            "procedure": one("MEDICAL_PROCESS", "procedure"),
            "injury": one("INJURY", "injury"),
            "blood": lambda: [
                Piece(
                    self.rng.choice(
                        (
                            "A+",
                            "A-",
                            "B+",
                            "B-",
                            "AB+",
                            "AB-",
                            "O+",
                            "O-",
                            "O positive",
                            "A negative",
                            "B Rh+",
                            "0+",
                            "O neg",
                            "AB positive",
                        )
                    ),
                    "BLOOD_TYPE",
                )
            ],
        }


LOCAL = ("de", "fr", "es", "it", "nl", "pt", "pl", "sv")
HEALTH = ("condition", "drug", "procedure", "injury")
