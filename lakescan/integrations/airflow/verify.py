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
        quasi: globs of columns by which a row may be known; none for those that the scan finds.
        confidential: of columns of what nobody should learn, likewise.
        exclude: globs of what is not compared.
        options: what `LakescanOperator` takes.
    """

    verb = "verify"
    template_fields: Sequence[str] = (
        *LakescanOperator.template_fields,
        "target",
        "against",
        "quasi",
        "confidential",
        "exclude",
    )

    def __init__(
        self,
        *,
        target: str,
        against: str,
        max_leaks: int = 0,
        quasi: Sequence[str] = (),
        confidential: Sequence[str] = (),
        exclude: Sequence[str] = (),
        **options: Any,
    ) -> None:
        options.setdefault("inlets", places(target, against))
        super().__init__(**options)
        self.target = target
        self.against = against
        self.max_leaks = max_leaks
        self.quasi = quasi
        self.confidential = confidential
        self.exclude = exclude

    def run_here(self, context: Context) -> Summary:  # noqa: ARG002 - it leaves nothing behind
        """Verify in this process."""
        report = lakescan.verify(
            self.target,
            self.against,
            self.rules,
            engine=self.engine_options,
            selection=lakescan.Selection(exclude=tuple(self.exclude), storage=self.storage),
            watch=lakescan.Watch(tuple(self.quasi), tuple(self.confidential)),
            progress=self.told,
        )
        return verify_summary(orjson.loads(to_json(report)))

    def arguments(self) -> tuple[str, ...]:
        """The command line of ``lakescan verify``."""
        found = ["--format", "json", "--max-leaks", str(self.max_leaks), "--against", self.against]
        globs = {"quasi": self.quasi, "confidential": self.confidential, "exclude": self.exclude}
        for name, values in globs.items():
            found += [word for value in values for word in (f"--{name}", value)]
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
