"""The detectors that a policy asks for, as one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points

import numpy as np
import pyarrow as pa

from lakescan.policy import Policy
from lakescan.udfs.arrays import to_numpy
from lakescan.udfs.detect.allow import AllowList, as_allowed
from lakescan.udfs.detect.buffers import BoolArray
from lakescan.udfs.detect.collect import Group, groups_of, table_of
from lakescan.udfs.detect.conflicts.disputes import Disputes
from lakescan.udfs.detect.conflicts.resolve import resolve
from lakescan.udfs.detect.custom import RegexDetector, WordsDetector, denied
from lakescan.udfs.detect.detector_names import check_detector_names
from lakescan.udfs.detect.dictionaries import DictionaryDetector
from lakescan.udfs.detect.findings import FINDINGS_SCHEMA, chosen, names_of
from lakescan.udfs.detect.ner import model_detector
from lakescan.udfs.detect.pattern_detector import PatternDetector
from lakescan.udfs.detect.patterns import all_patterns
from lakescan.udfs.detect.protocol import Detector, Groups
from lakescan.udfs.detect.revision import revision
from lakescan.udfs.detect.values import Values

_log = logging.getLogger(__name__)
#: Where third parties register theirs: a callable without arguments that gives a `Detector`.
ENTRY_POINTS = "lakescan.detectors"


@dataclass(frozen=True, slots=True)
class Sifted:
    """Findings by what the policy says of them.

    Args:
        found: of enabled entities, and what is denied.
        allowed: what a rule allows.
        unwanted: of other entities.
    """

    found: list[Group]
    allowed: list[Group]
    unwanted: list[Group]


class DetectorSet:
    """Detectors run one after another over the same values; picklable.

    Args:
        detectors: in order.
        policy: says which entities are wanted and how sure a finding must be.
        model: the detector that reads texts, if any. It is slow: `detect` leaves it out.
    """

    def __init__(
        self, detectors: Sequence[Detector], policy: Policy, model: Detector | None = None
    ) -> None:
        self.detectors = tuple(detectors)
        self.policy = policy
        self.model = model
        self._allowed = AllowList(policy)
        self._disputes = Disputes(policy)
        self._denied = [d for rule in policy.deny for d in denied(rule, policy.hash)]

    @property
    def versions(self) -> dict[str, str]:
        """Each detector's version, by name, with the `revision` of the code around them all."""
        return {d.name: f"{d.version}+{revision()}" for d in self.every}

    @property
    def every(self) -> tuple[Detector, ...]:
        """All detectors, the model last."""
        return self.detectors if self.model is None else (*self.detectors, self.model)

    def setup(self) -> None:
        """Load what the detectors need; called once in each worker process."""
        for detector in self.every:
            detector.setup()

    def detect(self, values: Values) -> pa.Table:
        """All evidence for enabled entities in ``values`` but the model's; findings may overlap.

        Returns:
            A table of `FINDINGS_SCHEMA`.
        """
        return table_of(self.groups(values))

    def groups(self, values: Values) -> list[Group]:
        """The same in groups, each of one entity, detector and score."""
        return self._sifted(self.detectors, values).found + self._named(values)

    @property
    def evidence(self) -> Groups:
        """The same, and what is no evidence by name of its detector.

        ``allow.<detector>`` found what the policy allows, ``lost.<detector>`` what loses to another
        finding over the same characters, where the policy has a rule of its own for that.
        """
        return _Evidence(self)

    def sift(self, values: Values) -> Sifted:
        """All that the detectors and the model find in ``values``, sorted by the policy's word."""
        sifted = self._sifted(self.every, values)
        return replace(sifted, found=sifted.found + self._named(values))

    def _sifted(self, detectors: Sequence[Detector], values: Values) -> Sifted:
        every = [group for detector in detectors for group in _groups(detector, values)]
        enabled = {name: self.policy.enabled(name) for name in {group.entity for group in every}}
        wanted = [group for group in every if enabled[group.entity]]
        found, allowed = self._allowed.split(wanted, values)
        return Sifted(found, allowed, [group for group in every if not enabled[group.entity]])

    def sorted_out(self, values: Values) -> list[Group]:
        """What `evidence` tells."""
        sifted = self._sifted(self.detectors, values)
        allowed = [as_allowed(group) for group in sifted.allowed]
        return [*self._disputes.settled([*sifted.found, *self._named(values)]), *allowed]

    def _named(self, values: Values) -> list[Group]:
        """What the policy denies."""
        return [group for each in self._denied for group in each.groups(values)]

    def read(self, values: Values) -> pa.Table:
        """What the model reads in ``values``, of enabled entities, and what loses to none.

        Returns:
            A table of `FINDINGS_SCHEMA`; empty without a model.
        """
        read = self._read(values)
        lost = self._disputes.misread(read, self.groups(values)) if read else []
        return table_of(
            [
                group.take(np.flatnonzero(~(beaten & self._inside(group, values))))
                for group, beaten in zip(read, lost, strict=True)
            ]
        )

    def read_alone(self, values: Values) -> pa.Table:
        """The same whatever the detectors say: they are not asked."""
        return table_of(self._read(values))

    def _read(self, values: Values) -> list[Group]:
        return [] if self.model is None else self._sifted([self.model], values).found

    def _inside(self, group: Group, values: Values) -> BoolArray:
        """Which findings may lose: those inside longer values, where no rule settles all.

        What whole cells are is for the verdict, which has the evidence of their column.
        """
        if self._disputes.settles:
            return np.ones(len(group.rows), np.bool_)
        return ~values.whole(group.rows, group.starts, group.ends)

    @property
    def reader(self) -> str:
        """The name of the model's detector; empty without a model."""
        return "" if self.model is None else self.model.name

    @property
    def reads(self) -> int:
        """How many distinct values of a column the model may read."""
        return self.policy.ner.values_per_column

    def detect_texts(self, values: Values) -> pa.Table:
        """What is found and read in texts: conflicts resolved, the policy's thresholds applied.

        Returns:
            A table of `FINDINGS_SCHEMA`, ordered by row and start; nothing overlaps, but where the
            policy's rule for conflicts lets it.
        """
        return self.settled(self.everything(values))

    def settled(self, findings: pa.Table) -> pa.Table:
        """Of findings in texts, those that are told."""
        return resolve(self.sure_enough(findings), self.policy.conflicts)

    def everything(self, values: Values) -> pa.Table:
        """Everything that is found and read in texts, of any score; findings may overlap."""
        return table_of(self.sift(values).found)

    def sure_enough(self, findings: pa.Table) -> pa.Table:
        """The findings that reach the policy's thresholds."""
        if not findings.num_rows:
            return findings
        entities, entity_codes = names_of(findings, "entity")
        detectors, detector_codes = names_of(findings, "detector")
        pairs = entity_codes.astype(np.int64) * len(detectors) + detector_codes
        needed = np.full(len(entities) * len(detectors), np.inf, np.float32)
        for pair in np.unique(pairs).tolist():
            entity, detector = divmod(pair, len(detectors))
            needed[pair] = self.policy.threshold(entities[entity], detectors[detector])
        scores = to_numpy(findings["score"])
        return chosen(findings, np.flatnonzero(scores >= needed[pairs]))


