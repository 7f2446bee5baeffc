"""What `make demo` does: build the lake, scan it, anonymize it, and hold the two side by side."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

CLEAN, PARTIAL = 0, 4


def main() -> int:
    """Build, scan, anonymize, verify; 0 when each ended as it should."""
    parser = argparse.ArgumentParser(description="Build the demo lake, scan and anonymize it.")
    parser.add_argument("lake", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("safe", type=Path)
    args = parser.parse_args()

    here = Path(__file__).parent
    subprocess.run([sys.executable, here / "build_lake.py", args.lake], check=True)
    for folder in (args.run, args.safe):
        if folder.exists():
            shutil.rmtree(folder)
    _run(PARTIAL, "scan", str(args.lake), "--output", str(args.run))
    page = (args.run / "report.html").resolve()
    print(
        f"\nThe scan ended with exit code {PARTIAL}, partial: one file of the demo lake is cut off"
        "\nin the middle, on purpose. It is listed under errors; everything else was read."
        f"\n\nThe same as a page, sortable and searchable: {page.as_uri()}\n",
        flush=True,
    )
    policy = str(here / "policy.yaml")
    done = args.run / "anonymized.html"
    to = ("--to", str(args.safe), "--policy", policy, "--report", str(done))
    _run(CLEAN, "anonymize", str(args.lake), *to)
    _run(CLEAN, "verify", str(args.safe), "--against", str(args.lake), "--policy", policy)
    print(
        "\nThe same tables: no cell of these columns kept its value, and no address or number of\n"
        "the originals is left in any (names, places and dates are compared row by row).\n"
        "Different names, phones and addresses became different ones, so that every join has the\n"
        "rows that it had. The key was made for this demo and is gone."
        f"\n\nWhat was done to which column: {done.resolve().as_uri()}"
    )
    return 0


def _run(expected: int, *arguments: str) -> None:
    """Run lakescan with a key of its own; leave if it ends otherwise than expected."""
    print("$ lakescan", *arguments, "\n", flush=True)
    program = Path(sys.executable).with_name("lakescan")
    code = subprocess.run([program, *arguments], env=os.environ | _KEY, check=False).returncode
    if code != expected:
        print(f"demo: expected exit code {expected}, got {code}", file=sys.stderr)
        sys.exit(code or 1)


_KEY = {"LAKESCAN_KEY": secrets.token_hex(32)}


if __name__ == "__main__":
    sys.exit(main())
