"""What the commands that train have in common."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from training import held_out
from training.encoder import Encoder, Shape
from training.feed import Batch, Batches, Sources
from training.fit import Plan, Run, Teachers, fit
from training.small import Small

#: Longest window that a model is asked to read, specials included.
WINDOW = 256


def arguments(purpose: str | None, **own: dict[str, Any]) -> argparse.Namespace:
    """The command line: what every command takes, and its ``own`` options."""
    parser = argparse.ArgumentParser(
        description=purpose, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--silver", type=Path, help="folder of the silver spans")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    for name, settings in own.items():
        parser.add_argument(f"--{name}", **settings)
    parser.add_argument("--minutes", type=float, help="stop after this long, on a shared machine")
    parser.add_argument(
        "--held-out", action="store_true", help="keep an eighth of the corpora back"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", type=torch.device, default=default_device())
    parser.add_argument("--processes", type=int, default=0, help="that make texts, beside this one")
    return parser.parse_args()


def default_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def feed(options: argparse.Namespace, tokenizer: str, batch: int) -> Iterator[Batch]:
    """Batches of about ``batch`` tokens from the named inputs."""
    sources = Sources(options.data, options.silver, options.seed, held_out=options.held_out)
    return Batches(sources, tokenizer, WINDOW, batch).made_by(options.processes)


def train(
    model: Encoder | Small, tokenizer: str, options: argparse.Namespace, plan: Plan, batch: int
) -> None:
    """Train ``model`` in place and write what came of it beside the model."""
    teachers = Teachers(
        tuple(read(path, options.device) for path in getattr(options, "teacher", ()))
    )
    torch.manual_seed(options.seed)
    model.to(options.device)
    run = Run(model, plan, options.device, teachers if teachers.models else None)
    progress = fit(run, feed(options, tokenizer, batch))
    report = asdict(progress) | {"seed": options.seed, "minutes_cap": options.minutes}
    if options.held_out:
        report["held_out_f1"] = held_out.scores(model, tokenizer, options.data, WINDOW)
        print(json.dumps(report["held_out_f1"]))
    model.to("cpu")
    options.out.mkdir(parents=True, exist_ok=True)
    Path(options.out, "training.json").write_text(json.dumps(report) + "\n", encoding="utf-8")


def keep(model: Encoder, tokenizer: str, folder: Path) -> None:
    """Write ``model`` in half precision and its tokenizer, for `read`."""
    Path(folder, "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    state = {name: value.half() for name, value in model.state_dict().items()}
    torch.save((asdict(model.shape), state), folder / "weights.pt")


def read(folder: Path, device: torch.device | str = "cpu") -> Encoder:
    """The encoder that `keep` wrote."""
    shape, state = torch.load(folder / "weights.pt")
    model = Encoder(Shape(**shape))
    model.load_state_dict(state)
    return model.to(device).eval()
