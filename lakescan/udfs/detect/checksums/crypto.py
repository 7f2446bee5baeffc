"""Checks of crypto-currency addresses; they are rare, so they are done one by one."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

import numpy as np

from lakescan.udfs.detect.checksums.candidates import BoolArray, Candidates

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
#: The constants of BIP 173 (bech32) and BIP 350 (bech32m).
_CONSTANTS = (1, 0x2BC830A3)


def base58check(candidates: Candidates) -> BoolArray:
    """A version byte, 20 bytes, and the first four of their double SHA-256."""
    found = (_is_base58check(text) for text in candidates.texts.to_list())
    return np.fromiter(found, np.bool_, len(candidates))


def bech32(candidates: Candidates) -> BoolArray:
    """BIP 173, section "Checksum", or BIP 350."""
    found = (_is_bech32(text) for text in candidates.texts.to_list())
    return np.fromiter(found, np.bool_, len(candidates))


def stellar(candidates: Candidates) -> BoolArray:
    """SEP-23: the last two bytes are the CRC-16/XModem of the others, low byte first."""
    found = (_is_stellar(text) for text in candidates.texts.to_list())
    return np.fromiter(found, np.bool_, len(candidates))


def _is_stellar(text: str) -> bool:
    data = base64.b32decode(text)
    return binascii.crc_hqx(data[:-2], 0) == int.from_bytes(data[-2:], "little")


def _is_base58check(text: str) -> bool:
    alphabet = _RIPPLE if text[0] == "r" else BASE58
    number = 0
    for char in text:
        number = number * 58 + alphabet.index(char)
    if number >> 200:
        return False
    data = number.to_bytes(25, "big")
    return double_sha256(data[:21])[:4] == data[21:]


def double_sha256(data: bytes) -> bytes:
    """SHA-256 of the SHA-256."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def _is_bech32(text: str) -> bool:
    prefix, _, data = text.lower().rpartition("1")
    if not prefix or any(c not in BECH32 for c in data):
        return False
    return bech32_rest(prefix, [BECH32.index(c) for c in data]) in _CONSTANTS


def bech32_rest(prefix: str, data: Iterable[int]) -> int:
    """What BIP 173 calls the polymod: of a right address the constant of its kind.

    Args:
        prefix: what stands before the last 1, in small letters.
        data: the values of the characters after it.
    """
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = 1
    for value in [*values, *data]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATOR):
            if top >> i & 1:
                check ^= generator
    return check
