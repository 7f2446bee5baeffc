"""Speed on prose, and what it buys: every accuracy mode beside Presidio, in one run, on one core.

    python benchmarks/prose.py DATA_DIR --peers-python PYTHON

DATA_DIR holds labelled texts, as for accuracy.py. Speed is measured on the same texts joined to
documents of about --bytes, after --warm bytes of other documents, which are not counted: what is
loaded and compiled at first use is paid once a process. F1 is of the texts as they are. A second
table scans a generated mixed table in every mode, and gives Presidio its first rows. Modes
and peers that are not there are told. --profile shows instead where lakescan's time goes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from accuracy import Benchmark
from labelled import LabelledSet, labelled_sets
from measure import Measured, measure
from mixed import cached
from modes import available_modes, mode_policy

import lakescan
from lakescan.reports.evaluation.model import Resampling

HERE = Path(__file__).parent
PATTERNS, MODEL = "presidio-patterns", "presidio-md"
TITLES = {PATTERNS: "Presidio, patterns only", MODEL: "Presidio + spaCy md"}


@dataclass(frozen=True, slots=True)
class Line:
    """One system on one input.

    Args:
        speed: MB/s of UTF-8 or Arrow bytes on one core; None where it is absent, then ``why``.
        f1: micro F1 of tokens by set.
    """

    system: str
    speed: float | None
    seconds: float = 0.0
    why: str = ""
    f1: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Documents:
    """Texts joined to documents of about one size, in a file for peers.

    Args:
        path: lines of ``id``, ``text``, and ``warm`` of those that are read before.
        bytes: of the texts that count, UTF-8.
    """

    path: Path
    bytes: int


def documents(
    sets: Sequence[LabelledSet], target: Path, size: int, total: int, warm: int = 0
) -> Documents:
    """Join texts of all sets in turn; none is used twice, models remember what they have read.

    Args:
        sets: the texts.
        target: the file.
        size: bytes of a document.
        total: bytes of the documents that count.
        warm: bytes of those before them, that do not.
    """
    warmed = count = 0
    with target.open("w", encoding="utf-8") as file:
        for number, text in enumerate(_joined(sets, size)):
            if count >= total:
                break
            is_warm = warmed < warm
            if is_warm:
                warmed += len(text.encode())
            else:
                count += len(text.encode())
            file.write(json.dumps({"id": number, "text": text, "warm": is_warm}) + "\n")
    return Documents(target, count)


def _joined(sets: Sequence[LabelledSet], size: int) -> Iterator[str]:
    streams = [iter(given.gold.read_text("utf-8").splitlines()) for given in sets]
    parts: list[str] = []
    while streams:
        for stream in list(streams):
            line = next(stream, None)
            if line is None:
                streams.remove(stream)
                continue
            parts.append(str(json.loads(line)["text"]))
            if sum(map(len, parts)) >= size:
                yield "\n".join(parts)
                parts = []


def child_texts(mode: str, path: str, model: str | None) -> None:
    """Read documents in one mode, in this process; print what `measure` reads."""
    rows = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    texts = [str(row["text"]) for row in rows if not row["warm"]]
    policy = mode_policy(mode, model)
    from lakescan.jobs.detect import detect_texts

    detect_texts([str(row["text"]) for row in rows if row["warm"]], policy)
    seconds = []
    for _ in range(3 if mode == "patterns" else 1):
        start = time.process_time()
        detect_texts(texts, policy)
        seconds.append(time.process_time() - start)
    print(json.dumps({"rows": len(texts), "seconds": min(seconds)}))


def child_scan(mode: str, folder: str, model: str | None) -> None:
    """Scan tables in one mode with one worker."""
    start = time.perf_counter()
    engine = lakescan.EngineOptions("local", workers=1)
    result = lakescan.scan(folder, mode_policy(mode, model), engine=engine)
    seconds = time.perf_counter() - start
    print(json.dumps({"rows": result.value.rows_scanned, "seconds": seconds}))


def profile(mode: str, path: Path, model: str | None) -> None:
    """Where lakescan's time goes on documents, by function."""
    import cProfile
    import pstats

    from lakescan.jobs.detect import detect_texts

    policy = mode_policy(mode, model)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = [str(row["text"]) for row in rows if not row["warm"]]
    detect_texts([str(row["text"]) for row in rows if row["warm"]], policy)
    watch = cProfile.Profile()
    watch.runcall(detect_texts, texts, policy)
    pstats.Stats(watch).sort_stats("tottime").print_stats(25)


