"""Every notebook runs from top to bottom, shows what it promises, and is kept without outputs."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"

#: What must stand in a notebook's outputs, as plain text of what it shows.
SHOWN = {
    "1_first_scan": ["partial", "US_SSN", "EMAIL_ADDRESS", "report.html written"],
    "2_policy": ["LOYALTY_NUMBER", "did you mean"],
    "3_on_ray": ["partial ray", "equal: [0-9]{2,}", "with nothing read again"],
    "4_anonymize_and_verify": ["k=[0-9]+", "rows, [0-9]+ after", "0 leaks in"],
    "5_on_spark": ["<US_SSN>", r"\*@\*"],
}

MARKS = {"3_on_ray": [pytest.mark.ray], "5_on_spark": [pytest.mark.spark]}

#: Values of the demo's people must not be in what the cards show.
SOCIAL_SECURITY_NUMBER = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")


@pytest.mark.slow
@pytest.mark.usefixtures("unmeasured")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=MARKS.get(name, [])) for name in sorted(SHOWN)]
)
def test_a_notebook_runs_and_shows_what_it_promises(name):
    book = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    client = NotebookClient(
        book, timeout=180, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    )

    client.execute()

    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    text = "\n".join(_shown(output) for output in outputs)
    for pattern in SHOWN[name]:
        assert re.search(pattern, text), f"{name} shows no {pattern!r}"
    assert not SOCIAL_SECURITY_NUMBER.search(text) or name == "5_on_spark"
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == sum(cell.source.count("pictures.") for cell in book.cells)


def test_the_notebooks_are_all_known():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(SHOWN)


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_a_notebook_is_kept_tidy(name):
    book = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert book.cells[0].cell_type == "markdown"


def _shown(output):
    data = output.get("data", {})
    return "\n".join(
        [output.get("text", ""), data.get("text/html", ""), data.get("text/plain", "")]
    )
