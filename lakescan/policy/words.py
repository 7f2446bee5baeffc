"""Lists of words, as a policy holds them: in its text, or in a file beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationInfo


def with_words_of_file(data: object, info: ValidationInfo) -> object:
    """A part of a policy with the words of its ``words_file`` in place of that, if it has one."""
    if not isinstance(data, dict) or not isinstance(data.get("words_file"), str):
        return data
    if data.get("words"):
        return data
    base = (info.context or {}).get("base") or Path()
    words = _read_words(Path(base) / data["words_file"])
    return {**data, "words": words, "words_file": None}


def folded(words: Iterable[str]) -> frozenset[str]:
    """The words as they are compared where case does not matter."""
    return frozenset(word.strip().casefold() for word in words)


def _read_words(path: Path) -> tuple[str, ...]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"words_file cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError("words_file is not UTF-8 text") from None
    words = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not words:
        raise ValueError("words_file has no words")
    return words
