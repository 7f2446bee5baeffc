"""A Data Curation API's ``POST /presign``, with the result document of its job.

What its page leaves open, and what was chosen:

- ``pii`` is ``false`` (the default), ``"detection"`` or ``"redaction"``, as the product's samples
  send it; also ``true`` (detection), or an object with ``mode`` and ``entity_redaction``.
  ``entity_redaction`` (NER, off by default) may stand beside ``pii`` too. A ``null`` is what
  leaving the field out is.
- As the product's clients expect, ``/presign`` answers ``job_id``, ``put_url`` and ``get_url``;
  the text is ``PUT`` to the one, as UTF-8, ``/status/{job_id}`` says ``Done``, and the other has
  the result, for a quarter of an hour and in memory alone. The addresses need no key: the id in
  them is one. The answer to the ``PUT`` is the result already, and a request that brings its text
  along, as ``markdown.output``, is answered with the result at once.
- ``normalization`` is done where it is asked for, before PII is looked for; ``chunking`` after it
  was masked, as ``markdown.chunks``. ``embedding`` and ``json_schema`` are refused: nothing here
  makes them.
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

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool
from pydantic_core import PydanticCustomError

from lakescan.jobs.anonymize.exchange import exchange
from lakescan.jobs.detect import Finding
from lakescan.jobs.reading import Question
from lakescan.service.adapters.data_curation_rules import Match, matches
from lakescan.service.adapters.data_curation_text import chunks, normalized
from lakescan.service.adapters.markers import longest
from lakescan.service.adapters.vocabulary import categorized
from lakescan.service.answers import CarefulRoute, Refusal, answer, refusal, without_nulls
from lakescan.service.core import Core
from lakescan.service.gate import TICKETED
from lakescan.service.uploads import Documents, Options

_MASK = "[PII]"
#: Categories that the model reads, as the page's NER types are called on the wire.
_NER = {
    "PERSON": "PERSON",
    "ORGANIZATION": "ORGANIZATION",
    "LOCATION": "LOCATION",
    "NRP": "AFFILIATION",
}
_READ = categorized(_NER)


Mode = Literal["detection", "redaction"]
_MODES = ("detection", "redaction")


def _shaped(value: object) -> object:
    if isinstance(value, bool | dict) or value in _MODES:
        return value
    said = "must be true, false, 'detection', 'redaction' or an object with a mode"
    raise PydanticCustomError("pii", said)


class PiiOptions(BaseModel):
    """How PII is processed."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode = "detection"
    entity_redaction: bool = False


class Normalization(BaseModel):
    """Which characters become plain ones."""

    quotations: bool = True
    dashes: bool = True


class Markdown(BaseModel):
    """The extracted text."""

    output: str


class CuratedMarkdown(BaseModel):
    """The text as it came out, and the same in chunks where they were asked for."""

    output: str
    chunks: list[str] = Field(default_factory=list)


class PresignBody(BaseModel):
    """What to do with a document, and perhaps the document's text."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "pii": "redaction",
                "entity_redaction": True,
                "markdown": {"output": "Contact John Smith at john.smith@example.com."},
            }
        }
    )

    pii: Annotated[StrictBool | Mode | PiiOptions, BeforeValidator(_shaped)] = False
    entity_redaction: bool = False
    normalization: Normalization | None = None
    chunking: bool = False
    chunk_size: Annotated[int, Field(ge=100, le=5000)] = 1000
    embedding: Literal[False] = False
    json_schema: Literal[False] = False
    markdown: Markdown | None = None

    @property
    def options(self) -> Options:
        """What is asked for."""
        plain = self.normalization or Normalization(quotations=False, dashes=False)
        mode: str | None = None
        entities = self.entity_redaction
        if isinstance(self.pii, PiiOptions):
            mode, entities = self.pii.mode, entities or self.pii.entity_redaction
        elif isinstance(self.pii, str):
            mode = self.pii
        elif self.pii:
            mode = "detection"
        size = self.chunk_size if self.chunking else 0
        return Options(plain.quotations, plain.dashes, mode, entities, size)


PresignRequest = Annotated[PresignBody, BeforeValidator(without_nulls)]


class PiiMatch(BaseModel):
    """One occurrence; ``redacted_*`` are null in detection mode."""

    start: int
    end: int
    match_type: str
    redacted_start: int | None
    redacted_end: int | None


class CuratedDocument(BaseModel):
    """The job's result; the two PII fields only where something matched."""

    markdown: CuratedMarkdown
    pii_matches: list[PiiMatch] = Field(default_factory=list)
    pii_match_type_counts: dict[str, int] = Field(default_factory=dict)


