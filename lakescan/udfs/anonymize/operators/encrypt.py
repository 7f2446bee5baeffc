"""encrypt: AES-SIV (RFC 5297) or AES-GCM-SIV (RFC 8452), to be revealed under the key.

A ciphertext says that it is one, and under which key: ``lks1.KEYID.CIPHERTEXT.``.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl
import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from lakescan.policy.operators import EncryptOptions
from lakescan.udfs.anonymize.code_points import bytes_of
from lakescan.udfs.anonymize.crypto.lanes import Strings
from lakescan.udfs.anonymize.crypto.siv import Siv
from lakescan.udfs.anonymize.keys import DomainKeys
from lakescan.udfs.anonymize.operators.protocol import Applied, Cells, Traits
from lakescan.udfs.anonymize.operators.written import read_base64, written
from lakescan.udfs.anonymize.text_types import text_only

MARK = "lks1."
#: What a ciphertext looks like, anywhere in a text: its key's id, and the rest.
_PATTERN = re.compile(r"lks1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)\.")
_SIV, _GCM_SIV = b"s", b"g"
_NONCE = 12


class Encrypt:
    """Ciphertexts that the key opens; one that was changed is told, not opened."""

    name = "encrypt"

    def __init__(self, options: EncryptOptions) -> None:
        self._random = options.mode == "gcm-siv"
        self.traits = Traits(keyed=True, reversible=True, deterministic=not self._random)
        self._keys: DomainKeys | None = None
        self._sealers: dict[str, _Sealer] = {}

    def result_type(self, kind: pa.DataType) -> pa.DataType | None:
        """Texts only."""
        return text_only(kind)

    def setup(self, keys: DomainKeys | None) -> None:
        """Derive the keys."""
        assert keys is not None, "the job asks for a key first"
        self._keys = keys
        self._sealers = {keys.key_id: _Sealer(keys)}

    def apply(self, cells: Cells) -> Applied:
        """The ciphertexts."""
        assert self._keys is not None, "setup comes first"
        key_id = self._keys.key_id
        sealer = self._sealers[key_id]
        sealed = sealer.random(cells.values) if self._random else sealer.siv(cells.values)
        return Applied(written(sealed, f"{MARK}{key_id}.", "."))

    def reveal(self, cells: Cells) -> Applied:
        """Open every ciphertext that stands anywhere in the texts, under whichever key it names.

        What no key of the domain opens stays as it is.
        """
        texts = cells.values.to_pylist()
        return Applied(_put(texts, {whole: text for whole, _, text in self._opened(texts)}))

    def rekey(self, cells: Cells, to: DomainKeys) -> Applied:
        """Seal every ciphertext in the texts anew, in its own mode; those of the new key stay."""
        texts = cells.values.to_pylist()
        sealer = self._sealers.setdefault(to.key_id, _Sealer(to))
        mark = f"{MARK}{to.key_id}."
        old = [each for each in self._opened(texts) if not each[0].startswith(mark)]
        put: dict[str, str] = {}
        for mode, seal in ((_SIV, sealer.siv), (_GCM_SIV, sealer.random)):
            mine = [(whole, text) for whole, of, text in old if of == mode]
            if not mine:
                continue
            sealed = seal(pa.array([text for _, text in mine], pa.large_string()))
            made = written(sealed, mark, ".").to_pylist()
            put |= zip((whole for whole, _ in mine), made, strict=True)
        return Applied(_put(texts, put))

    def _opened(self, texts: list[str]) -> Iterator[tuple[str, bytes, str]]:
        """Each ciphertext in texts that a key of the domain opens, its mode, and what is inside."""
        matches = (match for text in texts for match in _PATTERN.finditer(text))
        found = {match[0]: (match[1], match[2]) for match in matches}
        for key_id in {key_id for key_id, _ in found.values()}:
            sealer = self._sealer(key_id)
            if sealer is None:
                continue
            mine = [(whole, body) for whole, (of, body) in found.items() if of == key_id]
            plain = sealer.opened([body for _, body in mine])
            for (whole, _), inside in zip(mine, plain, strict=True):
                if inside is not None:
                    yield whole, *inside

    def _sealer(self, key_id: str) -> _Sealer | None:
        assert self._keys is not None, "setup comes first"
        if key_id not in self._sealers:
            for keys in self._keys.older():
                if keys.key_id == key_id:
                    self._sealers[key_id] = _Sealer(keys)
        return self._sealers.get(key_id)


class _Sealer:
    """The ciphers of one domain under one key."""

    def __init__(self, keys: DomainKeys) -> None:
        self._bound = keys.domain.encode()
        self._siv = Siv(keys.secret("encrypt.siv", 64), self._bound)
        self._gcm = AESGCMSIV(keys.secret("encrypt.gcm-siv"))

    def siv(self, values: pa.Array) -> Strings:
        """Equal values alike; a byte in front says how it was done."""
        return _led(_SIV, self._siv.encrypt(bytes_of(values)))

    def random(self, values: pa.Array) -> Strings:
        """Every value in its own way."""
        drawn = os.urandom(_NONCE * len(values))
        nonces = [drawn[at : at + _NONCE] for at in range(0, len(drawn), _NONCE)]
        seal, bound = self._gcm.encrypt, self._bound
        out = [
            _GCM_SIV + nonce + seal(nonce, value, bound)
            for nonce, value in zip(nonces, values.cast(pa.large_binary()).to_pylist(), strict=True)
        ]
        return bytes_of(pa.array(out, pa.large_binary()))

    def opened(self, bodies: list[str]) -> list[tuple[bytes, str] | None]:
        """The mode, and what is inside; None where it was not sealed here, or was changed since."""
        raw = read_base64(pl.Series(bodies, dtype=pl.String))
        sealed = [raw.data[a:b].tobytes() for a, b in itertools.pairwise(raw.offsets.tolist())]
        inner = bytes_of(pa.array([each[1:] for each in sealed], pa.large_binary()))
        plain, valid = self._siv.decrypt(inner)
        out: list[tuple[bytes, str] | None] = []
        for lane, each in enumerate(sealed):
            if each[:1] == _GCM_SIV:
                inside = self._opened_one(each[1:])
                out.append(None if inside is None else (_GCM_SIV, inside))
            elif each[:1] == _SIV and valid[lane]:
                text = plain.data[plain.offsets[lane] : plain.offsets[lane + 1]]
                out.append((_SIV, text.tobytes().decode()))
            else:
                out.append(None)
        return out

    def _opened_one(self, data: bytes) -> str | None:
        try:
            return self._gcm.decrypt(data[:_NONCE], data[_NONCE:], self._bound).decode()
        except (InvalidTag, ValueError):
            return None


def _put(texts: list[str], made: Mapping[str, str]) -> pa.Array:
    """Texts with others in the place of some ciphertexts."""
    put = [_PATTERN.sub(lambda match: made.get(match[0], match[0]), text) for text in texts]
    return pa.array(put, pa.large_string())


def _led(mark: bytes, strings: Strings) -> Strings:
    """The same strings with a byte before each."""
    out = Strings.empty(strings.sizes + 1)
    starts = out.offsets[:-1]
    rest = np.ones(len(out.data), np.bool_)
    rest[starts] = False
    out.data[starts] = mark[0]
    out.data[rest] = strings.data
    return out
