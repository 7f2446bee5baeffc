"""JSON objects that are kept in strings, taken apart into flat columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import orjson
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lakescan.entities.keys import is_value
from lakescan.errors import LimitExceededError
from lakescan.udfs.arrays import taken, to_arrow

#: Nested deeper than this, a value is no longer taken apart (protects the stack): in a document it
#: is read as one text, and `too_deep` for all else.
MAX_DEPTH = 100

#: The steps of a path to the keys and values of a map, and of an object whose keys are values.
KEY, VALUE = "{key}", "{}"

#: At most so many different paths are followed inside the documents of one column and batch: keys
#: of more are values rather than names, and what stands below them is taken together as `REST`.
MAX_PATHS = 500
REST = ".*"

_Ints = npt.NDArray[np.int64]


def too_deep(path: str) -> LimitExceededError:
    """The error for what is nested deeper than `MAX_DEPTH`."""
    top = path.partition(".")[0].partition("[")[0]
    what = f"column {top}" if top else "a document"
    return LimitExceededError(
        f"{what} is nested deeper than {MAX_DEPTH} levels", hint="leave it out with --exclude"
    )


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a string array.

    Args:
        are: for each cell whether it is one.
        columns: path below the document, row of each value (ascending), the values as strings.
    """

    are: npt.NDArray[np.bool_]
    columns: tuple[tuple[str, _Ints, pa.Array], ...]


def documents(array: pa.Array) -> Documents | None:
    """Parse the cells that are JSON objects; None where no cell looks like one."""
    words = array.dictionary if pa.types.is_dictionary(array.type) else array
    if not pc.any(pc.starts_with(words, "{")).as_py():
        return None
    # Most documents of a column repeat, and to count them out takes a tenth of parsing them.
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    texts = _series(coded.dictionary)
    tree = _Tree()
    parsed = np.zeros(len(texts) + 1, dtype=bool)
    marked = np.flatnonzero(texts.str.starts_with("{").fill_null(value=False).to_numpy())
    places, found = _parsed(marked.tolist(), taken(texts, marked).to_list())
    parsed[places] = True
    tree.add(found, places)
    codes = _series(coded.indices).cast(pl.Int64).fill_null(len(texts)).to_numpy()
    are = parsed[codes]
    rows = np.flatnonzero(are)
    columns = (
        (path, *_spread(codes[rows], rows, np.asarray(node.places), node.values, len(texts)))
        for path, node in tree.leaves()
    )
    return Documents(are, tuple(sorted(columns, key=lambda column: column[0])))


def _parsed(places: list[int], texts: list[str]) -> tuple[list[int], list[dict[str, object]]]:
    """The texts that are documents, and their places."""
    try:
        return places, list(map(orjson.loads, texts))
    except orjson.JSONDecodeError:
        pass  # one by one, then
    kept, found = [], []
    for place, text in zip(places, texts, strict=True):
        try:
            found.append(orjson.loads(text))
        except orjson.JSONDecodeError:
            continue
        kept.append(place)
    return kept, found


def _series(array: pa.Array) -> pl.Series:
    series = pl.from_arrow(array)
    assert isinstance(series, pl.Series)
    return series


def _spread(
    codes: _Ints, rows: _Ints, places: _Ints, values: list[str | None], texts: int
) -> tuple[_Ints, pa.Array]:
    """The values of one path, laid out over the rows whose documents they are part of.

    Args:
        codes: the document of each row.
        rows: the rows that are documents, ascending.
        places: the document of each value, ascending.
        values: the values.
        texts: documents in all.
    """
    if len(places) == texts and np.array_equal(places, np.arange(texts)):
        at, owners = codes, rows  # one in each document
    else:
        counts = np.bincount(places, minlength=texts)
        firsts = np.cumsum(counts) - counts
        each = counts[codes]
        ends = np.cumsum(each)
        within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - each, each)
        at, owners = np.repeat(firsts[codes], each) + within, np.repeat(rows, each)
    words = pl.Series(values, dtype=pl.String).to_arrow().cast(pa.large_string())
    if 2 * len(words) <= len(at):
        return owners, pa.DictionaryArray.from_arrays(to_arrow(at), words)
    return owners, words.take(to_arrow(at))


