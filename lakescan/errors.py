"""Every error that lakescan raises on purpose.

    LakescanError
    ├── UsageError                  the command or the call makes no sense (exit 2)
    │   ├── PolicyError             a policy file is wrong: path, reason, suggestion
    │   ├── UnknownNameError        no entity, detector, engine, ... has that name
    │   └── MissingDependencyError  an extra is not installed
    └── LakeError                   the world outside is wrong (exit 3)
        ├── TerminalError           a retry cannot help
        │   ├── CredentialError     refused: who we are, or what we may do
        │   ├── NotFoundError       no such file, bucket, table
        │   ├── CorruptFileError    the bytes are not what their format says
        │   │   └── DamagedTextError  some bytes are no text in the file's encoding
        │   ├── ChangedSourceError  the object changed while it was read
        │   ├── LimitExceededError  bigger than a bound that protects the worker
        │   ├── NoticeError         everything was read, and there is something to know of it
        │   └── UnsupportedError    a format, codec or feature that lakescan cannot read
        └── TransientError          worth a retry: time-outs, throttling, a lost worker

Every one is picklable with its fields, so that it crosses from a worker to the driver, and none
of them holds a cell's value or a secret.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class LakescanError(Exception):
    """The root of the tree.

    Args:
        message: the thing and the cause, in one sentence.
        hint: the next step, if there is one to offer.
        uri: the object that the error is about, without credentials.
    """

    def __init__(self, message: str, *, hint: str | None = None, uri: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.uri = uri

    @property
    def kind(self) -> str:
        """The name of this error in reports: the class without its ``Error``."""
        return type(self).__name__.removesuffix("Error")

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), dict(self.__dict__))


def _rebuild(cls: type[LakescanError], fields: dict[str, object]) -> LakescanError:
    error = cls.__new__(cls)
    Exception.__init__(error, fields["message"])
    error.__dict__.update(fields)
    return error


class UsageError(LakescanError):
    """The command or the call makes no sense."""


class PolicyError(UsageError):
    """A policy is wrong.

    Args:
        path: where in the document, such as ``detectors[0].regex``.
    """

    def __init__(
        self, message: str, *, path: str = "", hint: str | None = None, uri: str | None = None
    ) -> None:
        super().__init__(f"{path}: {message}" if path else message, hint=hint, uri=uri)
        self.path = path


class UnknownNameError(UsageError):
    """Nothing has that name; says what does, and what was probably meant."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        choices = sorted(known)
        super().__init__(f"unknown {what} {name!r}", hint=did_you_mean(name, choices))
        self.what = what
        self.name = name


class MissingDependencyError(UsageError):
    """A feature needs a package that is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed", hint=f'pip install "lakescan[{extra}]"')
        self.package = package
        self.extra = extra


class LakeError(LakescanError):
    """The world outside is wrong: a source, a sink, a credential."""


class TerminalError(LakeError):
    """A retry cannot help."""


class CredentialError(TerminalError):
    """Refused: who we are, or what we may do."""


class NotFoundError(TerminalError):
    """No such file, bucket or table."""


class CorruptFileError(TerminalError):
    """The bytes are not what their format says."""


class DamagedTextError(CorruptFileError):
    """Some bytes are no text in the file's encoding; they were replaced, and the rest was read."""


class ChangedSourceError(TerminalError):
    """The object changed while it was read."""


class LimitExceededError(TerminalError):
    """Bigger than a bound that protects the worker."""


class NoticeError(TerminalError):
    """Everything was read, and there is something to know of it. Told in reports, never raised."""


class UnsupportedError(TerminalError):
    """A format, codec or feature that lakescan cannot read."""


class TransientError(LakeError):
    """Worth a retry: a time-out, throttling, a lost worker."""


#: How much alike, from 0 to 1, a known name must be to be suggested for an unknown one.
_NEAR = 0.6
#: A name this much less alike than the nearest one is no slip for the name that was written.
_BEHIND = 0.1


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A hint that names the nearest known names, nearest first; None where nothing is near.

    A short list of choices (at most eight) is given whole.
    """
    choices = sorted(known)
    written = difflib.SequenceMatcher(b=name.upper())
    near: dict[str, float] = {}
    for choice in choices:
        written.set_seq1(choice.upper())
        if written.quick_ratio() >= _NEAR and written.ratio() >= _NEAR:
            near[choice] = written.ratio()
    if near:
        least = max(near.values()) - _BEHIND
        best = sorted((c for c in near if near[c] >= least), key=lambda c: -near[c])[:3]
        return "did you mean " + " or ".join(map(repr, best)) + "?"
    if 0 < len(choices) <= 8:
        return "choose from " + ", ".join(choices)
    return None
