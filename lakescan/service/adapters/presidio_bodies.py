"""Presidio's bodies."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_FLAGS = re.DOTALL | re.MULTILINE | re.IGNORECASE


class AdHocPattern(BaseModel):
    """One regex of a request's own recognizer."""

    model_config = ConfigDict(extra="forbid")

    name: str
    regex: str
    score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class AdHocRecognizer(BaseModel):
    """A recognizer that lives as long as its request."""

    name: str | None = None
    supported_language: str = "en"
    supported_entity: Annotated[str, Field(min_length=1)]
    patterns: Annotated[list[AdHocPattern], Field(max_length=100)] = Field(default_factory=list)
    deny_list: Annotated[list[str], Field(max_length=10_000)] = Field(default_factory=list)
    deny_list_score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    context: list[str] = Field(default_factory=list)


def _patterns_named(value: object) -> object:
    """A pattern's keys are the arguments of Presidio's own class, and missed in its words."""
    recognizers = value.get("ad_hoc_recognizers") if isinstance(value, dict) else None
    for recognizer in recognizers if isinstance(recognizers, list) else ():
        patterns = recognizer.get("patterns") if isinstance(recognizer, dict) else None
        for pattern in patterns if isinstance(patterns, list) else ():
            for key in pattern if isinstance(pattern, dict) else ():
                if key not in AdHocPattern.model_fields:
                    said = "Pattern.__init__() got an unexpected keyword argument '{key}'"
                    raise PydanticCustomError("unexpected", said, {"key": key})
    return value


class AnalyzeBody(BaseModel):
    """What to look at, and for what."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"text": "John Smith drivers license is AC432223", "language": "en"}
        }
    )

    text: str | list[str] | None = None
    language: str | None = None
    entities: list[str] | None = None
    score_threshold: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    return_decision_process: bool | None = None
    ad_hoc_recognizers: Annotated[list[AdHocRecognizer], Field(max_length=20)] | None = None
    context: list[str] | None = None
    allow_list: Annotated[list[str], Field(max_length=10_000)] | None = None
    allow_list_match: Literal["exact", "regex"] = "exact"
    regex_flags: Annotated[int, Field(ge=0, le=0xFFFF)] = int(_FLAGS)
    correlation_id: str | None = None


AnalyzeRequest = Annotated[AnalyzeBody, BeforeValidator(_patterns_named)]


class AnalysisExplanation(BaseModel):
    """Why a result is told."""

    recognizer: str
    pattern_name: str | None
    pattern: str | None
    original_score: float
    score: float
    textual_explanation: str | None
    score_context_improvement: float
    supportive_context_word: str
    validation_result: bool | None
    regex_flags: int | None


class RecognizerResult(BaseModel):
    """One entity in a text."""

    analysis_explanation: AnalysisExplanation | None
    end: int
    entity_type: str
    score: float
    start: int


#: An operator's name and its parameters.
Operator = dict[str, str | int | bool | float | None]


class AnalyzerResult(BaseModel):
    """What the analyzer told; all but the four fields is passed over."""

    start: int | None = None
    end: int | None = None
    score: float | None = None
    entity_type: str | None = None


def _named(value: object) -> object:
    """``operators`` is what some clients call ``anonymizers``."""
    if isinstance(value, dict) and "anonymizers" not in value and "operators" in value:
        return {**value, "anonymizers": value["operators"]}
    return value


class AnonymizeBody(BaseModel):
    """A text, what was found in it, and what to do with it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "text": "My name is Jane Doe.",
                "anonymizers": {"DEFAULT": {"type": "replace", "new_value": "ANONYMIZED"}},
                "analyzer_results": [
                    {"start": 11, "end": 19, "score": 0.8, "entity_type": "PERSON"}
                ],
            }
        }
    )

    text: str = ""
    anonymizers: dict[str, Operator] | None = None
    operators: dict[str, Operator] | None = None
    analyzer_results: Annotated[list[AnalyzerResult], Field(max_length=100_000)] | None = None


AnonymizeRequest = Annotated[AnonymizeBody, BeforeValidator(_named)]


class AnonymizedItem(BaseModel):
    """What stands where an entity stood."""

    start: int | None = None
    end: int | None = None
    entity_type: str | None = None
    text: str | None = None
    operator: str | None = None


class DeanonymizeRequest(BaseModel):
    """An anonymized text, where it was anonymized, and how to bring it back."""

    text: str = ""
    deanonymizers: dict[str, Operator] | None = None
    anonymizer_results: Annotated[list[AnonymizedItem], Field(max_length=100_000)] | None = None


class EngineResult(BaseModel):
    """The text, and what was exchanged, the last first."""

    text: str
    items: list[AnonymizedItem]
