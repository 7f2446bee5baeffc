"""Checks of national and tax numbers of the Americas outside the USA."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.detect.checksums.candidates import (
    BoolArray,
    Candidates,
    Digits,
    number,
    values36,
    varied,
)
from lakescan.udfs.detect.checksums.dates import real_date
from lakescan.udfs.detect.checksums.generic import luhn_sum, weighted


def ca_sin(candidates: Candidates) -> BoolArray:
    """Social Insurance Number: Luhn; 0 and 8 are not given out."""
    digits = candidates.digits(9)
    given = ~np.isin(digits[:, 0], (0, 8))
    valid: BoolArray = (luhn_sum(digits) % 10 == 0) & given & varied(digits)
    return valid


def br_cpf(candidates: Candidates) -> BoolArray:
    """CPF: two check digits, modulus 11."""
    digits = candidates.digits(11)
    valid: BoolArray = _mod11(digits, range(10, 1, -1), 9) & _mod11(digits, range(11, 1, -1), 10)
    return valid & varied(digits)


def br_cnpj(candidates: Candidates) -> BoolArray:
    """CNPJ: two check digits, modulus 11, weights 2 to 9 from the right."""
    digits = candidates.digits(14)
    first, second = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    valid: BoolArray = _mod11(digits, first, 12) & _mod11(digits, second, 13)
    return valid & varied(digits)


def br_pis(candidates: Candidates) -> BoolArray:
    """PIS/PASEP/NIT: weights 3 2 9 8 7 6 5 4 3 2, modulus 11."""
    digits = candidates.digits(11)
    valid: BoolArray = _mod11(digits, (3, 2, 9, 8, 7, 6, 5, 4, 3, 2), 10) & varied(digits)
    return valid


def ar_cuit(candidates: Candidates) -> BoolArray:
    """CUIT/CUIL: a kind, eight digits, modulus 11."""
    digits = candidates.digits(11)
    total = weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    check = np.array([0, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1])[total % 11]
    kind = digits[:, 0] * 10 + digits[:, 1]
    known = np.isin(kind, (20, 23, 24, 27, 30, 33, 34, 50, 51, 55))
    valid: BoolArray = known & (check == digits[:, 10])
    return valid


def cl_rut(candidates: Candidates) -> BoolArray:
    """RUT: seven or eight digits and 0 to 9 or K, modulus 11 with weights 2 to 7."""
    values = values36(candidates.chars(9))
    short = candidates.char_counts == 8
    values = np.where(short[:, None], np.roll(values, 1, axis=1), values)
    values[:, 0] = np.where(short, 0, values[:, 0])
    total = weighted(values, (3, 2, 7, 6, 5, 4, 3, 2))
    check = np.array([0, 20, 9, 8, 7, 6, 5, 4, 3, 2, 1])[total % 11]  # K is 20 in base 36
    valid: BoolArray = check == values[:, 8]
    return valid


def ec_ci(candidates: Candidates) -> BoolArray:
    """Cédula: a province, a kind below six, Luhn."""
    digits = candidates.digits(10)
    province = digits[:, 0] * 10 + digits[:, 1]
    known = ((province >= 1) & (province <= 24)) | (province == 30) | (province == 50)
    valid: BoolArray = known & (digits[:, 2] <= 6) & (luhn_sum(digits) % 10 == 0)
    return valid


def do_cedula(candidates: Candidates) -> BoolArray:
    """Cédula: Luhn."""
    digits = candidates.digits(11)
    valid: BoolArray = (luhn_sum(digits) % 10 == 0) & varied(digits)
    return valid


def pe_ruc(candidates: Candidates) -> BoolArray:
    """RUC: a kind, weights 5 4 3 2 7 6 5 4 3 2, modulus 11."""
    digits = candidates.digits(11)
    total = weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    kind = digits[:, 0] * 10 + digits[:, 1]
    valid: BoolArray = np.isin(kind, (10, 15, 16, 17, 20)) & (
        (11 - total % 11) % 10 == digits[:, 10]
    )
    return valid


def mx_curp(candidates: Candidates) -> BoolArray:
    """CURP: the birth date and the check digit (RENAPO instructivo normativo), base 37 with Ñ."""
    values = values36(candidates.chars(18))
    # Letters after N move up by one: Ñ is 24.
    moved = np.where(values >= 24, values + 1, values).astype(np.int64)
    total = weighted(moved.astype(np.int32), range(18, 1, -1))
    year = values[:, 4] * 10 + values[:, 5]
    century = np.where(values[:, 16] >= 10, 2000, 1900)
    month, day = values[:, 6] * 10 + values[:, 7], values[:, 8] * 10 + values[:, 9]
    dated = real_date(
        (century + year).astype(np.int64), month.astype(np.int64), day.astype(np.int64)
    )
    valid: BoolArray = dated & (-total % 10 == values[:, 17])
    return valid


def mx_clabe(candidates: Candidates) -> BoolArray:
    """CLABE: weights 3 7 1, each product modulus 10 (Banxico)."""
    digits = candidates.digits(18)
    products = digits[:, :17] * np.array((3, 7, 1) * 5 + (3, 7)) % 10
    valid: BoolArray = (-products.sum(axis=1) % 10 == digits[:, 17]) & (number(digits[:, :3]) > 0)
    return valid


def cr_cpf(candidates: Candidates) -> BoolArray:
    """Cédula of Costa Rica, which has no check digit: a province, two groups of four.

    So have telephones with an area code of two digits: 02 in Seoul, Manila and Sydney, 03 in Tokyo
    and Melbourne, 06 in Osaka (ITU-T, national numbering plans).
    """
    trunk = (candidates.counts == 10) & np.isin(candidates.digits(10)[:, 1], (2, 3, 6))
    valid: BoolArray = ~trunk
    return valid


def _mod11(digits: Digits, weights: range | tuple[int, ...], at: int) -> BoolArray:
    rest = weighted(digits, list(weights)) % 11
    valid: BoolArray = np.where(rest < 2, 0, 11 - rest) == digits[:, at]
    return valid
