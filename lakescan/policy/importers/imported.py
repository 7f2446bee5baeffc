"""A policy that was made out of another tool's configuration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import yaml

from lakescan.errors import PolicyError, UnknownNameError
from lakescan.policy.document import read_document
from lakescan.policy.importers.draft import Draft
from lakescan.policy.model import Policy
from lakescan.policy.problems import PolicyProblem, policy_error

#: Whose configuration it is.
Source = Literal["presidio", "dlp"]

_TITLES = {"presidio": "Presidio's recognizer registry", "dlp": "a Google DLP inspect template"}


@dataclass(frozen=True, slots=True)
class Imported:
    """A policy, and what could not be carried over.

    Args:
        source: whose configuration it was.
        policy: what could.
        notes: what could not, or not as it was, in the order of the lines.
    """

    source: Source
    policy: Policy
    notes: tuple[PolicyProblem, ...]

    def to_yaml(self) -> str:
        """The policy as a file: what differs from the defaults, under the notes as comments."""
        plain = self.policy.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        lines = [f"# Out of {_TITLES[self.source]}, by `lakescan policy import`."]
        if self.notes:
            lines.append("# Not carried over, or not as it was:")
            lines += [f"# - {_one_line(str(note))}" for note in self.notes]
        data = {"version": 1, **plain}
        text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
        return "\n".join(lines) + "\n" + text


def import_policy(path: str | Path, source: Source) -> Imported:
    """Read another tool's configuration as a policy.

    Args:
        path: a local YAML or JSON file: for ``presidio`` a recognizer registry, or an analyzer's
            configuration that holds one; for ``dlp`` an inspect template, or its ``inspectConfig``.
        source: whose it is.

    Raises:
        PolicyError: the file cannot be read, or is nothing of the kind.
        UnknownNameError: there is no such source.
    """
    from lakescan.policy.importers.dlp import read_template
    from lakescan.policy.importers.presidio import read_registry

    readers = {"presidio": read_registry, "dlp": read_template}
    if source not in readers:
        raise UnknownNameError("source", source, get_args(Source))
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyError("is not UTF-8 text", path=str(path)) from None
    except OSError as error:
        raise PolicyError(f"cannot be read: {error.strerror}", path=str(path)) from None
    document = read_document(text)
    if document.data is None or document.problems:
        raise policy_error(document.located(document.problems), str(path))
    draft = Draft()
    try:
        readers[source](document.data, draft)
    except PolicyError as error:
        message = error.message.removeprefix(f"{error.path}: ")
        problem = PolicyProblem(error.path, message, error.hint)
        raise policy_error(document.located([problem]), str(path)) from None
    return Imported(source, draft.policy(), tuple(document.located(draft.notes)))


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
