"""The systems that scan.py and anonymize.py measure, each run alone in a process of its own.

`python systems.py SYSTEM FOLDER [ROWS]` does one job and prints one line of JSON: the rows it
went over and the seconds that the job took, imports and the building of recognisers not counted,
and the processor seconds of what ran before (a cluster), which are not the job's.
Nothing is imported but what the system needs, so that the peers may live in another environment.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

#: What the anonymize job does to the mixed table.
RULES = [
    {"entities": "EMAIL_ADDRESS", "operator": "token", "domain": "mail"},
    {"entities": "PERSON", "operator": "hash"},
    {"entities": "CREDIT_CARD", "operator": "mask", "options": {"keep_last": 4}},
]
#: After `ray start` has answered, until the processes that it started have, too.
SETTLE_SECONDS = 6.0


class Timed(NamedTuple):
    """What a job went over and took, and how long of that it planned.

    ``cpu_before`` was used by others before it began.
    """

    rows: int
    seconds: float
    cpu_before: float = 0.0
    planning: float = 0.0


def batches(folder: Path) -> Iterator[pa.RecordBatch]:
    """All files' record batches, one after the other."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".parquet":
            yield from pq.ParquetFile(path).iter_batches()
        else:
            strings = pa.csv.ConvertOptions(strings_can_be_null=True)
            yield from pa.csv.open_csv(path, convert_options=strings)


def bare(folder: Path, _rows: int) -> Timed:
    """Only read: every column of every batch is decoded, and dropped. The best of three."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        rows = sum(batch.num_rows for batch in batches(folder))
        seconds.append(time.perf_counter() - start)
    return Timed(rows, min(seconds))


def local(folder: Path, _rows: int) -> Timed:
    """Our process pool: a full scan, every row of every column, reports included."""
    return _lakescan(folder, "local")


def ray(folder: Path, _rows: int) -> Timed:
    """Our engine on a Ray cluster that it starts (and whose start is counted)."""
    return _lakescan(folder, "ray")


def spark(folder: Path, _rows: int) -> Timed:
    """Our engine on a Spark session that it starts (and whose start is counted)."""
    return _lakescan(folder, "spark")


def running(folder: Path, _rows: int) -> Timed:
    """Our engine on a Ray cluster that is there already, of this machine's processors."""
    os.environ.setdefault("RAY_AUTH_MODE", "token")  # of the cluster, and of us
    with _cluster() as (address, cpu_seconds):
        timed = _lakescan(folder, "ray", address)
    return timed._replace(cpu_before=cpu_seconds)


@contextlib.contextmanager
def _cluster() -> Iterator[tuple[str, float]]:
    """Start a cluster as `ray start` does; its address, and the processor seconds it took."""
    import psutil

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--head", "--block", "--disable-usage-stats", "--include-dashboard=false"]
    options += ["--node-ip-address=127.0.0.1", f"--port={port}"]
    options += [f"--num-cpus={len(os.sched_getaffinity(0))}"]
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", *options]
    cluster = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert cluster.stdout is not None
        said = []
        for line in cluster.stdout:
            said.append(line)
            if "--block" in line:  # the last that it says
                break
        else:
            sys.exit("no cluster: " + " ".join(" ".join(said).split())[-200:])
        time.sleep(SETTLE_SECONDS)
        root = psutil.Process(cluster.pid)
        times = [each.cpu_times() for each in [root, *root.children(recursive=True)]]
        yield f"127.0.0.1:{port}", sum(each.user + each.system for each in times)
    finally:
        cluster.terminate()
        cluster.wait()


class _Phases:
    """Notes when each phase of a scan began; a `lakescan.reports.progress.Progress`."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}

    def phase(self, name: str) -> None:
        """A phase begins."""
        self.began[name] = time.perf_counter()

    def update(self, counts: object) -> None:
        """Not asked for."""

    def problem(self, error: object) -> None:
        """Not asked for."""


def _lakescan(folder: Path, engine: str, address: str | None = None) -> Timed:
    import lakescan

    workers = len(os.sched_getaffinity(0))
    options = lakescan.EngineOptions(name=engine, workers=workers, address=address)
    phases = _Phases()
    start = time.perf_counter()
    # The peers run without a model, too.
    result = lakescan.scan(str(folder), engine=options, accuracy_mode="patterns", progress=phases)
    seconds = time.perf_counter() - start
    if result.status != "complete":
        sys.exit(f"the scan ended {result.status}")
    planning = phases.began["scanning"] - phases.began["planning"]
    return Timed(result.value.rows_scanned, seconds, planning=planning)


def anonymize(folder: Path, _rows: int) -> Timed:
    """Our anonymize job on the process pool, into a folder beside; scan and commit included."""
    import lakescan
    from lakescan.policy import Policy

    os.environ["LAKESCAN_KEY"] = "11" * 32
    policy = Policy.model_validate({"version": 1, "anonymize": {"rules": RULES}})
    options = lakescan.EngineOptions(name="local", workers=len(os.sched_getaffinity(0)))
    start = time.perf_counter()
    result = lakescan.anonymize(folder, folder.with_name("made"), policy, engine=options)
    seconds = time.perf_counter() - start
    if result.status != "complete":
        sys.exit(f"the job ended {result.status}")
    return Timed(sum(table.rows for table in result.value.tables), seconds)


def presidio(folder: Path, rows: int) -> Timed:
    """Presidio's batch analyzer over a dictionary of columns, patterns only: no NER model."""
    from presidio_analyzer import BatchAnalyzerEngine

    analyzer = BatchAnalyzerEngine(_analyzer())
    columns = _strings(folder, rows).to_pydict()
    start = time.perf_counter()
    for _ in analyzer.analyze_dict(columns, language="en", batch_size=256):
        pass
    return Timed(rows, time.perf_counter() - start)


def structured(folder: Path, rows: int) -> Timed:
    """presidio-structured's analysis of a data frame, all of its rows, with the same analyzer."""
    from presidio_structured import PandasAnalysisBuilder

    builder = PandasAnalysisBuilder(_analyzer(), batch_size=256)
    frame = _strings(folder, rows).to_pandas().astype(object)
    start = time.perf_counter()
    builder.generate_analysis(frame)
    return Timed(rows, time.perf_counter() - start)


def _analyzer() -> object:
    """Presidio's default recognisers for English, less the one that asks a spaCy model."""
    import logging

    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    logging.disable(logging.WARNING)
    tokenizer_only = SpacyNlpEngine()
    tokenizer_only.nlp = {"en": spacy.blank("en")}
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("SpacyRecognizer")
    return AnalyzerEngine(registry=registry, nlp_engine=tokenizer_only)


def _strings(folder: Path, rows: int) -> pa.Table:
    """The first rows as strings, the only form that the peers take; nulls as empty ones."""
    table = pa.Table.from_batches([next(batches(folder))])
    if table.num_rows < rows:
        sys.exit(f"the first batch has only {table.num_rows} rows")
    cells = [column.cast(pa.string()).fill_null("") for column in table.slice(0, rows).columns]
    return pa.table(cells, names=table.column_names)


SYSTEMS: dict[str, Callable[[Path, int], Timed]] = {
    "pyarrow": bare,
    "local": local,
    "ray": ray,
    "running": running,
    "spark": spark,
    "anonymize": anonymize,
    "presidio": presidio,
    "structured": structured,
}


def main() -> None:
    """Run the system that the command line names."""
    name, folder, rows = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(SYSTEMS[name](folder, rows)._asdict()))


if __name__ == "__main__":
    main()
