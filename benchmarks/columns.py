"""Column accuracy: scan a folder of labelled tables with one command and score the verdicts.

Usage: ``python benchmarks/columns.py DATA_DIR [--scorer FILE] [--answer FILE] [...]``

DATA_DIR holds tables and a ``labels.jsonl`` (one JSON object a column: file, index, column, label).
The scan is the product's own command with no option for any file. Its JSON becomes one prediction
a column, which the scorer (by default ``DATA_DIR/../score.py``) compares with the labels. Options
that are not known here go to the scorer, such as ``--errors 20`` or ``--by source``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath


def scan(folder: Path) -> dict[str, object]:
    """The answer of ``lakescan scan FOLDER --format json``."""
    command = [sys.executable, "-m", "lakescan", "scan", str(folder), "--format", "json"]
    command += ["--group", "file", "--quiet", "--exclude", "labels.jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 4):
        raise SystemExit(done.stderr)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def predictions(
    answer: Mapping[str, object], labels: list[dict[str, object]]
) -> Iterator[dict[str, object]]:
    """One prediction a column: free text, else the category of the first classification.

    Columns of flat tables are told apart by index, those of nested ones by path.
    """
    categories = {str(label["label"]) for label in labels} | {"NONE"}
    paths = {(str(label["file"]), label["column"]): label["index"] for label in labels}
    nested = {str(label["file"]) for label in labels if label["format"] in ("json", "jsonl")}
    for dataset in _dicts(answer["datasets"]):
        file = PurePosixPath(str(dataset["uri"])).name
        for column in _dicts(dataset["columns"]):
            index = column["index"]
            if file in nested and column["column"] is not None:
                index = paths.get((file, column["column"]))
            classes = _dicts(column["classifications"])
            label = str(classes[0]["category"]) if classes else "NONE"
            if column["type_hint"] == "FREE_TEXT":
                label = "FREE_TEXT"
            if column["type_hint"] == "SPARSE":
                label = "NONE"  # a few cells hold something; the column is nothing known
            if index is not None:
                known = label if label in categories else "NONE"
                yield {
                    "file": file,
                    "index": index,
                    "label": known,
                    "sensitive": column["sensitive"],
                }


def _dicts(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value


def flags(predicted: list[dict[str, object]], labels: list[dict[str, object]]) -> str:
    """Precision and recall of our own ``sensitive`` over all labelled, filled columns."""
    told = {(p["file"], p["index"]): bool(p["sensitive"]) for p in predicted}
    counts = Counter(
        (bool(label["sensitive"]), told.get((str(label["file"]), label["index"]), False))
        for label in labels
        if not label.get("empty")
    )
    hit, missed, false = counts[True, True], counts[True, False], counts[False, True]
    return (
        f"lakescan's own sensitive flag: precision {hit / max(1, hit + false):.3f}, "
        f"recall {hit / max(1, hit + missed):.3f} ({hit + missed} columns)"
    )


def coverage(predicted: list[dict[str, object]], labels: list[dict[str, object]]) -> str:
    """How many labelled columns the scan found at all: a file cut wrongly shows here."""
    told = {(p["file"], p["index"]) for p in predicted}
    wanted = {(str(label["file"]), label["index"]) for label in labels}
    files = sorted({str(file) for file, _ in wanted - told})
    line = f"columns found: {len(wanted & told)} of {len(wanted)}"
    return line + (f"; some missing in {', '.join(files[:12])}" if files else "")


def main() -> int:
    """Scan, convert, score."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--scorer", type=Path, help="by default DATA_DIR/../score.py")
    parser.add_argument("--answer", type=Path, help="JSON of an earlier scan, instead of a new one")
    parser.add_argument("--keep", type=Path, help="write the predictions there")
    given, rest = parser.parse_known_args()
    if given.answer and not given.answer.is_file():
        parser.error(f"{given.answer}: no such file")
    lines = (given.data / "labels.jsonl").read_text("utf-8").splitlines()
    labels = [json.loads(line) for line in lines if line.strip()]
    begun = time.perf_counter()
    answer = json.loads(given.answer.read_text("utf-8")) if given.answer else scan(given.data)
    seconds = time.perf_counter() - begun
    predicted = list(predictions(answer, labels))
    with tempfile.TemporaryDirectory() as folder:
        target = given.keep or Path(folder) / "predictions.jsonl"
        target.write_text("".join(json.dumps(p) + "\n" for p in predicted), "utf-8")
        scorer = given.scorer or given.data.parent / "score.py"
        command = [sys.executable, str(scorer), str(given.data), str(target), *rest]
        code = subprocess.run(command, check=False).returncode
    print(flags(predicted, labels))
    print(coverage(predicted, labels))
    print(f"scan: {seconds:.0f} s, {len(_dicts(answer['errors']))} errors")
    return code


if __name__ == "__main__":
    sys.exit(main())
