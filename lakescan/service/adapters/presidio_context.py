"""The ``context`` of a request to ``/analyze``: words that count as standing near everything.

A form that is believed only near such a word (a driver's licence number near "license") is then
believed wherever it stands, as by Presidio's context enhancer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lakescan.jobs.accuracy import decided
from lakescan.jobs.detect import detectors_for
from lakescan.policy import Policy
from lakescan.service.adapters.presidio_names import name_asked
from lakescan.service.adapters.presidio_results import Result, explanation
from lakescan.udfs.detect.context import CONTEXT_SCORE
from lakescan.udfs.detect.explaining import bare_forms
from lakescan.udfs.detect.matching.regexes import compiled
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.patterns import all_patterns


def raised(
    text: str, context: Sequence[str], policy: Policy, names: frozenset[str]
) -> list[Result]:
    """What a request's words make believable in a text; each over its characters once.

    Args:
        text: of the request.
        context: the request's words.
        policy: what to look for.
        names: that the request asks for; none for all.
    """
    words = " ".join(context).encode()
    near = {
        each.detector: (each, word)
        for each in all_patterns()
        if (word := next(_words(each, words), ""))
    }
    if not near:
        return []
    found: dict[tuple[str, int, int], Result] = {}
    for form in bare_forms(text, (), detectors_for(decided(policy))):
        for pattern, word in (near[name] for name in form.detectors if name in near):
            entity = name_asked(pattern.entity, text[form.start : form.end], names)
            if entity is None:
                continue
            why = explanation(pattern, f"context.{pattern.name}", CONTEXT_SCORE, word)
            result = Result(
                analysis_explanation=why,
                end=form.end,
                entity_type=entity,
                score=CONTEXT_SCORE,
                start=form.start,
            )
            found.setdefault((entity, form.start, form.end), result)
    return list(found.values())


def _words(pattern: Pattern, said: bytes) -> Iterator[str]:
    """The pattern's own context words that are said."""
    for each in pattern.context:
        regex = rf"\b(?i:{each})" if each[0].isascii() else f"(?i:{each})"
        match = compiled(regex).search(said)
        if match is not None:
            yield match.group().decode("utf-8", "replace").lower()
