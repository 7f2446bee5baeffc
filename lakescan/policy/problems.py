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


def policy_error(problems: Sequence[PolicyProblem], uri: str | None = None) -> PolicyError:
    """One error out of one or more problems: the first in full, the others as notes."""
    first, *others = problems
    message = f"{first.message} (line {first.line})" if first.line else first.message
    if others:
        message += f"; and {len(others)} more"
    error = PolicyError(message, path=first.path, hint=first.hint, uri=uri)
    for problem in others:
        error.add_note(str(problem))
    return error
