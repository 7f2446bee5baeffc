"""Globs over paths and column names, compiled so that matching is linear."""

from __future__ import annotations

import re
from functools import lru_cache

from lakescan.errors import UsageError
from lakescan.policy.regex import SafePattern, compile_regex


def path_matches(glob: str, uri: str) -> bool:
    """Whether a path glob means that URI.

    ``*`` and ``?`` stay within one part of the path, ``**`` crosses parts, ``{a,b}`` is either,
    ``[abc]`` is one of. A glob that starts with ``/`` or a scheme means the whole URI; any other
    means its last parts, and without a ``/`` the file's name alone.
    """
    return _path_pattern(glob).fullmatch(uri) is not None


def column_matches(glob: str, column: str) -> bool:
    """Whether a column glob means that column's path: ``*`` and ``?`` are wild, case is alike."""
    return _column_pattern(glob).fullmatch(column) is not None


@lru_cache(maxsize=4096)
def _column_pattern(glob: str) -> SafePattern:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in glob)
    return compile_regex("(?s)" + "".join(parts), ignore_case=True)


@lru_cache(maxsize=4096)
def _path_pattern(glob: str) -> SafePattern:
    whole = glob.startswith("/") or "://" in glob
    return compile_regex("(?s)" + ("" if whole else "(?:.*/)?") + _translate(glob))


@lru_cache(maxsize=4096)
def whole_path_pattern(glob: str) -> SafePattern:
    """The pattern of a path glob that means the whole of a path, to be matched in full.

    Raises:
        UsageError: a brace is not closed, or a character class makes no sense.
    """
    return compile_regex("(?s)" + _translate(glob))


def _translate(glob: str) -> str:
    out: list[str] = []
    at = 0
    choices: list[int] = []  # where the open choices end
    while at < len(glob):
        char = glob[at]
        if glob.startswith("**/", at):
            out.append("(?:.*/)?")
            at += 2
        elif glob.startswith("**", at):
            out.append(".*")
            at += 1
        elif char == "*":
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif char == "{" and (end := _choice_end(glob, at)):
            out.append("(?:")
            choices.append(end)
        elif choices and at == choices[-1]:
            out.append(")")
            choices.pop()
        elif char == "," and choices:
            out.append("|")
        elif char == "[" and (end := glob.find("]", at + 2)) > 0:
            out.append(_character_class(glob[at + 1 : end]))
            at = end
        else:
            out.append(re.escape(char))
        at += 1
    return "".join(out)


def _choice_end(glob: str, start: int) -> int:
    """Where the choice ``{a,b}`` that begins at ``start`` ends; 0 where it is none, as ``{a}``.

    Raises:
        UsageError: the brace is not closed.
    """
    depth, commas = 0, 0
    for at in range(start, len(glob)):
        char = glob[at]
        depth += (char == "{") - (char == "}")
        commas += char == "," and depth == 1
        if not depth:
            return at if commas else 0
    raise UsageError(f"no glob: a brace is not closed in {glob!r}")


def _character_class(body: str) -> str:
    negated = body[0] in "!^"
    members = re.escape(body[negated:]).replace(r"\-", "-")
    return f"[{'^' if negated else ''}{members}]"
