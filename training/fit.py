"""The training loop: AdamW, warm-up and a fall of the rate to zero, weights averaged at the end.

On an accelerator in bfloat16; on processors, many of which only pretend to have it, in full
precision.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from training.encoder import Encoder
from training.feed import Batch
from training.loss import heard_loss, set_loss
from training.small import Small


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast.

    ``minutes`` is a cap for shared machines: whichever of tokens and minutes has gone further
    drives the rate, so that it always ends at zero. Without a cap a run repeats exactly.
    """

    tokens: int
    minutes: float | None
    rate: float
    head_rate: float = 1e-3
    warmup: float = 0.04
    decay: float = 0.01
    #: From this part of the run on weights are averaged.
    average_from: float = 0.85
    #: How much a teacher's word weighs beside the text's own labels.
    trust: float = 0.5


@dataclass(slots=True)
class Progress:
    """How far a run has come."""

    seen: int = 0
    minutes: float = 0.0
    loss: float = 0.0

    def share(self, plan: Plan) -> float:
        """0 at the start, 1 at the end."""
        return max(self.seen / plan.tokens, self.minutes / plan.minutes if plan.minutes else 0.0)


@dataclass(frozen=True, slots=True)
class Teachers:
    """Models whose word counts beside the labels: what they say of a token, on average."""

    models: tuple[Encoder, ...]

    def hear(self, batch: Batch) -> Tensor:
        """Chances [B, T, labels]."""
        with torch.no_grad():
            said = [m(batch.ids, batch.mask, batch.cases).float() for m in self.models]
            return torch.stack([s.softmax(-1) for s in said]).mean(0)


@dataclass(frozen=True, slots=True)
class Run:
    """A model in training, what teaches it, and where it learns."""

    model: Encoder | Small
    plan: Plan
    device: torch.device
    teachers: Teachers | None = None

    def optimizer(self) -> torch.optim.Optimizer:
        named = list(self.model.named_parameters())
        new = [p for n, p in named if n.startswith(("head", "cases"))]
        old = [p for n, p in named if not n.startswith(("head", "cases"))]
        groups = (
            {"params": old, "peak": self.plan.rate},
            {"params": new, "peak": self.plan.head_rate},
        )
        return torch.optim.AdamW(groups, weight_decay=self.plan.decay, fused=True)

    def loss(self, batch: Batch) -> Tensor:
        bfloat = self.device.type != "cpu"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=bfloat):
            taught = self.teachers.hear(batch) if self.teachers else None
            logits = self.model(batch.ids, batch.mask, batch.cases).float()
        own = set_loss(logits.flatten(0, 1), batch.targets.flatten(), batch.table)
        if taught is None:
            return own
        return (1 - self.plan.trust) * own + self.plan.trust * heard_loss(
            logits, taught, batch.mask
        )


def fit(run: Run, feed: Iterator[Batch]) -> Progress:
    """Train ``run.model`` in place."""
    plan, progress, model = run.plan, Progress(), run.model
    optimizer = run.optimizer()
    average = {name: torch.zeros_like(p) for name, p in model.named_parameters()}
    averaged = steps = 0
    loss = torch.zeros((), device=run.device)
    start = time.monotonic()
    model.train()
    while progress.share(plan) < 1:
        done = progress.share(plan)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * min(1.0, done / plan.warmup + 0.02) * (1 - done)
        batch = next(feed)
        one = run.loss(batch.to(run.device))
        one.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        loss = 0.97 * loss + 0.03 * one.detach()
        progress.seen += batch.tokens
        progress.minutes = (time.monotonic() - start) / 60
        steps += 1
        if done > plan.average_from and steps % 5 == 0:
            averaged += 1
            for name, value in model.named_parameters():
                average[name] += value.detach()
        if steps % 50 == 0:
            progress.loss = loss.item()
            print(
                f"{done:.3f} loss {progress.loss:.4f} {progress.seen:,} tokens "
                f"{progress.minutes:.1f} min",
                flush=True,
            )
    if averaged:
        with torch.no_grad():
            for name, value in model.named_parameters():
                value.copy_(average[name] / averaged)
    model.eval()
    return progress
