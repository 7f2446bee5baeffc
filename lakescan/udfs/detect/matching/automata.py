"""Many patterns in one automaton of RE2, which says which of them a text matches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import re2

#: Bytes of UTF-8 -> the numbers of the patterns that match.
Automaton = Callable[[bytes], list[int]]

#: Bytes for an automaton's states.
_MEMORY = 64 << 20


def automaton(regexes: Sequence[str], *, whole: bool) -> Automaton:
    """One that says which of the regexes match some bytes wholly, or occur in them."""
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    made = re2.Set.FullMatchSet(options) if whole else re2.Set.SearchSet(options)
    for regex in regexes:
        made.Add(regex.encode())
    made.Compile()
    # What its wrapper in Python calls, which takes as long again for a short text.
    match: Automaton = made._set.Match  # noqa: SLF001
    return match
