"""The OpenAPI document, with what FastAPI cannot know of the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lakescan.service.gate import OPEN, TICKETED

#: Where the document keeps its schemas: a model whose schema stands in a route's own words (not as
#: a parameter) has its parts there too.
COMPONENT = "#/components/schemas/{model}"
#: How a caller may say who they are.
_SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or a JWT."},
}
#: What only routes answer that let in who may come in.
_GUARDED = ("401", "403", "429")

Document = dict[str, Any]


def documenting(plain: Callable[[], Document]) -> Callable[[], Document]:
    """FastAPI's document, whole.

    Args:
        plain: makes FastAPI's; it may give the same object each time.
    """

    def document() -> Document:
        whole = plain()
        components = whole.setdefault("components", {})
        components["securitySchemes"] = _SCHEMES
        whole["security"] = [*({name: []} for name in _SCHEMES), {}]
        for path, operation in _operations(whole):
            _lift(operation, components.setdefault("schemas", {}))
            if path in OPEN or path.startswith(TICKETED):
                operation["security"] = []
                for status in _GUARDED:
                    operation["responses"].pop(status, None)
        return whole

    return document


def _operations(whole: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in whole["paths"].items():
        for operation in methods.values():
            yield path, operation


def _lift(operation: Document, schemas: Document) -> None:
    """Put the parts of a body's schema where their references point."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schemas.update(content.get("schema", {}).pop("$defs", {}))
