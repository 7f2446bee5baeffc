"""``/v1/policy``, ``/v1/policies`` and ``/v1/policies/check``."""

from __future__ import annotations

import tempfile
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from lakescan.errors import PolicyError
from lakescan.jobs.accuracy import decided
from lakescan.jobs.policies import check_policy
from lakescan.policy import Policy
from lakescan.policy.document import Data, read_document
from lakescan.service.answers import CarefulRoute, answer, refusal
from lakescan.service.core import Core

_BODY = {
    "requestBody": {
        "required": True,
        "description": "The policy's YAML text.",
        "content": {
            "application/yaml": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"type": "string"}},
        },
    }
}


class NamedPolicy(BaseModel):
    """A policy that requests may name."""

    policy: str
    hash: str
    accuracy_mode: str


class CheckedProblem(BaseModel):
    """One thing that is wrong."""

    path: str
    message: str
    hint: str | None
    line: int | None


class CheckedPolicy(BaseModel):
    """Whether a policy is correct; with its hash, or with everything that is wrong."""

    correct: bool
    hash: str | None
    problems: list[CheckedProblem]


def routes(core: Core) -> APIRouter:
    """The routes."""
    router = APIRouter(route_class=CarefulRoute)

    @router.get(
        "/v1/policy",
        summary="The policy that this service looks with, as YAML",
        description="Whole: what the policy's text left out stands there with its default.",
        response_class=Response,
        responses={200: {"content": {"application/yaml": {"schema": {"type": "object"}}}}},
    )
    async def policy(
        name: Annotated[str | None, Query(description="One of /v1/policies.")] = None,
    ) -> Response:
        text = core.policy(name).to_yaml()
        return Response(text, media_type="application/yaml; charset=utf-8")

    @router.get(
        "/v1/policies",
        summary="The policies that requests may name",
        description="Each with the hash that reports and answers name it by.",
        response_model=list[NamedPolicy],
    )
    async def policies() -> Response:
        return answer(
            [
                {
                    "policy": name,
                    "hash": each.hash,
                    "accuracy_mode": decided(each).accuracy_mode,
                }
                for name, each in core.settings.every_policy.items()
            ]
        )

    @router.post(
        "/v1/policies/check",
        summary="Check a policy's text",
        description="Everything that is wrong with it, with places and hints; a policy is not "
        "changed by this.",
        openapi_extra=_BODY,
        response_model=CheckedPolicy,
    )
    async def check(request: Request) -> Response:
        try:
            text = (await request.body()).decode("utf-8-sig")
        except UnicodeDecodeError:
            return refusal(400, "the body is not UTF-8 text")
        return answer(await core.desk.run(partial(checked_policy, text)))

    return router


def checked_policy(text: str) -> dict[str, object]:
    """What `CheckedPolicy` tells; reads no file of the server."""
    if _reads_files(read_document(text).data):
        return _wrong([("", "a policy sent here may not read the server's files", None, None)])
    with tempfile.TemporaryDirectory(prefix="lakescan-") as empty:
        problems = Policy.check(text, base=empty)
        if problems:
            return _wrong([(p.path, p.message, p.hint, p.line) for p in problems])
        policy = Policy.parse(text, base=empty)
    try:
        check_policy(policy)
    except PolicyError as error:
        return _wrong([(error.path, error.message, error.hint, None)])
    return {"correct": True, "hash": policy.hash, "problems": []}


def _wrong(problems: list[tuple[str, str, str | None, int | None]]) -> dict[str, object]:
    return {
        "correct": False,
        "hash": None,
        "problems": [
            dict(zip(("path", "message", "hint", "line"), each, strict=True)) for each in problems
        ],
    }


def _reads_files(data: Data) -> bool:
    """Whether a word list is to be read from a file."""
    if isinstance(data, dict):
        return "words_file" in data or any(_reads_files(each) for each in data.values())
    return isinstance(data, list) and any(_reads_files(each) for each in data)
