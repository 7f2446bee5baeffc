"""Trains both shipped models from named inputs: the teacher, the standard model, the fast one.

usage: python -m training --data DIR --silver DIR --wheels DIR --out DIR [--processes N]

See README.md beside this file for what the inputs are and what it costs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from training.minilm import WHEEL as MINILM
from training.rampart import WHEEL as RAMPART


def steps(options: argparse.Namespace) -> list[list[str]]:
    """The commands, in order; each is a module of this folder and its arguments."""
    inputs = ["--data", options.data, "--silver", options.silver]
    inputs += ["--processes", str(options.processes)]
    teacher, first, out = options.out / "teacher", options.out / "first", options.out
    base = ["--rampart", options.wheels / RAMPART]
    student = [*base, "--minilm", options.wheels / MINILM, "--teacher", teacher]
    made = [
        ["train_teacher", *base, "--base", options.wheels, "--seed", "11", "--held-out"],
        ["train_standard", *student, "--seed", "11"],
        ["train_standard", *student, "--seed", "23", "--start", first, "--batch", "16384"],
        ["train_fast", "--teacher", teacher, "--seed", "11"],
    ]
    made[2] += ["--tokens", "54000000"]
    places = teacher, first, out / "standard", out / "fast"
    return [
        [str(part) for part in (*step, *inputs, "--out", place)]
        for step, place in zip(made, places, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver spans")
    parser.add_argument("--wheels", type=Path, required=True, help="folder of the bases' wheels")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--processes", type=int, default=0, help="that make texts")
    for module, *rest in steps(parser.parse_args()):
        print(module, *rest, flush=True)
        subprocess.run([sys.executable, "-m", f"training.{module}", *rest], check=True)


if __name__ == "__main__":
    main()
