"""A self-contained page of a report; it may load and run nothing."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from jinja2 import DictLoader, Environment, StrictUndefined

from lakescan.reports.legible import legible, percent, plural

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 0; color: #1a1c20; background: #fff; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; color: #555b66; }
dd { margin: 0; }
section { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; color: #555b66; }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #e4e6ea; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
tr.keep td { color: #6b7280; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e8ec; background: #15171b; } th, dl { color: #9aa1ad; }
  th, td { border-color: #2c3038; } tr.keep td { color: #8b929e; }
}
"""


def still_page(package: str, report: object) -> bytes:
    """The template ``page.html`` of a package, filled in, UTF-8.

    Args:
        package: its name.
        report: what the template calls ``report``.
    """
    source = resources.files(package).joinpath("page.html").read_text(encoding="utf-8")
    environment = Environment(
        loader=DictLoader({"page.html": source}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(legible=legible, percent=percent, plural=plural)
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
    page = environment.get_template("page.html").render(
        report=report, style=_STYLE, style_hash=f"sha256-{digest}"
    )
    return page.encode("utf-8", "replace")
