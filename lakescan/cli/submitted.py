"""The command line of a job, read here and now, so that a mistake needs no cluster to be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any

import typer
from typer.core import TyperArgument, TyperOption

from lakescan.cli.anonymize import anonymize
from lakescan.cli.options import absolute
from lakescan.cli.scan import scan
from lakescan.cli.verify import verify
from lakescan.errors import UsageError

_VERBS: dict[str, Callable[..., None]] = {"anonymize": anonymize, "scan": scan, "verify": verify}
#: Parameters that are places; what is relative here is absolute there.
_PLACES = frozenset(
    "against baseline output report report_files scan_output source target to uris".split()
)
_KEY_FILE = "file:"
#: What the submission sets itself, or what makes no sense in a job.
_NOT_GIVEN = {
    "engine": "the job runs on Ray",
    "address": "the job runs on the cluster that it is submitted to",
    "show_data": "a job's words are kept by the cluster",
}


def submitted_command(verb: str, given: Sequence[str]) -> tuple[str, ...]:
    """The arguments of a command as a job gets them: checked, absolute, in one order.

    Raises:
        UsageError: an option does not suit a job.
        typer.BadParameter: the command does not take these arguments.
    """
    lone = typer.Typer(add_completion=False)
    lone.command(verb)(_VERBS[verb])
    command = typer.main.get_command(lone)
    context = command.make_context(f"lakescan submit {verb}", list(given))
    options: list[str] = []
    places: list[str] = []
    for parameter in command.params:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        value = context.params.get(name)
        if source is None or source.name != "COMMANDLINE" or value in (None, False, ()):
            continue
        if name in _NOT_GIVEN:
            raise UsageError(f"{parameter.opts[0]} does not go with submit", hint=_NOT_GIVEN[name])
        texts = [_text(each, name) for each in _each(value)]
        if isinstance(parameter, TyperArgument):
            places += texts
        else:
            assert isinstance(parameter, TyperOption)
            options += _option(parameter, texts, value)
    return (*options, "--", *places)


def _each(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _text(value: object, name: str) -> str:
    text = str(value.value if isinstance(value, Enum) else value)
    if name == "key" and text.startswith(_KEY_FILE):
        return _KEY_FILE + absolute(text.removeprefix(_KEY_FILE))
    return absolute(text) if name in _PLACES else text


def _option(parameter: TyperOption, texts: Sequence[str], value: Any) -> Iterator[str]:
    name = parameter.opts[0]
    if parameter.count:
        yield from [name] * int(value)
    elif parameter.is_flag:
        yield name
    else:
        for text in texts:
            yield from (name, text)
