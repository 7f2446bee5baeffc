"""Options that several commands share, and the values they make."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from lakescan.cli.sizes import size
from lakescan.errors import UsageError

if TYPE_CHECKING:
    from lakescan import EngineOptions
    from lakescan.policy import Policy

_WHAT = "Selecting data"
_HOW = "Engine"
_READING = "File formats"
_STORAGE = "Object storage"
_GATES = "Gates"
_BUDGET = "Budget"


class Format(StrEnum):
    """How the answer is printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"


class Accuracy(StrEnum):
    """Which model reads texts and names."""

    PATTERNS = "patterns"
    FAST = "fast"
    STANDARD = "standard"
    HIGH = "high"


class EngineName(StrEnum):
    """How a job is run."""

    AUTO = "auto"
    LOCAL = "local"
    RAY = "ray"
    SPARK = "spark"


class Header(StrEnum):
    """Whether a delimited file begins with the columns' names."""

    AUTO = "auto"
    YES = "yes"
    NO = "no"


FormatOption: TypeAlias = Annotated[Format, typer.Option("--format", "-f", help="Output format.")]
PolicyOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--policy", "-p", metavar="FILE", help="Policy file. Default: the built-in policy."
    ),
]
AccuracyOption: TypeAlias = Annotated[
    Accuracy | None,
    typer.Option(
        "--accuracy-mode",
        help="Model for names and free text: none (patterns), small (fast), shipped (standard) or "
        "the one in the policy (high). Default: the best one installed.",
    ),
]
IncludeOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--include", metavar="GLOB", rich_help_panel=_WHAT, help="Only matching paths. Repeatable."
    ),
]
ExcludeOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude", metavar="GLOB", rich_help_panel=_WHAT, help="Skip matching paths. Repeatable."
    ),
]
EngineOption: TypeAlias = Annotated[
    EngineName,
    typer.Option(
        envvar="LAKESCAN_ENGINE",
        rich_help_panel=_HOW,
        help="Where the work runs; auto uses Ray for large inputs.",
    ),
]
AddressOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="PLACE",
        rich_help_panel=_HOW,
        help="Address of a running cluster: HOST:PORT for Ray, or a Spark master "
        "(spark://HOST:PORT, local[N]).",
    ),
]
WorkersOption: TypeAlias = Annotated[
    int | None,
    typer.Option(min=1, rich_help_panel=_HOW, help="Number of workers. Default: one per CPU."),
]
CpusOption: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--worker-cpus", metavar="N", rich_help_panel=_HOW, help="CPUs per Ray worker. Default: 1."
    ),
]
GpusOption: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--worker-gpus",
        metavar="N",
        rich_help_panel=_HOW,
        help="GPUs per Ray worker, such as 0.25. Default: none.",
    ),
]
MemoryOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--worker-memory",
        metavar="SIZE",
        parser=size,
        rich_help_panel=_HOW,
        help="Memory that Ray reserves per worker, such as 2GiB.",
    ),
]
ResourceOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--worker-resource",
        metavar="NAME=N",
        rich_help_panel=_HOW,
        help="Amount of a custom Ray resource per worker, such as highmem=1. Repeatable.",
    ),
]
MaxRowsOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        min=1, rich_help_panel=_BUDGET, help="Stop after this many rows; the run is partial."
    ),
]
MaxSecondsOption: TypeAlias = Annotated[
    float | None,
    typer.Option(min=0.0, rich_help_panel=_BUDGET, help="Stop after this many seconds."),
]
MaxBytesOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="SIZE",
        parser=size,
        rich_help_panel=_BUDGET,
        help="Stop after reading this much, such as 50GB. Continue with --resume.",
    ),
]
FailOnOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="GATE",
        rich_help_panel=_GATES,
        help="Exit with code 1 if this was found: 'sensitive', 'CREDIT_CARD', 'CREDIT_CARD>0.5', "
        "'domain:PCI'. Repeatable; gates in the policy also apply.",
    ),
]
BaselineOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="RUN",
        rich_help_panel=_GATES,
        help="Folder of an earlier run: only findings that are new since then trip a gate.",
    ),
]
InputFormatOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        rich_help_panel=_READING,
        help="csv, json, jsonl, parquet, avro, orc, excel, arrow or text. Default: detected.",
    ),
]
DelimiterOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="CHAR", rich_help_panel=_READING, help="Field delimiter; 'tab' for a tab."
    ),
]
QuoteOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="CHAR", rich_help_panel=_READING, help="Quote character; 'none' for none."
    ),
]
EncodingOption: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", rich_help_panel=_READING, help="Text encoding, such as latin-1."),
]
HeaderOption: TypeAlias = Annotated[
    Header,
    typer.Option(rich_help_panel=_READING, help="Whether the first row holds the column names."),
]
SheetOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", rich_help_panel=_READING, help="Read only this sheet of a workbook."
    ),
]
EndpointOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--endpoint-url",
        metavar="URL",
        rich_help_panel=_STORAGE,
        help="URL of an S3-compatible server.",
    ),
]
RegionOption: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", rich_help_panel=_STORAGE, help="Region of the bucket.")
]
ProfileOption: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", rich_help_panel=_STORAGE, help="Profile in ~/.aws/credentials."),
]
AnonymousOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--anonymous", rich_help_panel=_STORAGE, help="Access the store without credentials."
    ),
]
StorageOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--storage",
        metavar="NAME=VALUE",
        rich_help_panel=_STORAGE,
        help="Connection property, such as requester_pays=true. Repeatable. Give secrets by "
        "reference only: credentials=secret://env/NAME.",
    ),
]
QuietOption: TypeAlias = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print only errors to standard error.")
]
VerboseOption: TypeAlias = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help="Log to standard error; -vv for more.")
]
ShowDataOption: TypeAlias = Annotated[
    bool,
    typer.Option("--show-data", help="Show values unmasked. Works on a terminal only."),
]

