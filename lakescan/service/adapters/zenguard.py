"""ZenGuard's PII detector: ``POST /v1/detect/pii``.

What its page leaves open, and what was chosen:

- ``detected_pii`` stands in no text order in the sample: here in the order of the page's nine
  classes, then of the text, which gives the sample's.
- ``message``, one text, is what the product's first Python clients (0.1) send.
- Several messages are read one by one; ``sanitized_message`` joins them with a line break, and
  markers are counted through all of them.
- Nothing was redacted (nothing found, or no redaction asked for): ``sanitized_message`` is null.
- ``score`` is the surest finding's, 0.0 where there is none.
- The same words of one type have the same marker.
- Wire names of the types that the sample does not show: the page's names in snake case.
- The policy is the vendor's console; here the service's settings (`ZenGuardPolicy`).
- A card needs no Luhn check (the sample's fails it). Its score is 1.0.
- Without keys of the service's own, any key will do, but there must be one: 401 else.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lakescan.jobs.anonymize.exchange import exchange
from lakescan.jobs.anonymize.texts import apart
from lakescan.jobs.detect import Finding
from lakescan.jobs.reading import Question
from lakescan.service.adapters.markers import numbered
from lakescan.service.adapters.vocabulary import categorized
from lakescan.service.answers import CarefulRoute, answer, refusal
from lakescan.service.core import Core

#: The page's classes in its order, on the wire, with the categories of ours that they mean.
_TYPES = {
    "name": ("PERSON",),
    "email": ("EMAIL_ADDRESS",),
    "phone": ("PHONE_NUMBER",),
    "address": ("LOCATION",),
    "credit_card": ("CREDIT_CARD",),
    "ssn": ("SOCIAL_SECURITY_ID",),
    "location": ("LOCATION",),
    "ip_address": ("IP_ADDRESS",),
    "uuid": ("UUID",),
}
#: Of the category LOCATION, what is part of a postal address.
_ADDRESS = frozenset({"ADDRESS", "BUILDING", "SECONDARY_ADDRESS", "STREET", "ZIPCODE"})
_WANTED = categorized(name for names in _TYPES.values() for name in names)
_BY_CATEGORY = {names[0]: kind for kind, names in _TYPES.items() if kind != "address"}

#: Card numbers by form: four groups of four, or 4-6-5, with one kind of separator or none.
_CARD = re.compile(
    r"(?<![\w-])(?:\d{4}([- ]?)\d{4}\1\d{4}\1\d{4}|\d{4}([- ]?)\d{6}\2\d{5})(?![\w-])"
)


def _several(value: object) -> object:
    if isinstance(value, dict) and "messages" not in value and "message" in value:
        return {**value, "messages": [value["message"]]}
    return value


class ZenGuardBody(BaseModel):
    """Messages to a model."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"messages": ["My name is John Smith."]}}
    )

    messages: Annotated[list[str], Field(min_length=1, max_length=100)]


ZenGuardRequest = Annotated[ZenGuardBody, BeforeValidator(_several)]


class ZenGuardEntity(BaseModel):
    """Found words."""

    text: str
    type: str


class ZenGuardExtra(BaseModel):
    """The redacted prompt, and what was found in it."""

    sanitized_message: str | None
    detected_pii: list[ZenGuardEntity]


class ZenGuardResponse(BaseModel):
    """The verdict; ``latency`` in milliseconds."""

    is_detected: bool
    score: float
    latency: float
    extra: ZenGuardExtra


class _Route(CarefulRoute):
    malformed = untyped = 400


class _Found(NamedTuple):
    start: int
    end: int
    kind: str
    score: float


def routes(core: Core) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=_Route, tags=["ZenGuard"])
    policy = core.settings.zenguard

    @router.post(
        "/v1/detect/pii",
        summary="Detect PII in a prompt",
        description="As ZenGuard's detector: whether anything was found, what, and the prompt "
        "without it.",
        response_model=ZenGuardResponse,
    )
    async def detect(request: Request, body: ZenGuardRequest) -> Response:
        if not request.headers.get("x-api-key"):
            return refusal(401, "the header x-api-key is missing")
        begun = time.perf_counter()
        answers = await core.desk.ask(Question(tuple(body.messages), _WANTED))
        found = [
            [each for each in _found(text, _apart(findings)) if each.kind in policy.types]
            for text, findings in zip(body.messages, answers, strict=True)
        ]
        return answer(
            {
                "is_detected": any(found),
                "score": max((each.score for some in found for each in some), default=0.0),
                "latency": (time.perf_counter() - begun) * 1000,
                "extra": {
                    "sanitized_message": _sanitized(body.messages, found, policy.redact),
                    "detected_pii": _listed(body.messages, found),
                },
            }
        )

    return router


def _found(text: str, findings: Sequence[Finding]) -> list[_Found]:
    """The findings, and cards by their form, which win over what else lies there."""
    cards = [_Found(*match.span(), "credit_card", 1.0) for match in _CARD.finditer(text)]
    free = [
        each
        for each in findings
        if all(each.end <= card.start or each.start >= card.end for card in cards)
    ]
    others = [_Found(f.start, f.end, _kind(f), round(f.score, 6)) for f in free]
    return sorted([*cards, *others])


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Of those that overlap, which some rules for conflicts leave, what covers the same words."""
    return [each for each, _ in apart((finding, None) for finding in findings)]


def _kind(finding: Finding) -> str:
    return "address" if finding.entity in _ADDRESS else _BY_CATEGORY[finding.category]


def _sanitized(
    messages: Sequence[str], found: Sequence[Sequence[_Found]], redact: str
) -> str | None:
    if redact == "none" or not any(found):
        return None
    if redact == "mask":
        put = [["*" * (each.end - each.start) for each in some] for some in found]
    else:
        words = [m[f.start : f.end] for m, some in zip(messages, found, strict=True) for f in some]
        kinds = [each.kind.upper() for some in found for each in some]
        markers = iter(numbered(kinds, words))
        put = [[next(markers) for _ in some] for some in found]
    return "\n".join(
        exchange(message, [(f.start, f.end) for f in some], marks).text
        for message, some, marks in zip(messages, found, put, strict=True)
    )


def _listed(messages: Sequence[str], found: Sequence[Sequence[_Found]]) -> list[dict[str, str]]:
    return [
        {"text": words, "type": kind}
        for kind in _TYPES
        for words in _words_of(kind, messages, found)
    ]


def _words_of(
    kind: str, messages: Sequence[str], found: Sequence[Sequence[_Found]]
) -> Iterator[str]:
    for message, some in zip(messages, found, strict=True):
        for each in some:
            if each.kind == kind:
                yield message[each.start : each.end]
