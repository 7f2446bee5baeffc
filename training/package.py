"""Writes a model folder as the product reads it: model, tokenizer, configuration."""

from __future__ import annotations

import copy
import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch

from training import small_export
from training.encoder import Encoder
from training.export import export
from training.labels import INDEX, LABELS
from training.small import Small

VERSION = {"standard": "1.3", "fast": "1.0"}

#: What is asked beside a model, and the weight of what it says.
SECOND = {"standard": {"folder": "../fast", "weight": 0.2}}

#: What is taken from the score of "nothing": so much surer must the model be, since a name that is
#: missed costs twice what a false alarm does (its logarithm).
LEAN = math.log(2)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where to write, and under which name."""

    path: Path
    name: str
    max_tokens: int

    def write(self, model: Encoder | Small, tokenizer: str) -> None:
        """``tokenizer``: the text of a Hugging Face `tokenizer.json`."""
        self.path.mkdir(parents=True, exist_ok=True)
        settings = json.loads(tokenizer) | {"truncation": None, "padding": None}
        text = json.dumps(settings, ensure_ascii=False)
        Path(self.path, "tokenizer.json").write_text(text, encoding="utf-8")
        config = {
            "name": self.name,
            "version": VERSION[self.name],
            "labels": list(LABELS),
            "max_tokens": self.max_tokens,
            "cases": True,
            "lowercase": True,
        }
        if self.name in SECOND:
            config["second"] = SECOND[self.name]
        text = json.dumps(config, indent=1) + "\n"
        Path(self.path, "config.json").write_text(text, encoding="utf-8")
        network = self.path / "model.onnx"
        model = copy.deepcopy(model)
        with torch.no_grad():
            model.head.bias[INDEX["O"]] -= LEAN
        if isinstance(model, Small):
            small_export.export(model, network)
        else:
            export(model, network)
