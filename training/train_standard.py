"""Trains the model that lakescan ships, from named inputs, with one command.

usage: python -m training.train_standard --data DIR --rampart WHEEL --out DIR
           [--silver DIR] [--tokens N] [--minutes M] [--resume FILE] [--start FILE]
           [--seed N] [--threads N]

See README.md beside this file for what the inputs are and what it costs.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path

import torch
from tokenizers import Tokenizer

from training.examples import Encoder, Sets
from training.feed import Sources, batches
from training.fit import Plan, Run, fit
from training.package import Folder
from training.rampart import load

#: Longest window that the shipped model is asked to read, specials included.
WINDOW = 256
TOKENS = 3_000_000
BATCH = 768
#: Highest rate of a run that begins from another's weights.
AGAIN_RATE = 1.2e-4


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--silver", type=Path, help="folder of the silver spans")
    parser.add_argument("--rampart", type=Path, required=True, help="wheel of the base model")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--minutes", type=float, help="stop after this long, on a shared machine")
    parser.add_argument("--resume", type=Path, help="the state.pt of a run that was stopped")
    parser.add_argument("--start", type=Path, help="the state.pt of a run to begin anew from")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    model, tokenizer, _ = load(options.rampart)
    options.out.mkdir(parents=True, exist_ok=True)
    sets = Sets()
    encoder = Encoder(Tokenizer.from_str(tokenizer), sets, WINDOW)
    sources = Sources(options.data, options.silver, options.seed)
    feed = batches(sources.examples(), encoder, BATCH, options.seed)
    plan = Plan(options.tokens, options.minutes)
    if options.start:
        weights, _, _ = torch.load(options.start)
        model.load_state_dict(weights)
        plan = replace(plan, rate=AGAIN_RATE, head_rate=AGAIN_RATE, frozen=((0.0, 2), (0.5, 3)))
    run = Run.start(model, plan)
    if options.resume:
        run.resume(options.resume)
    fit(run, feed, sets, options.out / "state.pt")
    Folder(options.out, "standard", WINDOW).write(model, tokenizer)
    report = asdict(run.progress) | {"seed": options.seed, "minutes_cap": options.minutes}
    Path(options.out, "training.json").write_text(json.dumps(report) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
