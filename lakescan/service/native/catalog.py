"""``GET /v1/entities``: what can be found."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel

from lakescan import entities as catalog
from lakescan.entities import Entity
from lakescan.errors import UnknownNameError
from lakescan.service.answers import CarefulRoute, Refusal, answer, refusal
from lakescan.service.core import Core


class CatalogEntity(BaseModel):
    """One kind of thing that can be found."""

    entity: str
    category: str
    domain: str
    sensitive: bool
    description: str
    example: str
    regulations: list[str]
    aliases: list[str]
    found_as: str | None
    vendors: dict[str, list[str]]


def routes(_: Core) -> APIRouter:
    """The routes."""
    router = APIRouter(route_class=CarefulRoute)

    @router.get(
        "/v1/entities",
        summary="All that can be found",
        description="Every entity with its category, domain, aliases and what vendors call it.",
        response_model=list[CatalogEntity],
    )
    async def all_entities() -> Response:
        return answer([_value(each) for each in catalog.all_entities()])

    @router.get(
        "/v1/entities/{name}",
        summary="One entity, by name or alias",
        description="Vendors' names are aliases too; case does not matter.",
        response_model=CatalogEntity,
        responses={404: {"model": Refusal, "description": "There is none of that name."}},
    )
    async def one_entity(name: str) -> Response:
        try:
            return answer(_value(catalog.entity(name)))
        except UnknownNameError as error:
            return refusal(404, str(error))

    return router


def _value(entity: Entity) -> dict[str, object]:
    return {
        "entity": entity.name,
        "category": entity.category,
        "domain": entity.domain,
        "sensitive": entity.sensitive,
        "description": entity.description,
        "example": entity.example,
        "regulations": list(entity.regulations),
        "aliases": list(entity.aliases),
        "found_as": entity.found_as,
        "vendors": {product: list(labels) for product, labels in entity.vendors.items()},
    }
