"""The training loop: AdamW, warm-up and a fall of the rate to zero, weights averaged at the end.

In full precision: bfloat16 is many times slower on processors that only pretend to have it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from training.encoder import Encoder
from training.examples import Sets
from training.feed import Batch
from training.loss import set_loss
from training.small import Small


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast.

    ``minutes`` is a cap for shared machines: whichever of tokens and minutes has gone further
    drives the rate, so that it always ends at zero. Without a cap a run repeats exactly.
    """

    tokens: int
    minutes: float | None = None
    rate: float = 1.6e-4
    head_rate: float = 1e-3
    warmup: float = 0.04
    decay: float = 0.01
    #: From this part of the run on weights are averaged.
    average_from: float = 0.85
    #: From this part of the run on so many of the lowest layers stay as they are: they are good
    #: first, and a step gets cheaper by a quarter, then by a third.
    frozen: tuple[tuple[float, int], ...] = ((0.25, 2), (0.6, 3))

    def frozen_layers(self, done: float) -> int:
        """How many layers no longer learn; the embeddings go with the first."""
        return max((layers for share, layers in self.frozen if done > share), default=0)


def groups(model: Encoder | Small, plan: Plan) -> list[dict[str, object]]:
    new = [p for n, p in model.named_parameters() if n.startswith(("head", "cases"))]
    old = [p for n, p in model.named_parameters() if not n.startswith(("head", "cases"))]
    return [{"params": old, "lr": plan.rate}, {"params": new, "lr": plan.head_rate}]


@dataclass(slots=True)
class Progress:
    """How far a run has come; it can be saved and gone on with."""

    seen: int = 0
    minutes: float = 0.0
    loss: float = 0.0

    def share(self, plan: Plan) -> float:
        """0 at the start, 1 at the end."""
        return max(self.seen / plan.tokens, self.minutes / plan.minutes if plan.minutes else 0.0)


@dataclass(slots=True)
class Run:
    """A model in training, its optimizer and its progress."""

    model: Encoder | Small
    plan: Plan
    progress: Progress
    optimizer: torch.optim.Optimizer

    @classmethod
    def start(cls, model: Encoder | Small, plan: Plan) -> Run:
        optimizer = torch.optim.AdamW(groups(model, plan), weight_decay=plan.decay, fused=True)
        return cls(model, plan, Progress(), optimizer)

    def save(self, path: Path) -> None:
        parts = self.model.state_dict(), self.optimizer.state_dict(), asdict(self.progress)
        torch.save(parts, path)

    def resume(self, path: Path) -> None:
        """Go on where the run saved at ``path`` stopped; the texts begin anew."""
        model, optimizer, progress = torch.load(path)
        self.model.load_state_dict(model)
        self.optimizer.load_state_dict(optimizer)
        self.progress = Progress(**progress)

    def rate(self) -> None:
        """Set the optimizer's rates for the next step."""
        done = self.progress.share(self.plan)
        factor = min(1.0, done / self.plan.warmup + 0.02) * max(1 - done, 0.0)
        rates = self.plan.rate, self.plan.head_rate
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * factor

    def freeze(self) -> None:
        """Stop what has learnt enough by now, see `Plan.frozen`."""
        layers, model = self.plan.frozen_layers(self.progress.share(self.plan)), self.model
        if not layers or isinstance(model, Small):
            return
        bottom = model.words, model.places, model.cases, model.norm, *model.layers[:layers]
        for part in bottom:
            part.requires_grad_(requires_grad=False)

    def step(self, batch: Batch, table: Tensor) -> None:
        mask = None if bool(batch.mask.all()) else batch.mask
        logits = self.model(batch.ids, mask, batch.cases)
        loss = set_loss(logits.flatten(0, 1), batch.targets.flatten(), table)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.progress.seen += int(batch.mask.sum())
        self.progress.loss = 0.97 * self.progress.loss + 0.03 * loss.item()


def fit(run: Run, feed: Iterator[Batch], sets: Sets, save: Path) -> None:
    """Train ``run.model`` in place; every few minutes the run is saved."""
    plan, progress = run.plan, run.progress
    average = {name: torch.zeros_like(p) for name, p in run.model.named_parameters()}
    averaged = steps = 0
    before, start, saved = progress.minutes, time.monotonic(), time.monotonic()
    table = torch.zeros(0, run.model.shape.labels, dtype=torch.bool)
    run.model.train()
    while progress.share(plan) < 1:
        batch = next(feed)
        if len(sets.index) > len(table):
            table = torch.from_numpy(sets.table())
        run.freeze()
        run.rate()
        run.step(batch, table)
        steps += 1
        progress.minutes = before + (time.monotonic() - start) / 60
        if progress.share(plan) > plan.average_from and steps % 5 == 0:
            averaged += 1
            for name, value in run.model.named_parameters():
                average[name] += value.detach()
        if steps % 25 == 0:
            print(
                f"{progress.share(plan):.3f} loss {progress.loss:.4f} "
                f"{progress.seen:,} tokens {progress.minutes:.1f} min",
                flush=True,
            )
        if time.monotonic() - saved > 240:
            saved = time.monotonic()
            run.save(save)
    if averaged:
        with torch.no_grad():
            for name, value in run.model.named_parameters():
                value.copy_(average[name] / averaged)
