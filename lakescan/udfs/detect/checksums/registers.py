"""Checks of numbers of tax offices and company registers, whole columns at a time."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.detect.checksums.americas import ec_ci
from lakescan.udfs.detect.checksums.candidates import (
    BoolArray,
    Candidates,
    Digits,
    Ints,
    number,
    varied,
)
from lakescan.udfs.detect.checksums.generic import luhn_sum, mod11_10, weighted


def no_orgnr(candidates: Candidates) -> BoolArray:
    """Organisasjonsnummer (Brønnøysundregistrene): weights 3 2 7 6 5 4 3 2 1, modulus 11."""
    digits = candidates.digits(9)
    return _sums_to_nought(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1))


def no_kontonr(candidates: Candidates) -> BoolArray:
    """Kontonummer: weights 5 4 3 2 7 6 5 4 3 2 1, modulus 11."""
    digits = candidates.digits(11)
    return _sums_to_nought(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))


def dk_cvr(candidates: Candidates) -> BoolArray:
    """CVR-nummer (Det Centrale Virksomhedsregister): weights 2 7 6 5 4 3 2 1, modulus 11."""
    digits = candidates.digits(8)
    valid: BoolArray = _sums_to_nought(digits, (2, 7, 6, 5, 4, 3, 2, 1)) & (digits[:, 0] > 0)
    return valid


def fi_ytunnus(candidates: Candidates) -> BoolArray:
    """Y-tunnus (PRH): weights 7 9 10 5 8 4 2 1, modulus 11."""
    return _sums_to_nought(candidates.digits(8), (7, 9, 10, 5, 8, 4, 2, 1))


def rs_pib(candidates: Candidates) -> BoolArray:
    """PIB: ISO 7064 MOD 11,10."""
    digits = candidates.digits(9)
    valid: BoolArray = (mod11_10(digits) == 1) & varied(digits)
    return valid


def lt_pvm(candidates: Candidates) -> BoolArray:
    """PVM of nine digits, the eighth a 1: weights 1 to 8, then 3 to 9 and 1, modulus 11."""
    digits = candidates.digits(9)
    first = weighted(digits, (1, 2, 3, 4, 5, 6, 7, 8)) % 11
    second = weighted(digits, (3, 4, 5, 6, 7, 8, 9, 1)) % 11
    check = np.where(first == 10, second, first) % 10
    valid: BoolArray = (check == digits[:, 8]) & (digits[:, 7] == 1)
    return valid & varied(digits)


def ru_ogrn(candidates: Candidates) -> BoolArray:
    """OGRN of 13 digits (modulus 11) or OGRNIP of 15 (modulus 13), the last digit of the rest."""
    digits = candidates.digits(15)
    person = candidates.counts == 15
    body = number(digits[:, :14])
    rest = np.where(person, body % 13, body % 11) % 10
    known = np.where(person, np.isin(digits[:, 0], (3, 4)), digits[:, 2] > 0)
    valid: BoolArray = known & (rest == digits[:, 14])
    return valid


def ua_edrpou(candidates: Candidates) -> BoolArray:
    """EDRPOU: weights 1 to 7, or 7 1 2 3 4 5 6 after 3, 4, 5; plus two where that leaves 10."""
    digits = candidates.digits(8)
    middle = np.isin(digits[:, 0], (3, 4, 5))
    low, high = (1, 2, 3, 4, 5, 6, 7), (7, 1, 2, 3, 4, 5, 6)
    first = np.where(middle, weighted(digits, high), weighted(digits, low)) % 11
    later = [tuple(w + 2 for w in weights) for weights in (low, high)]
    second = np.where(middle, weighted(digits, later[1]), weighted(digits, later[0])) % 11
    valid: BoolArray = np.where(first < 10, first, second) % 10 == digits[:, 7]
    return valid & varied(digits)


def mk_edb(candidates: Candidates) -> BoolArray:
    """EDB: weights 7 to 2 twice, modulus 11."""
    digits = candidates.digits(13)
    total = weighted(digits, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    valid: BoolArray = (-total % 11 % 10 == digits[:, 12]) & (digits[:, 0] == 4)
    return valid


def by_unp(candidates: Candidates) -> BoolArray:
    """UNP of nine digits: weights 29 23 19 17 13 7 5 3, modulus 11."""
    digits = candidates.digits(9)
    total = weighted(digits, (29, 23, 19, 17, 13, 7, 5, 3)) % 11
    lead = (digits[:, 0] >= 1) & (digits[:, 0] <= 7)
    valid: BoolArray = lead & (total == digits[:, 8]) & varied(digits)
    return valid


def tr_vkn(candidates: Candidates) -> BoolArray:
    """Vergi kimlik numarası: each digit plus its place, times a power of two, modulus 9."""
    digits = candidates.digits(10)
    places = np.arange(9, 0, -1)
    shifted = (digits[:, :9] + places) % 10
    powers = shifted.astype(np.int64) * (2**places) % 9
    terms = np.where((shifted > 0) & (powers == 0), 9, powers)
    valid: BoolArray = -terms.sum(axis=1) % 10 == digits[:, 9]
    return valid & varied(digits)


def ec_ruc(candidates: Candidates) -> BoolArray:
    """RUC: a cédula, a public body or a firm, and three digits of the branch."""
    digits = candidates.digits(13)
    province, kind = digits[:, 0] * 10 + digits[:, 1], digits[:, 2]
    known = ((province >= 1) & (province <= 24)) | (province == 30) | (province == 50)
    branch = number(digits[:, 10:]) > 0
    heads = Candidates(candidates.compact.str.slice(0, 10))
    person = ec_ci(heads) & branch & (kind <= 6)
    public = weighted(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    public &= (number(digits[:, 9:]) > 0) & ((kind == 6) | (kind == 9))
    firm = weighted(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    firm &= branch & (kind == 9)
    valid: BoolArray = known & (person | public | firm)
    return valid


def do_rnc(candidates: Candidates) -> BoolArray:
    """RNC: weights 7 9 8 6 5 4 3 2, modulus 11, brought to 1 to 9."""
    digits = candidates.digits(9)
    rest = weighted(digits, (7, 9, 8, 6, 5, 4, 3, 2)) % 11
    valid: BoolArray = (10 - rest) % 9 + 1 == digits[:, 8]
    return valid & varied(digits)


def uy_rut(candidates: Candidates) -> BoolArray:
    """RUT: an office from 01 to 22, six digits, 001, weights 4 3 2 9 8 7 6 5 4 3 2, modulus 11."""
    digits = candidates.digits(12)
    office = digits[:, 0] * 10 + digits[:, 1]
    known = (office >= 1) & (office <= 22) & (number(digits[:, 2:8]) > 0)
    known &= number(digits[:, 8:11]) == 1
    total = weighted(digits, (4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
    valid: BoolArray = known & (-total % 11 == digits[:, 11])
    return valid


def br_cns(candidates: Candidates) -> BoolArray:
    """Cartão Nacional de Saúde (DATASUS): begins with 1, 2, 7, 8 or 9; weights 15 to 1, mod 11."""
    digits = candidates.digits(15)
    lead = np.isin(digits[:, 0], (1, 2, 7, 8, 9))
    valid: BoolArray = lead & _sums_to_nought(digits, tuple(range(15, 0, -1)))
    return valid


def za_tax(candidates: Candidates) -> BoolArray:
    """Income tax reference (SARS): begins with 0 to 3 or 9, Luhn."""
    digits = candidates.digits(10)
    lead = (digits[:, 0] <= 3) | (digits[:, 0] == 9)
    valid: BoolArray = lead & (luhn_sum(digits) % 10 == 0) & varied(digits)
    return valid


def ma_ice(candidates: Candidates) -> BoolArray:
    """Identifiant commun de l'entreprise: divisible by 97."""
    digits = candidates.digits(15)
    valid: BoolArray = (number(digits) % 97 == 0) & varied(digits)
    return valid


