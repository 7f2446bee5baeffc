"""A table that comes as bytes, without the people in it: on this machine, nothing kept."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from lakescan import entities as catalog
from lakescan.connectors import Selection
from lakescan.engines.options import EngineOptions
from lakescan.errors import CorruptFileError
from lakescan.jobs.anonymize.job import anonymize
from lakescan.jobs.anonymize.texts import ANY
from lakescan.jobs.classify import STREAM
from lakescan.policy import Policy
from lakescan.policy.anonymize import AnonymizeRule
from lakescan.reports.anonymization.model import AnonymizeReport
from lakescan.udfs.anonymize.plan import Treatment

_ENDINGS = {"csv": "csv", "jsonl": "jsonl", "arrow": "arrow"}


def anonymize_table(
    data: bytes, form: str, policy: Policy, key: str | None
) -> tuple[bytes, AnonymizeReport]:
    """The same table with other cells, in the same format.

    It lies in a temporary folder while it is worked on, which only this user can read.

    Args:
        data: the table.
        form: ``csv``, ``jsonl`` or ``arrow``.
        policy: what becomes of what.
        key: where the keyring is; None without one.

    Raises:
        PolicyError: an operator would break a column's type, or has no key.
        CorruptFileError: the bytes are not what their format says.
    """
    with tempfile.TemporaryDirectory(prefix="lakescan-") as folder:
        path = Path(folder, "body")
        path.write_bytes(data)
        made, report = anonymize_written(path, form, policy, key)
        return made.read_bytes(), report


def anonymize_written(
    path: Path, form: str, policy: Policy, key: str | None
) -> tuple[Path, AnonymizeReport]:
    """As `anonymize_table` of a table in a file that nobody else has: it is renamed.

    Returns:
        The new table's file, below the folder of the old one; and what was done.
    """
    source = path.rename(path.with_name(f"{STREAM}.{_ENDINGS[form]}"))
    target = path.with_name("out")
    result = anonymize(
        source,
        target,
        policy,
        key=key,
        engine=EngineOptions("local"),
        selection=Selection(format=form),
    )
    made = [each for each in target.iterdir() if each.is_file() and each.stem == STREAM]
    if len(made) != 1:
        raise CorruptFileError("the bytes are not what their type says")
    return made[0], result.value


def with_chosen(policy: Policy, chosen: Mapping[str, Treatment]) -> Policy:
    """The policy with other operators for some entities, categories or all (`ANY`).

    Rules of the policy for columns by name stay; `ANY` is instead of all other rules of it.
    """
    if not chosen:
        return policy
    section = policy.anonymize
    kept = [rule for rule in section.rules if rule.names_column or ANY not in chosen]
    # The more exact name comes last, where it wins over one that means the same entity.
    ranked = sorted(chosen, key=lambda name: (name != ANY, catalog.is_known(name)))
    rules = (*kept, *(_rule(name, chosen[name]) for name in ranked))
    return policy.model_copy(update={"anonymize": section.model_copy(update={"rules": rules})})


def _rule(name: str, treatment: Treatment) -> AnonymizeRule:
    entities: tuple[str, ...] = () if name == ANY else (name,)
    if name in catalog.categories():
        entities = tuple(each.name for each in catalog.all_entities() if each.category == name)
    return AnonymizeRule.model_validate(
        {
            "entities": entities,
            "operator": treatment.operator,
            "options": dict(treatment.options),
            "domain": treatment.domain,
            "key_id": treatment.key_id,
        }
    )
