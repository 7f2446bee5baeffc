"""The options of each operator, as a policy writes them; what operators do is `docs/anonymize.md`.

`OPTIONS` has them by the operator's name. Operators of plug-ins are not listed: their options are
any keys, and checked by the plug-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, model_validator

from lakescan.policy.fields import Part, Text
from lakescan.policy.tree import groups_of

Count = Annotated[int, Field(ge=0, le=10_000)]
OneCharacter = Annotated[str, Field(min_length=1, max_length=1)]


class NoOptions(Part):
    """None."""


class RedactOptions(Part):
    """A value is taken out."""

    text: str = Field(default="", description="What stands in its place.")


class ReplaceOptions(Part):
    """A value becomes its entity's name."""

    text: Text = Field(default="<{entity}>", description="{entity} and {category} are filled in.")
    numbered: bool = Field(
        default=False, description="Count the values of a text: <PERSON_1>, <PERSON_2>."
    )


class MaskOptions(Part):
    """Characters become stars."""

    character: OneCharacter = Field(default="*", description="What a hidden character becomes.")
    keep_first: Count = Field(default=0, description="So many letters and digits stay, in front.")
    keep_last: Count = Field(default=0, description="So many letters and digits stay, at the end.")
    keep_separators: bool = Field(
        default=True, description="White space and punctuation stay as they are."
    )


class HashOptions(Part):
    """A keyed hash, HMAC-SHA-256."""

    format: Literal["hex", "base64"] = Field(default="hex", description="How it is written.")
    length: Annotated[int, Field(ge=16, le=64)] | None = Field(
        default=None, description="Only so many characters of it."
    )


class TokenOptions(Part):
    """A pseudonym: the same for equal values of one domain."""

    format: Literal["hex", "base64"] = Field(default="base64", description="How it is written.")
    prefix: str = Field(default="", description="What it begins with.")


class EncryptOptions(Part):
    """Encryption that `lakescan reveal` undoes."""

    mode: Literal["siv", "gcm-siv"] = Field(
        default="siv",
        description="siv: equal values give equal ciphertexts; gcm-siv: they do not.",
    )


class FpeOptions(Part):
    """Format-preserving encryption, FF1, which `lakescan reveal` undoes."""

    alphabet: Literal["auto", "digits", "alphanumeric"] = Field(
        default="auto",
        description="Which characters change; auto: digits in a number, else letters and digits.",
    )
    keep_first: Count = Field(default=0, description="So many of these characters stay, in front.")
    keep_last: Count = Field(default=0, description="So many of these characters stay, at the end.")
    checksum: Literal["none", "luhn"] = Field(
        default="none", description="The last digit is made to fit the others."
    )
    pad_to: Annotated[int, Field(ge=6, le=18)] = Field(
        default=6, description="Shorter numbers share the domain of numbers of so many digits."
    )


class FakeOptions(Part):
    """A made-up value of the same kind: the same for equal values of one domain."""

    entity: Text | None = Field(
        default=None, description="What to make up; what was found if not given."
    )


class DateShiftOptions(Part):
    """Dates move by a number of days that depends on the subject."""

    days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        default=365, description="By at most so many, back or forth."
    )
    day_first: bool = Field(default=False, description="Read 03/04/2020 as the third of April.")


class GeneralizeOptions(Part):
    """A value becomes coarser."""

    to: Literal["auto", "month", "year", "band", "zip3", "network", "coordinates", "tree"] = Field(
        default="auto",
        description="How; auto follows the entity and the column's type, and the tree if there is"
        " one.",
    )
    width: Annotated[float, Field(gt=0)] = Field(
        default=10, description="Of a band of numbers or ages."
    )
    top: float | None = Field(
        default=None, description="Numbers from here on are one band; 90 for ages."
    )
    digits: Annotated[int, Field(ge=0, le=6)] = Field(
        default=1, description="Decimals that coordinates keep."
    )
    tree: dict[Text, JsonValue] | None = Field(
        default=None,
        description="Groups with lists of values, or groups in groups; large and small letters are"
        " alike.",
    )
    level: Annotated[int, Field(ge=0)] = Field(
        default=1,
        description="How far down the tree groups are told: 1 for those at its top, 0 for none. A"
        " value becomes its own group at the most.",
    )
    other: str = Field(default="*", description="What a value becomes that is not in the tree.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.tree is None:
            if self.to == "tree" or {"level", "other"} & self.model_fields_set:
                raise ValueError("a tree is wanted: {group: [value, ...], ...}")
            return self
        if self.to not in ("auto", "tree"):
            raise ValueError(f"a tree is not for {self.to}: leave one of both out")
        if not groups_of(self.tree):
            raise ValueError("the tree is empty")
        return self


class TruncateOptions(Part):
    """Only the beginning stays."""

    length: Annotated[int, Field(ge=0)] = Field(description="Characters that stay.")


class NoiseOptions(Part):
    """Numbers are blurred at random, each for itself."""

    scale: Annotated[float, Field(gt=0)] = Field(
        default=0.1, description="Standard deviation: a part of the value, or absolute."
    )
    absolute: bool = Field(default=False, description="Whether the scale is absolute.")
    distribution: Literal["normal", "laplace"] = Field(default="normal", description="Its form.")


OPTIONS: Mapping[str, type[Part]] = {
    "date_shift": DateShiftOptions,
    "drop": NoOptions,
    "encrypt": EncryptOptions,
    "fake": FakeOptions,
    "fpe": FpeOptions,
    "generalize": GeneralizeOptions,
    "hash": HashOptions,
    "keep": NoOptions,
    "mask": MaskOptions,
    "noise": NoiseOptions,
    "null": NoOptions,
    "redact": RedactOptions,
    "replace": ReplaceOptions,
    "token": TokenOptions,
    "truncate": TruncateOptions,
}
