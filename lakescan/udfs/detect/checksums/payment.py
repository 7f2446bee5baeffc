"""Checks of payment cards and bank codes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates, Digits, Ints, number
from lakescan.udfs.detect.checksums.generic import luhn_sum, weighted

#: Networks' issuer ranges (first six digits, both ends, whole hundreds) and the lengths
#: that they issue, from
#: ISO/IEC 7812-1 assignments as the networks publish them.
_NETWORKS: tuple[tuple[int, int, frozenset[int]], ...] = (
    (400000, 499999, frozenset({13, 16, 19})),  # Visa
    (510000, 559999, frozenset({16})),  # Mastercard
    (222100, 272099, frozenset({16})),  # Mastercard, 2-series
    (340000, 349999, frozenset({15})),  # American Express
    (370000, 379999, frozenset({15})),
    (300000, 305999, frozenset({14, 16})),  # Diners Club
    (309500, 309599, frozenset({14, 16})),
    (360000, 369999, frozenset({14, 16, 19})),
    (380000, 399999, frozenset({14, 16, 19})),
    (352800, 358999, frozenset({16, 19})),  # JCB
    (601100, 601199, frozenset({16, 19})),  # Discover
    (644000, 659999, frozenset({16, 19})),
    (620000, 629999, frozenset({16, 17, 18, 19})),  # UnionPay, Discover
    (810000, 817199, frozenset({16, 19})),
    (500000, 509999, frozenset({13, 16, 19})),  # Maestro, Elo, Verve
    (560000, 589999, frozenset({13, 16, 19})),
    (600000, 600999, frozenset({16})),  # RuPay, Elo
    (603000, 606999, frozenset({16})),  # Hipercard, RuPay
    (636000, 639999, frozenset({13, 16, 19})),  # InstaPayment, Maestro
    (670000, 679999, frozenset({13, 16, 19})),  # Maestro
    (220000, 220499, frozenset({16, 17, 18, 19})),  # Mir
)


def card(candidates: Candidates) -> BoolArray:
    """Whether each string is a card number: network range, its length, Luhn, not all one digit."""
    digits, counts = candidates.digits(19), candidates.counts
    first = np.clip(19 - counts, 0, 15)
    head = number(_from(digits, first, 4))
    valid: BoolArray = (_issued()[head] >> np.minimum(counts, 20)) & 1 == 1
    some = np.flatnonzero(valid)
    if len(some):
        # Test numbers repeat digits, but not the same one all through.
        body = digits[some, 6:]
        varied = (body != body[:, :1]).any(axis=1) | (head[some] // 1000 != body[:, 0])
        valid[some] = varied & (luhn_sum(digits[some]) % 10 == 0)
    return valid


def _from(digits: Digits, first: Ints, count: int) -> Digits:
    """So many digits of each row, the first of them in column ``first``."""
    if len(first) and (first == first[0]).all():
        return digits[:, first[0] : first[0] + count]
    return np.take_along_axis(digits, first[:, None] + np.arange(count), axis=1)


@lru_cache(maxsize=1)
def _issued() -> npt.NDArray[np.int32]:
    """By the first four digits of a number, the lengths (one bit each) that it may have."""
    table = np.zeros(10_000, np.int32)
    for low, high, lengths in _NETWORKS:
        table[low // 100 : high // 100 + 1] |= sum(1 << length for length in lengths)
    return table


def bic(candidates: Candidates) -> BoolArray:
    """Whether the fifth and sixth letters are an ISO 3166-1 country (or Kosovo's XK)."""
    valid: BoolArray = candidates.texts.str.slice(4, 2).is_in(_COUNTRIES).to_numpy()
    return valid


_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR"
    " BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ"
    " EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW"
    " GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY"
    " KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV"
    " MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY"
    " QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG"
    " TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA"
    " ZM ZW"
).split()


def aba(candidates: Candidates) -> BoolArray:
    """ABA routing number: weights 3 7 1 and the Federal Reserve ranges of the first two digits."""
    digits = candidates.digits(9)
    head = digits[:, 0] * 10 + digits[:, 1]
    known = (head <= 12) | ((head >= 21) & (head <= 32)) | ((head >= 61) & (head <= 72))
    known |= head == 80
    total = weighted(digits, (3, 7, 1, 3, 7, 1, 3, 7, 1))
    valid: BoolArray = known & (head > 0) & (total % 10 == 0)
    return valid
