"""How the program ends: exit codes, and errors as one line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import cast

import typer

from lakescan.errors import LakescanError, UsageError
from lakescan.reports.legible import legible


class ExitCode(IntEnum):
    """What the shell is told."""

    CLEAN = 0
    GATE = 1
    USAGE = 2
    LAKE = 3
    PARTIAL = 4
    INTERRUPTED = 130


#: The parser's own complaints; typer publishes their subclass only.
_ParserError = cast("type[Exception]", typer.BadParameter.__bases__[0])

#: With this variable set, an error shows where it came from.
DEBUG_VARIABLE = "LAKESCAN_DEBUG"


@contextmanager
def reported() -> Iterator[None]:
    """Turn whatever is raised inside into one line on standard error and an exit code."""
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except KeyboardInterrupt:
        _end("interrupted (a scan with --output goes on with --resume)", ExitCode.INTERRUPTED)
    except LakescanError as error:
        code = ExitCode.USAGE if isinstance(error, UsageError) else ExitCode.LAKE
        _end(error_line(error), code)
    except BrokenPipeError:
        # Whoever read the answer has enough of it.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        raise typer.Exit from None
    except OSError as error:
        thing = f"{error.filename}: " if error.filename else ""
        _end(f"{thing}{error.strerror or type(error).__name__}", ExitCode.LAKE)
    except _ParserError as error:
        _end(f"{_parser_message(error)} (see {_command(error)} --help)", ExitCode.USAGE)
    except Exception as error:  # noqa: BLE001 - the last resort of the program
        _end(_fault_line(error), ExitCode.LAKE)


def error_line(error: LakescanError) -> str:
    """The thing, the cause and the next step."""
    thing = f"{error.uri}: " if error.uri and error.uri not in error.message else ""
    return f"{thing}{error}"


def _parser_message(error: BaseException) -> str:
    message = getattr(error, "format_message", error.__str__)()
    line = " ".join(str(message).split()).rstrip(".")
    # pydantic, which typer has convert some values, begins its complaints with this.
    return line.replace("Value error, ", "")


def _command(error: BaseException) -> str:
    context = getattr(error, "ctx", None)
    return str(context.command_path) if context is not None else "lakescan"


def _fault_line(error: Exception) -> str:
    """A fault of lakescan's own. Not its message: that may hold a value."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119
    return (
        f"a fault in lakescan: {type(error).__name__} at {place} "
        f"(set {DEBUG_VARIABLE}=1 to see where it came from, and report it)"
    )


def _end(line: str, code: ExitCode) -> None:
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exc()
    typer.echo(f"lakescan: {legible(line)}", err=True)
    raise typer.Exit(code)