_CHARACTERS = {"tab": "\t", "\\t": "\t", "space": " ", "none": ""}


def file_options(
    delimiter: str | None,
    quote: str | None,
    encoding: str | None,
    header: Header,
    sheet: str | None,
) -> dict[str, str]:
    """The overrides of detected format options."""
    given = {
        "delimiter": _character(delimiter),
        "quote": _character(quote),
        "encoding": encoding,
        "header": None if header is Header.AUTO else header.value,
        "sheet": sheet,
    }
    return {name: value for name, value in given.items() if value is not None}


def _character(text: str | None) -> str | None:
    return None if text is None else _CHARACTERS.get(text.lower(), text)


def storage_properties(
    endpoint: str | None,
    region: str | None,
    profile: str | None,
    *,
    anonymous: bool,
    more: list[str] | None = None,
) -> Mapping[str, str]:
    """The connection properties that were given.

    Raises:
        UsageError: one of ``more`` is no NAME=VALUE.
    """
    given: dict[str, str] = {}
    for text in more or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError("--storage takes NAME=VALUE", hint="such as requester_pays=true")
        given[name] = value
    named = {
        "endpoint": endpoint,
        "region": region,
        "profile": profile,
        "anonymous": "true" if anonymous else None,
    }
    return given | {name: value for name, value in named.items() if value is not None}


def engine_options(
    engine: EngineName,
    address: str | None,
    workers: int | None,
    cpus: float | None,
    gpus: float | None,
    memory: int | None,
    resources: list[str] | None,
) -> EngineOptions:
    """How a job is run, as it was asked for.

    Raises:
        UsageError: one of ``resources`` is no NAME=N.
    """
    import lakescan

    amounts: dict[str, float] = {}
    for text in resources or ():
        name, _, amount = text.partition("=")
        try:
            amounts[name] = float(amount)
        except ValueError:
            raise UsageError(
                f"--worker-resource takes NAME=N, not {text!r}", hint="such as highmem=1"
            ) from None
    return lakescan.EngineOptions(
        name=engine.value,
        workers=workers,
        address=address,
        worker=lakescan.WorkerNeeds(cpus or 1.0, gpus or 0.0, memory, amounts),
    )


def load_policy(path: str | None) -> Policy:
    """The policy that was asked for."""
    from lakescan.policy import Policy

    return Policy.default() if path is None else Policy.load(path)


def asked_policy(path: str | None, accuracy: Accuracy | None, *, quiet: bool = False) -> Policy:
    """The policy with the accuracy mode that was asked for; says so if it gets less than usual."""
    from lakescan.jobs.accuracy import asked, fallback

    policy = asked(load_policy(path), None if accuracy is None else accuracy.value)
    reason = fallback(policy)
    if reason is not None and not quiet:
        typer.echo(f"lakescan: {reason}", err=True)
    return policy


def absolute(uri: str) -> str:
    """A local path made absolute; any other URI as it is."""
    return uri if "://" in uri else str(Path(uri).absolute())