def _line(title: str, done: Measured, bytes_per_row: float, f1: tuple[float, ...] = ()) -> Line:
    if done.error:
        return Line(title, None, why=done.error)
    speed = done.rows * bytes_per_row / done.seconds / 1e6
    return Line(title, speed, done.seconds, f1=f1)


class Prose:
    """Measures all systems.

    Args:
        args: the command line.
        sets: labelled texts.
        work: a scratch folder.
    """

    def __init__(self, args: argparse.Namespace, sets: Sequence[LabelledSet], work: Path) -> None:
        self.args = args
        self.sets = sets
        self.work = work
        self.modes = available_modes(args.modes, args.high_model)
        self.benchmark = Benchmark(args.peers_python, args.work or work, 0, Resampling(0))

    def _child(self, kind: str, mode: str, place: Path | str) -> Measured:
        command = [sys.executable, str(HERE / "prose.py"), kind, mode, str(place)]
        model = [self.args.high_model] if self.args.high_model else []
        return measure([*command, *model], 1)

    def _peer(self, system: str, kind: str, source: Path) -> Measured:
        command = [self.args.peers_python, str(HERE / "peers.py"), system, kind]
        return measure([*command, str(source), str(self.work / "peer.jsonl")], 1)

    def texts(self) -> Iterator[Line]:
        """Peers first, so that all are compared."""
        size, warm = self.args.bytes, self.args.warm
        large = documents(self.sets, self.work / "large.jsonl", size, self.args.most, warm)
        small = documents(self.sets, self.work / "small.jsonl", size, self.args.few, warm)
        for system in (PATTERNS, MODEL):
            done = self._peer(system, "texts", small.path)
            f1 = () if done.error else self._f1_of_peer(system)
            yield _line(TITLES[system], done, small.bytes / max(1, done.rows), f1)
        for mode, policy in self.modes.items():
            title = f"lakescan {mode}"
            if isinstance(policy, str):
                yield Line(title, None, why=policy)
                continue
            given = large if mode == "patterns" else small
            done = self._child("child-texts", mode, given.path)
            found = [self.benchmark.ours(each, mode, policy).evaluation for each in self.sets]
            f1 = tuple((e.main.micro.f1.value or 0.0) for e in found if e is not None)
            yield _line(title, done, given.bytes / max(1, done.rows), f1)

    def _f1_of_peer(self, system: str) -> tuple[float, ...]:
        scores = []
        for given in self.sets:
            for outcome in self.benchmark.peer(given, system):
                found = outcome.evaluation
                if found is None:
                    sys.exit(f"{outcome.system} on {given.name}: {outcome.why}")
                scores.append(found.main.micro.f1.value or 0.0)
        return tuple(scores)

    def tables(self) -> Iterator[Line]:
        """The mixed table: all of it for lakescan, the first rows for Presidio."""
        self.args.data.mkdir(parents=True, exist_ok=True)
        data = cached(self.args.data, self.args.size, "parquet")
        row = data.arrow_bytes / data.rows
        source = self.work / "mixed.json"
        source.write_text(json.dumps({"folder": data.folder, "rows": self.args.peer_rows}))
        for system in (PATTERNS, MODEL):
            yield _line(TITLES[system], self._peer(system, "tables", source), row)
        for mode, policy in self.modes.items():
            title = f"lakescan {mode}"
            if isinstance(policy, str):
                yield Line(title, None, why=policy)
            else:
                yield _line(title, self._child("child-scan", mode, data.folder), row)


