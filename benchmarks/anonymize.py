"""Operators on generated tables, beside presidio-anonymizer and presidio-structured, in one run.

usage: python benchmarks/anonymize.py [--rows N] [--peers-python PYTHON] [--json FILE]
       python benchmarks/anonymize.py --memory 100 1000 5000 [--format csv] [--one-file]

Processor time of one process a side (all of its threads), so that MB/s are per core and other
work on the machine counts less. lakescan treats whole columns as its anonymize job does (distinct
values, then the operator, then back). Of the peers, presidio-anonymizer is called once a cell, as
its documentation shows, with the finding given, so that nothing is detected on either side;
presidio-structured on the whole data frame. MB/s count the bytes of the texts that went in.

--memory runs whole jobs instead, on a mixed table of so many MB on disk, and tells the highest
resident memory of all their processes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from measure import measure
from mixed import cached, joined, repeated

from lakescan.policy import Policy
from lakescan.udfs.anonymize.column import whole_cells
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.workshop import Workshop
from lakescan.udfs.anonymize.plan import ColumnPlan, Treatment
from lakescan.udfs.anonymize.prose import Prose
from lakescan.udfs.detect import DetectorSet, Values
from lakescan.udfs.detect.collect import Group, table_of

HERE = Path(__file__).parent
SEED = 5
#: Operator, its options, the column it is measured on, and the peers' name for it.
CASES: tuple[tuple[str, dict[str, object], str, str | None], ...] = (
    ("hash", {}, "email", "hash"),
    ("hash", {}, "card", "hash"),
    ("mask", {"keep_last": 4}, "card", "mask"),
    ("mask", {}, "email", "mask"),
    ("token", {}, "email", "hash"),
    ("token", {}, "card", "hash"),
    ("encrypt", {}, "email", "encrypt"),
    ("encrypt", {"mode": "gcm-siv"}, "email", "encrypt"),
    ("fpe", {"keep_first": 6, "checksum": "luhn"}, "card", None),
    ("fpe", {}, "ssn", None),
    ("fake", {}, "name", "replace"),
    ("fake", {}, "email", "replace"),
    ("fake", {}, "card", "replace"),
    ("replace", {}, "email", "replace"),
)
ENTITIES = {"email": "EMAIL_ADDRESS", "card": "CREDIT_CARD", "ssn": "US_SSN", "name": "PERSON"}
CATEGORIES = {**ENTITIES, "ssn": "SOCIAL_SECURITY_ID"}
REPEATS = 3
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def columns(rows: int, people: int) -> dict[str, list[str]]:
    """Cells of ``people`` different people over ``rows`` rows."""
    rng = random.Random(SEED)
    first = "ann peter maria james linda robert karen michael laura susan omar wei".split()
    last = "miller smith garcia johnson brown davis wilson moore taylor clark khan li".split()
    every = []
    for number in range(people):
        a, b = rng.choice(first), rng.choice(last)
        every.append(
            {
                "email": f"{a}.{b}{number}@mail-{number % 97}.example.com",
                "card": "4" + "".join(str(rng.randrange(10)) for _ in range(15)),
                "ssn": f"{100 + number % 565}-{rng.randrange(10, 99)}-{rng.randrange(1000, 9999)}",
                "name": f"{a.title()} {b.title()}{LETTERS[number % 26]}{LETTERS[number % 17]}",
            }
        )
    drawn = list(range(people)) if people >= rows else [rng.randrange(people) for _ in range(rows)]
    return {name: [every[n][name] for n in drawn[:rows]] for name in ENTITIES}


def best(run: Callable[[], object]) -> float:
    """Seconds of processor time of the fastest of some runs, after one that warms up."""
    run()
    times = []
    for _ in range(REPEATS):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def megabytes(cells: list[str]) -> float:
    """Bytes of the texts, in millions."""
    return sum(len(cell.encode()) for cell in cells) / 1e6


def ours(cells: dict[str, list[str]]) -> dict[str, float]:
    """MB/s of each case."""
    workshop = Workshop(Keyring({"bench": bytes(range(32))}, "bench"))
    speeds = {}
    for name, options, column, _ in CASES:
        treatment = Treatment(name, options)
        operator = workshop.operator(treatment)
        array = pa.array(cells[column], pa.string())
        plan = ColumnPlan(0, column, ENTITIES[column], CATEGORIES[column], treatment)
        seconds = best(partial(whole_cells, array, plan, operator, None))
        speeds[case_name(name, options, column)] = megabytes(cells[column]) / seconds
    return speeds


def case_name(name: str, options: dict[str, object], column: str) -> str:
    """What a case is called in tables."""
    mode = f" {options['mode']}" if "mode" in options else ""
    return f"{name}{mode}: {column}"


class GivenFindings(DetectorSet):
    """Tells findings that are known, so that only their exchange is measured."""

    def __init__(self, findings: pa.Table) -> None:
        super().__init__((), Policy.default())
        self._findings = findings

    def detect_texts(self, values: Values) -> pa.Table:
        """The findings, whatever the values."""
        assert len(values)
        return self._findings


def prose(cells: dict[str, list[str]]) -> tuple[list[str], list[list[tuple[int, int, str]]]]:
    """Different texts with an address and a card in each, and where these are."""
    texts, spans = [], []
    for number, (email, card) in enumerate(zip(cells["email"], cells["card"], strict=True)):
        head = f"Ticket {number}: the customer wrote from "
        middle = " that the payment with the card "
        tail = " was taken twice, and asks for one of the two to be returned before Friday."
        texts.append(f"{head}{email}{middle}{card}{tail}")
        at = len(head) + len(email) + len(middle)
        spans.append(
            [
                (len(head), len(head) + len(email), "EMAIL_ADDRESS"),
                (at, at + len(card), "CREDIT_CARD"),
            ]
        )
    return texts, spans


def ours_in_prose(texts: list[str], spans: list[list[tuple[int, int, str]]]) -> float:
    """MB/s of exchanging given spans for markers."""
    groups = []
    for place, entity in enumerate(("EMAIL_ADDRESS", "CREDIT_CARD")):
        starts = np.array([found[place][0] for found in spans], np.int64)
        ends = np.array([found[place][1] for found in spans], np.int64)
        groups.append(
            Group(entity, "given", 1.0, np.arange(len(texts), dtype=np.int64), starts, ends)
        )
    table = table_of(groups).sort_by([("row", "ascending"), ("start", "ascending")])
    treated = Prose(GivenFindings(table), Policy.default(), Workshop(None))
    plan = ColumnPlan(0, "text", spans={"*": Treatment("replace")})
    array = pa.array(texts, pa.string())
    return megabytes(texts) / best(lambda: treated.rewrite(array, plan, None))


PEERS = r"""
import json, sys, time
import pandas as pd
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult
asked = json.load(sys.stdin)
engine = AnonymizerEngine()
CONFIG = {
    "hash": OperatorConfig("hash", {"hash_type": "sha256", "salt": b"0123456789abcdef"}),
    "mask": OperatorConfig("mask", {"masking_char": "*", "chars_to_mask": 12, "from_end": False}),
    "encrypt": OperatorConfig("encrypt", {"key": b"0123456789abcdef0123456789abcdef"}),
    "replace": OperatorConfig("replace", {"new_value": "<X>"}),
}
def best(run):
    run()
    times = []
    for _ in range(asked["repeats"]):
        started = time.process_time(); run(); times.append(time.process_time() - started)
    return min(times)
