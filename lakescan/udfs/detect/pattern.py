"""Pattern: one declared way to recognise an entity by its form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from lakescan.udfs.detect.checksums.candidates import Check
from lakescan.udfs.detect.matching.grammar import TOKEN, Facts, ascii_only, facts

#: A gate: groups of digits with a space or a bracket between.
DIGIT_GROUPS = r"[0-9][.)/-]{0,2}[ (]\(?[0-9]{2}|\([0-9]{1,6}\)"


#: Words before numbers in groups that make them a version, no day and no address.
VERSION = ("version", "versión", "versione", "versão", "wersja", "версия", "release", "build",
           "firmware", "ver\\.?", "rev", "v\\.?", "update to", "upgrade to", "oid", "section",
           "§")  # fmt: skip


class Edge(Enum):
    """What may not stand next to a match inside a longer text."""

    WORD = "letters, digits, underscore"
    NUMBER = "letters, digits, and a digit across one of . , - /"
    NONE = "nothing is forbidden"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A declaration; `cells`, `tokens` and `text` run it.

    Args:
        entity: what a match is (``US_SSN``).
        name: the detector's name without its kind (``us_ssn`` gives ``pattern.us_ssn``).
        regex: the whole form, in the common part of RE2 and Rust; where it has a group named
            ``v``, the finding is that group.
        score: certainty of a match that its validator accepts, or of any where there is none.
        validate: vectorized check of candidates (checksum, ranges).
        weak: score of a form that fails validation, reported as ``shape.<name>`` for whole cells
            only; 0 for none.
        shape: the form alone proves little: reported as ``shape.<name>``, and inside text only
            near a context word.
        context: words that make a match inside text credible.
        search: whether to look inside longer text at all.
        ignore_case: letters match in either case.
        edge: what may not touch a match inside text.
        whole: whether whole cells are matched.
        against: words that, right before a match inside text, say that it is something else.
        named: whether a context word right before a match inside text makes up for a failed check:
            called a PESEL, it is one, if mistyped.
        carries: a regex of what in a whole cell may be followed by other entities: an address's
            query.
        gate: a cheaper regex that occurs in every text with a match of more than one token; shapes
            need none, their context words are one.
    """

    entity: str
    name: str
    regex: str
    score: float
    validate: Check | None = None
    weak: float = 0.0
    shape: bool = False
    context: tuple[str, ...] = ()
    search: bool = True
    ignore_case: bool = False
    edge: Edge = Edge.WORD
    whole: bool = True
    gate: str | None = None
    against: tuple[str, ...] = ()
    named: bool = False
    carries: str = ""

    @property
    def detector(self) -> str:
        """The name of a finding's detector for a match of this pattern in a whole cell."""
        return f"{'shape' if self.shape else 'pattern'}.{self.name}"

    @property
    def is_token(self) -> bool:
        """Whether no match holds a space or a delimiter."""
        return not self.facts.only & ~TOKEN

    @property
    def source(self) -> str:
        """The regex as the engines compile it."""
        return _source(self.regex, self.ignore_case)

    @property
    def facts(self) -> Facts:
        """What the regex says about its matches."""
        return _facts(self.regex, self.ignore_case)


@lru_cache(maxsize=4096)
def _source(regex: str, ignore_case: bool) -> str:  # noqa: FBT001
    return f"(?{'i' if ignore_case else ''}:{ascii_only(regex)})"


@lru_cache(maxsize=4096)
def _facts(regex: str, ignore_case: bool) -> Facts:  # noqa: FBT001
    return facts(regex, ignore_case=ignore_case)
