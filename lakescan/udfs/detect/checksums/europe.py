"""Checks of European national, tax and health numbers, whole columns at a time."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.detect.checksums.candidates import (
    BoolArray,
    Candidates,
    Digits,
    Ints,
    number,
    varied,
)
from lakescan.udfs.detect.checksums.dates import pair, real_date, some_century
from lakescan.udfs.detect.checksums.generic import luhn_sum, mod11_10, mod97_10, weighted

_DNI_LETTERS = np.frombuffer(b"TRWAGMYFPDXBNJZSQVHLCKE", np.uint8)
_HETU_LETTERS = np.frombuffer(b"0123456789ABCDEFHJKLMNPRSTUVWXY", np.uint8)


def uk_nhs(candidates: Candidates) -> BoolArray:
    """NHS number (NHS Data Dictionary): weights 10 to 1, modulus 11.

    In groups it begins with 3, 4, 6, 7 or 9 (test numbers); Scotland's, that begin with a date of
    birth, are written without.
    """
    digits = candidates.digits(10)
    total = weighted(digits, (10, 9, 8, 7, 6, 5, 4, 3, 2, 1))
    issued = np.isin(digits[:, 0], (3, 4, 6, 7, 9)) | candidates.contain(r"\A[0-9]+\z")
    valid: BoolArray = (total % 11 == 0) & varied(digits) & issued
    return valid


def uk_utr(candidates: Candidates) -> BoolArray:
    """Unique Taxpayer Reference: the first digit checks the others."""
    digits = candidates.digits(10)
    table = np.array([2, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    valid: BoolArray = (
        table[weighted(digits[:, 1:], (6, 7, 8, 9, 10, 5, 4, 3, 2)) % 11] == digits[:, 0]
    )
    return valid


def nl_bsn(candidates: Candidates) -> BoolArray:
    """Burgerservicenummer: the "elfproef" with -1 for the last digit."""
    digits = candidates.digits(9)
    total = weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1))
    valid: BoolArray = (total % 11 == 0) & varied(digits) & (number(digits) > 0)
    return valid


def pt_nif(candidates: Candidates) -> BoolArray:
    """NIF: weights 9 to 2, 11 minus the remainder, ten and eleven count as nought."""
    digits = candidates.digits(9)
    check = (11 - weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2)) % 11) % 11 % 10
    valid: BoolArray = (check == digits[:, 8]) & (digits[:, 0] > 0)
    return valid


def gr_afm(candidates: Candidates) -> BoolArray:
    """AFM: powers of two, modulus 11, then modulus 10."""
    digits = candidates.digits(9)
    total = weighted(digits, (256, 128, 64, 32, 16, 8, 4, 2))
    valid: BoolArray = (total % 11 % 10 == digits[:, 8]) & (number(digits) > 0)
    return valid


def pl_pesel(candidates: Candidates) -> BoolArray:
    """PESEL: a birth date with the century in the month, weights 1 3 7 9, modulus 10."""
    digits = candidates.digits(11)
    total = weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1))
    month = pair(digits, 2)
    century = np.array([1900, 2000, 2100, 2200, 1800])[month // 20]
    dated = real_date(century + pair(digits, 0), month % 20, pair(digits, 4))
    valid: BoolArray = (total % 10 == 0) & dated
    return valid


def pl_nip(candidates: Candidates) -> BoolArray:
    """NIP: weights 6 5 7 2 3 4 5 6 7, modulus 11."""
    digits = candidates.digits(10)
    valid: BoolArray = weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7, -1)) % 11 == 0
    return valid & varied(digits)


def pl_regon(candidates: Candidates) -> BoolArray:
    """REGON of nine digits: weights 8 9 2 3 4 5 6 7, modulus 11, ten counts as nought."""
    digits = candidates.digits(9)
    total = weighted(digits, (8, 9, 2, 3, 4, 5, 6, 7))
    valid: BoolArray = (total % 11 % 10 == digits[:, 8]) & varied(digits)
    return valid


def pl_nrb(candidates: Candidates) -> BoolArray:
    """NRB: what follows PL in an IBAN of 26 digits (ISO 13616; ISO 7064 MOD 97-10)."""
    digits = candidates.digits(26)
    country = np.broadcast_to(np.array([25, 21], np.int32), (len(digits), 2))
    valid: BoolArray = mod97_10(np.hstack((digits[:, 2:], country, digits[:, :2]))) == 1
    return valid & varied(digits)


def tr_tckn(candidates: Candidates) -> BoolArray:
    """T.C. Kimlik No: two check digits."""
    digits = candidates.digits(11)
    tenth = (weighted(digits, (7, -1, 7, -1, 7, -1, 7, -1, 7))) % 10
    last = digits[:, :10].sum(axis=1) % 10
    valid: BoolArray = (digits[:, 0] > 0) & (tenth == digits[:, 9]) & (last == digits[:, 10])
    return valid


def de_tax_id(candidates: Candidates) -> BoolArray:
    """Steuer-ID: ISO 7064 MOD 11,10; among the first ten, one digit two or three times."""
    digits = candidates.digits(11)
    counts = np.stack([(digits[:, :10] == d).sum(axis=1) for d in range(10)], axis=1)
    repeated = (counts > 1).sum(axis=1) == 1
    repeated &= np.isin(counts.max(axis=1), (2, 3))
    valid: BoolArray = (digits[:, 0] > 0) & repeated & (mod11_10(digits) == 1)
    return valid


def hr_oib(candidates: Candidates) -> BoolArray:
    """OIB: ISO 7064 MOD 11,10."""
    digits = candidates.digits(11)
    valid: BoolArray = (mod11_10(digits) == 1) & varied(digits)
    return valid


def no_fodselsnummer(candidates: Candidates) -> BoolArray:
    """Fødselsnummer or D-number: a birth date and two check digits, modulus 11."""
    digits = candidates.digits(11)
    first = weighted(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11 == 0
    second = weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    day, month = pair(digits, 0), pair(digits, 2)
    day = np.where(day > 40, day - 40, day)
    month = np.where(month > 80, month - 80, np.where(month > 40, month - 40, month))
    individual, year = number(digits[:, 6:9]), pair(digits, 4)
    century = np.select(
        [
            individual < 500,
            (individual < 750) & (year >= 54),
            (individual >= 500) & (year < 40),
            (individual >= 900) & (year >= 40),
        ],
        [1900, 1800, 2000, 1900],
        0,
    )
    valid: BoolArray = first & second & (century > 0) & real_date(century + year, month, day)
    return valid


def be_national_number(candidates: Candidates) -> BoolArray:
    """Rijksregisternummer: 97 minus the rest of the first nine, with a 2 in front from 2000 on."""
    digits = candidates.digits(11)
    body, check = number(digits[:, :9]), pair(digits, 9)
    old = 97 - body % 97 == check
    new = (97 - (2_000_000_000 + body) % 97 == check) & (pair(digits, 0) <= 40)
    # Unknown months and days are nought; bis numbers add 20 or 40 to the month.
    year, month, day = pair(digits, 0), pair(digits, 2) % 20, pair(digits, 4)
    known = real_date(np.where(new, 2000, 1900) + year, month, day)
    valid: BoolArray = (old | new) & (known | ((month == 0) & (day <= 31))) & (pair(digits, 2) < 60)
    return valid & (body > 0)


def ee_lt_code(candidates: Candidates) -> BoolArray:
    """Isikukood, asmens kodas: century and sex, a birth date, weights 1.. or 3.., modulus 11."""
    digits = candidates.digits(11)
    first = weighted(digits, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    second = weighted(digits, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11
    check = np.where(first < 10, first, second % 10)
    lead = digits[:, 0]
    century = 1800 + (lead - 1) // 2 * 100
    dated = real_date(century + pair(digits, 1), pair(digits, 3), pair(digits, 5))
    valid: BoolArray = (lead >= 1) & (lead <= 8) & dated & (check == digits[:, 10])
    return valid


def ro_cnp(candidates: Candidates) -> BoolArray:
    """CNP: sex and century, a birth date, a county, modulus 11 with ten as one."""
    digits = candidates.digits(13)
    total = weighted(digits, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    check = np.where(total == 10, 1, total)
    lead = digits[:, 0]
    century = np.array([0, 1900, 1900, 1800, 1800, 2000, 2000, 1900, 1900, 1900])[lead]
    dated = real_date(century + pair(digits, 1), pair(digits, 3), pair(digits, 5))
    county = pair(digits, 7)
    known = ((county >= 1) & (county <= 48)) | np.isin(county, (51, 52, 70, 80, 81, 82, 83))
    valid: BoolArray = (lead > 0) & dated & known & (check == digits[:, 12])
    return valid


def bg_egn(candidates: Candidates) -> BoolArray:
    """EGN: a birth date with the century in the month, powers of two modulus 11, then 10."""
    digits = candidates.digits(10)
    total = weighted(digits, (2, 4, 8, 5, 10, 9, 7, 3, 6))
    month = pair(digits, 2)
    century = np.where(month > 40, 2000, np.where(month > 20, 1800, 1900))
    month = np.where(month > 40, month - 40, np.where(month > 20, month - 20, month))
    dated = real_date(century + pair(digits, 0), month, pair(digits, 4))
    valid: BoolArray = dated & (total % 11 % 10 == digits[:, 9])
    return valid


def cz_sk_number(candidates: Candidates) -> BoolArray:
    """Rodné číslo of ten digits: a birth date (women add 50 to the month), divisible by 11."""
    digits = candidates.digits(10)
    month = pair(digits, 2) % 50
    month = np.where(month > 20, month - 20, month)
    year = pair(digits, 0)
    dated = real_date(np.where(year < 54, 2000, 1900) + year, month, pair(digits, 4))
    tail = number(digits[:, :9]) % 11 % 10 == digits[:, 9]
    valid: BoolArray = dated & tail & (pair(digits, 2) < 83)
    return valid


def si_emso(candidates: Candidates) -> BoolArray:
    """EMŠO / JMBG: a birth date, a region, weights 7 to 2 twice, modulus 11."""
    digits = candidates.digits(13)
    total = weighted(digits, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    year = number(digits[:, 4:7])
    dated = real_date(np.where(year < 800, 2000, 1000) + year, pair(digits, 2), pair(digits, 0))
    valid: BoolArray = dated & ((-total % 11) % 10 == digits[:, 12])
    return valid


def dk_cpr(candidates: Candidates) -> BoolArray:
    """CPR number: a birth date (the modulus was given up in 2007)."""
    return some_century(candidates.digits(10), "dmy")


def se_personnummer(candidates: Candidates) -> BoolArray:
    """Personnummer: a birth date (coordination numbers add 60 to the day) and Luhn over ten."""
    digits = candidates.digits(10)
    day = pair(digits, 4)
    day = np.where(day > 60, day - 60, day)
    dated = real_date(2000 + pair(digits, 0), pair(digits, 2), day)
    long = candidates.counts == 12
    century = pair(candidates.digits(12), 0)
    dated &= ~long | (century == 19) | (century == 20)
    valid: BoolArray = dated & (luhn_sum(digits) % 10 == 0)
    return valid


def se_orgnr(candidates: Candidates) -> BoolArray:
    """Organisationsnummer: Luhn; the third digit is at least two."""
    digits = candidates.digits(10)
    valid: BoolArray = (luhn_sum(digits) % 10 == 0) & (digits[:, 2] >= 2) & varied(digits)
    return valid


def fi_hetu(candidates: Candidates) -> BoolArray:
    """Henkilötunnus: a birth date, a century sign, a letter by modulus 31."""
    digits = candidates.digits(10)
    lettered = candidates.counts == 9
    shifted = np.where(lettered[:, None], np.roll(digits, -1, axis=1), digits)[:, :9]
    chars = candidates.chars(11)
    last = chars[np.arange(len(candidates)), candidates.char_counts - 1]
    dated = some_century(shifted, "dmy")
    valid: BoolArray = dated & (_HETU_LETTERS[number(shifted) % 31] == last)
    return valid


def is_kennitala(candidates: Candidates) -> BoolArray:
    """Kennitala: a day, weights 3 2 7 6 5 4 3 2 modulus 11, the century's digit last."""
    digits = candidates.digits(10)
    total = weighted(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1))
    day = pair(digits, 0)
    day = np.where(day > 40, day - 40, day)
    century = np.where(digits[:, 9] == 9, 1900, np.where(digits[:, 9] == 0, 2000, 1800))
    known = np.isin(digits[:, 9], (0, 8, 9))
    dated = real_date(century + pair(digits, 4), pair(digits, 2), day)
    valid: BoolArray = (total % 11 == 0) & known & dated
    return valid


