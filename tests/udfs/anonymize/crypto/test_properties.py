from __future__ import annotations

import pickle

import hypothesis.strategies as st
import numpy as np
import pytest
from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given, settings

from lakescan.udfs.anonymize.crypto.cmac import Cmac
from lakescan.udfs.anonymize.crypto.ff1 import Ff1
from lakescan.udfs.anonymize.crypto.lanes import Strings
from lakescan.udfs.anonymize.crypto.siv import Siv

KEY = bytes(range(64))


def strings(values):
    offsets = np.cumsum([0, *map(len, values)]).astype(np.int64)
    return Strings(offsets, np.frombuffer(b"".join(values), np.uint8))


def parts(some):
    return [some.data[a:b].tobytes() for a, b in zip(some.offsets, some.offsets[1:], strict=False)]


texts = st.lists(st.binary(max_size=70), min_size=1, max_size=12)


@given(texts)
def test_many_tags_at_once_are_the_librarys_one_by_one(values):
    expected = []
    for value in values:
        one = cmac.CMAC(algorithms.AES(KEY[:32]))
        one.update(value)
        expected.append(one.finalize())
    assert [tag.tobytes() for tag in Cmac(KEY[:32])(strings(values))] == expected


@given(texts)
def test_many_ciphertexts_at_once_are_the_librarys_one_by_one(values):
    theirs, ours = AESSIV(KEY), Siv(KEY, b"bound")
    sealed = ours.encrypt(strings(values))
    for value, one in zip(values, parts(sealed), strict=True):
        if value:  # the library refuses the empty string
            assert theirs.encrypt(value, [b"bound"]) == one
    opened, valid = ours.decrypt(sealed)
    assert valid.all()
    assert parts(opened) == values


@given(texts, st.integers(0, 10_000))
def test_a_changed_byte_is_told_and_nothing_is_opened(values, at):
    siv = Siv(KEY, b"bound")
    sealed = siv.encrypt(strings(values))
    data = sealed.data.copy()
    data[at % len(data)] ^= 1
    lane = int(np.searchsorted(sealed.offsets, at % len(data), side="right")) - 1
    opened, valid = siv.decrypt(Strings(sealed.offsets, data))
    assert valid.tolist() == [number != lane for number in range(len(values))]
    assert set(parts(opened)[lane]) <= {0}


@settings(max_examples=60)
@given(
    st.sampled_from([2, 10, 26, 36, 62, 256]),
    st.integers(20, 50),
    st.binary(max_size=20),
    st.randoms(use_true_random=False),
)
def test_ff1_is_a_permutation_of_strings_of_any_length(radix, length, tweak, random):
    rows = np.array([[random.randrange(radix) for _ in range(length)] for _ in range(4)], np.uint8)
    cipher = Ff1(KEY[:32], radix, tweak)
    assert (cipher.decrypt(cipher.encrypt(rows)) == rows).all()


def test_lanes_reckoned_together_and_one_by_one_agree(monkeypatch):
    from lakescan.udfs.anonymize.crypto import ff1

    rows = np.random.default_rng(7).integers(0, 10, (50, 19)).astype(np.uint8)
    together = Ff1(KEY[:32], 10).encrypt(rows)
    plain = ff1._Halves.__init__

    def slow(self, radix, length):
        plain(self, radix, length)
        self._small = False

    monkeypatch.setattr(ff1._Halves, "__init__", slow)
    assert (Ff1(KEY[:32], 10).encrypt(rows) == together).all()


@pytest.mark.parametrize("made", [Cmac(KEY[:32]), Siv(KEY, b""), Ff1(KEY[:32], 10)._cipher])
def test_no_cipher_is_pickled(made):
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(made)
