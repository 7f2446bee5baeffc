"""Presidio's operators over a text: replace, redact, mask, hash, encrypt, keep; decrypt.

Their results go out to clients that compare and decrypt them with Presidio itself, so each is
made exactly as there: AES-CBC with a random IV in URL-safe base64, SHA-2 over text and salt.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from lakescan.service.adapters.presidio_bodies import (
    AnonymizeBody,
    DeanonymizeRequest,
    Operator,
)

ANONYMIZERS = ("custom", "encrypt", "hash", "keep", "mask", "redact", "replace")
DEANONYMIZERS = ("decrypt", "deanonymize_keep")

_DEFAULT = "DEFAULT"
_IV = 16
_SALT = 16
_TYPES = {str: "string", bool: "boolean", int: "number"}

Parameters = Mapping[str, object]


class OperatorError(Exception):
    """An operator or a result that makes no sense."""

    def __init__(self, message: str, status: int = 422) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass(slots=True)
class Span:
    """An entity in the text."""

    start: int
    end: int
    entity: str
    score: float = 0.0

    def within(self, other: Span) -> bool:
        """Whether it lies in another, or equals it."""
        return other.start <= self.start and self.end <= other.end

    def equals(self, other: Span) -> bool:
        """Whether it is over the same characters."""
        return self.start == other.start and self.end == other.end


def anonymized(body: AnonymizeBody) -> dict[str, object]:
    """The answer of ``/anonymize``.

    Raises:
        OperatorError: something makes no sense.
    """
    operators = _named(body.anonymizers)
    if any(given.get("type") == "custom" for given in operators.values()):
        raise OperatorError("Custom type anonymizer is not supported", 400)
    if body.analyzer_results is None:
        raise OperatorError("Invalid input, request must contain analyzer results")
    spans = []
    for each in body.analyzer_results:
        span = _span(each.start, each.end, each.entity_type)
        if each.score is None:
            raise OperatorError("Invalid input, analyzer result must contain score")
        span.score = each.score
        spans.append(span)
    settled = _merged(body.text, _without_conflicts(spans))
    return _operated(body.text, settled, _with_default(operators, "replace"), _ANONYMIZE)


def deanonymized(body: DeanonymizeRequest) -> dict[str, object]:
    """The answer of ``/deanonymize``.

    Raises:
        OperatorError: something makes no sense.
    """
    operators = _named(body.deanonymizers)
    items = body.anonymizer_results or ()
    spans = [_span(each.start, each.end, each.entity_type) for each in items]
    chosen = _with_default(operators, "deanonymize_keep")
    return _operated(body.text, spans, chosen, _DEANONYMIZE)


def _span(start: int | None, end: int | None, entity: str | None) -> Span:
    for name, value in (("start", start), ("end", end)):
        if value is None:
            raise OperatorError(f"Invalid input, result must contain {name}")
    if not entity:
        raise OperatorError("Invalid input, result must contain entity_type")
    assert start is not None
    assert end is not None
    if start < 0 or end < 0:
        raise OperatorError("Invalid input, result start and end must be positive")
    if start > end:
        raise OperatorError(
            f"Invalid input, start index '{start}' must be smaller than end index '{end}'"
        )
    return Span(start, end, entity)


def _named(operators: Mapping[str, Operator] | None) -> dict[str, Operator]:
    for given in (operators or {}).values():
        if not given.get("type"):
            raise OperatorError("Invalid input, operator config must contain operator_name")
    return dict(operators or {})


def _with_default(operators: dict[str, Operator], name: str) -> dict[str, Operator]:
    fallback: dict[str, Operator] = {_DEFAULT: {"type": name}}
    return fallback | operators


def _without_conflicts(spans: Sequence[Span]) -> list[Span]:
    """Overlapping spans of one entity become one; a span within another falls.

    Of equal spans the surer one stays, and of equally sure ones the last.
    """
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        same = [s for s in joined if s.entity == span.entity and s.end > span.start]
        if same:
            same[-1].end = max(same[-1].end, span.end)
            same[-1].score = max(same[-1].score, span.score)
        else:
            joined.append(span)
    kept: list[Span] = []
    joined.reverse()  # so that of equals the last comes first
    for span in sorted(joined, key=lambda s: (s.start, -s.end, -s.score)):
        if not kept or not span.within(kept[-1]):
            kept.append(span)
    return kept


def _merged(text: str, spans: Sequence[Span]) -> list[Span]:
    """Neighbours of one entity with only spaces between them become one."""
    merged: list[Span] = []
    for span in spans:
        last = merged[-1] if merged else None
        if last is not None and last.entity == span.entity:
            between = text[last.end : span.start]
            if between and not between.strip(" "):
                last.end = span.end
                continue
        merged.append(span)
    return merged


def _operated(
    text: str,
    spans: Sequence[Span],
    operators: Mapping[str, Operator],
    known: Mapping[str, Callable[[str, Parameters], str]],
) -> dict[str, object]:
    """The text rewritten from its end, and the items in that order.

    Where spans overlap in part, the later one is whole and the earlier ends where it begins.
    """
    pieces: list[str] = []
    items: list[dict[str, object]] = []
    edge = len(text)
    for span in sorted(spans, key=lambda s: (s.start, s.end), reverse=True):
        if span.end > len(text) or span.start > len(text):
            raise OperatorError(
                f"Invalid analyzer result, start: {span.start} and end: {span.end}, "
                f"while text length is only {len(text)}."
            )
        given = operators.get(span.entity) or operators[_DEFAULT]
        name = str(given["type"])
        if name not in known:
            raise OperatorError(f"Invalid operator class '{name}'.")
        put = known[name](text[span.start : span.end], {**given, "entity_type": span.entity})
        pieces += (text[min(span.end, edge) : edge], put)
        edge = min(edge, span.start)
        items.append(
            {"start": 0, "end": 0, "entity_type": span.entity, "text": put, "operator": name}
        )
    pieces.append(text[:edge])
    length = 0
    for at in range(len(pieces) - 1, -1, -1):
        if at % 2:  # what was put; those between are kept
            items[at // 2]["start"] = length
            items[at // 2]["end"] = length + len(pieces[at])
        length += len(pieces[at])
    return {"text": "".join(reversed(pieces)), "items": items}


def _replace(_: str, given: Parameters) -> str:
    value = given.get("new_value")
    if value and not isinstance(value, str):
        raise _wrong_type("new_value", str, value)
    return str(value) if value else f"<{given['entity_type']}>"


def _redact(_: str, __: Parameters) -> str:
    return ""


def _keep(text: str, _: Parameters) -> str:
    return text


def _mask(text: str, given: Parameters) -> str:
    star = _parameter(given, "masking_char", str)
    if len(str(star)) > 1:
        raise OperatorError("Invalid input, masking_char must be a character")
    count = _parameter(given, "chars_to_mask", int)
    from_end = _parameter(given, "from_end", bool)
    assert isinstance(count, int)
    hidden = max(0, min(len(text), count))
    stars = str(star) * hidden
    return text[: len(text) - hidden] + stars if from_end else stars + text[hidden:]


def _hash(text: str, given: Parameters) -> str:
    kind = given.get("hash_type", "sha256")
    if kind not in ("sha256", "sha512"):
        raise OperatorError(
            f"Parameter hash_type value {kind} is not in range of values ['sha256', 'sha512']"
        )
    salt = secrets.token_bytes(32)
    if "salt" in given:
        salt = str(given["salt"]).encode()
        if len(salt) < _SALT:
            raise OperatorError(
                f"Salt must be at least 16 bytes (128 bits). Provided salt is {len(salt)} bytes."
            )
    return hashlib.new(str(kind), text.encode() + salt).hexdigest()


def _encrypt(text: str, given: Parameters) -> str:
    padder = padding.PKCS7(algorithms.AES.block_size).padder()
    iv = secrets.token_bytes(_IV)
    cipher = Cipher(algorithms.AES(_key(given)), modes.CBC(iv)).encryptor()
    padded = padder.update(text.encode()) + padder.finalize()
    return base64.urlsafe_b64encode(iv + cipher.update(padded) + cipher.finalize()).decode()


def _decrypt(text: str, given: Parameters) -> str:
    key = _key(given)
    try:
        data = base64.urlsafe_b64decode(text.encode())
        cipher = Cipher(algorithms.AES(key), modes.CBC(data[:_IV])).decryptor()
        unpadder = padding.PKCS7(algorithms.AES.block_size).unpadder()
        padded = cipher.update(data[_IV:]) + cipher.finalize()
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except (binascii.Error, ValueError):
        raise OperatorError("Invalid input, the text was not encrypted with this key") from None


def _key(given: Parameters) -> bytes:
    key = str(_parameter(given, "key", str)).encode()
    if len(key) * 8 not in algorithms.AES.key_sizes:
        raise OperatorError("Invalid input, key must be of length 128, 192 or 256 bits")
    return key


def _parameter(given: Parameters, name: str, kind: type) -> object:
    value = given.get(name)
    if value is None:
        raise OperatorError(f"Expected parameter {name}")
    if value and not isinstance(value, kind):
        raise _wrong_type(name, kind, value)
    return value


def _wrong_type(name: str, kind: type, value: object) -> OperatorError:
    got = _TYPES.get(type(value))
    if got is None:
        return OperatorError(f"Invalid parameter value for '{name}'.")
    return OperatorError(
        f"Invalid parameter value for {name}. Expecting '{_TYPES[kind]}', but got '{got}'."
    )


_ANONYMIZE: Mapping[str, Callable[[str, Parameters], str]] = {
    "encrypt": _encrypt,
    "hash": _hash,
    "keep": _keep,
    "mask": _mask,
    "redact": _redact,
    "replace": _replace,
}
_DEANONYMIZE: Mapping[str, Callable[[str, Parameters], str]] = {
    "decrypt": _decrypt,
    "deanonymize_keep": _keep,
}
