"""The verdict: what a column holds, from its merged profile, its header and its neighbours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from lakescan.policy import ColumnPolicy, Policy
from lakescan.udfs.classify.header.customs import in_context
from lakescan.udfs.classify.header.header import Header, read_header, with_comment
from lakescan.udfs.classify.header.madeup import all_made_up
from lakescan.udfs.classify.profile.profile import ColumnProfile
from lakescan.udfs.classify.verdict.forms import Shape, fits
from lakescan.udfs.classify.verdict.freetext import (
    LINES_CONFIDENCE,
    between_words,
    found_inside,
    free_text,
    prose_argument,
    scattered,
    tells_lines,
)
from lakescan.udfs.classify.verdict.interval import wilson
from lakescan.udfs.classify.verdict.means import whose
from lakescan.udfs.classify.verdict.reasons import (
    Reason,
    Rejected,
    by_policy,
    reasons_of,
    rejected,
    rejected_inside,
)
from lakescan.udfs.classify.verdict.rules import Rule, rule_of, rules
from lakescan.udfs.classify.verdict.sensitivity import is_sensitive
from lakescan.udfs.classify.verdict.support import Support, kind_of, supports
from lakescan.udfs.classify.verdict.table import PLAIN, Column, Table
from lakescan.udfs.classify.verdict.typed import typed
from lakescan.udfs.classify.verdict.unnamed import guess
from lakescan.udfs.classify.verdict.weighing import (
    NAME_CONFIDENCE,
    Argument,
    Weighed,
    by_name,
    weigh,
)

_EXTENSIONS = re.compile(r"(\.(?!\d+$)[A-Za-z0-9]{2,8})(\.(gz|bz2|zst|zip))?$")

#: Nothing is told of which nothing speaks, whatever the threshold.
_LEAST = 1e-9

_DENIED = Argument("deny", 0.0, ("on the policy's list of what is always told",))

#: The hint that a column is prose, and the entity it is reported as.
FREE_TEXT = "FREE_TEXT"

#: The hint that a few cells hold what is told, and the column as such is nothing known.
SPARSE = "SPARSE"


@dataclass(frozen=True, slots=True)
class EntityVerdict:
    """One entity that a column holds; fields as in the JSON contract (docs/verdict.md)."""

    entity: str
    category: str
    domain: str
    confidence: float
    prevalence: float
    interval: tuple[float, float]
    rows_hit: int
    distinct_hit: int
    samples: tuple[str, ...]
    evidence: tuple[Reason, ...]
    basis: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnVerdict:
    """One column; ``classifications`` best first, none meaning that nothing was found.

    Args:
        missed_below: an entity that was not seen at all may stand in this share of the rows at most
            (upper end of the 95 % interval); 0 after a full scan.
        outvoted: what had evidence and is not told, surest first.
    """

    path: str
    index: int
    type: str
    rows: int
    nulls: int
    distinct: int
    sensitive: bool
    type_hint: str | None
    classifications: tuple[EntityVerdict, ...]
    missed_below: float
    outvoted: tuple[Rejected, ...] = ()


def verdicts(
    profiles: Sequence[ColumnProfile],
    policy: Policy,
    *,
    named: bool = True,
    total_rows: int | None = None,
    uri: str = "",
    comments: Mapping[str, str] | None = None,
) -> tuple[ColumnVerdict, ...]:
    """Judge all columns of a dataset; neighbours count, so give them together.

    Args:
        profiles: merged profiles of every leaf.
        policy: which entities to report, from which confidence on.
        named: whether the columns' names are the table's own (False: they are made up, as is taken
            of names such as ``col1`` and ``_c0`` if there are no others).
        total_rows: rows of the dataset; None when unknown. More than were scanned widens intervals.
        uri: the dataset's: its last part is the table's name, and column rules go by it.
        comments: what a catalog says of columns, by their names; read where a name says nothing.
    """
    policies = [policy.at(uri, profile.path) for profile in profiles]
    told = comments or {}
    named = named and (bool(told) or not all_made_up([profile.path for profile in profiles]))
    headers = [
        with_comment(read_header(profile.path), told.get(profile.path, "")) if named else Header()
        for profile in profiles
    ]
    columns = [
        Column(
            header,
            Shape(profile),
            in_context(supports(profile, at), header, at.policy) + typed(profile),
        )
        for profile, at, header in zip(profiles, policies, headers, strict=True)
    ]
    table = Table(columns, title_of(uri), guess(columns), named=named)
    return tuple(_judge(table, place, policies[place], total_rows) for place in range(len(columns)))


def title_of(uri: str) -> str:
    """A dataset's own name: the last part of its path that says something, without extensions."""
    parts = [part for part in unquote(urlsplit(uri).path or uri).split("/") if part]
    parts = [part for part in parts if "=" not in part]
    return _EXTENSIONS.sub("", parts[-1]) if parts else ""


