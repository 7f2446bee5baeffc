"""The policy itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator

from lakescan import entities
from lakescan.errors import PolicyError, UnknownNameError
from lakescan.policy.anonymize import Anonymize
from lakescan.policy.canonical import canonical_form
from lakescan.policy.column import ColumnPolicy
from lakescan.policy.fields import AccuracyMode, ConflictRule, Part, Texts
from lakescan.policy.gates import Gate, parse_gate
from lakescan.policy.globs import column_matches, path_matches
from lakescan.policy.lists import AllowRule, DenyRule
from lakescan.policy.problems import PolicyProblem, policy_error
from lakescan.policy.references import custom_entities, reference_problems
from lakescan.policy.rules import (
    ColumnRule,
    CustomDetector,
    EntitySwitch,
    ModelReading,
    Sampling,
    Thresholds,
)
from lakescan.policy.selectors import Named, Selector, parse_selector, strongest
from lakescan.policy.validation import problems_of, without_empty


class Policy(Part):
    """What to look for, how sure to be, where to look, and when to fail. Immutable, picklable.

    Args:
        version: of this format; 1.
        entities: what to look for.
        thresholds: how sure a finding must be.
        detectors: the user's own patterns and word lists.
        allow: values never to report.
        deny: words always to report.
        conflicts: which of several overlapping findings in a text is told.
        columns: what to do differently in some paths and columns.
        include: globs of what to read; empty means everything.
        exclude: globs of what not to read.
        sampling: how much to read.
        accuracy_mode: which model reads texts, if any; None for the best that is installed.
        ner: how it reads.
        gates: when a scan should fail.
        anonymize: what is done to what was found.
    """

    version: Annotated[int, Field(json_schema_extra={"const": 1})] = Field(
        default=1, description="Of this format."
    )
    entities: EntitySwitch = Field(default_factory=EntitySwitch, description="What to look for.")
    thresholds: Thresholds = Field(
        default_factory=Thresholds, description="How sure a finding must be, 0 to 1."
    )
    detectors: tuple[CustomDetector, ...] = Field(default=(), description="Your own detectors.")
    allow: tuple[AllowRule, ...] = Field(default=(), description="Values never to report.")
    deny: tuple[DenyRule, ...] = Field(default=(), description="Words always to report.")
    conflicts: ConflictRule = Field(
        default="evidence", description="Which of several overlapping findings is told."
    )
    columns: tuple[ColumnRule, ...] = Field(
        default=(), description="Exceptions by path and column."
    )
    include: Texts = Field(default=(), description="Read only files that match one of these globs.")
    exclude: Texts = Field(
        default=(), description="Do not read files that match one of these globs."
    )
    sampling: Sampling = Field(default_factory=Sampling, description="How much to read.")
    accuracy_mode: AccuracyMode | None = Field(
        default=None, description="Which model reads texts; if absent, the best installed."
    )
    ner: ModelReading = Field(default_factory=ModelReading, description="How the model reads.")
    gates: Texts = Field(
        default=(), description="Fail (exit 1) when one trips, such as CREDIT_CARD>0.5."
    )
    anonymize: Anonymize = Field(
        default_factory=Anonymize, description="What is done to what was found."
    )

    @field_validator("version")
    @classmethod
    def _known_version(cls, version: int) -> int:
        if version != 1:
            raise ValueError("this lakescan reads version 1")
        return version

    @model_validator(mode="after")
    def _check_references(self, info: ValidationInfo) -> Policy:
        if not (info.context or {}).get("from_text"):
            problems = list(reference_problems(self))
            if problems:
                raise policy_error(problems)
        return self

    @classmethod
    def default(cls) -> Policy:
        """The policy of a user who wrote none."""
        return _default()

    @classmethod
    def load(cls, path: str | Path) -> Policy:
        """Read a policy file, given as a path or a ``file://`` URI.

        Raises:
            PolicyError: there is none, or it is wrong: with its path, the reason and a hint.
        """
        file = _local_path(path)
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise PolicyError("is not UTF-8 text", path=str(file)) from None
        except OSError as error:
            raise PolicyError(f"cannot be read: {error.strerror}", path=str(file)) from None
        return _build(text, base=file.parent, uri=str(file))

    @classmethod
    def parse(cls, text: str, *, base: str | Path = ".") -> Policy:
        """Read a policy's YAML text.

        Args:
            text: YAML.
            base: the folder that ``words_file`` is relative to.

        Raises:
            PolicyError: it is wrong: with the path of the key, the reason, the line and a hint.
        """
        return _build(text, base=Path(base))

    @classmethod
    def check(cls, text: str, *, base: str | Path = ".") -> tuple[PolicyProblem, ...]:
        """Everything that is wrong with a policy's text, in the order of its lines."""
        return _validate(text, Path(base))[1]

    @classmethod
    def json_schema(cls) -> dict[str, object]:
        """The JSON Schema (2020-12) of a policy file, for editors and other checkers."""
        from lakescan.policy.schema import policy_schema

        return policy_schema(cls)

    def to_yaml(self) -> str:
        """This policy as YAML with everything filled in; `parse` reads it back."""
        from lakescan.policy.schema import policy_yaml

        return policy_yaml(self)

    def model_copy(
        self, *, update: Mapping[str, object] | None = None, deep: bool = False
    ) -> Policy:
        """A copy with some keys replaced, which are not checked."""
        copy = super().model_copy(update=update, deep=deep)
        for name in ("hash", "custom_entities", "_selectors", "_thresholds"):
            copy.__dict__.pop(name, None)
        return copy

    @cached_property
    def hash(self) -> str:
        """16 hexadecimal digits of SHA-256 over the canonical form.

        The order of keys, comments, spellings of names and the gates do not matter: gates judge a
        result and do not change it.
        """
        text = json.dumps(canonical_form(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def custom_entities(self) -> tuple[Named, ...]:
        """The entities that this policy's detectors add to the catalog."""
        return custom_entities(self.detectors)

    def named(self, entity: str) -> Named:
        """An entity with its category and domain; one that nobody knows is its own category."""
        for each in self.custom_entities:
            if each.entity == entity:
                return each
        if not entities.is_known(entity):
            return Named(entity, entity, "PII")
        known = entities.entity(entity)
        return Named(known.name, known.category, known.domain)

    def category_of(self, entity: str) -> str:
        """The category of an entity of the catalog, of this policy, or of a plug-in."""
        return self.named(entity).category

    def domain_of(self, entity: str) -> str:
        """The domain of an entity of the catalog, of this policy, or of a plug-in."""
        return self.named(entity).domain

    def enabled(self, entity: str) -> bool:
        """Whether to look for ``entity``."""
        if not self.entities.enable and not self.entities.disable:
            return True
        what = self.named(entity)
        off = strongest(self._selectors["disable"], what)
        if not self.entities.enable or what in self.custom_entities:
            return off < 0
        return strongest(self._selectors["enable"], what) > off

    def sensitive(self, entity: str) -> bool:
        """Whether ``entity`` counts as personal data unless its surroundings say otherwise."""
        what = self.named(entity)
        yes = strongest(self._selectors["sensitive"], what)
        no = strongest(self._selectors["not_sensitive"], what)
        if yes != no:
            return yes > no
        return entities.entity(entity).sensitive if entities.is_known(entity) else True

    def threshold(self, entity: str, detector: str | None = None) -> float:
        """The score that a finding must reach: the detector's, else the entity's, else the default.

        Among detector names, an exact one beats a glob and a long glob beats a short one.
        """
        if detector is not None and self.thresholds.detectors:
            globs = self.thresholds.detectors
            if detector in globs:
                return globs[detector]
            found = [glob for glob in globs if fnmatchcase(detector, glob)]
            if found:
                return globs[max(found, key=lambda glob: (len(glob), glob))]
        if self.thresholds.entities:
            what = self.named(entity)
            matching = [each for each in self._thresholds if each.matches(what)]
            if matching:
                return self._thresholds[max(matching, key=lambda each: each.level)]
        return self.thresholds.default

    def allowed(self, value: str, entity: str) -> bool:
        """Whether the allow list says not to report ``value`` when found as ``entity``."""
        return any(
            rule.matches(value) and (not rule.entities or self.means(rule.entities, entity))
            for rule in self.allow
        )

    def means(self, names: Iterable[str], entity: str) -> bool:
        """Whether one of ``names`` (entity, glob, category, domain) means ``entity``."""
        selectors = [parse_selector(name, self.custom_entities) for name in names]
        return strongest(selectors, self.named(entity)) >= 0

    def column_rule(self, uri: str, column: str | None) -> ColumnRule | None:
        """All rules for one column in one: the later wins, key by key. None where none is for it.

        Args:
            uri: the dataset's or file's.
            column: its path as reports show it; None counts as a column without a name.
        """
        name = column or ""
        merged: dict[str, object] = {}
        for rule in self.columns:
            if path_matches(rule.path, uri) and column_matches(rule.column, name):
                merged.update(rule.model_dump(exclude_unset=True))
        return ColumnRule.model_validate(merged) if merged else None

    def at(self, uri: str, column: str | None) -> ColumnPolicy:
        """This policy as it stands for one column."""
        return ColumnPolicy(self, self.column_rule(uri, column) or ColumnRule())

    def parsed_gates(self) -> tuple[Gate, ...]:
        """The gates, ready to be asked."""
        return tuple(parse_gate(gate, self.custom_entities) for gate in self.gates)

    def require_detectors(self, known: Iterable[str], families: Iterable[str] = ()) -> None:
        """Check the detector names in ``thresholds.detectors`` against those that exist.

        Args:
            known: names of detectors.
            families: first parts of names whose second parts nobody can list.

        Raises:
            PolicyError: one of them means none; with "did you mean".
        """
        open_ended = set(families)
        names = {*known, *open_ended}
        for glob in self.thresholds.detectors:
            if glob.partition(".")[0] in open_ended:
                continue
            if any(fnmatchcase(name, glob) for name in names):
                continue
            hint = UnknownNameError("detector", glob, names).hint
            path = f"thresholds.detectors.{glob}"
            raise PolicyError("no detector has that name", path=path, hint=hint)

    @cached_property
    def _selectors(self) -> Mapping[str, tuple[Selector, ...]]:
        switch = self.entities
        names = {
            "enable": switch.enable,
            "disable": switch.disable,
            "sensitive": switch.sensitive,
            "not_sensitive": switch.not_sensitive,
        }
        extra = self.custom_entities
        return {key: tuple(parse_selector(n, extra) for n in them) for key, them in names.items()}

    @cached_property
    def _thresholds(self) -> Mapping[Selector, float]:
        extra = self.custom_entities
        return {parse_selector(n, extra): score for n, score in self.thresholds.entities.items()}

    def __repr__(self) -> str:
        return f"Policy(hash={self.hash!r})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from lakescan.policy.card import policy_card

        return policy_card(self)


@lru_cache(maxsize=1)
def _default() -> Policy:
    return Policy()


def _local_path(path: str | Path) -> Path:
    if isinstance(path, Path) or "://" not in path:
        return Path(path)
    parts = urlsplit(path)
    if parts.scheme != "file":
        raise PolicyError(
            f"a policy is read from a local file, not from {parts.scheme}://", hint="copy it here"
        )
    return Path(unquote(parts.path))


def _build(text: str, *, base: Path, uri: str | None = None) -> Policy:
    policy, problems = _validate(text, base)
    if policy is None or problems:
        raise policy_error(problems, uri)
    return policy


def _validate(text: str, base: Path) -> tuple[Policy | None, tuple[PolicyProblem, ...]]:
    from lakescan.policy.document import read_document

    document = read_document(text)
    if document.data is None:
        return None, tuple(document.problems)
    problems = list(document.problems)
    policy = None
    try:
        data = without_empty(document.data, Policy)
        policy = Policy.model_validate(data, context={"base": base, "from_text": True})
        problems += reference_problems(policy)
    except ValidationError as error:
        problems += problems_of(error, Policy)
    return policy, tuple(document.located(problems))
