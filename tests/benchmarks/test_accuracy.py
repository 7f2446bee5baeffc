"""benchmarks/accuracy.py scores a folder of labelled sets and writes its page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "accuracy.py"

pytestmark = [pytest.mark.bench, pytest.mark.usefixtures("unmeasured")]


def test_the_page_has_every_set_the_detectors_and_the_confidences(tmp_path):
    tables, page = tmp_path / "data" / "dev", tmp_path / "page.md"
    tables.mkdir(parents=True)
    rows = [f"p{n}@example.org,{100 + n}" for n in range(40)]
    (tables / "people.csv").write_text("\n".join(["mail_1,part", *rows]) + "\n")
    labels = [
        {"file": "people.csv", "index": 0, "column": "mail_1", "label": "EMAIL_ADDRESS"},
        {"file": "people.csv", "index": 1, "column": "part", "label": "NONE"},
    ]
    (tables / "labels.jsonl").write_text("".join(json.dumps(label) + "\n" for label in labels))
    span = {"start": 9, "end": 24, "label": "EMAIL"}
    line = {"id": 1, "text": "Write to ann@example.org", "spans": [span]}
    (tmp_path / "data" / "ambient_one.jsonl").write_text(json.dumps(line) + "\n")

    command = [sys.executable, SCRIPT, tmp_path / "data", "--page", page]
    command += ["--modes", "patterns", "--peers", "--resamples", "50"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr

    assert "macro-F1" in run.stdout
    text = page.read_text()
    assert "## dev: 2 columns" in text
    assert "## ambient_one: 1 texts" in text
    assert "lakescan patterns, names alone" in text
    assert "lakescan patterns, values alone" in text
    assert "pattern.email" in text.replace("\\", "")
    assert "How often a verdict of some confidence is right" in text
