"""Trains the small, fast model, that learns from the standard model.

usage: python -m training.train_fast --data DIR --teacher MODEL_FOLDER --out DIR
           [--silver DIR] [--tokens N] [--minutes M] [--resume FILE] [--seed N] [--threads N]

The word vectors start as the principal components of the standard model's. On every batch the
student learns what the text says of itself (`set_loss`) and how sure the teacher is of what. To ask
the teacher costs as much as three steps of the student, so that each batch is learnt several times.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor

from training.examples import SILENT, Encoder, Sets
from training.feed import Batch, Sources, batches
from training.fit import Plan, Run, fit
from training.labels import LABELS
from training.loss import set_loss
from training.package import Folder
from training.small import Small, SmallShape

WINDOW = 256
BATCH = 2048
TOKENS = 12_000_000

#: Labels of a token that the teacher's word is kept of.
KEPT = 8

#: How often a batch is learnt again, and how many batches are remembered for that.
AGAIN, REMEMBERED = 3, 1500


def components(network: Path, size: int) -> Tensor:
    """The teacher's word embeddings, [vocabulary, hidden], in ``size`` principal components."""
    tensors = {t.name: numpy_helper.to_array(t) for t in onnx.load(network).graph.initializer}
    name = "words.weight"
    full = tensors[f"{name}_quantized"].astype(np.float32)
    full = (full - tensors[f"{name}_zero_point"]) * tensors[f"{name}_scale"]
    words = torch.from_numpy(full - full.mean(0))
    _, _, directions = torch.pca_lowrank(words, size, center=False, niter=4)
    found = words @ directions
    return found / found.std() * 0.2


@dataclass(frozen=True, slots=True)
class Heard:
    """A batch, and what the teacher says of its tokens: the likeliest labels and how likely."""

    batch: Batch
    labels: Tensor
    chances: Tensor


@dataclass(slots=True)
class Teacher:
    """A model that reads each window by itself, as the product does."""

    session: onnxruntime.InferenceSession

    @classmethod
    def load(cls, network: Path, threads: int) -> Teacher:
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        return cls(onnxruntime.InferenceSession(network, settings))

    def hear(self, batch: Batch) -> Heard:
        labels = torch.zeros(*batch.ids.shape, KEPT, dtype=torch.int16)
        chances = torch.zeros(*batch.ids.shape, KEPT, dtype=torch.float16)
        for row, length in enumerate(batch.mask.sum(1).tolist()):
            ids = batch.ids[row : row + 1, :length].numpy()
            given = {
                "input_ids": ids,
                "token_type_ids": batch.cases[row : row + 1, :length].numpy(),
            }
            said = torch.from_numpy(self.session.run(None, given)[0][0]).softmax(-1)
            best, which = said.topk(KEPT)
            chances[row, :length] = (best / best.sum(-1, keepdim=True)).half()
            labels[row, :length] = which.short()
        return Heard(batch, labels, chances)


@dataclass(slots=True)
class Lesson(Run):
    """A run in which a teacher has a say."""

    teacher: Teacher | None = None
    #: How much the teacher's word weighs beside the text's own labels.
    trust: float = 0.5
    memory: deque[Heard] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    rng: random.Random = field(default_factory=lambda: random.Random(5))

    def step(self, batch: Batch, table: Tensor) -> None:
        assert self.teacher is not None
        fresh = self.teacher.hear(batch)
        self.memory.append(fresh)
        self.progress.seen += int(batch.mask.sum())
        for heard in (fresh, *self.rng.choices(self.memory, k=AGAIN)):
            self.learn(heard, table)

    def learn(self, heard: Heard, table: Tensor) -> None:
        batch = heard.batch
        spoken = (batch.targets != SILENT) & batch.mask
        logits = self.model(batch.ids, batch.mask, batch.cases)
        own = set_loss(logits.flatten(0, 1), batch.targets.flatten(), table)
        logs = logits[spoken].log_softmax(-1).gather(-1, heard.labels[spoken].long())
        taught = -(heard.chances[spoken].float() * logs).sum(-1).mean()
        loss = (1 - self.trust) * own + self.trust * taught
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
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
    parser.add_argument("--resume", type=Path, help="the state.pt of a run that was stopped")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = Path(options.teacher, "tokenizer.json").read_text(encoding="utf-8")
    shape = SmallShape(0, len(LABELS))
    words = components(options.teacher / "model.onnx", shape.hidden)
    model = Small(SmallShape(len(words), len(LABELS)))
    with torch.no_grad():
        model.words.weight.copy_(words)
        model.cases.weight.normal_(0, 0.1)
    plan = Plan(options.tokens, options.minutes, rate=2e-3, head_rate=2e-3, frozen=())
    start = Run.start(model, plan)
    teacher = Teacher.load(options.teacher / "model.onnx", options.threads)
    run = Lesson(start.model, start.plan, start.progress, start.optimizer, teacher)
    if options.resume:
        run.resume(options.resume)
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
