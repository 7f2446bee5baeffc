"""Accuracy on all labelled sets of a folder, beside the peers, in one run.

    python benchmarks/accuracy.py DATA_DIR --peers-python PYTHON --page docs/accuracy-results.md

DATA_DIR holds, at any depth, folders of tables with a ``labels.jsonl`` (an object a column: file,
index, column, label, also, sensitive) and files of texts (JSON Lines: id, text, spans). Everything
is scored by ``lakescan evaluate``: see docs/evaluate.md for what the figures mean. The peers live
in the environment of --peers-python, with `pip install "lakescan[bench]"`; one that is not there
is said to be absent. With --work their predictions are kept and used again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cells import write_cells
from detectors import DetectorScore, detector_scores
from halves import NAMES, VALUES, judge_values, without_values
from labelled import GOLD, LABELS, LabelledSet, labelled_sets
from modes import available_modes
from results_page import When, write_page
from targets import Standing, standings

import lakescan
from lakescan.errors import UsageError
from lakescan.jobs.evaluate.columns import ColumnLabel, columns_of, read_columns
from lakescan.jobs.evaluate.labels import NONE, Labels
from lakescan.jobs.evaluate.verdicts import facts, matched, units_of
from lakescan.reports.evaluation.model import Evaluation, Measure, Resampling
from lakescan.reports.evaluation.words import told

HERE = Path(__file__).parent
PEERS = ("presidio-sm", "presidio-md", "dataprofiler")
TITLES = {
    "presidio-patterns": "Presidio, patterns only",
    "presidio-sm": "Presidio + spaCy sm",
    "presidio-md": "Presidio + spaCy md",
    "dataprofiler": "DataProfiler",
}
#: Files beside tables that hold none.
NO_TABLES = (GOLD, "SOURCES.md", "README.md")

#: Categories that never count as flagged in the two sensitive targets: see `by_category`.
NOT_FLAGGED = frozenset(["AMOUNT", "DATETIME", "UUID", "ORGANIZATION", NONE])


@dataclass(frozen=True, slots=True)
class Outcome:
    """One system on one set.

    Args:
        evaluation: None where the system is absent; then ``why``.
        seconds: that its work took; for lakescan with the reading of files.
        measures: what `by_category` adds for columns.
        detectors: how right each of lakescan's detectors is on columns.
    """

    set: LabelledSet
    system: str
    evaluation: Evaluation | None
    seconds: float = 0.0
    why: str = ""
    measures: dict[str, Measure] | None = None
    detectors: tuple[DetectorScore, ...] = ()


class Benchmark:
    """Runs systems on sets.

    Args:
        peers_python: the interpreter that has the peers.
        work: where predictions are kept.
        cells: how many cells of a column the peers get.
        how: how intervals are made.
    """

    def __init__(self, peers_python: str, work: Path, cells: int, how: Resampling) -> None:
        self.peers_python = peers_python
        self.work = work
        self.cells = cells
        self.how = how
        self.versions: dict[str, str] = {"lakescan": lakescan.__version__}
        #: The days on which the peers' predictions were made.
        self.kept: set[str] = set()

    def ours(self, given: LabelledSet, mode: str, policy: lakescan.Policy) -> Outcome:
        """Our own detection in one accuracy mode."""
        name = f"lakescan {mode}"
        start = time.perf_counter()
        if given.kind == "texts":
            found = lakescan.evaluate(
                given.gold, None, policy, labels=given.labels, resampling=self.how
            )
            return Outcome(given, name, found, time.perf_counter() - start)
        selection = lakescan.Selection(group="file", exclude=NO_TABLES)
        result = lakescan.scan(str(given.gold.parent), policy, selection=selection)
        seconds = time.perf_counter() - start
        found = lakescan.evaluate(
            given.gold, result, policy, labels=given.labels, resampling=self.how
        )
        labels = Labels.load(given.labels, policy)
        measures = self.by_category(given, columns_of(result.value, labels), labels)
        gold = read_columns(given.gold, labels)
        each = tuple(detector_scores(result.value, gold, labels, self.how))
        return Outcome(given, name, found, seconds, measures=measures, detectors=each)

    def halves(self, given: LabelledSet, mode: str, policy: lakescan.Policy) -> Iterator[Outcome]:
        """The same of columns by their names alone, and by their values alone."""
        names = without_values(f"accuracy_mode: {mode}")
        told = self.ours(given, mode, names)
        yield replace(told, system=f"lakescan {mode}, {NAMES}", detectors=())
        start = time.perf_counter()
        pred = self.work / f"values.{mode}.{given.name}.jsonl"
        judge_values(self._cells(given), pred, policy)
        seconds = time.perf_counter() - start
        found = lakescan.evaluate(
            given.gold, pred, policy, labels=given.labels, resampling=self.how
        )
        labels = Labels.load(given.labels, policy)
        measures = self.by_category(given, read_columns(pred, labels), labels)
        yield Outcome(given, f"lakescan {mode}, {VALUES}", found, seconds, measures=measures)

    def _cells(self, given: LabelledSet) -> Path:
        """The first filled cells of every column."""
        source = self.work / f"cells.{given.name}.jsonl"
        if not source.exists():
            write_cells(given.gold.parent, source, self.cells, exclude=NO_TABLES)
        return source

    def peer(self, given: LabelledSet, system: str) -> Iterator[Outcome]:
        """A peer; for columns once for each of its ways to decide."""
        raw = self.work / f"{system}.{given.name}.jsonl"
        told_file = raw.with_suffix(".json")
        if not told_file.exists():
            failure = self._run_peer(given, system, raw, told_file)
            if failure:
                yield Outcome(given, TITLES[system], None, why=failure)
                return
        about = json.loads(told_file.read_text("utf-8"))
        self.versions.update(about["versions"])
        self.kept.add(datetime.fromtimestamp(raw.stat().st_mtime, UTC).date().isoformat())
        rows = [json.loads(line) for line in raw.read_text("utf-8").splitlines()]
        ours = Labels.load(LABELS / "dataprofiler.yaml", lakescan.Policy.default())
        ways = sorted({row["way"] for row in rows}) if given.kind == "columns" else [""]
        for way in ways:
            name = TITLES[system] + (f", {way}" if len(ways) > 1 else "")
            mine = [row for row in rows if row.get("way", "") == way]
            pred = self.work / f"{system}.{given.name}.{way or 'all'}.pred.jsonl"
            pred.write_text("".join(json.dumps(_ours(row, ours)) + "\n" for row in mine), "utf-8")
            found = lakescan.evaluate(given.gold, pred, labels=given.labels, resampling=self.how)
            measures = None
            if given.kind == "columns":
                labels = Labels.load(given.labels, lakescan.Policy.default())
                measures = self.by_category(given, read_columns(pred, labels), labels)
            yield Outcome(given, name, found, about["seconds"], measures=measures)

    def _run_peer(self, given: LabelledSet, system: str, raw: Path, told_file: Path) -> str:
        """Run a peer; why it did not work, or nothing."""
        source = self._cells(given) if given.kind == "columns" else given.gold
        command = [self.peers_python, str(HERE / "peers.py"), system, given.kind, source, raw]
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["it failed"])[-1][:200]
        told_file.write_text(done.stdout.strip().splitlines()[-1], "utf-8")
        return ""

    def by_category(
        self, given: LabelledSet, found: list[ColumnLabel], labels: Labels
    ) -> dict[str, Measure]:
        """Sensitive recall and precision, where the category alone says what is flagged.

        So systems without a flag of their own can be compared. Recall is over sensitive columns
        whose category may be flagged; precision lets a flagged column pass whose category is right.
        """
        flagged = [replace(each, sensitive=each.category not in NOT_FLAGGED) for each in found]
        gold = read_columns(given.gold, labels)
        scored = labels.scored or frozenset()
        judged = [
            each
            if each.found is None or each.category != NONE
            else replace(each, found=replace(each.found, sensitive=False))
            for each in matched(gold, flagged, scored)
        ]
        wanted = [
            replace(each, gold=replace(each.gold, sensitive=False))
            if each.gold.category in NOT_FLAGGED
            else each
            for each in judged
        ]
        every, some = (facts(each, units_of(each), self.how)[1] for each in (judged, wanted))
        if every is None or some is None:
            return {}
        return {"sensitive recall": some.recall, "sensitive precision": every.lenient}


def _ours(row: dict[str, object], labels: Labels) -> dict[str, object]:
    """A peer's prediction in our categories."""
    if "spans" not in row:
        return {**row, "label": _category(str(row["label"]), labels)}
    spans = row["spans"]
    assert isinstance(spans, list)
    return {
        **row,
        "spans": [{**span, "label": _category(span["label"], labels)} for span in spans],
    }


