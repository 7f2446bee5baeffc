"""What `make demo` does: build the lake, scan it, and say what came of it."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

PARTIAL = 4


def main() -> int:
    """Build, scan and explain; 0 when the scan read all but the file that is broken on purpose."""
    parser = argparse.ArgumentParser(description="Build the demo lake and scan it.")
    parser.add_argument("lake", type=Path)
    parser.add_argument("run", type=Path)
    args = parser.parse_args()

    here = Path(__file__).parent
    subprocess.run([sys.executable, here / "build_lake.py", args.lake], check=True)
    if args.run.exists():
        shutil.rmtree(args.run)
    command = ["lakescan", "scan", str(args.lake), "--output", str(args.run)]
    print("$", *command, "\n", flush=True)
    program = Path(sys.executable).with_name("lakescan")
    code = subprocess.run([program, *command[1:]], check=False).returncode
    if code != PARTIAL:
        print(f"demo: expected exit code {PARTIAL}, got {code}", file=sys.stderr)
        return code or 1
    page = (args.run / "report.html").resolve()
    print(
        f"\nThe scan ended with exit code {PARTIAL}, partial: one file of the demo lake is cut off"
        "\nin the middle, on purpose. It is listed under errors; everything else was read."
        f"\n\nThe same as a page, sortable and searchable: {page.as_uri()}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
