"""The parts of a policy file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from lakescan.policy.fields import (
    Domain,
    Name,
    Names,
    Part,
    Regex,
    Score,
    Text,
    Words,
    not_everywhere,
)
from lakescan.policy.words import with_words_of_file


class EntitySwitch(Part):
    """What to look for. The more exact name wins: entity, glob, category, domain, ``*``.

    Args:
        enable: only these; empty means everything.
        disable: not these.
        sensitive: these count as personal data wherever they are.
        not_sensitive: these do not.
    """

    enable: Names = Field(default=(), description="Look only for these; empty means everything.")
    disable: Names = Field(default=(), description="Do not look for these.")
    sensitive: Names = Field(default=(), description="Count these as personal data.")
    not_sensitive: Names = Field(default=(), description="Do not count these as personal data.")


class Thresholds(Part):
    """How sure a finding must be. The most exact wins: detector, entity, category, domain."""

    default: Score = Field(default=0.5, description="For everything not named below.")
    entities: dict[Name, Score] = Field(
        default_factory=dict, description="By entity, category or domain."
    )
    detectors: dict[Text, Score] = Field(
        default_factory=dict, description="By detector, such as pattern.iban or shape.*."
    )


class CustomDetector(Part):
    """A detector of the user's own: a pattern, or a list of words.

    Its findings carry the detector ``custom.<name>``.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="Lower case, unique.")]
    entity: Name = Field(description="What it finds: an entity of the catalog or a new one.")
    category: Name | None = Field(
        default=None, description="Of a new entity; its own name if not given."
    )
    domain: Domain | None = Field(default=None, description="Of a new entity; PII if not given.")
    regex: Regex | None = Field(default=None, description="RE2 pattern, found anywhere in a value.")
    words: Words = Field(default=(), description="Words or phrases to find whole.")
    words_file: str | None = Field(
        default=None, description="UTF-8 file with one word or phrase a line, beside the policy."
    )
    score: Score = Field(default=0.6, description="Score of a match without a context word.")
    context: Words = Field(default=(), description="Words nearby that raise the score by 0.35.")
    ignore_case: bool = Field(default=False, description="Whether case does not matter.")

    _everywhere = field_validator("regex")(not_everywhere)

    @model_validator(mode="before")
    @classmethod
    def _read_words(cls, data: object, info: ValidationInfo) -> object:
        return with_words_of_file(data, info)

    @model_validator(mode="after")
    def _one_kind(self) -> CustomDetector:
        given = [self.regex is not None, bool(self.words), self.words_file is not None]
        if sum(given) != 1:
            raise ValueError("needs exactly one of regex, words and words_file")
        return self


class ColumnRule(Part):
    """What to do differently in some columns. Later rules win, key by key."""

    path: Text = Field(default="**", description="Glob over the file's path or URI.")
    column: Text = Field(
        default="*", description="Glob over the column's path; column_0, ... without header."
    )
    entity: Name | None = Field(default=None, description="The verdict, whatever the values say.")
    ignore: bool | None = Field(default=None, description="Do not read it.")
    sensitive: bool | None = Field(default=None, description="Whether it counts as personal data.")
    threshold: Score | None = Field(default=None, description="For every entity here.")
    thresholds: dict[Name, Score] = Field(
        default_factory=dict, description="By entity, category or domain, here."
    )
    enable: Names = Field(default=(), description="Look only for these here.")
    disable: Names = Field(default=(), description="Do not look for these here.")


class Sampling(Part):
    """How much to read; all of it unless something is given. Bounds hold together."""

    full: bool | None = Field(default=None, description="Read everything; no other key beside it.")
    rows: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="At most so many rows of each split; with 0, names alone count."
    )
    row_groups: Annotated[int, Field(gt=0)] | None = Field(
        default=None, description="At most so many row groups of each file, evenly spaced."
    )
    files: Annotated[int, Field(gt=0)] | None = Field(
        default=None, description="At most so many files of each dataset, evenly spaced."
    )

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object) -> object:
        if isinstance(data, str):
            if data != "full":
                raise ValueError("must be full, or have keys and values")
            return {}
        return data

    @model_validator(mode="after")
    def _full_alone(self) -> Sampling:
        bounded = (self.rows, self.row_groups, self.files) != (None, None, None)
        if self.full and bounded:
            raise ValueError("full goes with no other key")
        if self.full is False and not bounded:
            raise ValueError("not full, but no bound is given: add rows, row_groups or files")
        return self

    @property
    def is_full(self) -> bool:
        """Whether everything is read."""
        return (self.rows, self.row_groups, self.files) == (None, None, None)


class ModelReading(Part):
    """How the model reads; `AccuracyMode` says which."""

    model: Text | None = Field(
        default=None,
        description="For accuracy_mode high: a folder with a token classifier (model.onnx or "
        "model.safetensors, tokenizer.json, config.json), or spacy:NAME.",
    )
    labels: dict[Text, Name] = Field(
        default_factory=dict,
        description="That model's labels as entities, such as PER: PERSON, where they differ.",
    )
    values_per_column: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=128, description="Distinct values of a table's column that are read, at most."
    )

    @field_validator("model")
    @classmethod
    def _beside_the_policy(cls, model: str | None, info: ValidationInfo) -> str | None:
        base = (info.context or {}).get("base")
        if model is None or base is None or model.startswith("spacy:"):
            return model
        beside = Path(base) / model
        return str(beside.absolute()) if beside.is_dir() else model