def _judge(table: Table, place: int, policy: ColumnPolicy, total_rows: int | None) -> ColumnVerdict:
    column = table.columns[place]
    profile = column.shape.profile
    total = _filled_in_total(profile, total_rows)
    found, outvoted, hint = _weigh_all(table, place, policy)
    told = tuple(
        _with_owner(_tell(weighed, profile, policy, total), place, table) for weighed in found
    )
    unwanted = () if policy.ignored else by_policy(profile, policy)
    return ColumnVerdict(
        path=profile.path,
        index=profile.index,
        type=profile.type,
        rows=profile.rows,
        nulls=profile.nulls + profile.blanks,
        distinct=profile.distinct,
        sensitive=any(is_sensitive(v.entity, v.category, place, table, policy) for v in told),
        type_hint=hint,
        classifications=told,
        missed_below=wilson(0, profile.filled, total)[1],
        outvoted=(*outvoted, *unwanted),
    )


def _filled_in_total(profile: ColumnProfile, total_rows: int | None) -> int | None:
    """Filled cells in the whole column, when as many are empty as in what was scanned."""
    if total_rows is None:
        return None
    if total_rows <= profile.rows:
        return profile.filled
    return round(total_rows * profile.filled / max(1, profile.rows))


def _weigh_all(
    table: Table, place: int, policy: ColumnPolicy
) -> tuple[list[Weighed], tuple[Rejected, ...], str | None]:
    """What is sure enough to be told, best first; what is not; a hint what the column is."""
    column = table.columns[place]
    if policy.ignored or (column.shape.profile.filled == 0 and table.read):
        return [], (), None
    if policy.entity is not None:
        best = max((s for s in column.supports if s.entity == policy.entity), default=None,
                   key=lambda s: s.certainty)  # fmt: skip
        set_by = Argument("policy", 1.0, ("the policy says so",))
        return [Weighed(policy.entity, 1.0, 1.0, best, set_by)], (), None
    concepts = table.concepts_at(place)
    if not table.read:
        return _by_names(concepts, policy)
    lines = len(table.columns) == 1 and not column.header.words
    prose = free_text(column, concepts, lines=lines)
    if prose and policy.enabled(FREE_TEXT):
        return _as_text(column, prose, found_inside(column), concepts, policy)
    weighed_all = []
    possible = _possible(concepts, column)
    for rule in (*rules(), *_unruled(column.supports)):
        own = rule.concepts + rule.kin
        other = max((v for c, v in possible.items() if c not in own), default=0.0)
        weighed = weigh(rule, column, concepts, other)
        if weighed is not None and policy.enabled(weighed.entity):
            weighed_all.append(weighed)
    found = [w for w in weighed_all if w.confidence >= max(policy.threshold(w.entity), _LEAST)]
    if lines and policy.enabled(FREE_TEXT) and not any(tells_lines(w, column) for w in found):
        every = between_words(column)
        if any(w.confidence >= policy.threshold(w.entity) for w in every):
            return _as_text(column, LINES_CONFIDENCE, every, concepts, policy)
    told = {weighed.entity for weighed in found}
    found += [each for each in _denied(column.supports, policy) if each.entity not in told]
    few = [w for w in scattered(column) if policy.enabled(w.entity)]
    names = {weighed.entity for weighed in found}
    if any(policy.policy.category_of(name) == "PERSON" for name in names):
        names.add("PERSON")
    few = [w for w in few if w.entity not in names and w.confidence >= policy.threshold(w.entity)]
    told_all = [*_order(found), *_order(few)]
    hint = SPARSE if few and not found else None
    return told_all, rejected(weighed_all, told_all, policy), hint


