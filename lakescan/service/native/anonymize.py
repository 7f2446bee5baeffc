"""``POST /v1/anonymize``: texts and tables without the people in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lakescan.jobs.anonymize.table import anonymize_table, anonymize_written, with_chosen
from lakescan.jobs.anonymize.texts import TextAnonymizer
from lakescan.jobs.reading import Question
from lakescan.policy import Policy
from lakescan.reports.anonymization.model import AnonymizeReport
from lakescan.service.answers import CarefulRoute, RefusedError, answer, faults_of
from lakescan.service.core import Core
from lakescan.service.desk import PanicError
from lakescan.service.document import COMPONENT
from lakescan.service.native.bodies import (
    ROWS,
    kind_of,
    lines_of,
    table_answer,
    table_of,
    table_schemas,
    weight,
)
from lakescan.service.native.detect import wanted_entities
from lakescan.service.native.operators import Chosen, chosen_treatments, read_chosen

_TEXTS = 1000
_JSON = "application/json"
#: A table, or its file.
Source = bytes | Path


class AnonymizeTextsRequest(BaseModel):
    """Texts, or rows of a table; and what becomes of what is found in them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "texts": ["Call Ann on 202-555-0142"],
                "operators": {"PHONE_NUMBER": {"operator": "mask", "options": {"keep_last": 4}}},
            }
        },
    )

    texts: Annotated[list[str], Field(min_length=1, max_length=_TEXTS)] | None = None
    rows: Annotated[list[dict[str, Any]], Field(min_length=1)] | None = None
    operators: Chosen | None = Field(
        default=None,
        description="By entity, category or `*` for all else; what is not named is the policy's.",
    )
    entities: list[str] | None = Field(
        default=None, description="Of texts: only these entities or categories; absent means all."
    )
    min_score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    policy: str | None = Field(
        default=None, description="A policy of /v1/policies; absent: the default."
    )


class ReplacedSpan(BaseModel):
    """What stands where something was found; offsets count code points, half-open."""

    start: int
    end: int
    new_start: int
    new_end: int
    entity: str
    category: str
    operator: str


class AnonymizedTextValue(BaseModel):
    """A new text, and what was exchanged in it, in its order."""

    text: str
    replacements: list[ReplacedSpan]


class ColumnActionValue(BaseModel):
    """What was done to a column."""

    column: str | None
    index: int
    entity: str
    operator: str
    scope: str
    reversible: bool
    cells: int
    changed: int


class AnonymizeResponse(BaseModel):
    """`results` of texts; `rows` of JSON rows, `table` of another table, `columns` of both."""

    policy_hash: str
    results: list[AnonymizedTextValue] | None = None
    rows: list[dict[str, Any]] | None = None
    table: str | None = None
    columns: list[ColumnActionValue] | None = None


def _body() -> dict[str, Any]:
    return {
        "requestBody": {
            "required": True,
            "description": "Texts or rows as JSON; or a table as CSV, JSON Lines or Arrow IPC.",
            "content": {
                ROWS: {"schema": AnonymizeTextsRequest.model_json_schema(ref_template=COMPONENT)},
                **table_schemas(),
            },
        }
    }


def routes(core: Core) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=CarefulRoute)

    @router.post(
        "/v1/anonymize",
        summary="Take personal data out of texts or a table",
        description="Finds personal data and treats it by the policy, or by the operators of the "
        "request. What is sent is not kept.",
        openapi_extra=_body(),
        response_model=AnonymizeResponse,
        response_model_exclude_none=True,
        responses={
            200: {
                "description": "Of JSON, JSON. Of another table the same kind of table; or JSON, "
                "with what was done to its columns, where `accept` is `application/json` (no "
                "Arrow).",
                "content": table_schemas(),
            }
        },
    )
    async def anonymize(
        request: Request,
        policy: Annotated[str | None, Query(description="For tables that are no JSON.")] = None,
        operators: Annotated[
            str | None, Query(description="The same, as JSON: `operators` of the JSON body.")
        ] = None,
    ) -> Response:
        if kind_of(request) != ROWS:
            return await _table(core, request, policy, read_chosen(operators))
        try:
            body = AnonymizeTextsRequest.model_validate_json(await request.body())
        except ValidationError as error:
            unread = any(each["type"] == "json_invalid" for each in error.errors())
            raise RefusedError(400 if unread else 422, faults_of(error.errors())) from None
        if (body.texts is None) == (body.rows is None):
            raise RefusedError(422, "send either texts or rows")
        return await (_rows(core, body) if body.texts is None else _texts(core, body))

    return router


async def _texts(core: Core, body: AnonymizeTextsRequest) -> Response:
    rules = core.policy(body.policy)
    chosen = chosen_treatments(body.operators, rules)
    wanted = None if body.entities is None else wanted_entities(body.entities)
    anonymizer = TextAnonymizer(rules, core.keyring, chosen)
    texts = tuple(body.texts or ())
    answers = await core.desk.ask(Question(texts, wanted), rules)
    found = [[each for each in some if each.score >= body.min_score] for some in answers]
    made = await core.desk.run(partial(anonymizer.anonymize, texts, found))
    return answer({"policy_hash": rules.hash, "results": [asdict(each) for each in made]})


async def _rows(core: Core, body: AnonymizeTextsRequest) -> Response:
    if body.entities is not None:
        raise RefusedError(422, "entities: is for texts; a table's columns have a verdict")
    rules = core.policy(body.policy)
    data, report = await _anonymized(
        core, lines_of(body.rows or []), "jsonl", rules, body.operators
    )
    assert isinstance(data, bytes)
    rows = [orjson.loads(line) for line in data.splitlines() if line.strip()]
    return answer({"policy_hash": rules.hash, "rows": rows, "columns": _columns(report)})


async def _table(
    core: Core, request: Request, policy: str | None, chosen: Chosen | None
) -> Response:
    rules = core.policy(policy)
    source, form = await table_of(request)
    as_json = form != "arrow" and request.headers.get("accept", "").strip().startswith(_JSON)
    if as_json and isinstance(source, Path):
        raise RefusedError(413, "a table so large is answered with a table, not with JSON")
    data, report = await _anonymized(core, source, form, rules, chosen)
    if as_json and isinstance(data, bytes):
        text = data.decode("utf-8", "replace")
        return answer({"policy_hash": rules.hash, "table": text, "columns": _columns(report)})
    return table_answer(data, kind_of(request))


async def _anonymized(
    core: Core, data: Source, form: str, rules: Policy, chosen: Chosen | None
) -> tuple[Source, AnonymizeReport]:
    wanted = with_chosen(rules, chosen_treatments(chosen, rules))
    work: Callable[[], tuple[Source, AnonymizeReport]]
    if isinstance(data, Path):
        work = partial(anonymize_written, data, form, wanted, core.settings.key)
    else:
        work = partial(anonymize_table, data, form, wanted, core.settings.key)
    try:
        return await core.desk.run(work, weight(data))
    except PanicError:
        raise RefusedError(
            422, "the body holds what no table can, such as NUL in a column's name"
        ) from None


def _columns(report: AnonymizeReport) -> list[dict[str, object]]:
    return [
        {
            "column": each.column,
            "index": each.index,
            "entity": each.entity,
            "operator": each.operator,
            "scope": each.scope,
            "reversible": each.reversible,
            "cells": each.cells,
            "changed": each.changed,
        }
        for table in report.tables
        for each in table.columns
    ]
