"""What is done to the fields of messages: decided when a path is first seen."""

from __future__ import annotations

import re

from lakescan.connectors import Dataset
from lakescan.connectors.kafka.messages import SCHEMA
from lakescan.jobs.anonymize.plan import TablePlanner
from lakescan.policy import Policy
from lakescan.reports.model import Classification, ColumnReport, DatasetReport
from lakescan.udfs.anonymize.plan import ColumnPlan, TablePlan

#: Paths that are remembered: messages may have any names in them.
_REMEMBERED = 10_000
#: What makes a glob of a column's name; [] and {} stand in paths.
_GLOB = re.compile(r"[*?]")


class FieldPlans:
    """The plans of all paths of one topic.

    A path has no verdict, as nobody has seen all of its values. What the policy says of it holds:
    a rule that names its column, or an entity that the policy says it is. Every other field is
    searched message by message.

    Args:
        policy: with its section on anonymizing.
        uri: the topic's.
        has_key: whether there is a keyring.
    """

    def __init__(self, policy: Policy, uri: str, has_key: bool) -> None:  # noqa: FBT001
        if policy.anonymize.unrecognized == "keep":
            section = policy.anonymize.model_copy(update={"unrecognized": "spans"})
            policy = policy.model_copy(update={"anonymize": section})
        dataset = Dataset(uri, "kafka", "", (), SCHEMA)
        self._policy = policy
        self._uri = uri
        self._planner = TablePlanner(
            policy, dataset, DatasetReport(uri, "kafka", "", 0, 0, ()), has_key
        )
        self._known: dict[tuple[int, str], ColumnPlan | None] = {}
        self._wholes: dict[tuple[int, str], bool] = {}

    def check(self) -> None:
        """Make sure, before a message is read, that the policy can be followed.

        Raises:
            PolicyError: an operator has no key, or cannot work on text.
        """
        named = [rule.column for rule in self._policy.anonymize.rules if rule.names_column]
        for path in ("value", *named):
            if not _GLOB.search(path):
                self._planner.column(self._shell(1, path, rows=0))

    @property
    def seen(self) -> TablePlan:
        """The plans of the paths that were seen so far."""
        return TablePlan(tuple(plan for plan in self._known.values() if plan is not None))

    def at(self, index: int, path: str) -> ColumnPlan | None:
        """The plan of a path."""
        key = (index, path)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._planner.column(self._shell(index, path))
        return self._known[key]

    def rest(self, index: int, path: str) -> ColumnPlan | None:  # noqa: ARG002 - as `Plan` has it
        """Every path is looked at for itself."""
        return None

    def inside(self, index: int, name: str) -> bool:  # noqa: ARG002 - as `Plan` has it
        """Everything is looked at."""
        return True

    def whole(self, index: int, path: str) -> bool:
        """Whether the policy says of a path that its cells are treated whole."""
        key = (index, path)
        if key not in self._wholes:
            plan = self._planner.column(self._shell(index, path, rows=0))
            whole = None if plan is None else plan.whole
            self._wholes[key] = whole is not None and whole.rule != "unrecognized"
        return self._wholes[key]

    def _shell(self, index: int, path: str, rows: int = 1) -> ColumnReport:
        """A column as if it had been scanned, with no other verdict than the policy's."""
        column = self._policy.at(self._uri, path)
        entity = column.entity
        if entity is None:
            return ColumnReport(path, index, "string", rows, 0, 0, sensitive=False)
        named = self._policy.named(entity)
        verdict = Classification(
            entity, named.category, named.domain, 1.0, 1.0, (1.0, 1.0), 0, 0, basis="policy"
        )
        return ColumnReport(
            path, index, "string", rows, 0, 0, column.sensitive(entity), classifications=(verdict,)
        )


class DocumentPlans:
    """The plans for messages whose value is JSON: its fields are treated, not its text.

    Unless a rule is for whole values.
    """

    def __init__(self, plans: FieldPlans) -> None:
        self._plans = plans

    def at(self, index: int, path: str) -> ColumnPlan | None:
        """The plan of a path."""
        if path == "value" and not self._plans.whole(index, path):
            return None
        return self._plans.at(index, path)

    def rest(self, index: int, path: str) -> ColumnPlan | None:
        """Every path is looked at for itself."""
        return self._plans.rest(index, path)

    def inside(self, index: int, name: str) -> bool:
        """Everything is looked at."""
        return self._plans.inside(index, name)
