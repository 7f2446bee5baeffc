"""Speed and memory of a full scan, against a bare read and against the peers, in one run.

    python benchmarks/scan.py                      speed, on 64 MB of generated data
    python benchmarks/scan.py --size 2000          the same on 2 GB
    python benchmarks/scan.py --memory 100 1000 5000   peak memory and processor time as it grows

Sizes are in MB, 10^6 bytes: of Arrow data in memory for speed, of files on disk for memory. The
peers are slow, so that they get the first --peer-rows rows only; they need
`pip install "lakescan[bench]"`, here or in the environment of --peers-python. Ray is measured with
a cluster of its own and on one that runs already; Spark only where PySpark and Java are installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from measure import Measured, measure
from mixed import Input, cached, repeated

HERE = Path(__file__).parent
#: Seconds that a run may take: one of 100 GB on a busy machine.
PATIENCE = 36_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the speed table: a system, how many processors it had, what it did."""

    title: str
    system: str
    cpus: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a line measured, in the units that are shown."""

    title: str
    cpus: int
    rows: int
    seconds: float
    cpu_seconds: float
    rows_per_second: float
    mb_per_second: float
    peak_mb: float
    error: str | None
    planning: float


def lines(cores: int) -> list[Line]:
    """The systems, one processor first (these give the figures per core), then all of them."""
    single = [
        Line("pyarrow, bare read", "pyarrow", 1),
        Line("Presidio batch analyzer", "presidio", 1),
        Line("presidio-structured", "structured", 1),
        Line("lakescan local", "local", 1),
    ]
    if cores == 1:
        return [*single, *_on_clusters(1)]
    return [
        *single,
        Line("pyarrow, bare read", "pyarrow", cores),
        Line("lakescan local", "local", cores),
        *_on_clusters(cores),
    ]


def _on_clusters(cores: int) -> list[Line]:
    own = [Line("lakescan ray", "ray", cores), Line("ray, running cluster", "running", cores)]
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        return own
    return [*own, Line(f"lakescan spark, local[{cores}]", "spark", cores)]


def run(line: Line, data: Input, args: argparse.Namespace) -> Result:
    """Measure one line, the best of ``--repeat`` runs."""
    is_peer = line.system in {"presidio", "structured"}
    python = args.peers_python if is_peer else sys.executable
    command = [python, str(HERE / "systems.py"), line.system, data.folder, str(args.peer_rows)]
    tries = [measure(command, line.cpus, PATIENCE) for _ in range(1 if is_peer else args.repeat)]
    best = min(tries, key=lambda each: (each.error is not None, each.seconds))
    return _result(line, data, best)


def _result(line: Line, data: Input, measured: Measured) -> Result:
    speed = measured.rows / measured.seconds
    return Result(
        title=line.title,
        cpus=line.cpus,
        rows=measured.rows,
        seconds=measured.seconds,
        cpu_seconds=measured.cpu_seconds,
        rows_per_second=speed,
        mb_per_second=speed * data.arrow_bytes / data.rows / 1e6,
        peak_mb=measured.peak_bytes / 1e6,
        error=measured.error,
        planning=measured.planning,
    )


def speed(args: argparse.Namespace) -> list[Result]:
    """Measure all systems on one input and print the table."""
    cores = len(os.sched_getaffinity(0))
    data = cached(args.data, args.size, args.format)
    print(
        f"{data.rows:,} rows x {data.columns} columns, {args.format}: {data.file_bytes / 1e6:,.0f} "
        f"MB on disk, {data.arrow_bytes / 1e6:,.0f} MB as Arrow. "
        f"{cores} cores, Python {platform.python_version()}, {platform.machine()}.\n"
    )
    print(
        f"{'':26}{'cores':>6}{'rows':>12}{'seconds':>9}{'CPU s':>8}{'rows/s':>11}{'MB/s':>9}"
        f"{'/pyarrow':>10}{'/local':>8}{'/Presidio':>11}{'peak MB':>9}"
    )
    results: list[Result] = []
    for line in lines(cores):
        if args.only and line.system not in args.only:
            continue
        result = run(line, data, args)
        results.append(result)
        print(_show(result, results), flush=True)
    print(
        "\nseconds: the job alone, without imports. CPU s: all its processes, imports included."
        "\nMB/s: Arrow bytes. /pyarrow: against its bare read on as many cores, /local: against "
        "our\nlocal engine. /Presidio: against its batch analyzer, per core. peak: resident memory "
        "of all\nprocesses. A running cluster's start is in neither of its seconds."
    )
    return results


def _show(result: Result, so_far: Sequence[Result]) -> str:
    start = f"{result.title:26}{result.cpus:>6}"
    if result.error:
        return f"{start}  failed: {result.error}"
    bare = _speed_of(so_far, "pyarrow, bare read", result.cpus)
    compared = f"{result.mb_per_second / bare:.2%}" if bare else "-"
    ours = _speed_of(so_far, "lakescan local", result.cpus)
    beside = f"{result.mb_per_second / ours:.0%}" if ours else "-"
    peer = _speed_of(so_far, "Presidio batch analyzer", 1)
    return (
        f"{start}{result.rows:>12,}{result.seconds:>9.2f}"
        f"{result.cpu_seconds:>8.1f}{result.rows_per_second:>11,.0f}"
        f"{result.mb_per_second:>9.{3 if result.mb_per_second < 1 else 1}f}"
        f"{compared:>10}{beside:>8}"
        f"{f'{result.mb_per_second / result.cpus / peer:,.1f}x' if peer else '-':>11}"
        f"{result.peak_mb:>9,.0f}"
    )


def _speed_of(results: Sequence[Result], title: str, cpus: int) -> float | None:
    for result in results:
        if (result.title, result.cpus, result.error) == (title, cpus, None):
            return result.mb_per_second
    return None


def memory(args: argparse.Namespace) -> list[Result]:
    """Measure lakescan's peak memory and processor time on the same files repeated, and print."""
    cores = len(os.sched_getaffinity(0))
    base = cached(args.data, args.size, args.format)
    engines = args.only or ["local"]
    print(
        f"{'':16}{'files':>7}{'MB on disk':>12}{'MB as Arrow':>13}{'rows':>14}{'planning':>10}"
        f"{'seconds':>9}{'CPU s':>8}{'CPU s/GB':>10}{'CPU h/TB':>10}{'peak MB':>9}"
    )
    results = []
    for engine in engines:
        for megabytes in args.memory:
            with tempfile.TemporaryDirectory(dir=args.data) as scratch:
                data = repeated(base, Path(scratch) / "lake", megabytes)
                files = len(list(Path(data.folder).iterdir()))
                line = Line(f"lakescan {engine}", engine, cores)
                result = run(line, data, args)
            results.append(result)
            per_gigabyte = result.cpu_seconds / data.arrow_bytes * 1e9
            print(
                f"{line.title:16}{files:>7}{data.file_bytes / 1e6:>12,.0f}"
                f"{data.arrow_bytes / 1e6:>13,.0f}{result.rows:>14,}{result.planning:>10.1f}"
                f"{result.seconds:>9.1f}{result.cpu_seconds:>8.1f}{per_gigabyte:>10.2f}"
                f"{per_gigabyte / 3.6:>10.2f}{result.peak_mb:>9,.0f}"
                + (f"  failed: {result.error}" if result.error else ""),
                flush=True,
            )
    return results


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=float, default=64, help="MB of Arrow data (64)")
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where inputs are kept")
    parser.add_argument("--peers-python", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--peer-rows", type=int, default=500, help="rows for the peers (500)")
    parser.add_argument("--repeat", type=int, default=1, help="best of so many runs (1)")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=("pyarrow", "local", "ray", "running", "spark", "presidio", "structured"),
    )
    parser.add_argument("--memory", type=float, nargs="+", metavar="MB")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser.parse_args()


def main() -> int:
    """Measure; 1 when a system failed."""
    args = arguments()
    args.data.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(args.data).free < args.size * 2e6:
        sys.exit(f"not enough room in {args.data}")
    results = memory(args) if args.memory else speed(args)
    if args.json:
        figures = json.dumps([asdict(result) for result in results], indent=1)
        args.json.write_text(figures + "\n", encoding="utf-8")
    return 1 if any(result.error for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