def size(cells): return sum(len(c.encode()) for c in cells) / 1e6
out = {"cells": {}, "structured": {}}
for key, (operator, column, entity) in asked["cases"].items():
    cells = asked["columns"][column]
    config = {"DEFAULT": CONFIG[operator]}
    def run():
        for cell in cells:
            engine.anonymize(cell, [RecognizerResult(entity, 0, len(cell), 1.0)], config)
    out["cells"][key] = size(cells) / best(run)
texts, spans = asked["texts"], asked["spans"]
def run():
    for text, found in zip(texts, spans):
        engine.anonymize(text, [RecognizerResult(e, s, t, 1.0) for s, t, e in found])
out["prose"] = size(texts) / best(run)
try:
    from presidio_structured import StructuredAnalysis, StructuredEngine
    structured = StructuredEngine()
    for key, (operator, column, entity) in asked["cases"].items():
        frame = pd.DataFrame({column: asked["columns"][column]})
        analysis = StructuredAnalysis(entity_mapping={column: entity})
        def run():
            structured.anonymize(frame.copy(), analysis, {"DEFAULT": CONFIG[operator]})
        out["structured"][key] = size(asked["columns"][column]) / best(run)
except Exception as error:
    out["structured_error"] = type(error).__name__ + ": " + str(error)[:200]
