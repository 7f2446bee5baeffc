"""The page at ``/``: plain HTML, style and script, each in a file of its own, served as they are.

It needs no network but this service, and may load nothing else (Content Security Policy Level 3).
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from fastapi import APIRouter, Response

from lakescan.service.answers import refusal

#: Nothing but the page's own files and this service, and nobody may frame it.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"content-security-policy": _CSP, "referrer-policy": "no-referrer"}
_TYPES = {"css": "text/css", "js": "text/javascript", "html": "text/html"}
_START = "index.html"


def routes() -> APIRouter:
    """The page and its files."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def start() -> Response:
        return _file(_START)

    @router.get("/page/{name}")
    async def part(name: str) -> Response:
        if name not in _names():
            return refusal(404, "the page has no such file")
        return _file(name)

    return router


def _file(name: str) -> Response:
    kind = _TYPES[name.rpartition(".")[2]]
    return Response(_read(name), headers=_HEADERS, media_type=f"{kind}; charset=utf-8")


@cache
def _names() -> frozenset[str]:
    files = (each.name for each in resources.files(__package__).iterdir())
    return frozenset(name for name in files if name.rpartition(".")[2] in _TYPES)


@cache
def _read(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()
