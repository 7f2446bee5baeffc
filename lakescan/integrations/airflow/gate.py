"""The sensor: waits for a run's results and holds gates against them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseSensorOperator, PokeReturnValue
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from lakescan.errors import NotFoundError
from lakescan.integrations.airflow.hook import LakescanHook
from lakescan.integrations.airflow.summary import scan_summary
from lakescan.jobs.runs import open_run
from lakescan.policy import Policy, parse_gate
from lakescan.reports.gating import tripped

if TYPE_CHECKING:
    from airflow.sdk import Context


def _is_newer(started: str, than: str) -> bool:
    """Whether a run began at a time or after it; to the second, as reports have it."""
    bound = datetime.fromisoformat(than).replace(microsecond=0)
    return datetime.fromisoformat(started) >= bound.astimezone(UTC)


class LakescanGateSensor(BaseSensorOperator):
    """Lets what comes after it through if a run tripped no gate.

    It waits until the run is there: of another DAG, say, or of a person. Its XCom is the run in
    numbers.

    Args:
        run_folder: where the run is kept.
        fail_on: gates, beside those of the policy.
        policy: path of a policy; None for the default.
        baseline: folder of an earlier run: only what is new since then trips.
        newer_than: an ISO time: a run that began before it is not the one that is waited for.
        run_id: the run that is waited for; None for any.
        on_trip: ``fail``, or ``skip`` what comes after.
        conn_id: a connection of type ``lakescan``, for how the store is reached; None for none.
        options: what any sensor takes.
    """

    template_fields: Sequence[str] = (
        "run_folder",
        "fail_on",
        "policy",
        "baseline",
        "newer_than",
        "run_id",
        "conn_id",
    )
    ui_color = "#f1e3e3"

    def __init__(
        self,
        *,
        run_folder: str,
        fail_on: Sequence[str] = ("sensitive",),
        policy: str | None = None,
        baseline: str | None = None,
        newer_than: str | None = None,
        run_id: str | None = None,
        on_trip: str = "fail",
        conn_id: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.run_folder = run_folder
        self.fail_on = fail_on
        self.policy = policy
        self.baseline = baseline
        self.newer_than = newer_than
        self.run_id = run_id
        self.on_trip = on_trip
        self.conn_id = conn_id

    def poke(self, context: Context) -> PokeReturnValue:  # noqa: ARG002 - as sensors have it
        """Look for the run, and judge it."""
        storage = {} if self.conn_id is None else dict(LakescanHook(self.conn_id).storage)
        try:
            report = open_run(self.run_folder, storage)
        except NotFoundError:
            return PokeReturnValue(is_done=False)
        if self.run_id is not None and report.run_id != self.run_id:
            return PokeReturnValue(is_done=False)
        if self.newer_than is not None and not _is_newer(report.started, self.newer_than):
            return PokeReturnValue(is_done=False)
        rules = Policy.default() if self.policy is None else Policy.load(self.policy)
        gates = [parse_gate(text, rules.custom_entities) for text in self.fail_on]
        before = None if self.baseline is None else open_run(self.baseline, storage)
        trips = [trip.line() for trip in tripped(report, (*rules.parsed_gates(), *gates), before)]
        if trips:
            ends = AirflowSkipException if self.on_trip == "skip" else AirflowFailException
            raise ends("; ".join(trips))
        return PokeReturnValue(is_done=True, xcom_value=scan_summary(report, self.run_folder))