class Presigned(BaseModel):
    """Where to send the text, and where the result will be."""

    job_id: str
    put_url: str
    get_url: str


class JobStatus(BaseModel):
    """How a job is: ``Done`` once its result can be had."""

    job_id: str = Field(alias="jobId")
    status: Literal["Created", "Done"]


_GONE: dict[int | str, dict[str, object]] = {
    404: {"model": Refusal, "description": "There is no such job, or no longer, or no result yet."}
}


def routes(core: Core) -> APIRouter:
    """The routes."""
    router = APIRouter(route_class=CarefulRoute, tags=["Data Curation"])
    _add_asking(router, core, core.uploads)
    _add_telling(router, core.uploads)
    return router


def _add_asking(router: APIRouter, core: Core, jobs: Documents) -> None:
    @router.post(
        "/presign",
        summary="Process a document's PII",
        description="With `markdown.output` the answer is the job's result; without it, the "
        "addresses to send the text to and to have the result from.",
        response_model=CuratedDocument | Presigned,
    )
    async def presign(request: Request, body: PresignRequest) -> Response:
        if body.markdown is not None:
            return answer(await _curated(core, body.markdown.output, body.options))
        job = await jobs.announce(body.options)
        url = str(request.url_for("upload", job=job))
        return answer({"job_id": job, "put_url": url, "get_url": url})

    @router.put(
        TICKETED + "{job}",
        summary="Send the text of a document; the answer is the result",
        description="The address that `/presign` gave; the body is the text, UTF-8.",
        name="upload",
        response_model=CuratedDocument,
        responses=_GONE,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/octet-stream": {"schema": {"type": "string"}}},
            }
        },
    )
    async def upload(request: Request, job: str) -> Response:
        found = await jobs.find(job)
        if found is None:
            return refusal(404, "there is no such job, or no longer")
        try:
            text = (await request.body()).decode("utf-8")
        except UnicodeDecodeError:
            return refusal(400, "the body is not UTF-8 text")
        told = answer(await _curated(core, text, found.options))
        await jobs.keep(job, bytes(told.body))
        return told


def _add_telling(router: APIRouter, jobs: Documents) -> None:
    @router.get(
        TICKETED + "{job}",
        summary="The result of a document",
        description="The address that `/presign` gave, once the text has been sent.",
        response_model=CuratedDocument,
        responses=_GONE,
    )
    async def result(job: str) -> Response:
        found = await jobs.find(job)
        if found is None or found.result is None:
            return refusal(404, "there is no such job, or no result yet")
        return Response(found.result, media_type="application/json")

    @router.get(
        "/status/{job}",
        summary="How the job of a document is",
        description="`Done` once its result can be had.",
        response_model=JobStatus,
        responses=_GONE,
    )
    async def status(job: str) -> Response:
        found = await jobs.find(job)
        if found is None:
            return refusal(404, "there is no such job, or no longer")
        return answer({"jobId": job, "status": "Created" if found.result is None else "Done"})


async def _curated(core: Core, text: str, options: Options) -> dict[str, object]:
    """The result document. Masking comes before whatever chunks or embeds the text."""
    text = normalized(text, quotations=options.quotations, dashes=options.dashes)
    found: list[Match] = []
    if options.mode is not None:
        found = await core.desk.run(partial(matches, text))
        if options.entities:
            read = (await core.desk.ask(Question((text,), _READ)))[0]
            found = _together(found, read)
    spans = [(each.start, each.end) for each in found]
    places: list[tuple[int | None, int | None]] = [(None, None)] * len(found)
    if options.mode == "redaction":
        text, shown = exchange(text, spans, [_MASK] * len(found))
        places = list(shown)
    markdown: dict[str, object] = {"output": text}
    if options.chunk_size:
        markdown["chunks"] = chunks(text, options.chunk_size)
    if not found:
        return {"markdown": markdown}
    return {
        "markdown": markdown,
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


def _together(found: list[Match], read: list[Finding]) -> list[Match]:
    """Patterns and the model's findings; the longer wins, of equals the pattern."""
    every = [*found, *(Match(f.start, f.end, _NER[f.category]) for f in read)]
    settled = longest((each.start, each.end, rank) for rank, each in enumerate(every))
    return [every[rank] for _, _, rank in settled]
