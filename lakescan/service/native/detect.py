"""``POST /v1/detect``: findings in a batch of texts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from lakescan import entities as catalog
from lakescan.jobs.detect import Finding
from lakescan.jobs.reading import Question
from lakescan.service.answers import CarefulRoute, answer
from lakescan.service.core import Core

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


def routes(core: Core) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=CarefulRoute)

    @router.post(
        "/v1/detect",
        summary="Find personal data in texts",
        description="What is found in each text, in the order of the request; findings of one text "
        "do not overlap. `entities` and `min_score` leave out what is not wanted.",
        response_model=DetectResponse,
    )
    async def detect(body: DetectRequest) -> Response:
        wanted = None if body.entities is None else wanted_entities(body.entities)
        policy = core.policy(body.policy)
        found = await core.desk.ask(Question(tuple(body.texts), wanted), policy)
        results = [
            {
                "findings": [
                    _value(finding, policy.domain_of(finding.entity))
                    for finding in findings
                    if finding.score >= body.min_score
                ]
            }
            for findings in found
        ]
        return answer({"policy_hash": policy.hash, "results": results})

    return router


def wanted_entities(names: list[str]) -> frozenset[str]:
    """Entities by name, alias or category.

    Raises:
        UnknownNameError: one of them means nothing.
    """
    wanted: set[str] = set()
    for name in names:
        upper = name.strip().upper()
        if upper in catalog.categories():
            wanted |= {each.name for each in catalog.all_entities() if each.category == upper}
        if upper not in catalog.categories() or catalog.is_known(name):
            wanted.add(catalog.canonical(name))
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
