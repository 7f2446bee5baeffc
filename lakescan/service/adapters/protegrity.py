"""Protegrity Data Discovery v1.1: classify (text and CSV) and transform/label.

Provider 0 (Pattern) is our patterns and word lists, provider 1 (Context) our model; in a CSV,
Context is what the column's verdict makes of headers and forms that no check proves.

What its pages leave open, and what was chosen:

- 10K bytes is 10,240. Errors are ``{"error": ...}``; 422 says ``Untrusted input``.
- Offsets count characters (code points). An empty result is ``"classifications": {}``.
- ``score_threshold`` acts on a classifier's score and is inclusive, on label too. What is below
  the served policy's own thresholds is never told.
- Label's default threshold is the table's, 0.7. Its sample was asked without ``include_*`` and yet
  shows both parts; here they come when asked for (``Yes``, ``true``, ``1``).
- A partial overlap is ``[A&B]`` of the harmonized categories, in the order of the text.
- A provider that finds one category twice over the same span tells the surer one.
- A CSV's group has the mean, over its classifiers, of score times coverage; coverage counts
  ``rows_with_classification``. Context is silent on a column most rows of which a pattern told.
- Without headers ``column_name`` is ``null``. Names of entities that no row of the table has are
  told as lakescan's own categories.
- A provider that fails has ``"status": 500``, one that is late 504: the answer is 206 where the
  other one answered, and 502 where none did; a CSV needs the patterns, so their failure is 502. 598
  is a fault outside the providers, 599 an answer that takes too long beside them.
- A JSON or other body is 415; a missing type counts as text/plain.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from lakescan.service.adapters.protegrity_csv import Table, column_classifications, parse
from lakescan.service.adapters.protegrity_input import is_trusted
from lakescan.service.adapters.protegrity_providers import Asked, ask, asked_of_table, guarded
from lakescan.service.adapters.protegrity_text import grouped, labelled, spotted
from lakescan.service.answers import CarefulRoute, Refusal, answer, refusal
from lakescan.service.core import Core

_PREFIX = "/pty/data-discovery/v1.1"
_BYTES = 10_240
_TEXT, _CSV = "text/plain", "text/csv"

Classifications = dict[str, list[dict[str, object]]]
Threshold = Annotated[float, Query(ge=0, le=1, allow_inf_nan=False)]
YesNo = Literal["Yes", "No", "yes", "no", "true", "false", "1", "0"]
_YES = frozenset({"yes", "true", "1"})


class LabelResponse(BaseModel):
    """The labelled text; providers and classifications where they were asked for."""

    transform: dict[str, str]
    providers: list[dict[str, object]] | None = None
    classifications: dict[str, list[dict[str, object]]] | None = None


class ClassifyResponse(BaseModel):
    """Who looked, and what they found, by harmonized category."""

    providers: list[dict[str, object]]
    classifications: dict[str, list[dict[str, object]]]


class _Route(CarefulRoute):
    malformed = 400


def _body(*types: str) -> dict[str, object]:
    schema = {"schema": {"type": "string", "maxLength": _BYTES}}
    return {"requestBody": {"required": True, "content": dict.fromkeys(types, schema)}}


def _outcomes(partial_answer: type[BaseModel]) -> dict[int | str, dict[str, object]]:
    return {
        206: {"model": partial_answer, "description": "One of the providers failed."},
        502: {"model": Refusal, "description": "All providers failed."},
        598: {"model": Refusal, "description": "A fault in lakescan; the log has it."},
        599: {"model": Refusal, "description": "The answer took too long."},
    }


def routes(core: Core) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix=_PREFIX, route_class=_Route, tags=["Protegrity Data Discovery"])

    @router.post(
        "/classify",
        summary="Classify a text or a CSV",
        description="As Protegrity's Data Discovery: findings by category; of a CSV, of each "
        "column.",
        response_model=ClassifyResponse,
        responses=_outcomes(ClassifyResponse),
        openapi_extra=_body(_TEXT, _CSV),
    )
    async def classify(
        request: Request,
        score_threshold: Threshold = 0.0,
        has_headers: bool = True,  # noqa: FBT001, FBT002 - the contract's parameter
        column_delimiter: Literal[",", "|"] = ",",
        quote_char: Literal['"'] = '"',
    ) -> Response:
        text = await _input(core, request, (_TEXT, _CSV))
        if isinstance(text, Response):
            return text
        if _kind(request) != _CSV:
            return await guarded(core, _classified(core, text, score_threshold))
        table = parse(text, column_delimiter, quote_char, headed=has_headers)
        if table is None:
            return refusal(400, "the body is no CSV with rows")
        work = partial(_columns, table, core, score_threshold)
        return await guarded(core, _classified_table(core, work))

    @router.post(
        "/transform/label",
        summary="Put labels in the place of what is found",
        description="As Protegrity's Data Discovery: `[CATEGORY]` stands where something "
        "was found.",
        response_model=LabelResponse,
        responses=_outcomes(LabelResponse),
        openapi_extra=_body(_TEXT),
    )
    async def label(
        request: Request,
        score_threshold: Threshold = 0.7,
        include_providers: YesNo = "No",
        include_classification_details: YesNo = "No",
    ) -> Response:
        text = await _input(core, request, (_TEXT,))
        if isinstance(text, Response):
            return text
        with_providers = include_providers.lower() in _YES
        with_details = include_classification_details.lower() in _YES

        async def labelling() -> Response:
            asked = await ask(core, text)
            found = spotted(asked.found, score_threshold)
            value: dict[str, object] = {"transform": {"text": labelled(text, found)}}
            if with_providers:
                value["providers"] = asked.providers
            if with_details:
                value["classifications"] = grouped(found)
            return answer(value, asked.status)

        return await guarded(core, labelling())

    return router


async def _input(core: Core, request: Request, types: tuple[str, ...]) -> str | Response:
    """The body as text, or why it is refused."""
    if _kind(request) not in types:
        return refusal(415, f"send {' or '.join(types)}")
    charset = request.headers.get("content-type", "").lower().partition("charset=")[2].strip(' "')
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        return refusal(415, "send UTF-8")
    data = await request.body()
    if len(data) > _BYTES:
        return refusal(413, f"the body is longer than {_BYTES} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return refusal(400, "the body is not UTF-8 text")
    if not text.strip():
        return refusal(400, "the body is empty")
    if core.settings.clean_input and not is_trusted(text):
        return refusal(422, "Untrusted input")
    return text


def _kind(request: Request) -> str:
    return request.headers.get("content-type", _TEXT).partition(";")[0].strip().lower()


async def _classified(core: Core, text: str, least: float) -> Response:
    asked = await ask(core, text)
    return _answered(asked, grouped(spotted(asked.found, least)))


async def _classified_table(core: Core, work: Callable[[], Classifications]) -> Response:
    asked, found = await asked_of_table(core, work)
    return _answered(asked, found)


def _answered(asked: Asked, found: Classifications) -> Response:
    return answer({"providers": asked.providers, "classifications": found}, asked.status)


def _columns(table: Table, core: Core, least: float) -> Classifications:
    return column_classifications(table, core.settings.policy, least)