def fr_nir(candidates: Candidates) -> BoolArray:
    """NIR of 15 digits: sex, year, month, department, and 97 minus the rest of the first 13."""
    digits = candidates.digits(15)
    month = pair(digits, 3)
    plausible = np.isin(digits[:, 0], (1, 2, 3, 4, 7, 8))
    plausible &= ((month >= 1) & (month <= 12)) | ((month >= 20) & (month <= 42)) | (month >= 50)
    valid: BoolArray = plausible & (97 - number(digits[:, :13]) % 97 == pair(digits, 13))
    return valid


def ean13(candidates: Candidates) -> BoolArray:
    """GS1 General Specifications, section 7.9: weights 1 and 3, modulus 10 (thirteen digits)."""
    digits = candidates.digits(13)
    valid: BoolArray = weighted(digits, (1, 3) * 6 + (1,)) % 10 == 0
    return valid


def es_dni(candidates: Candidates) -> BoolArray:
    """DNI and NIE: the letter by modulus 23; X, Y and Z stand for 0, 1 and 2."""
    chars = candidates.chars(9)
    lead = chars[:, 0].astype(np.int64)
    first = np.where(lead >= ord("X"), lead - ord("X"), lead - 48)
    body: Ints = first * 10**7 + number(chars[:, 1:8].astype(np.int32) - 48)
    valid: BoolArray = _DNI_LETTERS[body % 23] == chars[:, 8]
    return valid


