"""``lakescan classify``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.cli.answer import conclude, gates_of
from lakescan.cli.options import Format, Header
from lakescan.cli.output import check_show_data, note_errors, print_glimpses, print_report
from lakescan.errors import UsageError

STANDARD_INPUT = "-"


def classify(
    source: Annotated[
        str,
        typer.Argument(metavar="FILE", help="One file, local or remote; - for standard input."),
    ],
    policy: options.PolicyOption = None,
    how: options.FormatOption = Format.TABLE,
    accuracy: options.AccuracyOption = None,
    fail_on: options.FailOnOption = None,
    input_format: options.InputFormatOption = None,
    delimiter: options.DelimiterOption = None,
    quote: options.QuoteOption = None,
    encoding: options.EncodingOption = None,
    header: options.HeaderOption = Header.AUTO,
    sheet: options.SheetOption = None,
    endpoint: options.EndpointOption = None,
    region: options.RegionOption = None,
    profile: options.ProfileOption = None,
    anonymous: options.AnonymousOption = False,
    storage_property: options.StorageOption = None,
    show_data: options.ShowDataOption = False,
) -> None:
    """Classify the columns of one file quickly, with no cluster and no run folder."""
    check_show_data(show_data, how.value)
    if show_data and source == STANDARD_INPUT:
        raise UsageError("--show-data reads the source twice", hint="give a file instead of -")

    import lakescan

    rules = options.asked_policy(policy, accuracy)
    gates = gates_of(rules, fail_on)
    selection = lakescan.Selection(
        format=input_format,
        options=options.file_options(delimiter, quote, encoding, header, sheet),
        storage=options.storage_properties(
            endpoint, region, profile, anonymous=anonymous, more=storage_property
        ),
    )
    data = sys.stdin.buffer if source == STANDARD_INPUT else source
    result = lakescan.classify(data, policy=rules, selection=selection)
    print_report(result.value, how.value)
    if show_data:
        from lakescan.jobs.peek import peek

        print_glimpses(peek(result.value, [source], rules, selection))
    if how is not Format.TABLE:
        note_errors(result.value)
    conclude(result.value, gates)
