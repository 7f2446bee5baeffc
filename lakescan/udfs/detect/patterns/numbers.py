"""How most personal and tax numbers are declared: a written form, a bare form, one check."""

from __future__ import annotations

from dataclasses import dataclass

from lakescan.udfs.detect.checksums.candidates import Check
from lakescan.udfs.detect.pattern import Edge, Pattern
from lakescan.udfs.detect.patterns.phone import DIALLED

#: A written form (with its separators, or letters in fixed places) and a check: next to certain.
WRITTEN = 0.9
#: A bare number whose check lets fewer than one in a thousand through.
STRONG = 0.75
#: A bare number whose check lets one in ten to one in a hundred through: evidence, no proof.
BARE = 0.3
#: The form alone: of a number that fails its check, or has none.
FORM = 0.15


@dataclass(frozen=True, slots=True)
class Number:
    """A kind of number.

    Args:
        entity: what it is.
        name: the detectors' name.
        context: words (regexes) that make a bare number credible in text.
        check: says which are real; None where the number has no check.
        written: the form with separators or letters.
        bare: the form without.
        strong: whether the check on a bare form is proof.
        ignore_case: letters match in either case.
        gate: see `Pattern`.
        cells: whether the bare form is tried on whole cells. Numbers of firms whose one check digit
            proves little are not: a column of them is told by its header.
    """

    entity: str
    name: str
    context: tuple[str, ...]
    check: Check | None = None
    written: str | None = None
    bare: str | None = None
    strong: bool = False
    ignore_case: bool = False
    gate: str | None = None
    cells: bool = True

    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns of both forms."""
        found = []
        if self.written is not None:
            found.append(self._pattern(self.written, WRITTEN, shape=False))
        if self.bare is not None:
            score = FORM if self.check is None else STRONG if self.strong else BARE
            found.append(self._pattern(self.bare, score, shape=not self.strong))
        return tuple(found)

    def _pattern(self, regex: str, score: float, *, shape: bool) -> Pattern:
        return Pattern(
            entity=self.entity,
            name=self.name,
            regex=regex,
            score=score,
            validate=self.check,
            weak=FORM if regex == self.written and self.check is not None else 0.0,
            named=regex == self.bare and self.check is not None,
            shape=shape,
            context=self.context,
            ignore_case=self.ignore_case,
            edge=Edge.NUMBER,
            against=DIALLED if regex == self.written and _is_digits(regex) else (),
            gate=self.gate if regex == self.written else None,
            whole=self.cells or regex == self.written,
        )


def _is_digits(regex: str) -> bool:
    """Whether what is written has groups of digits and nothing else, as a telephone number has."""
    return not any(char.isalpha() for char in regex)


def all_patterns(*numbers: Number) -> tuple[Pattern, ...]:
    """The patterns of several numbers."""
    return tuple(pattern for each in numbers for pattern in each.patterns())
