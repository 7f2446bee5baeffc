"""What a detector looks at, in words: its form, and the check that it made."""

from __future__ import annotations

from functools import cache

from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.patterns import all_patterns

#: By the first part of a detector's name, where that says all.
_KINDS = {
    "dictionary": "words of a list",
    "ner": "a model read it so",
    "custom": "a detector of the policy",
    "deny": "on the policy's list of what is always told",
    "header": "the column's name",
    "policy": "set by the policy",
    "type": "the column's type",
    "range": "nearly all values read as moments, which numbers seldom do by chance",
    "neighbours": "the columns beside it",
}


#: Kinds before another detector's name: what it found is no evidence.
_PUT_ASIDE = {
    "allow": "on the policy's allow list",
    "lost": "loses to another finding over the same characters",
}


@cache
def describe(detector: str) -> str:
    """One line on a detector of that name (``pattern.iban``); what its check tests, and by what.

    A detector of others' making has its kind only, or nothing.
    """
    kind, _, name = detector.partition(".")
    if kind in _PUT_ASIDE:
        return f"{_PUT_ASIDE[kind]}; else: {describe(name)}"
    if kind not in ("pattern", "shape", "context"):
        return _KINDS.get(kind, "")
    patterns = [p for p in all_patterns() if p.name == name]
    if not patterns:
        return ""
    if kind == "pattern":
        checks = _checks([p for p in patterns if not p.shape])
        return f"the form fits and the check passed: {checks}" if checks else "a strict form"
    if kind == "context":
        return "the form fits, and a word nearby says so"
    bare = [p for p in patterns if p.shape]
    if not bare:
        return "the form fits, the check failed"
    checks = _checks(bare)
    passed = f"the form fits and the check passed, which numbers do by chance: {checks}"
    if any(p.weak for p in patterns):
        return f"the form fits, the check failed or says little: {checks}" if checks else "the form"
    return passed if checks else "the form fits, which proves little"


def _checks(patterns: list[Pattern]) -> str:
    """What the patterns' checks test: the first lines of what they say of themselves."""
    found = dict.fromkeys(check_of(p) for p in patterns if p.validate is not None)
    return "; ".join(text.rstrip(".") for text in found)


def check_of(pattern: Pattern) -> str:
    """What a pattern's check tests, with its source; empty where it has none."""
    if pattern.validate is None:
        return ""
    about = pattern.validate.__doc__ or ""
    first = about.partition("\n")[0].removeprefix("Whether each string is a ")
    return first.replace("``stdnum.<name>.is_valid``", f"python-stdnum ({pattern.name})")
