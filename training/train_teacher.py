"""Trains the model that teaches those that lakescan ships.

usage: python -m training.train_teacher --data DIR --base DIR --rampart WHEEL --out DIR [options]

See README.md beside this file for what the inputs are and what it costs.
"""

from __future__ import annotations

from pathlib import Path

from training import rampart, teacher
from training.command import arguments, keep, train
from training.fit import Plan

TOKENS = 12_000_000
BATCH = 8192
RATE = 5e-5


def main() -> None:
    options = arguments(
        __doc__,
        base={"type": Path, "required": True, "help": "folder of MPNet's wheels"},
        rampart={"type": Path, "required": True, "help": "wheel of the base of what is taught"},
        tokens={"type": int, "default": TOKENS},
    )
    _, tokenizer, _ = rampart.load(options.rampart)
    model = teacher.load(options.base, tokenizer)
    plan = Plan(options.tokens, options.minutes, RATE, head_rate=5e-4)
    train(model, tokenizer, options, plan, BATCH)
    keep(model, tokenizer, options.out)


if __name__ == "__main__":
    main()
