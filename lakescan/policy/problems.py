"""What is wrong with a policy, thing by thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lakescan.errors import PolicyError

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """One thing that is wrong.

    Args:
        path: where in the document, such as ``detectors[0].regex``; empty for the whole.
        message: what is wrong, without the path.
        hint: the next step, if there is one to offer.
        line: the line of the text, from 1, where it is known.
    """

    path: str
    message: str
    hint: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        path = f"{self.path}: " if self.path else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{path}{self.message}{hint}"


def dotted(location: Location) -> str:
    """``("detectors", 0, "regex")`` as ``detectors[0].regex``."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


class InvalidPolicyError(PolicyError):
    """A policy is wrong in one or more ways: the first in full, the others as notes.

    Args:
        problems: all of them.
        uri: the policy's file.
    """

    def __init__(self, problems: Sequence[PolicyProblem], *, uri: str | None = None) -> None:
        first, *others = problems
        message = f"{first.message} (line {first.line})" if first.line else first.message
        if others:
            message += f"; and {len(others)} more"
        super().__init__(message, path=first.path, hint=first.hint, uri=uri)
        self.problems = tuple(problems)
        for problem in others:
            self.add_note(str(problem))
