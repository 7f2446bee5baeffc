"""Made-up persons: names of many cultures, and everything that hangs on a name."""

from __future__ import annotations

import random
import string
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from training.synth.lexicon import census, own, provider, skewed
from training.synth.pieces import Piece, Pieces, joined

#: Language -> locales whose names its texts mostly hold.
HOME = {
    "en": ("en_US", "en_US", "en_US", "en_GB", "en_IE", "en_IN", "en_NZ"),
    "de": ("de_DE", "de_DE", "de_AT", "de_CH"),
    "fr": ("fr_FR", "fr_FR", "fr_QC", "fr_CH", "fr_DZ"),
    "es": ("es_ES", "es_MX", "es_AR", "es_CO", "es_CL"),
    "it": ("it_IT",),
    "nl": ("nl_NL", "nl_NL", "nl_BE"),
    "pt": ("pt_BR", "pt_PT"),
    "pl": ("pl_PL",),
    "sv": ("sv_SE", "sv_SE", "fi_FI"),
    "da": ("da_DK", "no_NO"),
}
#: Names that turn up everywhere.
WORLD = (
    "en_US en_GB en_IN en_NG en_KE en_PK de_DE fr_FR es_ES it_IT nl_NL pl_PL sv_SE no_NO da_DK "
    "fi_FI pt_BR pt_PT cs_CZ sk_SK hr_HR sl_SI hu_HU ro_RO lt_LT lv_LV et_EE tr_TR id_ID yo_NG "
    "ig_NG ha_NG zu_ZA sw tw_GH ga_IE vi_VN uz_UZ es_MX is_IS"
).split()
FIRST = (
    "first_names",
    "first_names_female",
    "first_names_male",
    "first_romanized_names",
    "first_names_unisex",
)
LAST = (
    "last_names",
    "unisex_last_names",
    "male_last_names",
    "last_names_male",
    "last_names_female",
    "last_romanized_names",
)
ONSETS = "b br c ch d dr f fl g gr h j k kr l m n p pr qu r s sh st t th tr v w y z".split()
VOWELS = "a e i o u ai ea ee ia io ou oa ei".split()
CODAS = ["", "", "n", "r", "s", "l", "m", "ck", "nd", "rt", "th", "x", "ng", "lt"]
ENDS = "son ova ski ez ini en ey man berg well idis yan oglu ic ou ara osa wala ins".split()
DOMAINS = (
    "gmail.com yahoo.com hotmail.com outlook.com icloud.com aol.com gmx.de web.de orange.fr "
    "free.fr libero.it wp.pl uol.com.br proton.me mail.com live.co.uk ziggo.nl telia.com "
    "example.com"
).split()


@cache
def pool(kind: str, locale: str) -> tuple[str, ...]:
    """All first or last names of a locale that have one kind of spelling."""
    attributes = FIRST if kind == "first" else LAST
    found: dict[str, None] = {}
    for attribute in attributes:
        found |= dict.fromkeys(provider("person", locale, attribute))
    return tuple(n for n in found if len(n) > 1 and n[:1].isupper())


RANKS = (
    "Senior Junior Lead Chief Principal Assistant Associate Deputy Acting Former Head Trainee Staff"
).split()
HEADS = ("Head", "Director", "Manager", "VP", "Chief", "Vice President")
FIELDS = (
    "Sales",
    "Marketing",
    "Finance",
    "Engineering",
    "Operations",
    "Product",
    "Human Resources",
    "Communications",
    "Customer Success",
    "Nursing",
    "Research",
    "IT",
    "Logistics",
    "Compliance",
    "Payroll",
)


def invented(rng: random.Random) -> str:
    """A surname that nobody has: names are told by shape and place, not by heart."""
    count = rng.choice((1, 1, 2))
    word = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(count))
    word += rng.choice(CODAS) if rng.random() < 0.5 else rng.choice(ENDS)
    return word.capitalize()


def rank(rng: random.Random) -> str:
    """A job told by its rank and field: Senior Tax Advisor, Head of Payroll, VP Marketing."""
    job = rng.choice(own("occupation_en"))
    field = rng.choice(FIELDS)
    forms = (
        f"{rng.choice(RANKS)} {job.title() if job.islower() else job}",
        f"{rng.choice(RANKS).lower()} {job}",
        f"{rng.choice(HEADS)} of {field}",
        f"{field} {rng.choice(('Manager', 'Director', 'Specialist', 'Analyst', 'Officer'))}",
        f"{rng.choice(('VP', 'Director', 'Manager'))}, {field}",
    )
    return rng.choice(forms)


def first_name(rng: random.Random, locale: str) -> str:
    r = rng.random()
    if locale.startswith("en_U") and r < 0.6:
        name = skewed(rng, census(rng.choice(("female.first", "male.first"))))
    elif r < 0.03:
        name = rng.choice(own("ambiguous_first"))
    elif r < 0.06:
        name = rng.choice(own("romanized_first"))
    else:
        names = pool("first", locale) or pool("first", "en_US")
        name = rng.choice(names)
    if rng.random() < 0.03:
        name += rng.choice("- ") + rng.choice(pool("first", locale) or ("Anne",)).split()[0]
    return name


