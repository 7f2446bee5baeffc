from __future__ import annotations

import base64
import json
import pickle

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lakescan.errors import UnknownNameError, UsageError
from lakescan.udfs.anonymize.keys import Keyring, parse_keyring

KEY = bytes(range(32))


def test_keys_are_derived_per_domain_and_purpose_by_hkdf(keyring):
    info = b"lakescan/1\x00token\x00customers"
    assert keyring.domain("customers").secret("token") == HKDF(
        hashes.SHA256(), 32, None, info
    ).derive(KEY)
    others = [
        keyring.domain("customers").secret("hash"),
        keyring.domain("orders").secret("token"),
        keyring.domain("customers", "k2").secret("token"),
    ]
    assert keyring.domain("customers").secret("token") not in others


@pytest.mark.parametrize(
    "document",
    [
        base64.b64encode(KEY),
        base64.urlsafe_b64encode(KEY) + b"\n",
        KEY.hex().encode(),
    ],
)
def test_a_bare_key_has_an_id_of_its_own(document):
    ring = parse_keyring(document)
    assert len(ring.primary) == 8
    assert ring.derived(ring.primary, "d", "p") == Keyring({"x": KEY}, "x").derived("x", "d", "p")


def test_a_keyring_has_ids_and_one_in_use():
    keys = {"2025": KEY.hex(), "2026": bytes(reversed(KEY)).hex()}
    text = json.dumps({"primary": "2025", "keys": keys}).encode()
    assert parse_keyring(text).primary == "2025"
    yaml = f"keys:\n  a: {KEY.hex()}\n  b: {KEY.hex()[::-1]}\n".encode()
    ring = parse_keyring(yaml)
    assert (ring.ids, ring.primary) == (("a", "b"), "b")
    assert [keys.key_id for keys in ring.domain("d").older()] == ["b", "a"]


@pytest.mark.parametrize(
    "document", [b"short", b"\xff\xfe", b"{", b"keys: 5\nx: 1", b"keys:\n  a: zz\n", b"a" * 43]
)
def test_what_is_no_key_is_refused_and_not_shown(document):
    with pytest.raises(UsageError) as caught:
        parse_keyring(document)
    assert document.decode("latin-1") not in str(caught.value)


def test_a_key_is_in_no_repr_and_no_pickle(keyring):
    domain = keyring.domain("d")
    for each in (keyring, domain):
        assert KEY.hex() not in repr(each)
        assert repr(KEY) not in repr(each)
        with pytest.raises(TypeError):
            pickle.dumps(each)


def test_a_key_that_is_not_there_is_named(keyring):
    with pytest.raises(UnknownNameError, match="k9"):
        keyring.domain("d", "k9").secret("token")
