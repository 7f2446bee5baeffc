"""What is called after somebody is not somebody: ``Markov chain``, ``Raney nickel``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakescan.udfs.detect.ner.corrections.small_letters import is_known
from lakescan.udfs.detect.ner.spans import Span

_NAMES = frozenset(
    "PERSON FIRST_NAME MIDDLE_NAME LAST_NAME CITY COUNTY STATE COUNTRY LOCATION"
    " ORGANIZATION".split()
)
#: Towns have things, too: ``the Memphis index``.
_PLACES = frozenset("CITY COUNTY STATE COUNTRY LOCATION".split())
#: A surname, or two or three with hyphens.
_SURNAMES = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]+(?:[-\u2013][A-ZÀ-Þ][a-zß-ÿ]+){0,2}(?:['’]s)?")
#: What is: of mathematics, chemistry, medicine, physics, engineering.
_THINGS = re.compile(
    r"(?:['’]s?)? (?:exact |sign |rank |[Tt]-?)?(?:algebra|algorithm|bound|chain|coefficient"
    r"|condenser|conjecture|constant|correction|curve|cycle|decomposition|diagram|disease|distribution|effect"
    r"|entropy|equations?|expansion|factor|fever|filter|flask|formula|function|funnel|gradient|graph"
    r"|group|index|inequality|integral|kernel|law|lemma|limit|lymphoma|machine|manoeuvre|matrix|mean"
    r"|method|model|modulus|nickel|norm|number|paradox|polynomials?|principle|prior|problem|process"
    r"|product|ratio|reaction|reagents?|regression|rule|scale|score|series|set|sign|space|staining"
    r"|statistics?|sum|syndrome|tables?|test|theorem|transform(?:ation)?|tree|tumou?r|variables?)"
    r"(?![\w-])"
)


def without_eponyms(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans but surnames that only name a thing.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    return [span for span in spans if not _names_a_thing(text, span)]


def _names_a_thing(text: str, span: Span) -> bool:
    return (
        span.entity in _NAMES
        and _SURNAMES.fullmatch(text, span.start, span.end) is not None
        and _THINGS.match(text, span.end) is not None
        and not (span.entity in _PLACES and is_known(text[span.start : span.end].lower()))
    )
