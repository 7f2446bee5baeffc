"""What the operators share: where a job runs, waiting for it, and what is made of its end."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.configuration import conf
from airflow.sdk import Asset, BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException

from lakescan.engines.options import EngineOptions, WorkerNeeds
from lakescan.errors import LakescanError, UsageError
from lakescan.integrations.airflow.hook import LakescanHook
from lakescan.integrations.airflow.told import Told
from lakescan.integrations.airflow.trigger import LakescanJobTrigger
from lakescan.jobs.accuracy import asked
from lakescan.jobs.scan.budget import Budget
from lakescan.jobs.submit.state import JobState
from lakescan.jobs.submit.submission import Submission, Surroundings
from lakescan.policy import AccuracyMode, Policy

if TYPE_CHECKING:
    from airflow.sdk import Context

    from lakescan.integrations.airflow.summary import Summary
    from lakescan.jobs.submit.ray import RayJobs

#: Exit codes with an answer: clean, a gate tripped, partial.
_ANSWERED = (0, 1, 4)


class LakescanOperator(BaseOperator):
    """Runs one of lakescan's jobs: in the task's own process, or on a cluster.

    Args:
        engine: ``auto``, ``local``, ``ray`` or ``spark``. With ``ray`` and a connection, the job is
            submitted to the connection's cluster; else the engine is driven from this process.
        conn_id: a connection of type ``lakescan``; None for none.
        address: of a cluster that is driven from here: Ray's ``host:port``, a Spark master's URL.
        workers: how many splits at once; None for as many as there is room for.
        worker: what a Ray cluster keeps for each worker.
        policy: path of a policy; None for the default.
        accuracy_mode: which model reads; None for what the policy says.
        wheel: for a submitted job, a wheel of lakescan's that the nodes install.
        deferrable: wait for a submitted job in the triggerer.
        poll_seconds: between looks at it there.
        partial: ``fail`` or ``accept``: what becomes of the task if something could not be read.
        options: what any operator takes.
    """

    #: What of lakescan's command line it is.
    verb = ""
    template_fields: Sequence[str] = ("policy", "address", "conn_id")
    ui_color = "#e3f1ee"

    def __init__(
        self,
        *,
        engine: str = "auto",
        conn_id: str | None = None,
        address: str | None = None,
        workers: int | None = None,
        worker: WorkerNeeds | None = None,
        policy: str | None = None,
        accuracy_mode: AccuracyMode | None = None,
        wheel: str | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poll_seconds: float = 10.0,
        partial: str = "fail",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.engine = engine
        self.conn_id = conn_id
        self.address = address
        self.workers = workers
        self.worker = worker or WorkerNeeds()
        self.policy = policy
        self.accuracy_mode = accuracy_mode
        self.wheel = wheel
        self.deferrable = deferrable
        self.poll_seconds = poll_seconds
        self.partial = partial
        self._job: str | None = None

    # -- what a job of its kind is -----------------------------------------------------------

    @abstractmethod
    def run_here(self, context: Context) -> Summary:
        """Run the job in this process."""

    @abstractmethod
    def arguments(self) -> tuple[str, ...]:
        """The job's command line, without policy and engine."""

    @abstractmethod
    def summary_of(self, words: str) -> Summary:
        """What a submitted job has done, of what it wrote to its log, or left."""

    @abstractmethod
    def trouble(self, summary: Summary) -> str | None:
        """Why the task has to fail though the job is done; None if it has not to."""

    # -- running it --------------------------------------------------------------------------

    def execute(self, context: Context) -> Summary:
        """Run the job, here or on the cluster of the connection."""
        if not self.is_submitted:
            try:
                return self._concluded(context, self.run_here(context))
            except UsageError as error:
                raise AirflowFailException(str(error)) from None
            except LakescanError as error:
                raise AirflowException(str(error)) from None
        jobs = self._jobs()
        submitted = jobs.submit(self.submission(context))
        self._job = submitted.state.id
        self.log.info("job %s", submitted.state.line)
        if self.deferrable and not submitted.state.is_over:
            self.defer(
                trigger=LakescanJobTrigger(self.hook.conn_id, self._job, self.poll_seconds),
                method_name="execute_complete",
                timeout=self.execution_timeout,
            )
        state = jobs.follow(self._job, self._tell)
        return self._ended(context, jobs, state)

    def execute_complete(self, context: Context, event: Summary) -> Summary:
        """Go on when the trigger has fired."""
        if "error" in event:
            raise AirflowException(event["error"])
        jobs = self._jobs()
        self._tell(jobs.logs(event["job"]))
        return self._ended(context, jobs, jobs.state(event["job"]))

    def on_kill(self) -> None:
        """Stop the job with the task."""
        if self._job is not None:
            self._jobs().cancel(self._job)

    # -- what it is made of ------------------------------------------------------------------

    @property
    def is_submitted(self) -> bool:
        """Whether the job goes to a cluster's Job API."""
        return self.engine == "ray" and self.conn_id is not None

    @cached_property
    def hook(self) -> LakescanHook:
        """The connection."""
        return LakescanHook(self.conn_id or LakescanHook.default_conn_name)

    @property
    def storage(self) -> dict[str, str]:
        """How the store is reached: what the connection says."""
        return {} if self.conn_id is None else dict(self.hook.storage)

    @property
    def rules(self) -> Policy:
        """The policy."""
        policy = Policy.default() if self.policy is None else Policy.load(self.policy)
        return asked(policy, self.accuracy_mode)

    @property
    def engine_options(self) -> EngineOptions:
        """The engine, as it is driven from this process."""
        return EngineOptions(self.engine, self.workers, self.address, worker=self.worker)

    @property
    def told(self) -> Told:
        """Progress, into the task's log."""
        return Told(self.log)

    def submission(self, context: Context) -> Submission:
        """The run of this task in this run of its DAG, the same for all tries of it."""
        instance = context["ti"]
        names = (instance.dag_id, instance.task_id, instance.run_id, str(instance.map_index))
        return Submission(
            verb=self.verb,
            arguments=self.arguments(),
            policy=None if self.policy is None else Policy.load(self.policy).to_yaml(),
            run="/".join(names),
            surroundings=Surroundings(wheel=self.wheel),
        )

    def shared_arguments(self) -> list[str]:
        """Options that every job has."""
        worker = self.worker
        asked_for = [
            *(("--storage", f"{name}={value}") for name, value in sorted(self.storage.items())),
            *([] if self.accuracy_mode is None else [("--accuracy-mode", self.accuracy_mode)]),
            *([] if self.workers is None else [("--workers", str(self.workers))]),
            *([] if worker.cpus == 1 else [("--worker-cpus", str(worker.cpus))]),
            *([] if not worker.gpus else [("--worker-gpus", str(worker.gpus))]),
            *([] if worker.memory is None else [("--worker-memory", str(worker.memory))]),
            *(("--worker-resource", f"{name}={n}") for name, n in sorted(worker.resources.items())),
        ]
        return [word for pair in asked_for for word in pair]

    def _jobs(self) -> RayJobs:
        return self.hook.get_conn()

    def _tell(self, words: str) -> None:
        for line in words.splitlines():
            self.log.info("%s", line)

    def _ended(self, context: Context, jobs: RayJobs, state: JobState) -> Summary:
        words = jobs.logs(state.id)
        if state.exit_code not in _ANSWERED:
            last = next((line for line in reversed(words.splitlines()) if line.strip()), "")
            raise AirflowException(f"job {state.line}: {last}")
        return self._concluded(context, self.summary_of(words))

    def _concluded(self, context: Context, summary: Summary) -> Summary:
        """Hand the summary on to assets, and judge it."""
        trouble = self.trouble(summary)
        if trouble is not None:
            raise AirflowFailException(trouble)
        if summary["status"] in ("partial", "failed") and self.partial != "accept":
            raise AirflowException(
                f"{self.verb} is {summary['status']}: "
                f"its report names what was left out ({summary['errors']})"
            )
        for outlet in self.outlets:
            if isinstance(outlet, Asset):
                context["outlet_events"][outlet].extra = {"lakescan": summary}
        return summary


def places(*uris: str | None) -> list[Asset]:
    """The assets that URIs are, as far as they are known before a run: those without a template."""
    return [
        Asset(uri if "://" in uri else f"file://{uri}")
        for uri in uris
        if uri and "{{" not in uri and ("://" in uri or uri.startswith("/"))
    ]


def bounds(budget: Budget) -> list[str]:
    """A budget as options of the command line."""
    most = (("rows", budget.rows), ("seconds", budget.seconds), ("bytes", budget.bytes))
    return [word for name, n in most if n is not None for word in (f"--max-{name}", str(n))]
