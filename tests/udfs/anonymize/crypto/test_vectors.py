"""The published vectors of each construction."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from lakescan.udfs.anonymize.crypto.cmac import Cmac
from lakescan.udfs.anonymize.crypto.ff1 import Ff1
from lakescan.udfs.anonymize.crypto.lanes import Strings
from lakescan.udfs.anonymize.crypto.luhn import check_digits
from lakescan.udfs.anonymize.crypto.siv import Siv
from lakescan.udfs.anonymize.operators.hash import keyed_digests

# NIST, "FF1 samples" (Cryptographic Standards and Guidelines, examples with intermediate values).
KEYS = {
    128: "2B7E151628AED2A6ABF7158809CF4F3C",
    192: "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F",
    256: "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94",
}
TWEAK10, TWEAK36 = "39383736353433323130", "3737373770717273373737"
FF1 = [
    (128, 10, "", "0123456789", "2433477484"),
    (128, 10, TWEAK10, "0123456789", "6124200773"),
    (128, 36, TWEAK36, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
    (192, 10, "", "0123456789", "2830668132"),
    (192, 10, TWEAK10, "0123456789", "2496655549"),
    (192, 36, TWEAK36, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
    (256, 10, "", "0123456789", "6657667009"),
    (256, 10, TWEAK10, "0123456789", "1001623463"),
    (256, 36, TWEAK36, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
]


def numerals(text):
    return np.array([[int(char, 36) for char in text]], np.uint8)


@pytest.mark.parametrize("bits, radix, tweak, plain, sealed", FF1)
def test_ff1_gives_what_nist_gives(bits, radix, tweak, plain, sealed):
    cipher = Ff1(bytes.fromhex(KEYS[bits]), radix, bytes.fromhex(tweak))
    assert (cipher.encrypt(numerals(plain)) == numerals(sealed)).all()
    assert (cipher.decrypt(numerals(sealed)) == numerals(plain)).all()


def strings(*values):
    offsets = np.cumsum([0, *map(len, values)]).astype(np.int64)
    return Strings(offsets, np.frombuffer(b"".join(values), np.uint8))


def parts(some):
    return [some.data[a:b].tobytes() for a, b in zip(some.offsets, some.offsets[1:], strict=False)]


MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)


def test_cmac_gives_what_rfc_4493_gives_for_all_lengths_at_once():
    tags = Cmac(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"))(
        strings(MESSAGE, b"", MESSAGE[:40], MESSAGE[:16])
    )
    assert [tag.tobytes().hex() for tag in tags] == [
        "51f0bebf7e3b9d92fc49741779363cfe",
        "bb1d6929e95937287fa37d129b756746",
        "dfa66747de9ae63030ca32611497c827",
        "070a16b46b4d4144f79bdd9dd04a287c",
    ]


def test_siv_gives_what_rfc_5297_gives():
    """Appendix A.1: one string of associated data."""
    key = "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
    bound = "101112131415161718191a1b1c1d1e1f2021222324252627"
    siv = Siv(bytes.fromhex(key), bytes.fromhex(bound))
    plain = bytes.fromhex("112233445566778899aabbccddee")
    sealed = siv.encrypt(strings(plain))
    assert parts(sealed)[0].hex() == (
        "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c"
    )
    opened, valid = siv.decrypt(sealed)
    assert parts(opened) == [plain]
    assert valid.all()


def test_gcm_siv_gives_what_rfc_8452_gives():
    """Appendix C.2, AEAD_AES_256_GCM_SIV: the library's own, held to its standard here."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

    key = bytes([1, *[0] * 31])
    nonce = bytes([3, *[0] * 11])
    sealed = AESGCMSIV(key).encrypt(nonce, bytes.fromhex("0100000000000000"), None)
    assert sealed.hex() == "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"


def test_hmac_gives_what_rfc_4231_gives():
    texts = pl.DataFrame({"text": ["what do ya want for nothing?"]})
    assert texts.select(keyed_digests("Jefe")).item() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_check_digits_of_iso_7812():
    rows = np.array([[7, 9, 9, 2, 7, 3, 9, 8, 7, 1], [0, 4, 1, 1, 1, 1, 1, 1, 1, 1]], np.uint8)
    assert check_digits(rows).tolist()[0] == 3
