"""``lakescan evaluate``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.cli.failure import ExitCode
from lakescan.cli.output import answer_console, note, write_answer


class EvaluationFormat(StrEnum):
    """How figures are printed."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


def evaluate(
    gold: Annotated[
        str,
        typer.Option(
            "--gold",
            "-g",
            metavar="FILE",
            help="Correct labels: texts with spans (JSON Lines), or columns (CSV, JSON).",
        ),
    ],
    pred: Annotated[
        str | None,
        typer.Option(
            "--pred",
            metavar="FILE",
            help="Predictions: a file like the gold one; for columns, also a run folder or the "
            "output of `scan --format json`. Default: lakescan reads the gold texts itself.",
        ),
    ] = None,
    policy: options.PolicyOption = None,
    accuracy: options.AccuracyOption = None,
    labels: Annotated[
        str | None,
        typer.Option("--labels", metavar="FILE", help="Map from other labels to entities (YAML)."),
    ] = None,
    how: Annotated[
        EvaluationFormat, typer.Option("--format", "-f", help="Output format.")
    ] = EvaluationFormat.TABLE,
    min_f1: Annotated[
        float | None,
        typer.Option("--min-f1", min=0, max=1, help="Exit with code 1 if the micro F1 is lower."),
    ] = None,
    resamples: Annotated[
        int, typer.Option(min=0, help="Bootstrap resamples for the intervals; 0 for none.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Random seed of the resamples.")] = 0,
) -> None:
    """Measure predictions against labels: precision, recall, F1 and F2 per entity."""
    import lakescan
    from lakescan.reports.evaluation.model import Resampling
    from lakescan.reports.evaluation.rendering import print_evaluation, render_evaluation

    rules = options.asked_policy(policy, accuracy, quiet=pred is not None)
    resampling = Resampling(resamples, seed)
    result = lakescan.evaluate(gold, pred, rules, labels=labels, resampling=resampling)
    if how is EvaluationFormat.TABLE:
        print_evaluation(result, answer_console())
    else:
        write_answer(render_evaluation(result, how.value))
    reached = result.main.micro.f1.value or 0.0
    if min_f1 is not None and reached < min_f1:
        note(f"the micro F1 of {reached:.3f} is below {min_f1:g}")
        raise typer.Exit(ExitCode.GATE)
