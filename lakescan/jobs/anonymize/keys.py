"""Keys of databases stay keys: a column and those that point to it are treated alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import pyarrow as pa

from lakescan.connectors import Dataset
from lakescan.connectors.sql.relations import TableKeys, keys_of
from lakescan.errors import PolicyError
from lakescan.jobs.anonymize.types import leaf_type
from lakescan.policy import Policy
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan, Treatment
from lakescan.udfs.anonymize.text_types import TEXT

#: Operators of ours that keep different values different, though nothing brings them back.
_TELLING_APART = frozenset({"hash", "keep", "token"})
#: A table's place in the job, and a column's name.
_Node: TypeAlias = tuple[int, str]


def consistent(
    datasets: Sequence[Dataset], plans: Sequence[TablePlan], policy: Policy, *, has_key: bool
) -> list[TablePlan]:
    """The plans, with one treatment for all columns that a foreign key joins.

    Args:
        datasets: the tables.
        plans: what is done to each.
        policy: with its section on anonymizing.
        has_key: whether there is a keyring.

    Raises:
        PolicyError: an operator would make different keys equal.
    """
    found = list(keys_of(datasets))
    if not found:
        return list(plans)
    columns = [{c.path: c for c in plan.columns} for plan in plans]
    parents, groups = _groups(datasets, found)
    for members in groups:
        chosen = _chosen(members, parents, columns)
        if chosen is None:
            continue
        kinds = {_kind(datasets[place], name) for place, name in members}
        treatment = _apart(chosen, kinds, policy, members, datasets, has_key=has_key)
        for place, name in members:
            columns[place][name] = _column(datasets[place], name, chosen, treatment)
    return [
        replace(plan, columns=tuple(c for c in each.values() if not _kept(c)))
        for plan, each in zip(plans, columns, strict=True)
    ]


def _groups(
    datasets: Sequence[Dataset], found: Iterable[TableKeys]
) -> tuple[set[_Node], list[list[_Node]]]:
    """The columns that others point to, and keys with all that are joined to them."""
    places = {dataset.uri: place for place, dataset in enumerate(datasets)}
    root: dict[_Node, _Node] = {}
    parents: set[_Node] = set()

    def top(node: _Node) -> _Node:
        while root.setdefault(node, node) != node:
            node = root[node]
        return node

    for table in found:
        place = places[table.uri]
        for key in table.keys:
            for name in key:
                top((place, name))
        for own, other, others in table.links:
            if other not in places:
                continue
            for name, theirs in zip(own, others, strict=True):
                parent = (places[other], theirs)
                parents.add(parent)
                root[top((place, name))] = top(parent)
    groups: dict[_Node, list[_Node]] = {}
    for node in sorted(root):
        groups.setdefault(top(node), []).append(node)
    return parents, list(groups.values())


def _chosen(
    members: Sequence[_Node], parents: set[_Node], columns: Sequence[Mapping[str, ColumnPlan]]
) -> ColumnPlan | None:
    """The plan that counts: of a column that others point to, before any other's."""
    planned = [
        (node not in parents, node, columns[node[0]][node[1]])
        for node in members
        if node[1] in columns[node[0]]
    ]
    return min(planned, key=lambda each: each[:2])[2] if planned else None


def _apart(
    chosen: ColumnPlan,
    kinds: set[pa.DataType],
    policy: Policy,
    members: Sequence[_Node],
    datasets: Sequence[Dataset],
    *,
    has_key: bool,
) -> Treatment:
    """A treatment that keeps different values different."""
    treatment = chosen.whole
    if treatment is not None and treatment.rule not in ("default", "unrecognized"):
        traits = build_operator(treatment.operator, treatment.options).traits
        safe = treatment.operator in _TELLING_APART or traits.reversible
        if safe and traits.deterministic and not traits.per_subject:
            return treatment
    place, name = members[0]
    if treatment is None or treatment.rule in ("default", "unrecognized"):
        operator = "token" if kinds == {TEXT} else "fpe"
        fits = all(build_operator(operator, {}).result_type(kind) is not None for kind in kinds)
        if has_key and fits:
            return Treatment(operator, {}, policy.anonymize.domain, rule="key")
    told = "nothing" if treatment is None else treatment.operator
    raise PolicyError(
        f"{datasets[place].uri}: column {name!r} is a key, and {told} would make different"
        " values equal",
        path=f"anonymize.{treatment.rule if treatment is not None else 'rules'}",
        hint="a rule for the column: token, encrypt or fpe, which need a key; or keep",
    )


def _kind(dataset: Dataset, name: str) -> pa.DataType:
    schema = dataset.schema
    assert schema is not None
    return leaf_type(schema, schema.get_field_index(name), name)


def _column(dataset: Dataset, name: str, chosen: ColumnPlan, treatment: Treatment) -> ColumnPlan:
    assert dataset.schema is not None
    index = dataset.schema.get_field_index(name)
    return replace(chosen, index=index, path=name, whole=treatment, spans={}, subject=None)


def _kept(column: ColumnPlan) -> bool:
    return column.whole is not None and column.whole.operator == "keep"


def marked(dataset: Dataset, plan: TablePlan) -> Dataset:
    """The dataset, with a mark on the columns whose values become others.

    A sink that makes tables anew makes room for them: see `lakescan.connectors.sinks.sql.designs`.
    """
    if dataset.schema is None or not dataset.named:
        return dataset
    fields = [
        field.with_metadata({**(field.metadata or {}), **dict(_marks(field.name, plan))})
        for field in dataset.schema
    ]
    return replace(dataset, schema=pa.schema(fields, metadata=dataset.schema.metadata))


def _marks(name: str, plan: TablePlan) -> Iterator[tuple[bytes, bytes]]:
    inside = (f"{name}.", f"{name}[")
    found = [c for c in plan.columns if c.path == name or c.path.startswith(inside)]
    changed = "\n".join(column.path for column in found if not _kept(column)).encode()
    for column in found:
        operators = [build_operator(each.operator, each.options) for each in column.treatments]
        # What does not suit a keyed operator becomes a marker, of any length.
        if not all(op.traits.keeps_length and not op.traits.keyed for op in operators):
            yield b"lakescan.loose", changed
        if any(each.operator in ("null", "redact") for each in column.treatments):
            yield b"lakescan.nullable", b"1"
