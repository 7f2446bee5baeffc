"""Which types are texts, and texts in the one layout that operators take."""

from __future__ import annotations

import pyarrow as pa

TEXT = pa.large_string()


def is_text(kind: pa.DataType) -> bool:
    """Whether a type is one of Arrow's strings, or a dictionary of them."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def text_only(kind: pa.DataType) -> pa.DataType | None:
    """`Operator.result_type` of operators that make texts of texts."""
    return TEXT if is_text(kind) else None


def as_text(array: pa.Array) -> pa.Array:
    """Any of Arrow's string arrays as ``large_string``."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array if array.type == TEXT else array.cast(TEXT)


def as_type(texts: pa.Array, kind: pa.DataType) -> pa.Array:
    """A ``large_string`` array in any of Arrow's string types."""
    if pa.types.is_dictionary(kind):
        return texts.cast(kind.value_type).dictionary_encode().cast(kind)
    return texts if texts.type == kind else texts.cast(kind)