def jp_corporate(candidates: Candidates) -> BoolArray:
    """Houjin bangou (National Tax Agency): weights 1 2 from the right, modulus 9, in front."""
    digits = candidates.digits(13)
    total = weighted(digits[:, 1:], (2, 1) * 6) % 9
    valid: BoolArray = 9 - total == digits[:, 0]
    return valid & varied(digits)


def tw_ubn(candidates: Candidates) -> BoolArray:
    """Unified Business Number: weights 1 2 1 2 1 2 4 1, digits of the products, modulus 10."""
    digits = candidates.digits(8)
    products = digits * np.array((1, 2, 1, 2, 1, 2, 4, 1))
    total = (products // 10 + products % 10).sum(axis=1) % 10
    valid: BoolArray = (total == 0) | ((total == 9) & (digits[:, 6] == 7))
    return valid & varied(digits)


def vn_mst(candidates: Candidates) -> BoolArray:
    """MST: weights 31 29 23 19 17 13 7 5 3, ten minus the rest of modulus 11."""
    digits = candidates.digits(10)
    total = weighted(digits, (31, 29, 23, 19, 17, 13, 7, 5, 3)) % 11
    valid: BoolArray = (10 - total == digits[:, 9]) & (number(digits[:, 2:9]) > 0)
    return valid


def es_ccc(candidates: Candidates) -> BoolArray:
    """Código cuenta cliente: two check digits, weights 1 2 4 8 5 10 9 7 3 6, modulus 11."""
    digits = candidates.digits(20)
    first = weighted(digits, (4, 8, 5, 10, 9, 7, 3, 6)) % 11
    second = weighted(digits[:, 10:], (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11
    valid: BoolArray = (_eleven(first) == digits[:, 8]) & (_eleven(second) == digits[:, 9])
    return valid & varied(digits)


def iccid(candidates: Candidates) -> BoolArray:
    """ITU-T E.118: 89, a country, an issuer, Luhn."""
    digits = candidates.digits(20)
    valid: BoolArray = luhn_sum(digits) % 10 == 0
    return valid


def _sums_to_nought(digits: Digits, weights: tuple[int, ...]) -> BoolArray:
    valid: BoolArray = (weighted(digits, weights) % 11 == 0) & varied(digits)
    return valid


def _eleven(rest: Ints) -> Ints:
    """Eleven minus the rest, where ten is written 1 and eleven 0."""
    check: Ints = np.array([0, 1, 9, 8, 7, 6, 5, 4, 3, 2, 1])[rest]
    return check
