"""Trains the small, fast model: two narrow layers that learn from the standard model.

usage: python -m training.train_fast --data DIR --teacher MODEL_FOLDER --out DIR
           [--silver DIR] [--tokens N] [--minutes M] [--seed N] [--threads N]

The word embeddings start as the principal components of the standard model's. On every batch the
student learns what the text says of itself (`set_loss`) and how sure the teacher is of what.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 its usual name

from training.encoder import Encoder as Network
from training.encoder import Shape
from training.examples import SILENT, Encoder, Sets
from training.feed import Batch, Sources, batches
from training.fit import Plan, Run, fit
from training.labels import LABELS
from training.loss import set_loss
from training.package import Folder

WINDOW = 128
BATCH = 2048
TOKENS = 12_000_000
#: Wide enough for the embeddings to keep most of what sets words apart, see `components`.
HIDDEN, INNER, HEADS, LAYERS = 160, 480, 5, 2


def components(network: Path, size: int) -> Tensor:
    """The teacher's word embeddings, [vocabulary, hidden], in ``size`` principal components."""
    tensors = {t.name: numpy_helper.to_array(t) for t in onnx.load(network).graph.initializer}
    name = "words.weight"
    full = tensors[f"{name}_quantized"].astype(np.float32)
    full = (full - tensors[f"{name}_zero_point"]) * tensors[f"{name}_scale"]
    words = torch.from_numpy(full - full.mean(0))
    _, _, directions = torch.pca_lowrank(words, size, center=False, niter=4)
    found = words @ directions
    return found / found.std() * 0.05


@dataclass(slots=True)
class Lesson(Run):
    """A run in which a teacher has a say."""

    teacher: onnxruntime.InferenceSession | None = None
    #: How much the teacher's word weighs beside the text's own labels.
    trust: float = 0.5

    def step(self, batch: Batch, table: Tensor) -> None:
        assert self.teacher is not None
        sizes = (batch.ids.numpy(), batch.mask.long().numpy(), batch.cases.numpy())
        names = ("input_ids", "attention_mask", "token_type_ids")
        (said,) = self.teacher.run(None, dict(zip(names, sizes, strict=True)))
        heard = (batch.targets != SILENT) & batch.mask
        logits = self.model(batch.ids, batch.mask, batch.cases)
        own = set_loss(logits.flatten(0, 1), batch.targets.flatten(), table)
        wanted = torch.from_numpy(said)[heard].softmax(-1)
        taught = F.kl_div(logits[heard].log_softmax(-1), wanted, reduction="batchmean")
        loss = (1 - self.trust) * own + self.trust * taught
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.progress.seen += int(batch.mask.sum())
        self.progress.loss = 0.97 * self.progress.loss + 0.03 * loss.item()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--silver", type=Path, help="folder of the silver spans")
    parser.add_argument("--teacher", type=Path, required=True, help="the standard model's folder")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--minutes", type=float, help="stop after this long, on a shared machine")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = Path(options.teacher, "tokenizer.json").read_text(encoding="utf-8")
    words = components(options.teacher / "model.onnx", HIDDEN)
    shape = Shape(len(words), len(LABELS), HIDDEN, LAYERS, HEADS, INNER, WINDOW)
    model = Network(shape, dropout=0.05)
    with torch.no_grad():
        model.words.weight.copy_(words)
        for part in (model.places, model.cases):
            part.weight.normal_(0, 0.02)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    teacher = onnxruntime.InferenceSession(options.teacher / "model.onnx", settings)
    plan = Plan(options.tokens, options.minutes, rate=2e-3, head_rate=2e-3, frozen=())
    start = Run.start(model, plan)
    run = Lesson(start.model, start.plan, start.progress, start.optimizer, teacher)
    sets = Sets()
    encoder = Encoder(Tokenizer.from_str(tokenizer), sets, WINDOW)
    sources = Sources(options.data, options.silver, options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    feed = batches(sources.examples(), encoder, BATCH, options.seed)
    fit(run, feed, sets, options.out / "state.pt")
    Folder(options.out, "fast", WINDOW).write(model, tokenizer)
    report = asdict(run.progress) | {"seed": options.seed, "minutes_cap": options.minutes}
    Path(options.out, "training.json").write_text(json.dumps(report) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
