"""How planning grows with the number of objects, and what a terabyte costs.

    python benchmarks/planning.py                              10,000 and 100,000 objects
    python benchmarks/planning.py --objects --listed 10000000  an hour, and 5 GB for a while

The objects are hard links of a few small Parquet files in folders of a thousand, so that listing,
inspecting, grouping and cutting are real. Those of --listed are nowhere: pages of an S3 listing are
made as they are asked for (listing.py), and parsed by the SDK as always. The network of
an object store is in neither: add its time for a page of the listing per thousand objects, and for
one short read per object, two where it has more than 128 KiB, sixteen at once.

The cost of a terabyte (10^12 bytes of Arrow data) is the processor time of a scan of generated data
in this run, on one processor, at --price a processor-hour.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from measure import Measured, measure
from mixed import cached, table

HERE = Path(__file__).parent
#: Links to one file that a file system allows, less some; and links in one folder.
LINKS, FOLDER = 30_000, 1_000
PLAN = """
import json, sys, time
from lakescan.connectors import Selection
from lakescan.jobs.scan.plan import make_plan
from lakescan.policy import Policy
began = time.monotonic()
plan = make_plan([sys.argv[1]], Policy.default(), Selection(), ())
print(json.dumps({"rows": len(plan.units), "seconds": time.monotonic() - began}))
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning took.

    Args:
        objects: that were listed.
        units: that were planned.
        seconds: by the clock.
        cpu_seconds: of the processor.
        peak_mb: resident memory, less that of planning one object.
        bytes_per_object: of that memory.
    """

    objects: int
    units: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    bytes_per_object: float


@contextmanager
def lake(objects: int, where: Path) -> Iterator[Path]:
    """A folder with so many objects in it."""
    with tempfile.TemporaryDirectory(dir=where) as scratch:
        root = Path(scratch) / "lake"
        for number in range(objects):
            source = Path(scratch) / f"{number // LINKS}.parquet"
            if number % LINKS == 0:
                pq.write_table(table(np.random.default_rng(number), 10, number), source)
            folder = root / f"day={number // FOLDER:06d}"
            if number % FOLDER == 0:
                folder.mkdir(parents=True)
            os.link(source, folder / f"part-{number:09d}.parquet")
        yield root


def linked(objects: int, where: Path) -> Measured:
    """Plan a scan of so many links in a process of its own."""
    with lake(objects, where) as root:
        return measure([sys.executable, "-c", PLAN, str(root)], 1)


def listed(objects: int, _where: Path) -> Measured:
    """Plan a scan of so many objects of a listing in a process of its own."""
    return measure([sys.executable, str(HERE / "listing.py"), str(objects)], 1, timeout=36_000)


def rows(how: Callable[[int, Path], Measured], sizes: list[int], where: Path) -> Iterator[Planned]:
    """Plan scans of each of ``sizes`` objects; one is told as soon as it is there."""
    base = how(1, where)
    for objects in sizes:
        done = how(objects, where)
        if done.error or base.error:
            sys.exit(f"planning failed: {done.error or base.error}")
        used = done.peak_bytes - base.peak_bytes
        one = Planned(
            objects, done.rows, done.seconds, done.cpu_seconds, used / 1e6, used / max(1, objects)
        )
        print(
            f"{one.objects:>12,}{one.units:>12,}{one.seconds:>9.1f}{one.cpu_seconds:>9.1f}"
            f"{one.cpu_seconds / objects * 1e6:>11.0f}{one.peak_mb:>8,.0f}",
            flush=True,
        )
        yield one


def terabyte_hours(size: float, data: Path) -> float:
    """Processor-hours for a terabyte, by a scan of ``size`` MB."""
    made = cached(data, size, "parquet")
    done = measure([sys.executable, str(HERE / "systems.py"), "local", made.folder, "0"], 1)
    if done.error:
        sys.exit(f"the scan failed: {done.error}")
    return done.cpu_seconds / made.arrow_bytes * 1e12 / 3_600


def main() -> int:
    """Plan for each number of objects, scan once, print both."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--objects", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--listed", type=int, nargs="*", default=[], help="of a listing, no links")
    parser.add_argument("--size", type=float, default=256, help="MB of Arrow data to scan (256)")
    parser.add_argument("--price", type=float, default=0.05, help="of a processor-hour (0.05)")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="where inputs are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    args = parser.parse_args()
    args.data.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(args.data).free < args.size * 2e6:
        sys.exit(f"not enough room in {args.data}")
    results: dict[str, list[Planned]] = {}
    for name, how, sizes in (("objects", linked, args.objects), ("listed", listed, args.listed)):
        heads = (f"{name:>12}", f"{'units':>12}", f"{'seconds':>9}", f"{'CPU s':>9}")
        print(*heads, f"{'CPU us each':>11}", f"{'MB':>8}", sep="")
        results[name] = list(rows(how, sizes, args.data))
    hours = terabyte_hours(args.size, args.data)
    print(f"a terabyte: {hours:.1f} processor-hours, {hours * args.price:.2f} at {args.price} each")
    if args.json:
        tables = {name: [asdict(one) for one in some] for name, some in results.items()}
        figures = {**tables, "terabyte_hours": hours}
        args.json.write_text(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
