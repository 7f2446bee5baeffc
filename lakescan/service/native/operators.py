"""Operators in requests: chosen for entities, and told about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from lakescan.jobs.anonymize.texts import known_target, operator_of
from lakescan.policy import Policy
from lakescan.policy.anonymize import DomainName
from lakescan.policy.operators import OPTIONS
from lakescan.service.answers import CarefulRoute, RefusedError, answer, faults_of
from lakescan.service.core import Core
from lakescan.udfs.anonymize.operators.lookup import build_operator, operator_names
from lakescan.udfs.anonymize.plan import Treatment
from lakescan.udfs.anonymize.text_types import TEXT

#: Options without which an operator cannot be built, only to ask what it is.
_NEEDED: Mapping[str, Mapping[str, object]] = {"truncate": {"length": 1}}


class ChosenOperator(BaseModel):
    """What becomes of what is found."""

    model_config = ConfigDict(extra="forbid")

    operator: Annotated[str, Field(min_length=1, description="One of /v1/operators.")]
    options: dict[str, JsonValue] = Field(default_factory=dict, description="The operator's own.")
    domain: DomainName | None = Field(
        default=None, description="Equal values of one domain stay equal; the policy's if absent."
    )
    key_id: str | None = Field(default=None, description="A key of the keyring; else the one used.")

    def treatment(self, policy: Policy) -> Treatment:
        """As a value of lakescan."""
        domain = self.domain or policy.anonymize.domain
        return Treatment(self.operator, self.options, domain, self.key_id)


#: By entity, category, or ``*`` for all else.
Chosen = dict[str, ChosenOperator]
_CHOSEN: TypeAdapter[Chosen] = TypeAdapter(Chosen)


class OperatorFacts(BaseModel):
    """An operator, and what it promises."""

    operator: str
    description: str
    for_texts: bool
    available: bool
    keyed: bool
    reversible: bool
    deterministic: bool
    keeps_length: bool
    options: dict[str, JsonValue]


def chosen_treatments(chosen: Chosen | None, policy: Policy) -> dict[str, Treatment]:
    """What a request wants, by names as lakescan knows them.

    Raises:
        UnknownNameError: a name means nothing.
        UsageError: an operator's options make no sense.
    """
    found = {known_target(name): each.treatment(policy) for name, each in (chosen or {}).items()}
    for treatment in found.values():
        operator_of(treatment)
    return found


def read_chosen(text: str | None) -> Chosen | None:
    """The operators of a query.

    Raises:
        RefusedError: it is no JSON of that form.
    """
    if text is None:
        return None
    try:
        return _CHOSEN.validate_json(text)
    except ValidationError as error:
        raise RefusedError(422, f"operators: {faults_of(error.errors())}") from None


def routes(core: Core) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=CarefulRoute)

    @router.get(
        "/v1/operators",
        summary="What can become of what is found",
        description="Each operator with its options and what it promises; `available` is false "
        "where it wants a keyring that the service does not have.",
        response_model=list[OperatorFacts],
    )
    async def operators() -> Response:
        return answer(
            [_facts(name, core.keyring is not None) for name in operator_names() if name in OPTIONS]
        )

    return router


def _facts(name: str, has_keyring: bool) -> dict[str, object]:  # noqa: FBT001 - a fact
    operator = build_operator(name, _NEEDED.get(name, {}))
    traits = operator.traits
    schema = OPTIONS[name].model_json_schema()
    return {
        "operator": name,
        "description": (type(operator).__doc__ or "").partition("\n")[0],
        "for_texts": operator.result_type(TEXT) == TEXT and name != "drop",
        "available": has_keyring or not traits.keyed,
        "keyed": traits.keyed,
        "reversible": traits.reversible,
        "deterministic": traits.deterministic,
        "keeps_length": traits.keeps_length,
        "options": schema.get("properties", {}),
    }