def _category(label: str, labels: Labels) -> str:
    """Nothing, where we have no name for it."""
    try:
        return labels.category(label) or NONE
    except UsageError:
        return NONE


def run(args: argparse.Namespace, work: Path) -> tuple[list[Outcome], Benchmark]:
    """All systems on all sets; lakescan first, then the peers."""
    benchmark = Benchmark(
        args.peers_python, work, args.peer_cells, Resampling(args.resamples, args.seed)
    )
    modes = available_modes(args.modes, args.high_model)
    for mode, policy in modes.items():
        if isinstance(policy, str):
            print(f"lakescan {mode}: absent ({policy})")
    outcomes = []
    for given in labelled_sets(args.data):
        if args.sets and given.name not in args.sets:
            continue
        print(f"\n{given.name} ({given.kind})")
        for mode, policy in modes.items():
            if not isinstance(policy, str):
                outcomes.append(_shown(benchmark.ours(given, mode, policy)))
        best = [mode for mode, policy in modes.items() if not isinstance(policy, str)][-1:]
        if given.kind == "columns" and best:
            policy = modes[best[0]]
            assert not isinstance(policy, str)
            outcomes += map(_shown, benchmark.halves(given, best[0], policy))
        for system in args.peers:
            outcomes += map(_shown, benchmark.peer(given, system))
    return outcomes, benchmark


