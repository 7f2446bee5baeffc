"""``lakescan submit``: run a command on a Ray cluster, through its Job API."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from lakescan.cli import options
from lakescan.cli.failure import ExitCode
from lakescan.cli.output import note
from lakescan.cli.sizes import size
from lakescan.cli.submitted import submitted_command
from lakescan.errors import UsageError

if TYPE_CHECKING:
    from lakescan.jobs.submit.ray import RayJobs

_JOB = "The job"
_CLUSTER = "The cluster"

submit_app = typer.Typer(
    name="submit",
    help="Run scan, anonymize or verify as a job on a Ray cluster.",
    no_args_is_help=True,
)

AddressOption = Annotated[
    str,
    typer.Option(
        "--address",
        metavar="URL",
        envvar="RAY_API_SERVER_ADDRESS",
        rich_help_panel=_CLUSTER,
        help="URL of the cluster's dashboard: http://head:8265.",
    ),
]
JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="Job id printed by submit.")]
_RAW = {"allow_extra_args": True, "ignore_unknown_options": True}


def _verb(verb: str, summary: str) -> None:
    """Add ``lakescan submit VERB``."""

    @submit_app.command(
        verb,
        context_settings=_RAW,
        help=f"{summary} Takes all other options of `lakescan {verb}` as well: see "
        f"`lakescan {verb} --help`. Local paths must be the same on every node.",
    )
    def submit(
        context: typer.Context,
        address: AddressOption,
        run: Annotated[
            str,
            typer.Option(
                metavar="NAME",
                rich_help_panel=_JOB,
                help="Name of this run, such as a date. The same run is submitted only once; "
                "submitting it again attaches to the job.",
            ),
        ] = "",
        wait: Annotated[
            bool,
            typer.Option(
                "--wait/--no-wait",
                rich_help_panel=_JOB,
                help="Follow the job's output and exit with its code, or return at once.",
            ),
        ] = True,
        policy: options.PolicyOption = None,
        wheel: Annotated[
            str | None,
            typer.Option(
                metavar="FILE",
                rich_help_panel=_CLUSTER,
                help="Wheel of lakescan for this job. Default: what is installed on the nodes.",
            ),
        ] = None,
        env: Annotated[
            list[str] | None,
            typer.Option(
                metavar="NAME=VALUE",
                rich_help_panel=_CLUSTER,
                help="Environment variable for the job; the cluster shows it, so give no secrets. "
                "Repeatable.",
            ),
        ] = None,
        python: Annotated[
            str, typer.Option(rich_help_panel=_CLUSTER, help="Python command on the cluster.")
        ] = "python",
        driver_cpus: Annotated[
            float, typer.Option(min=0, rich_help_panel=_CLUSTER, help="CPUs for the driver.")
        ] = 0.0,
        driver_memory: Annotated[
            int | None,
            typer.Option(
                metavar="SIZE",
                parser=size,
                rich_help_panel=_CLUSTER,
                help="Memory for the driver, such as 2GiB.",
            ),
        ] = None,
    ) -> None:
        from lakescan.jobs.submit.submission import Submission, Surroundings

        submission = Submission(
            verb=verb,
            arguments=submitted_command(verb, context.args),
            policy=None if policy is None else options.load_policy(policy).to_yaml(),
            run=run,
            surroundings=Surroundings(
                wheel=wheel,
                environment=_variables(env),
                python=python,
                cpus=driver_cpus,
                memory=driver_memory,
            ),
        )
        jobs = _jobs(address)
        job = jobs.submit(submission)
        note(f"{'submitted' if job.is_new else 'attached to'} job {job.state.line}")
        if wait:
            _follow(jobs, job.state.id)


_verb("scan", "Find personal data in a data lake.")
_verb("anonymize", "Write an anonymized copy of tables.")
_verb("verify", "Compare an anonymized copy with its source.")


@submit_app.command()
def status(job: JobArgument, address: AddressOption) -> None:
    """Show the state of a job; exit with its code if it has ended."""
    state = _jobs(address).state(job)
    typer.echo(state.line)
    if state.is_over:
        raise typer.Exit(state.exit_code)


@submit_app.command()
def logs(
    job: JobArgument,
    address: AddressOption,
    follow: Annotated[
        bool, typer.Option("--follow", help="Follow until the job ends; exit with its code.")
    ] = False,
) -> None:
    """Show the output of a job."""
    jobs = _jobs(address)
    if follow:
        _follow(jobs, job)
    _write(jobs.logs(job))


@submit_app.command()
def cancel(job: JobArgument, address: AddressOption) -> None:
    """Stop a job. Its progress is kept; submit it again to continue."""
    typer.echo(_jobs(address).cancel(job).line)


def _jobs(address: str) -> RayJobs:
    from lakescan.jobs.submit.ray import RayJobs

    return RayJobs(address)


def _follow(jobs: RayJobs, job: str) -> None:
    try:
        state = jobs.follow(job, _write)
    except KeyboardInterrupt:
        note(f"the job goes on; `lakescan submit cancel {job}` stops it")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    note(f"job {state.line}")
    raise typer.Exit(state.exit_code)


def _write(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


def _variables(given: list[str] | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError("--env takes NAME=VALUE", hint="such as AWS_REGION=eu-central-1")
        found[name] = value
    return found
