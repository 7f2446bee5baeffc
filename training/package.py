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

VERSION = "2.0"

#: What is asked beside a model, and the weight of what it says.
SECOND = {"standard": {"folder": "../fast", "weight": 0.2}}

#: What is taken from the score of "nothing", as if a miss cost so many times what a false alarm
#: does (its logarithm): of the standard model where it is read, of the fast one in its weights.
LEAN = {"standard": round(math.log(1.5), 3), "fast": math.log(2)}


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
            "version": VERSION,
            "labels": list(LABELS),
            "max_tokens": self.max_tokens,
            "cases": True,
            "lowercase": True,
        }
        if self.name in SECOND:
            config |= {"second": SECOND[self.name], "lean": LEAN[self.name]}
        text = json.dumps(config, indent=1) + "\n"
        Path(self.path, "config.json").write_text(text, encoding="utf-8")
        network = self.path / "model.onnx"
        if isinstance(model, Small):
            model = copy.deepcopy(model)
            with torch.no_grad():
                model.head.bias[INDEX["O"]] -= LEAN[self.name]
            small_export.export(model, network)
        else:
            export(model, network)
