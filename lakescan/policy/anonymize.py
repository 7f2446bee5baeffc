"""The section of a policy that says what is done to what was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, JsonValue, ValidationError, model_validator

from lakescan.policy.fields import Names, Part, Text
from lakescan.policy.globs import column_matches, path_matches
from lakescan.policy.operators import OPTIONS
from lakescan.policy.selectors import Level, parse_selector, strongest

if TYPE_CHECKING:
    from lakescan.policy.model import Policy

#: A domain's name stands in the output's metadata.
DomainName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]


class AnonymizeRule(Part):
    """What is done to some entities, columns or paths.

    The more exact rule wins: one that names a column, then one that names a path, then the more
    exact entity (entity, glob, category, domain); of equals, the later.
    """

    path: Text = Field(default="**", description="Glob over the file's path or URI.")
    column: Text = Field(
        default="*",
        description="Glob over the column's path. A rule that names a column and no entity is for "
        "all of its cells, whatever they are.",
    )
    entities: Names = Field(
        default=(), description="Entities, categories, domains; empty means any."
    )
    operator: Text = Field(description="What is done: mask, token, fpe, fake, ...")
    options: dict[Text, JsonValue] = Field(default_factory=dict, description="The operator's own.")
    domain: DomainName | None = Field(
        default=None,
        description="Equal values of one domain stay equal; the section's if not given.",
    )
    key_id: Text | None = Field(
        default=None, description="A key of the keyring; the one in use if not given."
    )
    subject: Text | None = Field(
        default=None, description="The column that says whose a row is; for date_shift."
    )

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: object) -> object:
        """Options with their types, where they are right; `anonymize_problems` tells the others."""
        if not isinstance(data, dict) or not isinstance(data.get("options"), dict):
            return data
        model = OPTIONS.get(str(data.get("operator")))
        if model is None:
            return data
        try:
            typed = model.model_validate(data["options"])
        except ValidationError:
            return data
        return {**data, "options": typed.model_dump(mode="json", exclude_unset=True)}

    @property
    def names_column(self) -> bool:
        """Whether it is for named columns."""
        return self.column != "*"


class Anonymize(Part):
    """What ``lakescan anonymize`` does."""

    key: Text | None = Field(
        default=None,
        description="Where the keyring is: env:NAME, file:PATH, vault://..., aws-kms://..., "
        "gcp-kms://..., azure-keyvault://... Never a key itself.",
    )
    domain: DomainName = Field(default="default", description="Of rules that name none.")
    subject: Text | None = Field(default=None, description="Of rules that name none.")
    default: Text = Field(
        default="replace",
        description="The operator for personal data that no rule names; where it does not suit a "
        "column's type, null.",
    )
    rules: tuple[AnonymizeRule, ...] = Field(default=(), description="What is done to what.")
    cells: Literal["whole", "spans"] = Field(
        default="whole",
        description="whole: a column's verdict is for all of its cells; spans: each cell is "
        "searched, and only what is found in it changes.",
    )
    unrecognized: Literal["keep", "spans", "null", "fail"] = Field(
        default="keep",
        description="Columns of text or bytes without a verdict, or below the threshold: stay, are "
        "searched cell by cell (texts), are emptied, or fail the run before a row is written.",
    )


def rule_for(
    policy: Policy, uri: str, column: str | None, entity: str | None
) -> tuple[int, AnonymizeRule] | None:
    """The rule for an entity in a column, with its place in the section; None where none is for it.

    Args:
        policy: with its section.
        uri: the dataset's.
        column: the column's path.
        entity: what was found; None for a column without a verdict, which only rules are for that
            name a column and no entity.
    """
    best: tuple[tuple[bool, bool, int, int], AnonymizeRule] | None = None
    for place, rule in enumerate(policy.anonymize.rules):
        if not path_matches(rule.path, uri) or not column_matches(rule.column, column or ""):
            continue
        level = _level(policy, rule.entities, entity)
        if level is None or (entity is None and not rule.names_column):
            continue
        rank = (rule.names_column, rule.path != "**", level, place)
        if best is None or rank > best[0]:
            best = rank, rule
    return None if best is None else (best[0][3], best[1])


def is_meant(policy: Policy, rule: AnonymizeRule, entity: str) -> bool:
    """Whether a rule names, by entity, glob or category, what is no personal data by itself.

    Whoever writes ``{entities: DATE_TIME, operator: null}`` wants all dates gone; a rule for
    everything does not mean prices. A name of the entity itself (URL) means it, whosesoever it is.
    """
    if entity in {name.rpartition(":")[2] for name in rule.entities}:
        return True
    level = _level(policy, rule.entities, entity)
    return level is not None and level >= Level.CATEGORY and not policy.sensitive(entity)


def _level(policy: Policy, names: Iterable[str], entity: str | None) -> int | None:
    """How exactly names mean an entity; None if they do not. No names mean everything, loosely."""
    wanted = tuple(names)
    if not wanted:
        return -1
    if entity is None:
        return None
    selectors = [parse_selector(name, policy.custom_entities) for name in wanted]
    level = strongest(selectors, policy.named(entity))
    return None if level < 0 else level
