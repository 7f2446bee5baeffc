"""Compiling the patterns that users give: linear time, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol

from lakescan.errors import UsageError


class SafeMatch(Protocol):
    """What matched."""

    def start(self) -> int:
        """The first code point."""

    def end(self) -> int:
        """One past the last code point."""


class SafePattern(Protocol):
    """A compiled pattern that matches in time linear to the text."""

    def search(self, text: str) -> SafeMatch | None:
        """The first match anywhere in ``text``."""

    def fullmatch(self, text: str) -> SafeMatch | None:
        """A match of all of ``text``."""

    def finditer(self, text: str) -> Iterator[SafeMatch]:
        """Every match, left to right, without overlap."""


@lru_cache(maxsize=4096)
def compile_regex(regex: str, *, ignore_case: bool = False) -> SafePattern:
    """Compile a pattern with RE2 (https://github.com/google/re2/wiki/Syntax).

    RE2 has no backtracking: look-around and back-references are refused, and no text can make a
    match slow.

    Raises:
        UsageError: RE2 refuses the pattern; the message is its reason.
    """
    import re2

    options = re2.Options()
    options.case_sensitive = not ignore_case
    options.log_errors = False
    # Nobody asks for groups, and a thousand of them would make each match slow.
    options.never_capture = True
    try:
        pattern: SafePattern = re2.compile(regex, options)
    except re2.error as error:
        raise UsageError(
            f"not a pattern that RE2 accepts: {_reason(error)}", hint=_hint(regex)
        ) from None
    return pattern


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else "unknown"
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def _hint(regex: str) -> str | None:
    if any(mark in regex for mark in ("(?=", "(?!", "(?<=", "(?<!")):
        return "look-around does not run in linear time; use \\b, or context words"
    if any(f"\\{digit}" in regex for digit in "123456789"):
        return "back-references do not run in linear time"
    return None
