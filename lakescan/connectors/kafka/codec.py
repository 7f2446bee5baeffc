"""Bytes of a key or value -> text that can be changed -> bytes of the same form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import orjson

from lakescan.connectors.kafka.avro import (
    UNREADABLE,
    as_json,
    changed_record,
    read_record,
    write_record,
)
from lakescan.connectors.kafka.registry import HEAD, REGISTRY_VARIABLE, Registry
from lakescan.errors import CorruptFileError

#: What values are taken for: ``auto`` is Avro where they have the registry's head and one is named,
#: else text, JSON among it; ``json`` and ``text`` admit nothing else.
ValueForm: TypeAlias = Literal["auto", "json", "text"]
VALUE_FORMS: tuple[ValueForm, ...] = ("auto", "json", "text")
#: JSON that is nested deeper is not searched to its bottom.
_DEEPEST = 16
#: A list at the top, in an object: its values have the path ``.[]``.
_LIST = ('{"":', "}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A value that was understood.

    Args:
        data: its bytes.
        text: what it says.
        document: whether ``text`` is a JSON object.
        wrapped: whether that object is ours, round a list.
        record: of Avro.
        schema: of it.
    """

    data: bytes
    text: str
    document: bool = False
    wrapped: bool = False
    record: object = None
    schema: object = None

    def encoded(self, text: str) -> bytes:
        """The same with another text; the very same bytes where it is the same text.

        Raises:
            CorruptFileError: a field's type cannot hold what became of it.
        """
        if text == self.text:
            return self.data
        if self.schema is not None:
            return self._record(text)
        if self.wrapped:
            return text.strip().removeprefix(_LIST[0]).removesuffix(_LIST[1]).encode()
        return text.encode()

    def _record(self, text: str) -> bytes:
        try:
            if isinstance(self.record, str):
                made: object = text
            else:
                before, after = orjson.loads(self.text), orjson.loads(text)
                if self.wrapped:
                    before, after = before[""], after[""]
                made = changed_record(self.record, before, after)
            return write_record(self.data[: HEAD.size], made, self.schema)
        except UNREADABLE as error:
            # A message of ours names the field; a library's may hold its value.
            ours = f" ({error})" if "any more" in str(error) else ""
            raise CorruptFileError(f"the Avro schema cannot hold what is put there{ours}") from None


class Codec:
    """Decodes values of one form.

    Args:
        form: what they are taken for.
        registry: where schemas are; None for nowhere.
    """

    def __init__(self, form: ValueForm, registry: Registry | None) -> None:
        self._form = form
        self._registry = registry

    @classmethod
    def of(cls, form: ValueForm, storage: Mapping[str, str]) -> Codec:
        """With the registry that connection properties or the environment name."""
        return cls(form, Registry.named(storage) if form == "auto" else None)

    def decode(self, data: bytes) -> Decoded:
        """Understand a value, wholly or not at all.

        Raises:
            CorruptFileError: it is not of the form.
            NotFoundError, UnsupportedError: its schema.
            TransientError: the registry does not answer now.
        """
        if self._form == "auto" and data[:1] == b"\0" and len(data) >= HEAD.size:
            if self._registry is None:
                raise CorruptFileError(
                    f"a schema registry's wire format, and no registry ({REGISTRY_VARIABLE})"
                )
            return self._avro(data, self._registry)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            raise CorruptFileError("bytes that are no UTF-8 text") from None
        if self._form == "text":
            return Decoded(data, text)
        return self._json(data, text)

    def _json(self, data: bytes, text: str) -> Decoded:
        bare = text.strip(" \t\r\n")
        if self._form == "auto" and bare[:1] not in ("{", "["):
            return Decoded(data, text)
        try:
            value = orjson.loads(bare)
        except orjson.JSONDecodeError:
            if self._form == "json":
                raise CorruptFileError("no JSON") from None
            return Decoded(data, text)
        if not isinstance(value, dict | list):
            return Decoded(data, text)
        _check_depth(value)
        if isinstance(value, dict):
            return Decoded(data, bare, document=True)
        return Decoded(data, bare.join(_LIST), document=True, wrapped=True)

    def _avro(self, data: bytes, registry: Registry) -> Decoded:
        number = HEAD.unpack_from(data)[1]
        schema = registry.schema(number)
        try:
            record = read_record(data, schema)
        except UNREADABLE:
            raise CorruptFileError(f"bytes that are not of schema {number}") from None
        _check_depth(record)
        if isinstance(record, str):
            return Decoded(data, record, record=record, schema=schema)
        told = as_json(record)
        if isinstance(record, dict):
            return Decoded(data, told, document=True, record=record, schema=schema)
        return Decoded(
            data, told.join(_LIST), document=True, wrapped=True, record=record, schema=schema
        )


def _check_depth(value: object) -> None:
    """Refuse what is nested so deep that not all of it would be searched."""
    level = [value]
    for _ in range(_DEEPEST):
        below: list[object] = []
        for each in level:
            if isinstance(each, dict):
                below += [one for one in each.values() if isinstance(one, dict | list)]
            elif isinstance(each, list):
                below += [one for one in each if isinstance(one, dict | list)]
        if not below:
            return
        level = below
    raise CorruptFileError(f"JSON that is nested deeper than {_DEEPEST}")
