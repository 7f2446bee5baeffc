"""Made-up people and numbers: the same ones every time, and none of them anybody's.

Numbers that carry a check digit carry a right one; phone numbers are of the ranges that are kept
for fiction (202-555-01xx), mail addresses of domains kept for examples (RFC 2606), card numbers of
the networks' published test prefixes.
"""

from __future__ import annotations

import datetime as dt
import random
import string
import uuid
from dataclasses import dataclass

FIRST = (
    "Amelia Noah Priya Mateo Ingrid Kwame Yuki Fatima Lucas Elena Omar Sofia Daniel Mei Grace "
    "Pavel Aisha Henrik Carmen Liam Nadia Tomasz Olivia Rajesh Hannah Diego Freya Samuel Leila "
    "Victor Zoe Arthur Beatriz Conor Dalia Emil"
).split()
LAST = (
    "Bennett Okafor Sharma Alvarez Lindqvist Mensah Tanaka Haddad Moreau Petrova Farouk Rossi "
    "Whitfield Zhang Holloway Novak Rahman Sorensen Delgado Gallagher Ivanova Kowalski Prescott "
    "Iyer Abramson Fuentes Larsen Whitaker Karimi Beaumont Castellano Drummond Fischer Nilsson"
).split()
STREETS = "Maple Cedar Juniper Harbor Willow Chestnut Lakeview Orchard Summit Prospect".split()
SUFFIXES = "Street Avenue Road Lane Drive Court".split()
CITIES = (
    ("Portland", "OR", "97205"),
    ("Madison", "WI", "53703"),
    ("Albany", "NY", "12207"),
    ("Tucson", "AZ", "85701"),
    ("Raleigh", "NC", "27601"),
    ("Omaha", "NE", "68102"),
    ("Denver", "CO", "80202"),
    ("Savannah", "GA", "31401"),
)
MAIL_DOMAINS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    first: str
    last: str
    email: str
    phone: str
    street: str
    city: str
    state: str
    zipcode: str
    born: dt.date
    ssn: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


def person(rng: random.Random) -> Person:
    """One more person."""
    first, last = rng.choice(FIRST), rng.choice(LAST)
    city, state, zipcode = rng.choice(CITIES)
    return Person(
        first=first,
        last=last,
        email=f"{first}.{last}{rng.randrange(100)}@{rng.choice(MAIL_DOMAINS)}".lower(),
        phone=f"({rng.choice((202, 303, 503, 608, 919))}) 555-01{rng.randrange(100):02d}",
        street=f"{rng.randrange(1, 9900)} {rng.choice(STREETS)} {rng.choice(SUFFIXES)}",
        city=city,
        state=state,
        zipcode=zipcode,
        born=dt.date(1940, 1, 1) + dt.timedelta(days=rng.randrange(24_000)),
        ssn=social_security_number(rng),
    )


def social_security_number(rng: random.Random) -> str:
    """A US social security number in the ranges that the SSA gives out."""
    area, group, serial = rng.randrange(1, 666), rng.randrange(1, 100), rng.randrange(1, 10_000)
    return f"{area:03d}-{group:02d}-{serial:04d}"


def digits(rng: random.Random, count: int) -> str:
    """So many digits, the first not a zero."""
    return str(rng.randrange(10 ** (count - 1), 10**count))


def luhn_digit(body: str) -> str:
    """The check digit of ISO/IEC 7812-1 annex B for a number without one."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))]
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def card_number(rng: random.Random) -> str:
    """A payment card number with a right check digit, four by four."""
    body = rng.choice(("411111", "555555", "222300")) + digits(rng, 9)
    number = body + luhn_digit(body)
    return " ".join(number[i : i + 4] for i in range(0, 16, 4))


def not_a_card_number(rng: random.Random) -> str:
    """Sixteen digits whose check digit is wrong and whose prefix no card network has."""
    body = "99" + digits(rng, 13)
    return body + str((int(luhn_digit(body)) + 1 + rng.randrange(9)) % 10)


def iban(rng: random.Random) -> str:
    """A German IBAN with right check digits (ISO 13616, ISO 7064 mod 97-10)."""
    account = digits(rng, 18)
    return f"DE{98 - int(account + '131400') % 97:02d}{account}"


def npi(rng: random.Random) -> str:
    """A US National Provider Identifier: Luhn over 80840 and nine digits (45 CFR 162.406)."""
    body = "1" + digits(rng, 8)
    return body + luhn_digit("80840" + body)


def isbn(rng: random.Random) -> str:
    """An ISBN-13 (ISO 2108)."""
    body = "978" + digits(rng, 9)
    total = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body))
    return body + str(-total % 10)


def mac_address(rng: random.Random) -> str:
    """A locally administered MAC address."""
    return ":".join(["02"] + [f"{rng.randrange(256):02x}" for _ in range(5)])


def ip_address(rng: random.Random) -> str:
    """An IPv4 address of the blocks kept for documentation (RFC 5737)."""
    block = rng.choice(("192.0.2", "198.51.100", "203.0.113"))
    return f"{block}.{rng.randrange(1, 255)}"


def access_key(rng: random.Random) -> str:
    """The shape of an AWS access key id; made up as it is built, so no scanner finds it here."""
    return "AK" + "IA" + "".join(rng.choices(string.ascii_uppercase + "234567", k=16))


def uuid4(rng: random.Random) -> str:
    """A random UUID (RFC 9562), from our own dice."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))
