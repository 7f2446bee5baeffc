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
    help="Run a scan, an anonymize or a verify on a Ray cluster, as a job of it.",
    no_args_is_help=True,
)

AddressOption = Annotated[
    str,
    typer.Option(
        "--address",
        metavar="URL",
        envvar="RAY_API_SERVER_ADDRESS",
        rich_help_panel=_CLUSTER,
        help="The cluster's dashboard: http://head:8265.",
    ),
]
JobArgument = Annotated[str, typer.Argument(metavar="JOB", help="The id that submit gave.")]
_RAW = {"allow_extra_args": True, "ignore_unknown_options": True}


def _verb(verb: str, summary: str) -> None:
    """Add ``lakescan submit VERB``."""

    @submit_app.command(
        verb,
        context_settings=_RAW,
        help=f"{summary} All other options are those of `lakescan {verb}`: see "
        f"`lakescan {verb} --help`. Local paths must lie at the same place on every node.",
    )
    def submit(
        context: typer.Context,
        address: AddressOption,
        run: Annotated[
            str,
            typer.Option(
                metavar="NAME",
                rich_help_panel=_JOB,
                help="Which run of this command it is: a date, say. The same run is submitted "
                "once; again, this command attaches to it.",
            ),
        ] = "",
        wait: Annotated[
            bool,
            typer.Option(
                "--wait/--no-wait",
                rich_help_panel=_JOB,
                help="Follow the job's words and end with its exit code, or go at once.",
            ),
        ] = True,
        policy: options.PolicyOption = None,
        wheel: Annotated[
            str | None,
            typer.Option(
                metavar="FILE",
                rich_help_panel=_CLUSTER,
                help="A wheel of lakescan's for this job; without one, what the nodes have.",
            ),
        ] = None,
        env: Annotated[
            list[str] | None,
            typer.Option(
                metavar="NAME=VALUE",
                rich_help_panel=_CLUSTER,
                help="A variable for the job, which the cluster shows: no secrets. Repeatable.",
            ),
        ] = None,
        python: Annotated[
            str, typer.Option(rich_help_panel=_CLUSTER, help="How Python is called there.")
        ] = "python",
        driver_cpus: Annotated[
            float, typer.Option(min=0, rich_help_panel=_CLUSTER, help="Kept for the driver.")
        ] = 0.0,
        driver_memory: Annotated[
            int | None,
            typer.Option(
                metavar="SIZE", parser=size, rich_help_panel=_CLUSTER, help="Kept for the driver."
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


_verb("scan", "Find the personal data in files, folders and buckets.")
_verb("anonymize", "Write the same tables without the people in them.")
_verb("verify", "Hold an anonymized lake against its source.")


@submit_app.command()
def status(job: JobArgument, address: AddressOption) -> None:
    """Show how a job fares; of one that is over, end with its exit code."""
    state = _jobs(address).state(job)
    typer.echo(state.line)
    if state.is_over:
        raise typer.Exit(state.exit_code)


@submit_app.command()
def logs(
    job: JobArgument,
    address: AddressOption,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on until the job is over; end with its exit code.")
    ] = False,
) -> None:
    """Show what a job has written."""
    jobs = _jobs(address)
    if follow:
        _follow(jobs, job)
    _write(jobs.logs(job))


@submit_app.command()
def cancel(job: JobArgument, address: AddressOption) -> None:
    """Stop a job. What it did is kept: submitted again, it goes on."""
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
