"""Checks of national, tax and health numbers of Asia, Africa and the Pacific."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.detect.checksums.candidates import (
    BoolArray,
    Candidates,
    Digits,
    Ints,
    number,
    values36,
    varied,
)
from lakescan.udfs.detect.checksums.dates import pair, real_date, some_century
from lakescan.udfs.detect.checksums.generic import luhn_sum, verhoeff, weighted

_NRIC_ST = np.frombuffer(b"JZIHGFEDCBA", np.uint8)
_NRIC_FG = np.frombuffer(b"XWUTRQPNMLK", np.uint8)
_NRIC_M = np.frombuffer(b"XWUTRQPNJLK", np.uint8)
_TW_LETTERS = {c: 10 + i for i, c in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO")}
_TW_VALUES = np.array([_TW_LETTERS.get(chr(b), 0) for b in range(256)])


def au_tfn(candidates: Candidates) -> BoolArray:
    """Tax File Number of nine digits: weights 1 4 3 7 5 8 6 9 10, modulus 11."""
    digits = candidates.digits(9)
    valid: BoolArray = weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0
    return valid & varied(digits)


def au_abn(candidates: Candidates) -> BoolArray:
    """Australian Business Number: one off the first digit, modulus 89; check pair 11 to 99."""
    digits = candidates.digits(11)
    total = weighted(digits, (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) - 10
    valid: BoolArray = (total % 89 == 0) & (digits[:, 0] * 10 + digits[:, 1] > 10)
    return valid


def au_acn(candidates: Candidates) -> BoolArray:
    """Australian Company Number: weights 8 to 1, complement of modulus 10."""
    digits = candidates.digits(9)
    valid: BoolArray = -weighted(digits, (8, 7, 6, 5, 4, 3, 2, 1)) % 10 == digits[:, 8]
    return valid & varied(digits)


def au_medicare(candidates: Candidates) -> BoolArray:
    """Medicare card number: begins with 2 to 6, weights 1 3 7 9, the ninth digit checks."""
    digits = candidates.digits(11)
    ten = candidates.counts == 10
    digits = np.where(ten[:, None], np.roll(digits, -1, axis=1), digits)
    total = weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9))
    lead = (digits[:, 0] >= 2) & (digits[:, 0] <= 6)
    valid: BoolArray = lead & (total % 10 == digits[:, 8]) & (digits[:, 9] > 0)
    return valid


def in_aadhaar(candidates: Candidates) -> BoolArray:
    """Aadhaar: begins with 2 to 9, Verhoeff, no palindrome (UIDAI)."""
    digits = candidates.digits(12)
    palindrome = (digits == digits[:, ::-1]).all(axis=1)
    valid: BoolArray = (digits[:, 0] >= 2) & (verhoeff(digits) == 0) & ~palindrome
    return valid


def in_vid(candidates: Candidates) -> BoolArray:
    """Virtual ID (UIDAI): sixteen digits, begins with 2 to 9, Verhoeff, no palindrome."""
    digits = candidates.digits(16)
    palindrome = (digits == digits[:, ::-1]).all(axis=1)
    valid: BoolArray = (digits[:, 0] >= 2) & (verhoeff(digits) == 0) & ~palindrome
    return valid


def cn_resident_id(candidates: Candidates) -> BoolArray:
    """GB 11643-1999: a province, a birth date, ISO 7064 MOD 11-2."""
    values = values36(candidates.chars(18))
    total = weighted(values, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    check = np.array([1, 0, 33, 9, 8, 7, 6, 5, 4, 3, 2])[total % 11]  # X is 33 in base 36
    year, province = number(values[:, 6:10]), number(values[:, :2])
    dated = real_date(year, number(values[:, 10:12]), number(values[:, 12:14]))
    dated &= (year >= 1880) & (year < 2100)
    valid: BoolArray = dated & (province >= 11) & (province <= 91) & (check == values[:, 17])
    return valid


def kr_rrn(candidates: Candidates) -> BoolArray:
    """Resident registration number: a birth date, sex and century, weights 2 to 9, modulus 11."""
    digits = candidates.digits(13)
    valid: BoolArray = _kr_dated(digits) & ((11 - _kr_sum(digits)) % 10 == digits[:, 12])
    return valid


def kr_brn(candidates: Candidates) -> BoolArray:
    """Business registration number (National Tax Service): weights 1 3 7 1 3 7 1 3 5, modulus 10.

    The tens of the last product are added; the fourth and fifth digit are a kind of business.
    """
    digits = candidates.digits(10)
    total = weighted(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + digits[:, 8] * 5 // 10
    valid: BoolArray = ((total + digits[:, 9]) % 10 == 0) & (digits[:, 0] > 0)
    return valid


def kr_frn(candidates: Candidates) -> BoolArray:
    """Foreigner registration number: the resident's, 5 to 8 for sex and century, plus two."""
    digits = candidates.digits(13)
    foreign = (digits[:, 6] >= 5) & (digits[:, 6] <= 8)
    valid: BoolArray = foreign & _kr_dated(digits) & ((13 - _kr_sum(digits)) % 10 == digits[:, 12])
    return valid