def show(heading: str, lines: Iterator[Line], names: Sequence[str]) -> dict[str, float]:
    """Print a table as it grows; the speeds of those that are there."""
    print(f"\n{heading}\n{'':26}{'MB/s':>9}{'/patterns':>11}{'/md':>9}{'seconds':>9}", end="")
    print("".join(f"  {name[:18]:>18}" for name in names))
    speeds: dict[str, float] = {}
    for line in lines:
        if line.speed is None:
            print(f"{line.system:26}  absent: {line.why}", flush=True)
            continue
        speeds[line.system] = line.speed
        ratios = [_ratio(line.speed, speeds.get(TITLES[name])) for name in (PATTERNS, MODEL)]
        scores = "".join(f"  {score:>18.3f}" for score in line.f1)
        print(
            f"{line.system:26}{line.speed:>9.3f}{ratios[0]:>11}{ratios[1]:>9}"
            f"{line.seconds:>9.2f}{scores}",
            flush=True,
        )
    return speeds


def _ratio(speed: float, other: float | None) -> str:
    return "-" if not other else f"{speed / other:,.1f}x"


def targets(texts: dict[str, float], tables: dict[str, float]) -> None:
    """Print what was aimed at, and what was seen."""
    aims = (
        ("patterns, on prose", texts, "lakescan patterns", TITLES[PATTERNS], 300),
        ("fast, on prose", texts, "lakescan fast", TITLES[MODEL], 10),
        ("standard, on mixed tables", tables, "lakescan standard", TITLES[MODEL], 1),
    )
    print(f"\n{'target':28}{'aim':>8}  seen")
    for what, speeds, ours, theirs, aim in aims:
        if ours in speeds and theirs in speeds:
            times = speeds[ours] / speeds[theirs]
            seen = f"{times:,.1f}x {theirs}: {'met' if times >= aim else 'MISSED'}"
        else:
            seen = "not measured: " + (ours if ours not in speeds else theirs) + " is absent"
        print(f"{what:28}{f'>= {aim}x':>8}  {seen}")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, metavar="DATA_DIR")
    parser.add_argument("--peers-python", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--modes", nargs="*", help="of lakescan; all that are there")
    parser.add_argument("--high-model", metavar="MODEL", help="a folder or spacy:NAME, for high")
    parser.add_argument("--bytes", type=int, default=700, help="of a document (700)")
    parser.add_argument("--most", type=int, default=2_000_000, help="bytes for patterns mode")
    parser.add_argument("--few", type=int, default=100_000, help="bytes for peers and models")
    parser.add_argument("--warm", type=int, default=50_000, help="bytes read before (50000)")
    parser.add_argument("--size", type=float, default=4, help="MB of the mixed table (4)")
    parser.add_argument("--peer-rows", type=int, default=200, help="rows for the peers (200)")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where tables are kept")
    parser.add_argument("--work", type=Path, metavar="DIR", help="predictions of accuracy.py")
    parser.add_argument("--profile", metavar="MODE")
    return parser.parse_args()


def main() -> int:
    """Measure and show."""
    children = {"child-texts": child_texts, "child-scan": child_scan}
    if len(sys.argv) > 3 and sys.argv[1] in children:
        children[sys.argv[1]](sys.argv[2], sys.argv[3], next(iter(sys.argv[4:]), None))
        return 0
    args = arguments()
    sets = [given for given in labelled_sets(args.texts) if given.kind == "texts"]
    if not sets:
        sys.exit(f"no labelled texts below {args.texts}")
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        if args.work:
            args.work.mkdir(parents=True, exist_ok=True)
        if args.profile:
            target = work / "documents.jsonl"
            path = documents(sets, target, args.bytes, args.most, args.warm).path
            profile(args.profile, path, args.high_model)
            return 0
        prose = Prose(args, sets, work)
        names = [f"F1 {given.name}" for given in sets]
        texts = show(f"prose, documents of {args.bytes} bytes, one core", prose.texts(), names)
        tables = show("mixed tables, one core", prose.tables(), ())
    targets(texts, tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
