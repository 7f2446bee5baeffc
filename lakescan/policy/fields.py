"""The kinds of values that a policy file holds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from lakescan import entities
from lakescan.errors import UsageError
from lakescan.policy.regex import compile_regex


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _named(value: str) -> str:
    name = value.strip()
    if name and ":" not in name:
        name = name.upper().replace(" ", "_").replace("-", "_")
        if entities.is_known(name) and name not in (*entities.domains(), *entities.categories()):
            name = entities.canonical(name)
    return name


def _taken(regex: str) -> str:
    """The regex itself; a ``ValueError`` with RE2's reason if it refuses it."""
    try:
        compile_regex(regex)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return regex


Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
#: Entity, category or domain; ``*`` and ``?`` are wild; the catalog's spelling where it has one.
#: (``NAME``, ... in a schema stand for what `lakescan.policy.schema` puts there.)
Name = Annotated[
    str,
    BeforeValidator(lambda v: _named(v) if isinstance(v, str) else v),
    Field(min_length=1),
    WithJsonSchema({"$comment": "NAME"}),
]
Text = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_listed), WithJsonSchema({"$comment": "NAMES"})]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed), WithJsonSchema({"$comment": "TEXTS"})]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_listed), WithJsonSchema({"$comment": "TEXTS"})]
#: A pattern that RE2 takes.
Regex = Annotated[str, Field(min_length=1), AfterValidator(_taken)]
Domain = Literal["PII", "PHI", "PCI", "SECRET"]
#: ``patterns`` reads with no model; the others with a smaller, the shipped or the user's own.
AccuracyMode = Literal["patterns", "fast", "standard", "high"]
#: How overlapping findings are settled: see `lakescan.udfs.detect.conflicts.resolve`.
ConflictRule = Literal[
    "evidence", "longest", "best_score", "most_specific", "protegrity", "presidio"
]


class Part(BaseModel):
    """What all parts have in common: nothing unknown, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def not_everywhere(regex: str | None) -> str | None:
    """The regex itself; a ``ValueError`` if it finds the empty text."""
    if regex is not None and compile_regex(regex).search("") is not None:
        raise ValueError("matches the empty text, so it would match everywhere")
    return regex
