"""Trains the small, fast model.

usage: python -m training.train_fast --data DIR --teacher DIR... --out DIR [options]

The word vectors start as the principal components of the first teacher's. On every batch the
student learns what the text says of itself (`set_loss`) and how sure the teachers are of what.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from training.command import WINDOW, arguments, read, train
from training.fit import Plan
from training.labels import LABELS
from training.package import Folder
from training.small import Small, SmallShape

TOKENS = 22_000_000
BATCH = 8192
RATE = 3e-3


def components(words: Tensor, size: int) -> Tensor:
    """Word embeddings, [vocabulary, hidden], in ``size`` principal components."""
    words = words - words.mean(0)
    _, _, directions = torch.pca_lowrank(words, size, center=False, niter=4)
    found = words @ directions
    return found / found.std() * 0.2


def main() -> None:
    options = arguments(
        __doc__,
        teacher={"type": Path, "nargs": "+", "required": True, "help": "folders of train_teacher"},
        tokens={"type": int, "default": TOKENS},
    )
    torch.manual_seed(options.seed)
    words = read(options.teacher[0]).words.weight.detach()
    model = Small(SmallShape(len(words), len(LABELS)))
    with torch.no_grad():
        model.words.weight.copy_(components(words, model.shape.hidden))
        model.cases.weight.normal_(0, 0.1)
    tokenizer = Path(options.teacher[0], "tokenizer.json").read_text(encoding="utf-8")
    plan = Plan(options.tokens, options.minutes, RATE, head_rate=RATE)
    train(model, tokenizer, options, plan, BATCH)
    Folder(options.out, "fast", WINDOW).write(model, tokenizer)


if __name__ == "__main__":
    main()
