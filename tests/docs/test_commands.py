"""Every command in the README and the user's guide is run, in order, page by page.

A fenced block of `sh`, `console` or `python` is run in a folder that has the demo lake as
`demo/lake`. In `console` the lines after `$ ` are commands and the others output. The line before
the fence may say `<!-- exit: 4 -->` (the exit code that the block's last command must have) or
`<!-- not run: the reason -->`. Other blocks need a language that nobody would run.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from lakescan.connectors import storage_for

ROOT = Path(__file__).parents[2]
#: Pages of a store, which are run against a server of its API.
STORES = {"s3": pytest.mark.s3, "gcs": pytest.mark.gcs, "azure": pytest.mark.azure}
SOURCES = sorted((ROOT / "docs" / "sources").glob("*.md"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *SOURCES]
#: Pages whose commands want a server, told by environment variables.
SERVERS = {"postgresql"}
SHELL = {"sh", "console"}
RUN = {*SHELL, "python"}
SHOWN = {"text", "yaml", "json", "toml", "csv", "make", "html", "ini", "properties"}

FENCE = re.compile(
    r"(?:^[ ]*<!--[ ]*(?P<note>[^\n]*?)[ ]*-->\n+)?"
    r"^(?P<indent>[ ]*)```(?P<language>[\w-]*)[^\n]*\n(?P<body>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """One fenced block, and what its note says."""

    where: str
    language: str
    body: str
    note: str

    @property
    def skipped(self) -> bool:
        return self.note.startswith("not run:")

    @property
    def exit_code(self) -> int:
        return int(self.note.removeprefix("exit:")) if self.note.startswith("exit:") else 0

    @property
    def script(self) -> str:
        """What the shell is given."""
        if self.language != "console":
            return self.body
        lines = re.findall(r"^\s*\$ ((?:.*\\\n)*.*)$", self.body, re.MULTILINE)
        return "\n".join(lines)


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        line = text.count("\n", 0, match.start("indent")) + 1
        where = f"{page.relative_to(ROOT)}:{line}"
        indent = len(match["indent"])
        body = "".join(one[indent:] for one in match["body"].splitlines(keepends=True))
        found.append(Block(where, match["language"], body, match["note"] or ""))
    return found


def pages_to_run() -> list[object]:
    """Pages with something to run; those that start Ray or Spark run alone."""
    chosen = []
    for page in PAGES:
        live = [b for b in blocks(page) if b.language in RUN and not b.skipped]
        if live:
            rays = any(re.search(r"engine[ =]\W?ray|import ray", b.body) for b in live)
            marks = [pytest.mark.ray, pytest.mark.slow] if rays else []
            if any(
                re.search(r"engine[ =]\W?spark|import pyspark|spark-submit", b.body) for b in live
            ):
                marks += [pytest.mark.spark, pytest.mark.slow]
            if page.parent.name == "sources" and page.stem in STORES:
                marks.append(STORES[page.stem])
            if page.stem in SERVERS:
                marks.append(getattr(pytest.mark, page.stem))
            chosen.append(pytest.param(page, id=page.stem, marks=marks))
    return chosen


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_is_run_or_says_why_not(page):
    for block in blocks(page):
        assert block.language in RUN | SHOWN, f"{block.where}: a language is missing"
        if block.language == "console":
            assert block.script, f"{block.where}: no line starts with $"
        if block.note.startswith("not run"):
            assert len(block.note) > len("not run: why"), f"{block.where}: give the reason"


@pytest.fixture
def bucket(request, page, desk, monkeypatch):
    """On the page of a store: its bucket ``lake`` with the demo lake's ``crm/`` in it."""
    if page.parent.name != "sources" or page.stem not in STORES:
        return
    name = "s3_server" if page.stem == "s3" else f"{page.stem}_store"
    server = request.getfixturevalue(name)
    for variable, value in (server.env() if page.stem == "s3" else server.env).items():
        monkeypatch.setenv(variable, value)
    root = {"s3": "s3", "gcs": "gs", "azure": "az"}[page.stem] + "://lake"
    for file in (desk / "demo" / "lake" / "crm").iterdir():
        storage_for(root).write_bytes(f"{root}/crm/{file.name}", file.read_bytes())


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("page", pages_to_run())
def test_the_commands_of_the_page(page, desk, request):
    if page.stem in SERVERS:
        request.getfixturevalue(f"{page.stem}_for_docs")
    names: dict[str, object] = {"__name__": "__main__"}
    script = ""
    for block in blocks(page):
        if block.skipped or block.language not in RUN:
            continue
        if block.language == "python" and (script or "pyspark" in block.body):
            # A JVM that is there already is in another folder.
            script += block.body
        elif block.language == "python":
            exec(compile(block.body, block.where, "exec"), names)  # noqa: S102
        else:
            shell = ["bash", "-euo", "pipefail", "-c", block.script]
            run = subprocess.run(shell, cwd=desk, capture_output=True, text=True)
            assert run.returncode == block.exit_code, f"{block.where}\n{run.stdout}\n{run.stderr}"
    if script:
        python = [sys.executable, "-c", script]
        run = subprocess.run(python, cwd=desk, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr


def test_links_inside_the_guide_lead_somewhere():
    lost = []
    pages = [*PAGES, ROOT / "CONTRIBUTING.md", *(ROOT / "docs/decisions").glob("*.md")]
    for page in pages:
        targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        inside = [target for target in targets if "://" not in target]
        lost += [f"{page.name}: {t}" for t in inside if not (page.parent / t).exists()]
    assert lost == []


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    missing = [p.name for p in (ROOT / "docs").glob("*.md") if f"({p.name})" not in index]
    sources = (ROOT / "docs" / "sources").glob("*.md")
    missing += [p.name for p in sources if f"(sources/{p.name})" not in index]
    missing.remove("README.md")
    missing += [page.name for page in SOURCES if f"(sources/{page.name})" not in index]
    assert missing == []
    records = (ROOT / "docs" / "decisions").glob("[0-9]*.md")
    unlisted = [p.name for p in records if f"(decisions/{p.name})" not in index]
    assert unlisted == []


def test_every_extra_is_on_the_page_of_installing():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    page = (ROOT / "docs/install.md").read_text()
    rows = " ".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| "))
    assert set(re.findall(r"`([^`]+)`", rows)) == set(project["optional-dependencies"])
