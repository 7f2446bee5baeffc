"""The operator that verifies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson

import lakescan
from lakescan.integrations.airflow.base import LakescanOperator, places
from lakescan.integrations.airflow.summary import Summary, answer_in, verify_summary
from lakescan.reports.verification.rendering import to_json

if TYPE_CHECKING:
    from airflow.sdk import Context


class LakescanVerifyOperator(LakescanOperator):
    """Holds an anonymized lake against its source; leaks fail the task for good.

    Args:
        target: what was written.
        against: what it was made of.
        max_leaks: the task fails if more values than these leak.
        options: what `LakescanOperator` takes.
    """

    verb = "verify"
    template_fields: Sequence[str] = (*LakescanOperator.template_fields, "target", "against")

    def __init__(self, *, target: str, against: str, max_leaks: int = 0, **options: Any) -> None:
        options.setdefault("inlets", places(target, against))
        super().__init__(**options)
        self.target = target
        self.against = against
        self.max_leaks = max_leaks

    def run_here(self, context: Context) -> Summary:  # noqa: ARG002 - it leaves nothing behind
        """Verify in this process."""
        report = lakescan.verify(
            self.target,
            self.against,
            self.rules,
            engine=self.engine_options,
            selection=lakescan.Selection(storage=self.storage),
            progress=self.told,
        )
        return verify_summary(orjson.loads(to_json(report)))

    def arguments(self) -> tuple[str, ...]:
        """The command line of ``lakescan verify``."""
        found = ["--format", "json", "--max-leaks", str(self.max_leaks), "--against", self.against]
        return (*found, *self.shared_arguments(), "--", self.target)

    def summary_of(self, words: str) -> Summary:
        """What the job printed, in numbers."""
        return verify_summary(answer_in(words))

    def trouble(self, summary: Summary) -> str | None:
        """Leaks, and tables that are not what they were."""
        if summary["leaks"] > self.max_leaks:
            return f"{summary['leaks']} values of {self.against} stand in {self.target}"
        if summary["different_tables"]:
            return f"{summary['different_tables']} tables of {self.target} are not what they were"
        return None
