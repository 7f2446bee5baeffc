"""``lakescan stream``."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lakescan.cli import options
from lakescan.cli.anonymize import KeyOption
from lakescan.cli.output import answer_console, start_logging, write_answer

if TYPE_CHECKING:
    from types import FrameType

    from lakescan import StreamResult

_GROUP = "Consumer group"
_COMMITS = "Commits"


class StreamFormat(StrEnum):
    """How the answer is printed."""

    TABLE = "table"
    JSON = "json"


class Values(StrEnum):
    """What values are taken for."""

    AUTO = "auto"
    JSON = "json"
    TEXT = "text"


def stream(
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="kafka://BROKER/TOPIC; the topic may be a glob."),
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="TARGET",
            help="kafka://BROKER/TOPIC in the same cluster ({topic} stands for the source topic), "
            "or a folder or URI in a lake.",
        ),
    ],
    policy: options.PolicyOption = None,
    key: KeyOption = None,
    dead_letters: Annotated[
        str | None,
        typer.Option(
            metavar="TOPIC",
            help="Topic for messages that cannot be read or anonymized. Without it, the first "
            "such message ends the stream.",
        ),
    ] = None,
    values: Annotated[
        Values,
        typer.Option(help="Message format; auto tries Avro (schema registry), JSON, then text."),
    ] = Values.AUTO,
    drain: Annotated[
        bool, typer.Option("--drain", help="Stop once all messages present have been processed.")
    ] = False,
    group: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            rich_help_panel=_GROUP,
            help="Consumer group. Default: derived from source and target.",
        ),
    ] = None,
    instance: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            rich_help_panel=_GROUP,
            help="Name of this process in the group. Default: the host name. A second process "
            "with the same name replaces the first.",
        ),
    ] = None,
    commit_messages: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            rich_help_panel=_COMMITS,
            help="Maximum messages per commit. Default: 1,000 to a topic, 100,000 to a lake.",
        ),
    ] = None,
    commit_seconds: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            metavar="S",
            rich_help_panel=_COMMITS,
            help="Maximum seconds between commits. Default: 1 to a topic, 60 to a lake.",
        ),
    ] = None,
    to_format: Annotated[
        str, typer.Option(metavar="NAME", help="File format in a lake.")
    ] = "parquet",
    metrics: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Address for Prometheus metrics (counts and lag)."),
    ] = None,
    how: Annotated[
        StreamFormat, typer.Option("--format", "-f", help="Output format.")
    ] = StreamFormat.TABLE,
    accuracy: options.AccuracyOption = None,
    storage: options.StorageOption = None,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = 0,
) -> None:
    """Anonymize Kafka messages as they arrive, each exactly once.

    On SIGTERM or Ctrl-C, commits the current batch and stops; run the same command to continue.
    """
    start_logging(verbose, quiet=quiet)
    import lakescan

    streaming = lakescan.Streaming(
        group=group,
        instance=instance,
        dead_letters=dead_letters,
        until="drained" if drain else "stopped",
        form=values.value,
        messages=commit_messages,
        seconds=commit_seconds,
        format=to_format,
        metrics=metrics,
        storage=options.storage_properties(None, None, None, anonymous=False, more=storage),
    )
    with _stopping() as stop:
        result = lakescan.stream(
            source,
            to,
            options.asked_policy(policy, accuracy, quiet=quiet),
            key=key,
            streaming=streaming,
            stop=stop,
        )
    _print(result, how)


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that the first SIGTERM or Ctrl-C sets; a second Ctrl-C interrupts."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def set_stop(number: int, _: FrameType | None) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, set_stop)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print(result: StreamResult, how: StreamFormat) -> None:
    if how is StreamFormat.JSON:
        write_answer(result.to_json().encode() + b"\n")
        return
    from lakescan.reports.legible import legible

    console = answer_console()
    console.print(
        f"{result.messages:,} messages to {legible(result.target)} in {result.commits:,} commits, "
        f"{result.dead_letters:,} dead letters, {result.seconds:,.1f} s",
        soft_wrap=True,
    )
    for entity, number in sorted(result.findings.items(), key=lambda each: (-each[1], each[0])):
        console.print(f"  {number:>10,}  {legible(entity or '(column)')}", soft_wrap=True)
