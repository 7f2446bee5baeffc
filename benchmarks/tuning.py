"""What each setting of a scan costs, one changed at a time: docs/tuning.md has its figures.

    python benchmarks/tuning.py                    a minute of two processors
    python benchmarks/tuning.py --size 1000 --ray  on 1 GB of Arrow data, and on Ray, too

Every line is a full scan in a process of its own. Processor time means something on a machine that
does other things, too; the clock then means little. Peak is the resident memory of all processes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow.parquet as pq
from measure import measure
from mixed import Input, cached

HERE = Path(__file__).parent
SCAN = """
import json, sys, time
import lakescan
from lakescan import EngineOptions
from lakescan.connectors import Selection
from lakescan.policy import Sampling
given = json.loads(sys.argv[1])
sample = Sampling(**given["sampling"]) if given["sampling"] else None
began = time.perf_counter()
found = lakescan.scan(
    given["folder"],
    engine=EngineOptions(given["engine"], workers=given["workers"]),
    selection=Selection(split_bytes=given["split_mib"] << 20),
    accuracy_mode=given["mode"],
    sample=sample,
)
seconds = time.perf_counter() - began
assert found.status == "complete", found.value.errors
print(json.dumps({"rows": found.value.rows_scanned, "seconds": seconds}))
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to scan.

    Args:
        group, title: what is changed, and to what.
        group_rows: rows of a row group of the files.
        file_rows: rows of a file.
        sampling: fields of `lakescan.policy.Sampling`.
    """

    group: str
    title: str
    engine: str = "local"
    workers: int = 1
    split_mib: int = 64
    mode: str = "patterns"
    group_rows: int = 25_000
    file_rows: int = 100_000
    sampling: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What a setting took."""

    group: str
    title: str
    rows: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def settings(cores: int, *, ray: bool) -> Iterator[Setting]:
    """What is measured, in the order of docs/tuning.md."""
    for workers in sorted({1, cores, 2 * cores}):
        yield Setting("workers", f"{workers}", workers=workers)
    if ray:
        yield Setting("engine", f"ray, {cores} workers", engine="ray", workers=cores)
    for mib in (1, 4, 16, 64):
        yield Setting("split size", f"{mib} MiB", split_mib=mib, workers=cores)
    for rows in (1_000, 5_000, 25_000, 100_000):
        yield Setting("row groups of", f"{rows:,} rows", group_rows=rows)
    for rows in (1_000, 10_000, 100_000):
        yield Setting("files of", f"{rows:,} rows", file_rows=rows, group_rows=rows)
    for mode in ("patterns", "fast", "standard"):
        yield Setting("accuracy mode", mode, mode=mode)
    yield Setting("sampling", "all")
    yield Setting("sampling", "1 row group a file", sampling={"row_groups": 1})
    yield Setting("sampling", "10,000 rows a split", sampling={"rows": 10_000})
    yield Setting("sampling", "2 files", sampling={"files": 2})


def laid_out(base: Input, setting: Setting, folder: Path) -> Path:
    """The base's rows in files and row groups of the setting's sizes; made once."""
    if (setting.file_rows, setting.group_rows) == (100_000, 25_000):
        return Path(base.folder)
    made = folder / f"{Path(base.folder).name}-{setting.file_rows}-{setting.group_rows}"
    if not made.exists():
        staged = made.with_suffix(".part")
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(parents=True)
        number = 0
        for path in sorted(Path(base.folder).iterdir()):
            table = pq.read_table(path)
            for start in range(0, table.num_rows, setting.file_rows):
                piece = table.slice(start, setting.file_rows)
                name = staged / f"part-{number:06d}.parquet"
                pq.write_table(piece, name, row_group_size=setting.group_rows)
                number += 1
        staged.rename(made)
    return made


def measured(setting: Setting, folder: Path, cores: int, repeat: int) -> Result:
    """The least processor time of so many runs."""
    given = json.dumps({**asdict(setting), "folder": str(folder)})
    command = [sys.executable, "-c", SCAN, given]
    tries = [measure(command, cores) for _ in range(repeat)]
    failed = next((one.error for one in tries if one.error), None)
    if failed:
        sys.exit(f"{setting.group} {setting.title}: {failed}")
    best = min(tries, key=lambda one: one.cpu_seconds)
    return Result(
        setting.group,
        setting.title,
        best.rows,
        min(one.seconds for one in tries),
        best.cpu_seconds,
        min(one.peak_bytes for one in tries) / 1e6,
    )


def main() -> int:
    """Measure all settings and print them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=float, default=128, help="MB of Arrow data (128)")
    parser.add_argument("--ray", action="store_true", help="on a Ray cluster of its own, too")
    parser.add_argument("--repeat", type=int, default=1, help="best of so many runs (1)")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where inputs are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args()
    args.data.mkdir(parents=True, exist_ok=True)
    base = cached(args.data, args.size, "parquet")
    cores = len(os.sched_getaffinity(0))
    print(f"{base.rows:,} rows, {base.arrow_bytes / 1e6:,.0f} MB as Arrow, {cores} cores\n")
    print(f"{'':34}{'rows':>12}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}")
    results = []
    for setting in settings(cores, ray=args.ray):
        one = measured(setting, laid_out(base, setting, args.data), cores, args.repeat)
        results.append(one)
        print(
            f"{one.group:14}{one.title:20}{one.rows:>12,}{one.seconds:>9.1f}"
            f"{one.cpu_seconds:>8.1f}{one.peak_mb:>9,.0f}",
            flush=True,
        )
    if args.json:
        args.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
