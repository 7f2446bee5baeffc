"""Texts without the people in them, and back: a few texts at once, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from lakescan import entities as catalog
from lakescan.errors import UsageError
from lakescan.jobs.anonymize.exchange import exchange
from lakescan.jobs.detect import Finding
from lakescan.policy import Policy
from lakescan.policy.anonymize import rule_for
from lakescan.udfs.anonymize.column import marker
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.operators.protocol import Cells, Operator
from lakescan.udfs.anonymize.operators.reveal import RevealWorkshop, Reversible
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import Treatment
from lakescan.udfs.anonymize.text_types import TEXT

T = TypeVar("T")

#: For whatever no other name means.
ANY = "*"


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands where something was found.

    Args:
        start, end: in the text that was given.
        new_start, new_end: in the new text.
    """

    start: int
    end: int
    new_start: int
    new_end: int
    entity: str
    category: str
    operator: str


@dataclass(frozen=True, slots=True)
class AnonymizedText:
    """A text without the people in it; replacements in its order."""

    text: str
    replacements: tuple[Replacement, ...]


@dataclass(slots=True)
class TextAnonymizer:
    """Exchanges what was found in texts.

    Args:
        policy: its rules and default say what becomes of what, but for ``chosen``.
        keyring: None without one.
        chosen: by entity, category or `ANY`, the more exact name first, what becomes of it instead.
    """

    policy: Policy
    keyring: Keyring | None = None
    chosen: Mapping[str, Treatment] = field(default_factory=dict)
    _workshop: Workshop = field(init=False)

    def __post_init__(self) -> None:
        self._workshop = Workshop(self.keyring)
        for treatment in self.chosen.values():
            self._checked(treatment)

    def anonymize(
        self, texts: Sequence[str], found: Sequence[Sequence[Finding]]
    ) -> list[AnonymizedText]:
        """The texts with other spans.

        Args:
            texts: as they were read.
            found: for each its findings. Of those that overlap, which some rules for conflicts
                leave, the one that begins first and then the longer is exchanged as a whole, and
                of the next what it leaves: nothing that was found stays.

        Raises:
            UsageError: an operator makes no sense for texts, or has no key.
        """
        treated = [
            apart(
                [(each, how) for each in some if (how := self._treatment(each.entity)) is not None]
            )
            for some in found
        ]
        words = self._exchanged(texts, treated)
        return [
            _put(text, some, put) for text, some, put in zip(texts, treated, words, strict=True)
        ]

    def _exchanged(
        self, texts: Sequence[str], treated: Sequence[Sequence[tuple[Finding, Treatment]]]
    ) -> list[list[str]]:
        """What comes in each place: each entity's words are handed to its operator together."""
        put = [[""] * len(some) for some in treated]
        groups: dict[str, list[tuple[int, int]]] = {}
        for row, some in enumerate(treated):
            for at, (finding, _) in enumerate(some):
                groups.setdefault(finding.entity, []).append((row, at))
        for entity, places in groups.items():
            first, treatment = treated[places[0][0]][places[0][1]]
            words = [
                (row, texts[row][treated[row][at][0].start : treated[row][at][0].end])
                for row, at in places
            ]
            operator = self._checked(treatment)
            made = _applied(operator, entity, first.category, words)
            for (row, at), word in zip(places, made, strict=True):
                put[row][at] = word
        return put

    def _treatment(self, entity: str) -> Treatment | None:
        """What is done to an entity; None where it stays."""
        for name in (entity, self.policy.category_of(entity), ANY):
            if name in self.chosen:
                treatment = self.chosen[name]
                return None if treatment.operator == "keep" else treatment
        section = self.policy.anonymize
        placed = rule_for(self.policy, "", None, entity)
        if placed is not None:
            _, rule = placed
            domain = rule.domain or section.domain
            treatment = Treatment(rule.operator, rule.options, domain, rule.key_id)
        elif self.policy.sensitive(entity):
            treatment = Treatment(section.default, {}, section.domain)
        else:
            return None
        return None if treatment.operator == "keep" else treatment

    def _checked(self, treatment: Treatment) -> Operator:
        """The operator, ready.

        Raises:
            UsageError: its options make no sense, it cannot work on texts, or it has no key.
        """
        operator = operator_of(treatment)
        if operator.result_type(TEXT) != TEXT or operator.name == "drop":
            raise UsageError(f"{operator.name} cannot work on texts")
        if operator.traits.keyed and self.keyring is None:
            raise UsageError(
                f"{operator.name} needs a key: without one, anybody could try values out",
                hint="lakescan keys new --to key.yaml, then --key file:key.yaml",
            )
        return self._workshop.operator(treatment)


