"""``POST /v1/detect``: findings in a batch of texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lakescan import entities as catalog
from lakescan.jobs.detect import Finding
from lakescan.jobs.reading import Question
from lakescan.policy import Policy
from lakescan.service.answers import CarefulRoute, RefusedError, answer, faults_of
from lakescan.service.core import Core
from lakescan.service.document import COMPONENT
from lakescan.service.native.bodies import LINES, ROWS, body_of, kind_of
from lakescan.service.native.detect_lines import Wish, answers_to

_TEXTS = 1000


class DetectRequest(BaseModel):
    """Texts, and perhaps what to look for in them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"texts": ["Call Ann on 202-555-0142"]}}
    )

    texts: Annotated[list[str], Field(min_length=1, max_length=_TEXTS)]
    entities: list[str] | None = Field(
        default=None, description="Only these entities or categories; absent means all."
    )
    min_score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    policy: str | None = Field(
        default=None, description="A policy of /v1/policies; absent: the default."
    )


class DetectedEntity(BaseModel):
    """One finding. Offsets count code points; ``end`` is one past the last."""

    start: int
    end: int
    entity: str
    category: str
    domain: str
    score: float
    detector: str


class DetectedText(BaseModel):
    """The findings of one text, in its order; none overlap."""

    findings: list[DetectedEntity]


class DetectResponse(BaseModel):
    """For each text, in the order of the request, what was found."""

    policy_hash: str
    results: list[DetectedText]


def _body() -> dict[str, Any]:
    line = {"type": "string", "description": 'Lines of `"text"` or `{"text": "..."}`.'}
    return {
        "requestBody": {
            "required": True,
            "description": "Texts as JSON; or any number of texts, one a line.",
            "content": {
                ROWS: {"schema": DetectRequest.model_json_schema(ref_template=COMPONENT)},
                LINES: {"schema": line},
            },
        }
    }


def routes(core: Core) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=CarefulRoute)

    @router.post(
        "/v1/detect",
        summary="Find personal data in texts",
        description="What is found in each text, in the order of the request; findings of one text "
        "do not overlap. `entities` and `min_score` leave out what is not wanted. Lines of texts "
        "are answered with lines, as they are read, and take their wishes from the query.",
        openapi_extra=_body(),
        response_model=DetectResponse,
        responses={
            200: {
                "description": "Of lines a line each: `findings`, or `error` of a line that is "
                "wrong.",
                "content": {LINES: {"schema": {"type": "string"}}},
            }
        },
    )
    async def detect(
        request: Request,
        entities: Annotated[list[str] | None, Query(description="For lines.")] = None,
        min_score: Annotated[float, Query(ge=0, le=1, description="For lines.")] = 0.0,
        policy: Annotated[str | None, Query(description="For lines.")] = None,
    ) -> Response:
        kind = kind_of(request)
        if kind == LINES:
            wish = DetectRequest.model_construct(
                entities=entities, min_score=min_score, policy=policy
            )
            return _lines(core, await body_of(request), wish)
        if kind != ROWS:
            raise RefusedError(415, f"send {ROWS} or {LINES}")
        try:
            body = DetectRequest.model_validate_json(await request.body())
        except ValidationError as error:
            unread = any(each["type"] == "json_invalid" for each in error.errors())
            raise RefusedError(400 if unread else 422, faults_of(error.errors())) from None
        wanted = None if body.entities is None else wanted_entities(body.entities)
        rules = core.policy(body.policy)
        found = await core.desk.ask(Question(tuple(body.texts), wanted), rules)
        results = [_found(findings, body, rules) for findings in found]
        return answer({"policy_hash": rules.hash, "results": results})

    return router


def _lines(core: Core, source: bytes | Path, wish: DetectRequest) -> Response:
    wanted = None if wish.entities is None else wanted_entities(wish.entities)
    rules = core.policy(wish.policy)
    lines = answers_to(
        core,
        source,
        core.settings.body_bytes,
        Wish(rules, wanted, lambda findings: _found(findings, wish, rules)),
    )
    return StreamingResponse(lines, media_type=LINES)


def _found(
    findings: Sequence[Finding], wish: DetectRequest, policy: Policy
) -> dict[str, list[dict[str, object]]]:
    return {
        "findings": [
            _value(finding, policy.domain_of(finding.entity))
            for finding in findings
            if finding.score >= wish.min_score
        ]
    }


def wanted_entities(names: list[str]) -> frozenset[str]:
    """Entities by name, alias or category; the wider one where a name is found as that.

    Raises:
        UnknownNameError: one of them means nothing.
    """
    wanted: set[str] = set()
    for name in names:
        upper = name.strip().upper()
        if upper in catalog.categories():
            wanted |= {each.name for each in catalog.all_entities() if each.category == upper}
        if upper not in catalog.categories() or catalog.is_known(name):
            wanted.add(catalog.entity(name).found_as or catalog.canonical(name))
    return frozenset(wanted)


def _value(finding: Finding, domain: str) -> dict[str, object]:
    return {
        "start": finding.start,
        "end": finding.end,
        "entity": finding.entity,
        "category": finding.category,
        "domain": domain,
        "score": round(finding.score, 6),
        "detector": finding.detector,
    }
