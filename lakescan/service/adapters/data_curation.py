"""A Data Curation API's ``POST /presign``, with the result document of its job.

What its page leaves open, and what was chosen:

- The shape of ``pii``: ``false`` (the default), ``true`` (detection), or an object with ``mode``
  (``detection`` or ``redaction``) and ``entity_redaction`` (NER; off by default).
- The product hands out an upload's address, and the result comes from a later job. Here the
  request may bring its text along as ``markdown.output``, and the answer is the job's result; a
  request without it is answered with an address to ``PUT`` the text to, as UTF-8, and the result is
  that call's answer. Nothing is kept in between but the options, which the address itself holds.
- Bearer keys are the service's.
- ``match_type`` of types that no sample shows: see `data_curation_rules`.
- Of overlapping matches the longer one is told, then the pattern before the model, then the one
  that the page names first. A ZIP code inside an address is part of it.
- A passport and a medical licence of seven digits look the same: told as a passport.
- The name of a person does not include the title before it.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from lakescan.jobs.anonymize.exchange import exchange
from lakescan.jobs.detect import Finding
from lakescan.jobs.reading import Question
from lakescan.service.adapters.data_curation_rules import Match, matches
from lakescan.service.adapters.markers import longest
from lakescan.service.adapters.vocabulary import categorized
from lakescan.service.answers import CarefulRoute, answer, refusal
from lakescan.service.core import Core

_MASK = "[PII]"
#: Categories that the model reads, as the page's NER types are called on the wire.
_NER = {
    "PERSON": "PERSON",
    "ORGANIZATION": "ORGANIZATION",
    "LOCATION": "LOCATION",
    "NRP": "AFFILIATION",
}
_READ = categorized(_NER)


class PiiOptions(BaseModel):
    """How PII is processed."""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["detection", "redaction"] = "detection"
    entity_redaction: bool = False


class Markdown(BaseModel):
    """The extracted text."""

    output: str


class PresignRequest(BaseModel):
    """What to do with a document, and perhaps the document's text."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "pii": {"mode": "redaction", "entity_redaction": True},
                "markdown": {"output": "Contact John Smith at john.smith@example.com."},
            }
        }
    )

    pii: StrictBool | PiiOptions = False
    markdown: Markdown | None = None


class PiiMatch(BaseModel):
    """One occurrence; ``redacted_*`` are null in detection mode."""

    start: int
    end: int
    match_type: str
    redacted_start: int | None
    redacted_end: int | None


class CuratedDocument(BaseModel):
    """The job's result; the two PII fields only where something matched."""

    markdown: Markdown
    pii_matches: list[PiiMatch] = Field(default_factory=list)
    pii_match_type_counts: dict[str, int] = Field(default_factory=dict)


class Presigned(BaseModel):
    """Where to send the text."""

    url: str
    method: Literal["PUT"]


def routes(core: Core) -> APIRouter:
    """The routes."""
    router = APIRouter(route_class=CarefulRoute, tags=["Data Curation"])

    @router.post(
        "/presign",
        summary="Process a document's PII",
        description="With `markdown.output` the answer is the job's result; without it, the "
        "address to send the text to.",
        response_model=CuratedDocument | Presigned,
    )
    async def presign(request: Request, body: PresignRequest) -> Response:
        if body.markdown is not None:
            return await _curated(core, body.markdown.output, _options(body.pii))
        options = _options(body.pii)
        url = request.url_for("upload")
        if options is not None:
            url = url.include_query_params(
                mode=options.mode, entity_redaction=str(options.entity_redaction).lower()
            )
        return answer({"url": str(url), "method": "PUT"})

    @router.put(
        "/presign/upload",
        summary="Send the text of a document; the answer is the result",
        description="The address that `/presign` gave holds the options; the body is the text, "
        "UTF-8.",
        name="upload",
        response_model=CuratedDocument,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"text/markdown": {"schema": {"type": "string"}}},
            }
        },
    )
    async def upload(
        request: Request,
        mode: Annotated[Literal["detection", "redaction"] | None, Query()] = None,
        entity_redaction: Annotated[bool, Query()] = False,  # noqa: FBT002
    ) -> Response:
        try:
            text = (await request.body()).decode("utf-8")
        except UnicodeDecodeError:
            return refusal(400, "the body is not UTF-8 text")
        options = None
        if mode is not None:
            options = PiiOptions(mode=mode, entity_redaction=entity_redaction)
        return await _curated(core, text, options)

    return router


def _options(pii: bool | PiiOptions) -> PiiOptions | None:  # noqa: FBT001 - the contract's field
    if isinstance(pii, PiiOptions):
        return pii
    return PiiOptions() if pii else None


async def _curated(core: Core, text: str, options: PiiOptions | None) -> Response:
    """The result document. Masking comes before whatever chunks or embeds the text."""
    if options is None:
        return answer({"markdown": {"output": text}})
    found = await core.desk.run(partial(matches, text))
    if options.entity_redaction:
        read = (await core.desk.ask(Question((text,), _READ)))[0]
        found = _together(found, read)
    if not found:
        return answer({"markdown": {"output": text}})
    spans = [(each.start, each.end) for each in found]
    places: list[tuple[int | None, int | None]] = [(None, None)] * len(found)
    if options.mode == "redaction":
        text, shown = exchange(text, spans, [_MASK] * len(found))
        places = list(shown)
    return answer(
        {
            "markdown": {"output": text},
            "pii_matches": [
                {
                    "start": each.start,
                    "end": each.end,
                    "match_type": each.kind,
                    "redacted_start": start,
                    "redacted_end": end,
                }
                for each, (start, end) in zip(found, places, strict=True)
            ],
            "pii_match_type_counts": dict(Counter(each.kind for each in found)),
        }
    )


def _together(found: list[Match], read: list[Finding]) -> list[Match]:
    """Patterns and the model's findings; the longer wins, of equals the pattern."""
    every = [*found, *(Match(f.start, f.end, _NER[f.category]) for f in read)]
    settled = longest((each.start, each.end, rank) for rank, each in enumerate(every))
    return [every[rank] for _, _, rank in settled]
