"""Answers as JSON, and refusals in one shape."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, get_type_hints

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

#: So many faults of a body are told.
_MOST = 3


class RefusedError(Exception):
    """A request goes no further.

    Args:
        status: of the answer.
        message: why; holds no value of the request.
        seconds: when to come again, if that helps.
    """

    def __init__(self, status: int, message: str, seconds: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.seconds = seconds

    @property
    def response(self) -> Response:
        """What is answered."""
        response = refusal(self.status, self.message)
        if self.status == 401:
            response.headers["www-authenticate"] = "Bearer"
        if self.seconds is not None:
            response.headers["retry-after"] = str(self.seconds)
        return response


class Refusal(BaseModel):
    """Why a request was refused. Never holds a value of it."""

    error: str


#: The refusals that any route may give, for the OpenAPI document.
ANY_ROUTE: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "The request cannot be read, or names another host."},
    401: {"model": Refusal, "description": "The API key or token is missing, wrong or expired."},
    403: {"model": Refusal, "description": "The key or token has not the scope for this."},
    408: {"model": Refusal, "description": "The body did not arrive in time."},
    413: {"model": Refusal, "description": "The body is too long."},
    415: {"model": Refusal, "description": "The body's type or encoding is not read here."},
    422: {"model": Refusal, "description": "The body or a parameter says something impossible."},
    429: {"model": Refusal, "description": "More requests than the key may send; `Retry-After`."},
    500: {"model": Refusal, "description": "A fault in lakescan; the log has it by request id."},
    503: {"model": Refusal, "description": "Too much is waiting; come again."},
    504: {"model": Refusal, "description": "The answer took too long."},
}

#: A text as the answer, for the OpenAPI document. With `response_class=PlainTextResponse` FastAPI
#: would call the refusals texts too.
PLAIN: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
}


def answer(value: object, status: int = 200) -> Response:
    """A value as JSON."""
    return Response(orjson.dumps(value), status, media_type="application/json")


def refusal(status: int, message: str) -> Response:
    """A refusal."""
    return answer({"error": message}, status)


def faults_of(errors: Sequence[ErrorDetails]) -> str:
    """What is wrong with a request, without what it holds."""
    told = []
    for each in errors[:_MOST]:
        place = ".".join(str(part) for part in each["loc"] if part != "body")
        said = "must be an object" if each["type"] in _NO_OBJECT else str(each["msg"])
        told.append(f"{place}: {said}" if place else said.replace("must", "the body must"))
    return "; ".join(told)


def without_nulls(value: object) -> object:
    """A body whose nulls mean what leaving the field out means, as many clients send."""
    if isinstance(value, dict):
        return {name: each for name, each in value.items() if each is not None}
    return value


#: Faults whose own words name classes of ours.
_NO_OBJECT = frozenset({"model_type", "model_attributes_type", "dict_type"})

Handler = Callable[[Request], Coroutine[object, object, Response]]


class CarefulRoute(APIRoute):
    """Refuses what cannot be understood in our shape, without an echo of it.

    Where a function takes a JSON ``body`` and nothing else but the ``request``, the body is read
    here: that is most of what is sent, and FastAPI's own way costs as much as an answer.
    """

    malformed = 422
    untyped = 415

    def get_route_handler(self) -> Handler:
        """The handler, with its refusals."""
        names = set(inspect.signature(self.endpoint).parameters)
        if "body" in names and names <= {"request", "body"}:
            return self._reading(takes_request="request" in names)
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except RequestValidationError as error:
                unread = any(each["type"] == "json_invalid" for each in error.errors())
                return self.refused(faults_of(error.errors()), unread=unread)

        return handler

    def _reading(self, *, takes_request: bool) -> Handler:
        endpoint: Callable[..., Coroutine[object, object, Response]] = self.endpoint
        wanted = get_type_hints(endpoint, include_extras=True)["body"]
        adapter: TypeAdapter[object] = TypeAdapter(wanted)

        async def handler(request: Request) -> Response:
            if not _is_json(request.headers.get("content-type", "")):
                return refusal(self.untyped, "send JSON, with the content type application/json")
            data = await request.body()
            if not data.strip():
                return self.refused("the body is empty", unread=True)
            try:
                body = adapter.validate_python(orjson.loads(data))
            except orjson.JSONDecodeError as error:
                return self.refused(f"the body is no JSON: {error}", unread=True)
            except ValidationError as error:
                return self.refused(faults_of(error.errors()), unread=False)
            if takes_request:
                return await endpoint(request=request, body=body)
            return await endpoint(body=body)

        return handler

    def refused(self, faults: str, *, unread: bool) -> Response:
        """The refusal of a body that is no JSON (``unread``) or says something impossible."""
        return refusal(400 if unread else self.malformed, faults)


def _is_json(kind: str) -> bool:
    if kind == "application/json":
        return True
    kind = kind.partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
