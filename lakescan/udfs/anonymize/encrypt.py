"""encrypt: AES-SIV (RFC 5297) or AES-GCM-SIV (RFC 8452), to be revealed under the key.

A ciphertext says that it is one, and under which key: ``lks1.KEYID.CIPHERTEXT``.
"""

from __future__ import annotations

import os

import numpy as np
import polars as pl
import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from lakescan.policy.operators import EncryptOptions
from lakescan.udfs.anonymize.code_points import bytes_of, text_array
from lakescan.udfs.anonymize.crypto.lanes import Strings
from lakescan.udfs.anonymize.crypto.siv import Siv
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.text_types import text_only
from lakescan.udfs.anonymize.written import read_base64, written

MARK = "lks1."
#: What a ciphertext looks like, anywhere in a text (RE2): its key's id, and the rest.
SEALED = r"lks1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)"
_SIV, _GCM_SIV = b"s", b"g"
_NONCE = 12


class Encrypt:
    """Ciphertexts that the key opens; one that was changed is told, not opened."""

    name = "encrypt"

    def __init__(self, options: EncryptOptions) -> None:
        self._random = options.mode == "gcm-siv"
        self.traits = Traits(keyed=True, reversible=True, deterministic=not self._random)
        self._prefix = ""
        self._siv: Siv | None = None
        self._gcm: AESGCMSIV | None = None
        self._bound = b""

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Derive the keys."""
        assert keys is not None, "the job asks for a key first"
        self._prefix = f"{MARK}{keys.key_id}."
        self._bound = keys.domain.encode()
        self._siv = Siv(keys.secret("encrypt.siv", 64), self._bound)
        self._gcm = AESGCMSIV(keys.secret("encrypt.gcm-siv"))

    def apply(self, cells: Cells) -> Applied:
        """The ciphertexts."""
        assert self._siv is not None, "setup comes first"
        assert self._gcm is not None
        if self._random:
            return Applied(written(self._sealed(cells.values), "base64", self._prefix))
        sealed = self._siv.encrypt(bytes_of(cells.values))
        return Applied(written(_led(_SIV, sealed), "base64", self._prefix))

    def reveal(self, bodies: pl.Series) -> Applied:
        """Open ciphertexts, given without mark and key id; those of others are unfit."""
        assert self._siv is not None, "setup comes first"
        raw = read_base64(bodies)
        ends = raw.offsets
        kinds = np.zeros(len(raw), np.uint8)
        filled = raw.sizes > 0
        kinds[filled] = raw.data[ends[:-1][filled]]
        # The first byte says how it was sealed.
        bodies_of = Strings.empty(np.maximum(raw.sizes - 1, 0))
        for size, lanes in raw.by_size():
            bodies_of.put(lanes, raw.rows(lanes, size)[:, 1:])
        plain, valid = self._siv.decrypt(bodies_of)
        valid &= kinds == _SIV[0]
        opened = text_array(plain.offsets, np.where(np.repeat(valid, plain.sizes), plain.data, 0))
        if (kinds == _GCM_SIV[0]).any():
            opened, valid = self._opened(bodies_of, kinds, opened, valid)
        return Applied(opened, ~valid)

    def _sealed(self, values: pa.Array) -> Strings:
        assert self._gcm is not None
        out = []
        for value in values.cast(pa.large_binary()).to_pylist():
            nonce = os.urandom(_NONCE)
            out.append(_GCM_SIV + nonce + self._gcm.encrypt(nonce, value, self._bound))
        return bytes_of(pa.array(out, pa.large_binary()))

    def _opened(
        self,
        sealed: Strings,
        kinds: np.ndarray[tuple[int], np.dtype[np.uint8]],
        opened: pa.Array,
        valid: np.ndarray[tuple[int], np.dtype[np.bool_]],
    ) -> tuple[pa.Array, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        assert self._gcm is not None
        texts = opened.to_pylist()
        for lane in np.flatnonzero(kinds == _GCM_SIV[0]).tolist():
            data = sealed.data[sealed.offsets[lane] : sealed.offsets[lane + 1]].tobytes()
            try:
                plain = self._gcm.decrypt(data[:_NONCE], data[_NONCE:], self._bound)
            except (InvalidTag, ValueError):
                continue
            texts[lane], valid[lane] = plain.decode(), True
        return pa.array(texts, pa.large_string()), valid


def _led(mark: bytes, strings: Strings) -> Strings:
    """The same strings with a byte before each."""
    out = Strings.empty(strings.sizes + 1)
    starts = out.offsets[:-1]
    rest = np.ones(len(out.data), np.bool_)
    rest[starts] = False
    out.data[starts] = mark[0]
    out.data[rest] = strings.data
    return out