def _kr_dated(digits: Digits) -> BoolArray:
    century = np.array([1800, 1900, 1900, 2000, 2000, 1900, 1900, 2000, 2000, 1800])[digits[:, 6]]
    return real_date(century + pair(digits, 0), pair(digits, 2), pair(digits, 4))


def _kr_sum(digits: Digits) -> Ints:
    return weighted(digits, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11


def jp_my_number(candidates: Candidates) -> BoolArray:
    """My Number: weights 6 5 4 3 2 7 6 5 4 3 2, modulus 11."""
    digits = candidates.digits(12)
    total = weighted(digits, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    valid: BoolArray = np.where(total < 2, 0, 11 - total) == digits[:, 11]
    return valid & varied(digits)


def th_id(candidates: Candidates) -> BoolArray:
    """Thai identification number: weights 13 to 2, modulus 11."""
    digits = candidates.digits(13)
    total = weighted(digits, (13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2))
    valid: BoolArray = (11 - total % 11) % 10 == digits[:, 12]
    return valid & np.isin(digits[:, 0], (1, 2, 3, 4, 5, 6, 7, 8))


def sg_nric(candidates: Candidates) -> BoolArray:
    """NRIC and FIN: weights 2 7 6 5 4 3 2, an offset by series, a letter by modulus 11."""
    chars = candidates.chars(9)
    lead = chars[:, 0]
    total = weighted(chars[:, 1:8].astype(np.int32) - 48, (2, 7, 6, 5, 4, 3, 2))
    offset = np.select([np.isin(lead, list(b"TG")), lead == ord("M")], [4, 3], 0)
    rest = (total + offset) % 11
    letters = np.where(
        np.isin(lead, list(b"ST")),
        _NRIC_ST[rest],
        np.where(lead == ord("M"), _NRIC_M[rest], _NRIC_FG[rest]),
    )
    valid: BoolArray = letters == chars[:, 8]
    return valid


def tw_id(candidates: Candidates) -> BoolArray:
    """Taiwan's identity number: the letter's two digits, weights 1 9 8 ... 1 1, modulus 10."""
    chars = candidates.chars(10)
    letter = _TW_VALUES[chars[:, 0]]
    total = letter // 10 + letter % 10 * 9
    total = total + weighted(chars[:, 1:].astype(np.int32) - 48, (8, 7, 6, 5, 4, 3, 2, 1, 1))
    valid: BoolArray = total % 10 == 0
    return valid


def hk_id(candidates: Candidates) -> BoolArray:
    """HKID: one or two letters, six digits, 0 to 9 or A, modulus 11 (a space counts 36)."""
    values = values36(candidates.chars(9)).astype(np.int64)
    one = candidates.char_counts == 8
    values = np.where(one[:, None], np.roll(values, 1, axis=1), values)
    values[:, 0] = np.where(one, 36, values[:, 0])
    valid: BoolArray = weighted(values.astype(np.int32), (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    return valid


def my_nric(candidates: Candidates) -> BoolArray:
    """MyKad number: a birth date and a place of birth that is given out."""
    digits = candidates.digits(12)
    place = pair(digits, 6)
    unused = np.isin(place, (0, 17, 18, 19, 20, 69, 70, 73, 80, 81, 94, 95, 96, 97))
    return some_century(digits, "ymd") & ~unused


def id_nik(candidates: Candidates) -> BoolArray:
    """NIK: a province, then a birth date (women add 40 to the day)."""
    digits = candidates.digits(16)
    province, day = pair(digits, 0), pair(digits, 6)
    day = day - 40 * (day > 40)
    dated = real_date(2000 + pair(digits, 10), pair(digits, 8), day)
    valid: BoolArray = dated & (province >= 11) & (province <= 96)
    return valid


def il_id(candidates: Candidates) -> BoolArray:
    """Mispar zehut: Luhn over nine digits."""
    digits = candidates.digits(9)
    valid: BoolArray = (luhn_sum(digits) % 10 == 0) & (number(digits) > 0) & varied(digits)
    return valid


def za_id(candidates: Candidates) -> BoolArray:
    """South African identity number: a birth date, citizenship 0 to 2, Luhn."""
    digits = candidates.digits(13)
    dated = some_century(digits, "ymd")
    valid: BoolArray = dated & (digits[:, 10] <= 2) & (luhn_sum(digits) % 10 == 0)
    return valid
