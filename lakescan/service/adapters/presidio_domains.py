"""Bare names of hosts in a text (``microsoft.com``), which Presidio tells as URL.

Elsewhere lakescan tells them as whole cells only: between words, most of what has such a form is a
file, a property or a full stop without its space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lakescan.jobs.detect import Finding
from lakescan.policy import Policy
from lakescan.service.adapters.presidio_names import name_asked
from lakescan.service.adapters.presidio_results import Result, explanation
from lakescan.udfs.detect.checksums.internet import is_known_domain
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.patterns import all_patterns

_ENTITY, _DETECTOR = "URL", "pattern.domain"
#: Presidio's score of a URL without its scheme.
_SCORE = 0.5
#: Domains of countries that are words of English, and those that are ends of programs' names.
_NO_HOSTS = frozenset("at be by in is it me my no us pl py rs name".split())
#: In every host; few texts have such a point, and to look for it takes a tenth of the time.
_DOT = re.compile("[0-9A-Za-z][.][A-Za-z]{2}")


def bare_domains(
    text: str,
    findings: Iterable[Finding],
    policy: Policy,
    names: frozenset[str],
    *,
    explained: bool,
) -> list[Result]:
    """Names of hosts that no finding holds.

    Args:
        text: of the request.
        findings: in it, of whatever entity.
        policy: what to look for.
        names: that the request asks for; none for all.
        explained: with the reasons.
    """
    wanted = policy.enabled(_ENTITY) and policy.threshold(_ENTITY, _DETECTOR) <= _SCORE
    name = name_asked(_ENTITY, "", names) if wanted else None
    spans = list(_hosts(text)) if name is not None else []
    if name is None or not spans:
        return []
    taken = bytearray(len(text))
    for each in findings:
        taken[each.start : each.end] = b"\1" * (each.end - each.start)
    reason = explanation(_pattern(), _DETECTOR, _SCORE) if explained else None
    return [
        Result(analysis_explanation=reason, end=end, entity_type=name, score=_SCORE, start=start)
        for start, end in spans
        if not any(taken[start:end])
    ]


def _hosts(text: str) -> Iterator[tuple[int, int]]:
    if _DOT.search(text) is None:
        return
    for found in _compiled().finditer(text):
        host = found[0].partition("/")[0]
        top = host.rpartition(".")[2]
        # ``done.It`` is the end of a sentence and the start of the next.
        spelled = top.islower() or host.isupper()
        if spelled and is_known_domain(host) and top.lower() not in _NO_HOSTS:
            yield found.span()


@lru_cache(maxsize=1)
def _pattern() -> Pattern:
    return next(each for each in all_patterns() if each.name == "domain")


@lru_cache(maxsize=1)
def _compiled() -> re.Pattern[str]:
    """The pattern of whole cells between edges of words; no part of an address or a path."""
    return re.compile(rf"(?<![\w@./:\\-]){_pattern().regex}(?![\w@-])")
