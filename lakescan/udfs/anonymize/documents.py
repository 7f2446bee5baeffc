"""JSON objects that are kept in strings: their fields are treated like columns."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NoReturn, TypeAlias

import numpy as np
import numpy.typing as npt
import orjson
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.entities.keys import is_value
from lakescan.udfs.anonymize.text_types import TEXT, as_text, as_type
from lakescan.udfs.arrays import to_arrow, to_numpy
from lakescan.udfs.documents import KEY, MAX_DEPTH, VALUE, too_deep


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a machine's own would not hold as it is written: it is written so again."""

    text: str


Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | Number | None"
#: Where such a number may be: a fraction, an exponent, or more digits than 64 bits are sure of.
_LONG = 19
_EXACT = re.compile(r"\d{19}|\d[.eE]")
#: Given a field's path below the document, and its values as texts, other texts; None to leave it.
ChangeField = Callable[[str, pa.Array], pa.Array | None]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a document a value stands, or a key that is one."""

    container: dict[str, Json] | list[Json]
    at: str | int
    is_key: bool = False

    @property
    def value(self) -> Json:
        return self.at if self.is_key else self.container[self.at]  # type: ignore[index]

    def put(self, old: str, new: str | None, renamed: dict[int, _Renamed]) -> None:
        """Put another value there; a key is only noted, by its object's id."""
        if isinstance(self.container, dict) and self.is_key:
            one = renamed.setdefault(id(self.container), _Renamed(self.container))
            one.keys[old] = new
        else:
            self.container[self.at] = _value(self.value, new)  # type: ignore[index]


def rewritten_documents(array: pa.Array, change: ChangeField) -> pa.Array:
    """Strings that are JSON objects with other values in their fields; other strings stay.

    A number whose text changed becomes a number again if it can, else a string. Fields keep their
    order; a document of which nothing changed keeps every byte.
    """
    coded = as_text(array).dictionary_encode()
    texts = coded.dictionary.to_pylist()
    documents: dict[int, Json] = {}
    places: dict[str, list[tuple[int, _Place]]] = {}
    for number, text in enumerate(texts):
        if not text.startswith("{"):
            continue
        try:
            document = _loaded(text)
        except ValueError:
            continue
        documents[number] = document
        for path, place in _leaves(document, "", 0):
            places.setdefault(path, []).append((number, place))
    changed: set[int] = set()
    renamed: dict[int, _Renamed] = {}
    times = np.bincount(to_numpy(coded.indices.drop_null()), minlength=len(texts))
    for path, found in places.items():
        olds = [_text(place.value) for _, place in found]
        news = _changed(path, pa.array(olds, TEXT), times[[number for number, _ in found]], change)
        if news is None:
            continue
        for (number, place), old, new in zip(found, olds, news.to_pylist(), strict=True):
            if new != old:
                place.put(old, new, renamed)
                changed.add(number)
    for one in renamed.values():  # last, as the places of values are told by their keys
        one.apply()
    if not changed:
        return array
    for number in changed:
        told = orjson.dumps(documents[number], _written, orjson.OPT_PASSTHROUGH_DATACLASS)
        texts[number] = told.decode()
    words = pl.Series(texts, dtype=pl.String).to_arrow().cast(TEXT)
    return as_type(words.take(coded.indices), array.type)


def _changed(
    path: str, olds: pa.Array, times: npt.NDArray[np.int64], change: ChangeField
) -> pa.Array | None:
    """What becomes of values that each stand so many times, so that all of them are counted."""
    if (times == 1).all():
        return change(path, olds)
    each = np.repeat(np.arange(len(olds)), times)
    news = change(path, pa.DictionaryArray.from_arrays(to_arrow(each), olds))
    return None if news is None else news.take(to_arrow(np.cumsum(times) - times))


def _loaded(text: str) -> Json:
    """A document; numbers that would change when they are written again are `Number`.

    Raises:
        ValueError: it is none.
    """
    document: Json = orjson.loads(text)
    if _EXACT.search(text):
        try:
            document = json.loads(text, parse_float=Number, parse_int=_whole, parse_constant=_no)
        except RecursionError:  # deeper than we look: its numbers are as orjson has them
            return document
    return document


def _whole(text: str) -> int | Number:
    return int(text) if len(text) < _LONG else Number(text)


def _no(text: str) -> NoReturn:
    raise ValueError(text)


def _written(value: object) -> orjson.Fragment:
    if isinstance(value, Number):
        return orjson.Fragment(value.text)
    raise TypeError


def hold_documents(array: pa.Array) -> bool:
    """Whether some of the strings look like JSON objects."""
    words = array.dictionary if pa.types.is_dictionary(array.type) else array
    return bool(pc.any(pc.starts_with(words, "{")).as_py())


@dataclass(slots=True)
class _Renamed:
    """An object whose keys are other ones now."""

    fields: dict[str, Json]
    keys: dict[str, str | None] = field(default_factory=dict)

    def apply(self) -> None:
        """Rename; what has no key any more goes, and keys that became equal are numbered."""
        before = list(self.fields.items())
        taken = self.fields.keys() - self.keys.keys()
        times: Counter[str] = Counter()
        self.fields.clear()
        for old, value in before:
            new = self.keys.get(old, old)
            if new is None:
                continue
            name = new
            while old in self.keys and name in taken:
                times[new] += 1
                name = f"{new} ({times[new] + 1})"
            taken.add(name)
            self.fields[name] = value


def _leaves(value: Json, path: str, depth: int) -> Iterator[tuple[str, _Place]]:
    if depth >= MAX_DEPTH:
        raise too_deep(path)
    if isinstance(value, dict):
        for key in value:
            if is_value(key):
                yield f"{path}.{KEY}", _Place(value, key, is_key=True)
            yield from _leaf(value, key, f"{path}.{VALUE if is_value(key) else key}", depth)
    elif isinstance(value, list):
        for at in range(len(value)):
            yield from _leaf(value, at, f"{path}[]", depth)


def _leaf(
    container: dict[str, Json] | list[Json], key: str | int, path: str, depth: int
) -> Iterator[tuple[str, _Place]]:
    value = container[key]  # type: ignore[index]
    if isinstance(value, dict | list):
        yield from _leaves(value, path, depth + 1)
    elif value is not None and not isinstance(value, bool):
        yield path, _Place(container, key)


def _text(value: Json) -> str:
    if isinstance(value, Number):
        # A fraction in its shortest form, as a scan sees it; digits as they are.
        whole = value.text.lstrip("-").isdigit()
        return value.text if whole else orjson.dumps(float(value.text)).decode()
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _value(old: Json, new: str | None) -> Json:
    if new is None or isinstance(old, str):
        return new
    try:
        number = _loaded(new)
    except ValueError:
        return new
    return number if isinstance(number, int | float | Number) else new