def es_social_security(candidates: Candidates) -> BoolArray:
    """Número de afiliación: province, serial, and both modulus 97 (TGSS).

    Serials below ten million count with seven digits.
    """
    digits = candidates.digits(12)
    province, serial = pair(digits, 0), number(digits[:, 2:10])
    body = np.where(serial < 10**7, province * 10**7 + serial, province * 10**8 + serial)
    provinces = (province >= 1) & ((province <= 53) | (province == 66))
    valid: BoolArray = provinces & (body % 97 == pair(digits, 10)) & varied(digits)
    return valid


def at_svnr(candidates: Candidates) -> BoolArray:
    """Versicherungsnummer: the fourth digit checks the others, modulus 11."""
    digits = candidates.digits(10)
    total = weighted(digits, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11
    day, month = pair(digits, 4), pair(digits, 6)
    dated = (month >= 1) & (month <= 15) & (day >= 1) & (day <= 31)
    valid: BoolArray = dated & (total == digits[:, 3]) & (digits[:, 0] > 0)
    return valid


def ru_inn(candidates: Candidates) -> BoolArray:
    """INN of ten digits (firms) or twelve (persons), modulus 11, then 10."""
    person = candidates.counts == 12
    digits = candidates.digits(12)
    firm = digits[:, 2:]
    ten = _tail(firm, (2, 4, 10, 3, 5, 9, 4, 6, 8), 9)
    first = _tail(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8), 10)
    second = _tail(digits, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8), 11)
    valid: BoolArray = np.where(person, first & second, ten)
    return valid & varied(firm)


def ru_snils(candidates: Candidates) -> BoolArray:
    """SNILS: weights 9 to 1, modulus 101, then 100."""
    digits = candidates.digits(11)
    total = weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 101 % 100
    valid: BoolArray = (total == pair(digits, 9)) & (number(digits[:, :9]) > 1_001_998)
    return valid


def ua_rnokpp(candidates: Candidates) -> BoolArray:
    """RNOKPP: weights -1 5 7 9 4 6 10 5 7, modulus 11, then 10."""
    digits = candidates.digits(10)
    total = weighted(digits, (-1, 5, 7, 9, 4, 6, 10, 5, 7))
    valid: BoolArray = (total % 11 % 10 == digits[:, 9]) & varied(digits)
    return valid


def _tail(digits: Digits, weights: tuple[int, ...], at: int) -> BoolArray:
    valid: BoolArray = weighted(digits, weights) % 11 % 10 == digits[:, at]
    return valid
