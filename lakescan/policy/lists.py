"""Values that a policy never wants to hear of, and words that it always does."""

from __future__ import annotations

from functools import cached_property

from pydantic import Field, ValidationInfo, field_validator, model_validator

from lakescan.policy.fields import Name, Names, Part, Regex, Words, not_everywhere
from lakescan.policy.regex import SafePattern, compile_regex
from lakescan.policy.words import folded, with_words_of_file

_FILE = "UTF-8 file with one of them a line, beside the policy."
_CASE = "Whether case does not matter; if absent, it does for a regex and not for words."


class AllowRule(Part):
    """Values never to report. A bare text in the list is a rule of one word."""

    words: Words = Field(default=(), description="Values, compared whole.")
    words_file: str | None = Field(default=None, description=_FILE)
    regex: Regex | None = Field(
        default=None, description="RE2 pattern that must match the whole value."
    )
    ignore_case: bool | None = Field(default=None, description=_CASE)
    entities: Names = Field(
        default=(), description="Only when found as one of these; empty means any."
    )

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: object, info: ValidationInfo) -> object:
        return {"words": [data]} if isinstance(data, str) else with_words_of_file(data, info)

    @model_validator(mode="after")
    def _something(self) -> AllowRule:
        if not self.words and self.regex is None:
            raise ValueError("needs words, a words_file or a regex")
        return self

    def matches(self, value: str) -> bool:
        """Whether ``value``, whole, is one of the words or matches the pattern."""
        bare = value.strip()
        if (bare if self.ignore_case is False else bare.casefold()) in self.compared:
            return True
        pattern = self.pattern
        return pattern is not None and pattern.fullmatch(value) is not None

    @cached_property
    def compared(self) -> frozenset[str]:
        """The words as they are compared: folded, unless case matters."""
        return frozenset(self.words) if self.ignore_case is False else folded(self.words)

    @property
    def pattern(self) -> SafePattern | None:
        """The pattern, compiled."""
        if self.regex is None:
            return None
        return compile_regex(self.regex, ignore_case=bool(self.ignore_case))


class DenyRule(Part):
    """What is always to be reported, with score 1, as ``entity``."""

    entity: Name = Field(description="What they are.")
    words: Words = Field(default=(), description="Words or phrases to find whole.")
    words_file: str | None = Field(default=None, description=_FILE)
    regex: Regex | None = Field(default=None, description="RE2 pattern, found anywhere in a value.")
    ignore_case: bool | None = Field(default=None, description=_CASE)

    _everywhere = field_validator("regex")(not_everywhere)

    @model_validator(mode="before")
    @classmethod
    def _read_words(cls, data: object, info: ValidationInfo) -> object:
        return with_words_of_file(data, info)

    @model_validator(mode="after")
    def _something(self) -> DenyRule:
        if not self.words and self.regex is None:
            raise ValueError("needs words, a words_file or a regex")
        return self

    @cached_property
    def compared(self) -> frozenset[str]:
        """The words as they are compared: folded, unless case matters."""
        return frozenset(self.words) if self.ignore_case is False else folded(self.words)
