"""Checks of codes of vehicles, organizations and medicine, and of what a password cannot be."""

from __future__ import annotations

import numpy as np

from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates, values36, varied
from lakescan.udfs.detect.checksums.generic import luhn_sum, mod97_10, verhoeff, weighted

_VIN_LETTERS = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
_VIN_VALUES = np.array(
    [_VIN_LETTERS.get(chr(b), b - 48 if 48 <= b < 58 else 0) for b in range(256)], np.int32
)

#: What stands after "password" without being one.
_PLACEHOLDERS = (
    "required reset policy change changed field fields protected protection manager expired the"
    " invalid incorrect wrong correct must should will can is was are has have and or not for to"
    " your my a an of in on with from hash hashes hashing string true false null none undefined"
    " empty length strength input attempts recovery changes resets login authentication based"
    " information secret secrets tokens access keys management rotation ring word words free"
).split()

_CLAUSE = (
    r"\A[0-9]+[A-Za-z]?, (?:the|a|an|this|that|each|every|our|your|his|her|its|their|no|and|but|in"
    "|on|at|by|from|to) "
    # "9h com o Dr. Lee": somebody's title, no drive.
    r"|\A[0-9]+[A-Za-z]?,? (?:[\p{Ll}]+ )+Dr\.?\z"
)

_LATE_CAPITAL = r"\A[0-9]+[A-Za-z]?(?:-[0-9]+)?,? [\p{Ll}]{2,} (?:.* )?[\p{Lu}]"
_SMALL_NAME = (
    r"\A[0-9]+[A-Za-z]?(?:-[0-9]+)?,? (?:de|von|van|la|las|el|los|le|les|del|du|st|the|old|new"
    "|block|upper|lower|north|south|east|west) "
)

#: `msg="bad password" attempts=3`: what a line of a log says next.
_NEXT_FIELD = (
    r"\A[a-z][a-z_]+=(?:[0-9]{1,6}|true|false)\z"
    r"|\A(?:host|port|user(?:name|_id)?|ip|src|dst|addr|path|url|db|id|status|code|err(?:or)?)="
)


def vin(candidates: Candidates) -> BoolArray:
    """49 CFR 565.15: weights 8 7 6 5 4 3 2 10 0 9 8 7 6 5 4 3 2, modulus 11, ten is X."""
    chars = candidates.chars(17)
    total = weighted(_VIN_VALUES[chars], (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    check = np.where(total == 10, ord("X"), total + 48)
    mixed = (chars >= 65).any(axis=1) & (chars < 65).any(axis=1)
    valid: BoolArray = (check == chars[:, 8]) & mixed
    return valid


def lei(candidates: Candidates) -> BoolArray:
    """ISO 17442-1: ISO 7064 MOD 97-10 over all twenty."""
    values = values36(candidates.chars(20))
    valid: BoolArray = (mod97_10(values) == 1) & varied(values)
    return valid


def loinc(candidates: Candidates) -> BoolArray:
    """LOINC: Luhn over the digits (Users' Guide, appendix C)."""
    valid: BoolArray = luhn_sum(candidates.digits(8)) % 10 == 0
    return valid


def snomed(candidates: Candidates) -> BoolArray:
    """SNOMED CT identifier: Verhoeff, and a partition of concepts, descriptions or relations."""
    digits = candidates.digits(18)
    partition = digits[:, 15] * 10 + digits[:, 16]
    known = np.isin(partition, (0, 1, 2, 10, 11, 12))
    # Zeros on the left change nothing of a Verhoeff sum that runs from the right only if skipped.
    valid = np.zeros(len(candidates), np.bool_)
    for size in np.unique(candidates.counts).tolist():
        rows = candidates.counts == size
        valid[rows] = verhoeff(digits[rows][:, 18 - size :]) == 0
    valid &= known
    return valid


def high_entropy(candidates: Candidates) -> BoolArray:
    """Whether the characters are as varied as random ones: Shannon's entropy, bits a character.

    Hexadecimal strings need 3, others 3.5; a secret has digits, and letters of both cases unless
    it is hexadecimal (thresholds as in Yelp's detect-secrets).
    """
    chars = candidates.chars(128)
    sizes = np.minimum(candidates.char_counts, 128)
    counts = np.stack([(chars == byte).sum(axis=1) for byte in _ALNUM_BYTES], axis=1)
    shares = counts / np.maximum(1, sizes)[:, None]
    logs = np.log2(np.where(shares > 0, shares, 1))
    entropy = -(shares * logs).sum(axis=1)
    lower, upper = (candidates.contain(f"[{c}]") for c in ("a-z", "A-Z"))
    hexadecimal = candidates.contain(r"\A(?:[0-9a-f]+|[0-9A-F]+)\z")
    valid: BoolArray = (candidates.counts > 0) & np.where(
        hexadecimal, entropy >= 3, (entropy >= 3.5) & lower & upper
    )
    return valid


#: Bytes of digits and capital letters: case is folded before counting.
_ALNUM_BYTES = (*range(48, 58), *range(65, 91))


def no_clause(candidates: Candidates) -> BoolArray:
    """Whether a street's name follows the number, and no clause: ``908, the court``.

    ``2 kids on Dorchester Ave`` neither: a name that has capitals begins with one.
    """
    late = candidates.contain(_LATE_CAPITAL) & ~candidates.contain(_SMALL_NAME)
    return ~candidates.contain(_CLAUSE) & ~late


def no_plain_word(candidates: Candidates) -> BoolArray:
    """A digit in it: a token is drawn from 62 characters or more, a word has letters alone."""
    return candidates.contain("[0-9]")


def not_a_placeholder(candidates: Candidates) -> BoolArray:
    """Whether the word after "password" may be one: no word of prose, no stars, no variable."""
    lowered = candidates.texts.str.to_lowercase()
    prose: BoolArray = lowered.str.strip_chars(".!?:").is_in(_PLACEHOLDERS).to_numpy()
    masked = candidates.contain(r"\A[*xX•.]+\z|\A[$%{<\[]|\A[A-Za-z]{1,4}\z|\A.{1,3}\z")
    plain = candidates.contain(r"\A[a-z]+[.!?:]?\z")
    # PWD is where a shell works, too.
    folder = candidates.contain(r"\A(?:/[A-Za-z][A-Za-z0-9._-]*){2,}/?\z")
    return ~(prose | masked | plain | folder | candidates.contain(_NEXT_FIELD))