class _Evidence:
    """Findings, and by name those that are none by the policy's word."""

    def __init__(self, detectors: DetectorSet) -> None:
        self._detectors = detectors

    def groups(self, values: Values) -> list[Group]:
        return self._detectors.sorted_out(values)


def build_detectors(policy: Policy) -> DetectorSet:
    """The detectors for a policy: the shipped ones, the policy's own, and installed plug-ins.

    A policy without an accuracy mode gets no model; `lakescan.jobs.accuracy` decides before.

    Raises:
        MissingDependencyError: the policy's accuracy mode needs packages that are not installed.
        PolicyError: a name in ``thresholds.detectors`` means no detector.
        UsageError: its model is not there.
    """
    from lakescan import __version__

    detectors: list[Detector] = [
        PatternDetector("pattern", __version__, all_patterns),
        DictionaryDetector(__version__),
    ]
    for declared in policy.detectors:
        make = RegexDetector if declared.regex is not None else WordsDetector.declared
        detectors.append(make(declared, policy.hash))
    installed = installed_detectors()
    check_detector_names(policy, (detector.name for detector in installed))
    return DetectorSet([*detectors, *installed], policy, model_detector(policy))


def merged(tables: list[pa.Table]) -> pa.Table:
    """Findings of several detectors in one table."""
    return table_of([group for table in tables for group in groups_of(table)])


def _groups(detector: Detector, values: Values) -> list[Group]:
    if isinstance(detector, Groups):
        return detector.groups(values)
    return groups_of(detector.detect(values).select(FINDINGS_SCHEMA.names))


def installed_detectors() -> list[Detector]:
    """The detectors of installed plug-ins, by name."""
    found: list[Detector] = []
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda e: e.name):
        make = entry.load()
        found.append(make())
        _log.debug("detector %s from %s", entry.name, entry.value)
    return found