def operator_of(treatment: Treatment) -> Operator:
    """The operator of a treatment, not set up.

    Raises:
        UnknownNameError: there is none of that name.
        UsageError: its options make no sense.
    """
    try:
        return build_operator(treatment.operator, treatment.options)
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
        )
        raise UsageError(f"operator {treatment.operator}: {told}") from None
    except ValueError as error:
        raise UsageError(f"operator {treatment.operator}: {error}") from None


def known_target(name: str) -> str:
    """An entity, a category or `ANY` as `TextAnonymizer` knows it.

    Raises:
        UnknownNameError: it means nothing.
    """
    upper = name.strip().upper()
    return upper if upper in (ANY, *catalog.categories()) else catalog.canonical(name)


def reveal_texts(texts: Sequence[str], treatment: Treatment, keyring: Keyring) -> list[str]:
    """Texts with what a reversible operator hid; what the key does not open stays as it is.

    Args:
        texts: for ``encrypt`` any, with ciphertexts anywhere in them; else whole values.
        treatment: the operator as it was applied. For ``encrypt`` the option ``domains`` names
            those that are tried.
        keyring: has the key.

    Raises:
        UsageError: the operator cannot be undone.
    """
    options = {name: each for name, each in treatment.options.items() if name != "domains"}
    plain = operator_of(Treatment(treatment.operator, options))
    if not isinstance(plain, Reversible) or not plain.traits.reversible:
        raise UsageError(f"{treatment.operator} cannot be undone", hint="encrypt and fpe can")
    operator = RevealWorkshop(keyring).operator(treatment)
    distinct = list(dict.fromkeys(texts))
    done = operator.apply(Cells(pa.array(distinct, TEXT), "", "")).values.to_pylist()
    back = dict(zip(distinct, done, strict=True))
    return [back[text] for text in texts]


def apart(found: Iterable[tuple[Finding, T]]) -> list[tuple[Finding, T]]:
    """Findings that cover the same characters as those given, and do not overlap.

    Args:
        found: each with whatever belongs to it.
    """
    kept: list[tuple[Finding, T]] = []
    end = 0
    for each, other in sorted(found, key=lambda it: (it[0].start, -it[0].end)):
        if each.end > end:
            kept.append((replace(each, start=max(each.start, end)), other))
            end = each.end
    return kept


def _applied(
    operator: Operator, entity: str, category: str, words: Sequence[tuple[int, str]]
) -> Iterable[str]:
    """What an operator makes of words, each with the number of its text."""
    traits = operator.traits
    once = traits.deterministic and not traits.numbered
    every = [word for _, word in words]
    given = list(dict.fromkeys(every)) if once else every
    ordinals = np.array(_ordinals(words), np.int64) if traits.numbered else None
    done = operator.apply(Cells(pa.array(given, TEXT), entity, category, None, ordinals))
    made = pc.fill_null(done.values, "").to_pylist()
    if done.unfit is not None:
        made = [
            marker(entity) if unfit else word for word, unfit in zip(made, done.unfit, strict=True)
        ]
    if not once:
        return list(made)
    known = dict(zip(given, made, strict=True))
    return [known[word] for word in every]


def _ordinals(words: Sequence[tuple[int, str]]) -> list[int]:
    """Each word's number among the different ones of its text, from 1."""
    known: dict[int, dict[str, int]] = {}
    return [
        known.setdefault(row, {}).setdefault(word, len(known.get(row, ())) + 1)
        for row, word in words
    ]


def _put(
    text: str, treated: Sequence[tuple[Finding, Treatment]], put: Sequence[str]
) -> AnonymizedText:
    made = exchange(text, [(each.start, each.end) for each, _ in treated], put)
    return AnonymizedText(
        made.text,
        tuple(
            Replacement(each.start, each.end, start, end, each.entity, each.category, how.operator)
            for (each, how), (start, end) in zip(treated, made.places, strict=True)
        ),
    )