@dataclass(slots=True)
class _Node:
    """What stands at one path: values, and what is below."""

    places: list[int] = field(default_factory=list)
    values: list[str | None] = field(default_factory=list)
    fields: dict[str, _Node] = field(default_factory=dict)
    items: _Node | None = None


class _Tree:
    """All paths of all documents."""

    def __init__(self) -> None:
        self._root = _Node()
        self._rest = _Node()
        self._paths = 0

    def add(self, documents: Sequence[dict[str, object]], places: Sequence[int]) -> None:
        """Take the values of documents; those of a column mostly have the same fields."""
        columns = _flat_columns(documents)
        if columns is None or len(columns) > MAX_PATHS or any(map(is_value, columns)):
            for document, place in zip(documents, places, strict=True):
                self._fields(self._root, document, place, 1)
            return
        for name, values in columns.items():
            self._root.fields[name] = _Node(list(places), _texts(values))

    def leaves(self) -> Iterator[tuple[str, _Node]]:
        """The paths with values, and what stands below all others."""
        yield from _leaves(self._root, "")
        if self._rest.places:
            yield REST, self._rest

    def _fields(self, node: _Node, parts: dict[str, object], place: int, depth: int) -> None:
        fields = node.fields
        for name, part in parts.items():
            child = fields.get(name)
            if child is None and is_value(name):
                self._any(fields.setdefault(KEY, _Node()), name, place, depth)
                child = fields.setdefault(VALUE, _Node())
            elif child is None:
                child = fields[name] = _Node()
            if type(part) is str and child.places:  # by far the most
                child.places.append(place)
                child.values.append(part)
            else:
                self._any(child, part, place, depth)

    def _any(self, node: _Node, part: object, place: int, depth: int) -> None:
        if isinstance(part, dict) and depth < MAX_DEPTH:
            self._fields(node, part, place, depth + 1)
        elif isinstance(part, list) and depth < MAX_DEPTH:
            if node.items is None:
                node.items = _Node()
            for item in part:
                self._any(node.items, item, place, depth + 1)
        else:
            if not node.places:
                if self._paths >= MAX_PATHS:
                    node = self._rest
                else:
                    self._paths += 1
            node.places.append(place)
            node.values.append(_text(part))


def _flat_columns(
    documents: Sequence[dict[str, object]],
) -> dict[str, tuple[object, ...]] | None:
    """The values of each field, where all documents have the same ones and none is nested."""
    if len(set(map(tuple, documents))) != 1:
        return None
    columns = list(zip(*map(dict.values, documents), strict=True))
    if any(kind in (dict, list) for column in columns for kind in set(map(type, column))):
        return None
    return dict(zip(documents[0], columns, strict=True))


def _texts(parts: Sequence[object]) -> list[str | None]:
    """Each of many parts as text."""
    kinds = set(map(type, parts))
    if kinds <= {str, type(None)}:
        return list(parts)  # type: ignore[arg-type]
    return list(map(str if kinds == {int} else _text, parts))


def _text(part: object) -> str | None:
    if part is None or type(part) is str:
        return part
    if type(part) is int:
        return str(part)
    try:
        return orjson.dumps(part).decode()
    except TypeError:  # it is nested deeper than orjson writes, though it reads that deep
        return "\n".join(_words(part))


def _words(part: object) -> Iterator[str]:
    """The names and values in a document, in its order."""
    waiting = [part]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += [each for pair in reversed(part.items()) for each in reversed(pair)]
        elif isinstance(part, list):
            waiting += reversed(part)
        elif part is not None:
            yield str(part)


def _leaves(node: _Node, path: str) -> Iterator[tuple[str, _Node]]:
    if node.places:
        yield path, node
    for name, child in node.fields.items():
        yield from _leaves(child, f"{path}.{name}")
    if node.items is not None:
        yield from _leaves(node.items, f"{path}[]")
