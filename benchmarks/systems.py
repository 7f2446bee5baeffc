"""The systems that scan.py measures, each run alone in a process of its own.

`python systems.py SYSTEM FOLDER [ROWS]` does one job and prints one line of JSON: the rows it
went over and the seconds that the job took, imports and the building of recognisers not counted.
Nothing is imported but what the system needs, so that the peers may live in another environment.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

Timed = tuple[int, float]


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
    return rows, min(seconds)


def local(folder: Path, _rows: int) -> Timed:
    """Our process pool: a full scan, every row of every column, reports included."""
    return _lakescan(folder, "local")


def ray(folder: Path, _rows: int) -> Timed:
    """Our engine on a Ray cluster that it starts (and whose start is counted)."""
    return _lakescan(folder, "ray")


def _lakescan(folder: Path, engine: str) -> Timed:
    import os

    import lakescan

    workers = len(os.sched_getaffinity(0))
    options = lakescan.EngineOptions(name=engine, workers=workers)
    start = time.perf_counter()
    # The peers run without a model, too.
    result = lakescan.scan(str(folder), engine=options, accuracy_mode="patterns")
    seconds = time.perf_counter() - start
    if result.status != "complete":
        sys.exit(f"the scan ended {result.status}")
    return result.value.rows_scanned, seconds


def presidio(folder: Path, rows: int) -> Timed:
    """Presidio's batch analyzer over a dictionary of columns, patterns only: no NER model."""
    from presidio_analyzer import BatchAnalyzerEngine

    analyzer = BatchAnalyzerEngine(_analyzer())
    columns = _strings(folder, rows).to_pydict()
    start = time.perf_counter()
    for _ in analyzer.analyze_dict(columns, language="en", batch_size=256):
        pass
    return rows, time.perf_counter() - start


def structured(folder: Path, rows: int) -> Timed:
    """presidio-structured's analysis of a data frame, all of its rows, with the same analyzer."""
    from presidio_structured import PandasAnalysisBuilder

    builder = PandasAnalysisBuilder(_analyzer(), batch_size=256)
    frame = _strings(folder, rows).to_pandas().astype(object)
    start = time.perf_counter()
    builder.generate_analysis(frame)
    return rows, time.perf_counter() - start


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
    "presidio": presidio,
    "structured": structured,
}


def main() -> None:
    """Run the system that the command line names."""
    name, folder, rows = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    done, seconds = SYSTEMS[name](folder, rows)
    print(json.dumps({"rows": done, "seconds": seconds}))


if __name__ == "__main__":
    main()