def _shown(outcome: Outcome) -> Outcome:
    found = outcome.evaluation
    if found is None:
        print(f"  {outcome.system:32} absent: {outcome.why}", flush=True)
        return outcome
    main = found.main
    line = f"  {outcome.system:32} F1 {told(main.micro.f1)}  F2 {told(main.micro.f2)}"
    if found.kind == "columns":
        line += f"  macro-F1 {told(main.macro_f1)}"
    print(f"{line}  {outcome.seconds:.0f} s", flush=True)
    return outcome


def judged(outcomes: list[Outcome]) -> list[tuple[Outcome, Standing]]:
    """The targets of all sets, each held against lakescan's best mode there."""
    best: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.evaluation is None or not outcome.system.startswith("lakescan"):
            continue
        known = best.get(outcome.set.name)
        if known is None or _f1(outcome) > _f1(known):
            best[outcome.set.name] = outcome
    return [
        (outcome, standing)
        for name, outcome in best.items()
        if outcome.evaluation is not None
        for standing in standings(name, outcome.evaluation, outcome.measures or {})
    ]


def _f1(outcome: Outcome) -> float:
    assert outcome.evaluation is not None
    return outcome.evaluation.main.micro.f1.value or 0.0


def show_targets(found: list[tuple[Outcome, Standing]]) -> None:
    """Print each target with its margin, and the worst confusions behind those that are missed."""
    print(f"\n{'target':28}{'set':28}{'aim':>8}  {'seen':24}{'margin':>8}")
    for outcome, standing in found:
        target = standing.target
        aim = f"{'<=' if target.most else '>='} {target.value:.2f}"
        seen = told(standing.seen)
        print(
            f"{target.measure:28}{standing.set:28}{aim:>8}  {seen:24}{standing.margin:>+8.3f}"
            f"  {'met' if standing.met else 'MISSED'} ({outcome.system})"
        )
    missed = {standing.set: outcome for outcome, standing in found if not standing.met}
    for name, outcome in missed.items():
        assert outcome.evaluation is not None
        print(f"\nworst confusions on {name} ({outcome.system}):")
        for each in outcome.evaluation.confusions[:10]:
            print(f"  {each.gold:20} taken for {each.predicted:20}{each.count:>6,}")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DATA_DIR")
    parser.add_argument("--sets", nargs="+", metavar="NAME", help="only these sets")
    parser.add_argument(
        "--modes", nargs="*", help="of lakescan: patterns, fast, standard, high; all that are there"
    )
    parser.add_argument("--high-model", metavar="MODEL", help="a folder or spacy:NAME, for high")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--peers-python", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--peer-cells", type=int, default=200, help="cells of a column (200)")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep the peers' predictions")
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the results page there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser.parse_args()


def main() -> int:
    """Measure, show, write."""
    args = arguments()
    with tempfile.TemporaryDirectory() as scratch:
        work = args.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        outcomes, benchmark = run(args, work)
    found = judged(outcomes)
    show_targets(found)
    if args.json:
        figures = [
            {"set": o.set.name, "system": o.system, "seconds": o.seconds, "why": o.why,
             "figures": json.loads(o.evaluation.to_json()) if o.evaluation else None}
            for o in outcomes
        ]  # fmt: skip
        args.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    if args.page:
        when = datetime.now(UTC).date().isoformat()
        write_page(args.page, outcomes, found, When(when, benchmark.versions, benchmark.kept))
        print(f"\nwrote {args.page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
