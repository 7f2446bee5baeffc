"""``POST /v1/reveal``: what reversible operators hid, for who may see it, on record."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from lakescan.jobs.anonymize.audit import Audit
from lakescan.jobs.anonymize.texts import reveal_texts
from lakescan.policy.anonymize import DomainName
from lakescan.service.answers import CarefulRoute, RefusedError, answer
from lakescan.service.callers import Caller
from lakescan.service.core import Core
from lakescan.udfs.anonymize.plan import Treatment


class RevealRequest(BaseModel):
    """Texts with hidden values, and why somebody wants to see them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"texts": ["lks1.2027.czE-...."], "reason": "case 4711"},
        },
    )

    texts: Annotated[list[str], Field(min_length=1, max_length=1000)]
    reason: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]
    operator: Literal["encrypt", "fpe"] = Field(
        default="encrypt",
        description="encrypt: ciphertexts anywhere in the texts; fpe: each text is one value.",
    )
    options: dict[str, JsonValue] = Field(
        default_factory=dict, description="Of fpe: the options that it was applied with."
    )
    domains: Annotated[list[DomainName], Field(min_length=1, max_length=20)] | None = Field(
        default=None, description="Those that are tried (fpe: one); the policy's if absent."
    )
    key_id: str | None = None


class RevealResponse(BaseModel):
    """The texts; what no key opens stays as it is."""

    texts: list[str]
    changed: int


def routes(core: Core) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=CarefulRoute)

    @router.post(
        "/v1/reveal",
        summary="Bring back what encrypt or fpe hid",
        description="Wants the scope `reveal`, a keyring, and an audit file; a line is added to "
        "that before anything is revealed, and after.",
        response_model=RevealResponse,
    )
    async def reveal(request: Request, body: RevealRequest) -> Response:
        if core.keyring is None or not core.settings.audit:
            raise RefusedError(
                422, "nothing is revealed here: the service has no keyring or no audit file"
            )
        caller: Caller = request.state.caller
        about = {
            "caller": caller.name,
            "subject": caller.subject,
            "request_id": request.state.request_id,
            "texts": len(body.texts),
            "operator": body.operator,
        }
        audit = Audit(core.settings.audit, body.reason)
        domains = body.domains or [core.settings.policy.anonymize.domain]
        options = dict(body.options)
        if body.operator == "encrypt":
            options = {"domains": list(domains)}
        elif len(domains) > 1:
            raise RefusedError(422, "domains: fpe takes one")
        treatment = Treatment(body.operator, options, domains[0], body.key_id)
        revealed = await core.desk.run(
            partial(_on_record, audit, about, body.texts, treatment, core)
        )
        changed = sum(a != b for a, b in zip(body.texts, revealed, strict=True))
        return answer({"texts": revealed, "changed": changed})

    return router


def _on_record(
    audit: Audit, about: dict[str, object], texts: list[str], treatment: Treatment, core: Core
) -> list[str]:
    assert core.keyring is not None
    audit.add("reveal.begin", {**about, "domain": treatment.domain, "key_id": treatment.key_id})
    revealed = reveal_texts(texts, treatment, core.keyring)
    changed = sum(a != b for a, b in zip(texts, revealed, strict=True))
    audit.add("reveal.end", {**about, "changed": changed})
    return revealed
