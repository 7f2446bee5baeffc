"""A report in any of its forms, by the form's name."""

from __future__ import annotations

from lakescan.errors import UnknownNameError
from lakescan.reports.model import ScanReport

#: The forms, and the file endings that ask for them.
FORMS = {
    "table": ".txt",
    "json": ".json",
    "jsonl": ".jsonl",
    "markdown": ".md",
    "html": ".html",
    "sarif": ".sarif",
}

#: How wide a table is where there is no terminal.
WIDTH = 120


def render(report: ScanReport, form: str, baseline: ScanReport | None = None) -> bytes:
    """The report in one of `FORMS`, UTF-8.

    Args:
        report: what was found.
        form: a name of `FORMS`.
        baseline: an earlier run; all forms but JSON tell what is new since then.

    Raises:
        UnknownNameError: there is no such form.
    """
    if form == "json":
        from lakescan.reports.contract import to_json

        return to_json(report)
    if form == "jsonl":
        from lakescan.reports.contract import to_jsonl

        return to_jsonl(report)
    if form == "markdown":
        from lakescan.reports.markdown import to_markdown

        return to_markdown(report, baseline).encode()
    if form == "html":
        from lakescan.reports.html.page import to_html

        return to_html(report, baseline)
    if form == "sarif":
        from lakescan.reports.sarif import to_sarif

        return to_sarif(report, baseline)
    if form == "table":
        return _table(report, baseline)
    raise UnknownNameError("report form", form, FORMS)


def form_of(path: str) -> str:
    """The form that a file's ending asks for.

    Raises:
        UnknownNameError: no form has that ending.
    """
    for form, ending in FORMS.items():
        if path.lower().endswith(ending):
            return form
    name = path.rsplit("/", 1)[-1]
    raise UnknownNameError("report file ending", name, FORMS.values())


def _table(report: ScanReport, baseline: ScanReport | None) -> bytes:
    from io import StringIO

    from rich.console import Console

    from lakescan.reports.terminal import print_report

    text = StringIO()
    console = Console(file=text, width=WIDTH, highlight=False, color_system=None)
    print_report(report, console, baseline)
    return text.getvalue().encode()