json.dump(out, sys.stdout)
"""


def theirs(python: str, cells: dict[str, list[str]], rows: int) -> dict[str, dict[str, float]]:
    """MB/s of the peers on the first ``rows`` of the same cells, in an environment of their own."""
    part = {name: column[:rows] for name, column in cells.items()}
    texts, spans = prose(part)
    cases = {
        case_name(name, options, column): (peer, column, ENTITIES[column])
        for name, options, column, peer in CASES
        if peer is not None
    }
    asked = {"columns": part, "cases": cases, "texts": texts, "spans": spans, "repeats": 2}
    run = subprocess.run(
        [python, "-c", PEERS], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    if run.returncode:
        sys.exit(f"the peers failed: {run.stderr.strip().splitlines()[-1]}")
    found: dict[str, dict[str, float]] = json.loads(run.stdout)
    return found


def show(told: dict[str, object]) -> None:
    """A table on standard output."""
    peers = told.get("peers")
    cells = peers["cells"] if isinstance(peers, dict) else {}
    frames = peers["structured"] if isinstance(peers, dict) else {}
    fresh, repeated = told["distinct"], told["repeated"]
    assert isinstance(fresh, dict)
    assert isinstance(repeated, dict)
    print("MB/s per core        all different  8 rows each  p-anonymizer  p-structured   times")
    for name, speed in fresh.items():
        one, frame = cells.get(name), frames.get(name)
        peer = f"{'' if one is None else f'{one:.3f}':>14}"
        peer += f"{'' if frame is None else f'{frame:.3f}':>14}"
        print(
            f"{name:<22}{speed:>12.1f}{repeated[name]:>13.1f}"
            f"{peer}"
            f"{'' if one is None else f'{speed / one:,.0f} / {repeated[name] / one:,.0f}':>14}"
        )
    line = f"{'spans in prose':<22}{told['prose']:>12.1f}{'':>13}"
    if isinstance(peers, dict):
        line += f"{peers['prose']:>14.3f}{'':>14}{told['prose'] / peers['prose']:>14,.0f}"
    print(line)


def memory(args: argparse.Namespace) -> list[dict[str, float]]:
    """Peak memory of whole jobs as their input grows."""
    args.data.mkdir(parents=True, exist_ok=True)
    base = cached(args.data, 64, args.format)
    shape = joined if args.one_file else repeated
    cores = len(os.sched_getaffinity(0))
    told: list[dict[str, float]] = []
    print(f"{'files':>6}{'MB on disk':>12}{'rows':>14}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}")
    for megabytes in args.memory:
        with tempfile.TemporaryDirectory(dir=args.data) as scratch:
            data = shape(base, Path(scratch) / "lake", megabytes)
            files = len(list(Path(data.folder).iterdir()))
            system = [sys.executable, str(HERE / "systems.py"), "anonymize", data.folder]
            done = measure([*system, str(data.rows)], cores)
        if done.error:
            sys.exit(f"the job failed: {done.error}")
        print(
            f"{files:>6}{data.file_bytes / 1e6:>12,.0f}{done.rows:>14,}{done.seconds:>9.1f}"
            f"{done.cpu_seconds:>8.1f}{done.peak_bytes / 1e6:>9,.0f}",
            flush=True,
        )
        told.append({"bytes": data.file_bytes, "rows": done.rows, "peak_bytes": done.peak_bytes})
    return told


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else ""
    )
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--peer-rows", type=int, default=2_000)
    parser.add_argument("--peers-python", help="a Python that has presidio-anonymizer")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--memory", type=float, nargs="+", metavar="MB")
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--one-file", action="store_true", help="one large file, not many")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where inputs are kept")
    args = parser.parse_args()
    if args.memory:
        sizes = memory(args)
        if args.json:
            args.json.write_text(json.dumps(sizes, indent=2) + "\n")
        return
    fresh = columns(args.rows, args.rows)
    told: dict[str, object] = {
        "rows": args.rows,
        "distinct": ours(fresh),
        "repeated": ours(columns(args.rows, max(1, args.rows // 8))),
        "prose": ours_in_prose(*prose(fresh)),
    }
    if args.peers_python:
        told["peers"] = theirs(args.peers_python, fresh, min(args.peer_rows, args.rows))
    show(told)
    if args.json:
        args.json.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