def last_name(rng: random.Random, locale: str) -> str:
    r = rng.random()
    if locale.startswith("en_U") and r < 0.65:
        names = census("all.last")
        name = names[int(len(names) * rng.random() ** 3)]
    elif r < 0.03:
        name = rng.choice(own("ambiguous_last"))
    elif r < 0.07:
        name = rng.choice(own("romanized_last"))
    elif r < 0.14:
        name = invented(rng)
    else:
        names = pool("last", locale) or census("all.last")[:20000]
        name = rng.choice(names)
    if rng.random() < 0.04:
        name += rng.choice(("-", "-", " ")) + rng.choice(pool("last", locale) or ("Smith",))
    return name


def ascii_of(word: str) -> str:
    """Lower case, no accents, letters only: as in a mail address."""
    word = word.lower().replace("ß", "ss").replace("ø", "o").replace("ł", "l").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFKD", word) if c in string.ascii_lowercase)


@dataclass(slots=True)
class Person:
    """Somebody who may be named several times in a text, each time in another way."""

    rng: random.Random
    first: str
    middle: str
    last: str
    female: bool
    kept: dict[str, Pieces] = field(default_factory=dict)

    @classmethod
    def make(cls, rng: random.Random, language: str) -> Person:
        home = HOME.get(language, HOME["en"])
        locale = rng.choice(home) if rng.random() < 0.68 else rng.choice(WORLD)
        middle = first_name(rng, locale) if rng.random() < 0.6 else ""
        names = first_name(rng, locale), middle, last_name(rng, locale)
        return cls(rng, *names, rng.random() < 0.5)

    @property
    def initial(self) -> str:
        return self.first[0]

    def given(self) -> Piece:
        return Piece(self.first, "FIRST_NAME")

    def family(self) -> Piece:
        return Piece(self.last, "LAST_NAME")

    def full(self) -> Pieces:
        """First and last name, sometimes with what may stand between."""
        r = self.rng.random()
        given, family = self.given(), self.family()
        if self.middle and r < 0.12:
            return joined(given, " ", Piece(self.middle, "FIRST_NAME"), " ", family)
        if r < 0.22:
            return joined(
                given,
                " ",
                Piece(self.rng.choice("ABCDEFGHJKLMNPRSTW") + ".", "FIRST_NAME"),
                " ",
                family,
            )
        if r < 0.25:
            return joined(Piece(f"{self.initial}.", "FIRST_NAME"), " ", family)
        if r < 0.27:
            return joined(
                given,
                " ",
                family,
                self.rng.choice((" Jr.", " III", ", PhD", ", MD", " Sr.", ", Esq.")),
            )
        return joined(given, " ", family)

    def simple(self) -> Pieces:
        return joined(self.given(), " ", self.family())

    def reverse(self) -> Pieces:
        tail: Pieces = []
        if self.middle and self.rng.random() < 0.3:
            tail = joined(" ", Piece(self.middle, "FIRST_NAME"))
        elif self.rng.random() < 0.2:
            tail = joined(" ", Piece(self.rng.choice("ABCDEFGHJKLMNPRST") + ".", "FIRST_NAME"))
        return joined(
            self.family(),
            self.rng.choice((", ", ", ", ", ", ",")),
            self.given(),
            *([tail] if tail else []),
        )

    def initials(self) -> Pieces:
        """J. Doe, J.P. Doe."""
        second = f"{self.middle[0]}." if self.middle and self.rng.random() < 0.4 else ""
        gap = self.rng.choice((" ", " ", ""))
        return joined(Piece(f"{self.initial}.{second}", "FIRST_NAME"), gap or " ", self.family())

    def any(self) -> Pieces:
        """Whatever way a person is named in running text."""
        r = self.rng.random()
        if r < 0.6:
            return self.full()
        if r < 0.78:
            return [self.given()]
        if r < 0.88:
            return [self.family()]
        return self.initials() if r < 0.94 else self.simple()

    def email(self) -> Pieces:
        return self.keep("email", lambda: [Piece(self._address(), "EMAIL_ADDRESS")])

    def username(self) -> Pieces:
        return self.keep("username", lambda: [Piece(self._account(), "USERNAME")])

    def keep(self, name: str, make: object) -> Pieces:
        """The same e-mail each time that it is asked for."""
        if name not in self.kept:
            self.kept[name] = make()  # type: ignore[operator]
        return self.kept[name]

    def _account(self) -> str:
        a, b = ascii_of(self.first) or "x", ascii_of(self.last) or "y"
        number = (
            str(self.rng.randint(1, 99))
            if self.rng.random() < 0.5
            else str(self.rng.randint(1950, 2012))
        )
        forms = (
            f"{a}{b}",
            f"{a[0]}{b}",
            f"{a}.{b}",
            f"{a}_{b}",
            f"{a}{b}{number}",
            f"{a}{number}",
            f"{b}{a[0]}",
            f"{a[0]}{b}{number}",
            f"{b}.{a}",
            f"{a}{self.rng.choice(own('handle_words'))}{number}",
            f"{self.rng.choice(own('handle_words'))}_{a}",
            f"{a.capitalize()}{b.capitalize()}",
            f"x{a}x{number}",
        )
        return self.rng.choice(forms)

    def _address(self) -> str:
        domain = self.rng.choice(DOMAINS)
        if self.rng.random() < 0.45:
            end = self.rng.choice(
                "com org net co.uk de fr es it nl pl se eu io edu com.br info biz gov".split()
            )
            tail = self.rng.choice(("", "", "-group", "corp", "tech"))
            domain = f"{ascii_of(invented(self.rng))}{tail}.{end}"
        account = self._account()
        return f"{account}@{domain}"