def _possible(concepts: dict[str, float], column: Column) -> dict[str, float]:
    """The concepts without those, whoever backs them, that the values have not the form of.

    ``GST_NM`` is no tax number where it holds names, a birth in a town no date.
    """
    refuted = {
        concept
        for rule in rules()
        if rule.form != "never" and not fits(rule.form, column.shape)
        for concept in rule.concepts
    }
    return {concept: sure for concept, sure in concepts.items() if concept not in refuted}


def _as_text(
    column: Column,
    confidence: float,
    inside: list[Weighed],
    concepts: dict[str, float],
    policy: ColumnPolicy,
) -> tuple[list[Weighed], tuple[Rejected, ...], str | None]:
    """A column of text, with what stands inside of it."""
    told = [w for w in inside if w.confidence >= policy.threshold(w.entity)]
    names = {weighed.entity for weighed in told}
    told += [each for each in _denied(column.supports, policy) if each.entity not in names]
    argument = prose_argument(column)
    text = Weighed(FREE_TEXT, confidence, concepts.get("text", 0.0), None, argument)
    return [text, *_order(told)], rejected_inside(column, inside, told, policy), FREE_TEXT


def _by_names(
    concepts: dict[str, float], policy: ColumnPolicy
) -> tuple[list[Weighed], tuple[Rejected, ...], str | None]:
    """What a column's name says where no row was read."""
    prose = concepts.get("text", 0.0)
    if prose >= PLAIN and policy.enabled(FREE_TEXT):
        because = ("the header names prose; no value was read",)
        argument = Argument("header", NAME_CONFIDENCE, because, NAME_CONFIDENCE)
        return [Weighed(FREE_TEXT, NAME_CONFIDENCE, prose, None, argument)], (), FREE_TEXT
    named = (by_name(rule, concepts) for rule in rules())
    every = [w for w in named if w is not None and policy.enabled(w.entity)]
    found = [w for w in every if w.confidence >= policy.threshold(w.entity)]
    return _order(found), (), None


def _denied(found: Sequence[Support], policy: ColumnPolicy) -> list[Weighed]:
    """Words that the policy always wants to hear of, in however few rows."""
    return [
        Weighed(s.entity, policy.threshold(s.entity), 0.0, s, _DENIED)
        for s in found
        if any(kind_of(hit.detector) == "deny" for hit in s.hits)
    ]


def _unruled(found: Sequence[Support]) -> list[Rule]:
    """Rules for entities that the table does not know: custom ones, plug-ins', rare ones."""
    return [
        Rule(s.entity, (s.entity,), (), "never", header_alone=False)
        for s in found
        if rule_of(s.entity, s.category) is None
    ]


def _order(found: list[Weighed]) -> list[Weighed]:
    return sorted(found, key=lambda w: (-w.confidence, -w.said, w.entity))


def _tell(
    weighed: Weighed, profile: ColumnProfile, policy: ColumnPolicy, total: int | None
) -> EntityVerdict:
    named = policy.policy.named(weighed.entity)
    support = weighed.support
    reasons = list(reasons_of(weighed))
    if policy.entity is not None:
        reasons.append(Reason("policy", 1.0))
    elif weighed.said:
        header = round(weighed.argument.header, 3)
        reasons.append(Reason("header", round(weighed.said, 3), weight=header))
    rows = support.rows if support is not None else 0
    filled = max(1, profile.filled)
    return EntityVerdict(
        entity=weighed.entity,
        category=named.category,
        domain=named.domain,
        confidence=round(weighed.confidence, 3),
        prevalence=rows / filled,
        interval=_interval(support, profile, total),
        rows_hit=rows,
        distinct_hit=support.distinct if support is not None else 0,
        samples=reasons[0].samples if reasons else (),
        evidence=tuple(reasons),
        basis=weighed.argument.basis,
        because=weighed.argument.because,
    )


def _with_owner(told: EntityVerdict, place: int, table: Table) -> EntityVerdict:
    """An amount's verdict says whose money it is: that decides whether it is personal."""
    if told.category != "AMOUNT" or told.basis == "policy":
        return told
    return replace(told, because=(*told.because, whose(place, table)))


def _interval(
    support: Support | None, profile: ColumnProfile, total: int | None
) -> tuple[float, float]:
    """Of the prevalence: by the rows that were scanned, or by the values that were read."""
    if support is None or support.sampled is None:
        return wilson(0 if support is None else support.rows, profile.filled, total)
    hit, seen = support.sampled
    return wilson(hit, seen, None if total is None else max(profile.distinct, total))
