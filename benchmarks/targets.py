"""What detection is meant to reach, and by how much it does."""

from __future__ import annotations

from dataclasses import dataclass

from lakescan.reports.evaluation.model import Evaluation, Measure


@dataclass(frozen=True, slots=True)
class Target:
    """A figure to reach; ``most`` where it is an upper bound."""

    measure: str
    value: float
    most: bool = False


#: By the name of the set.
TARGETS = {
    "dev": (
        Target("macro-F1", 0.85),
        Target("micro-F1", 0.90),
        Target("sensitive recall", 0.95),
        Target("sensitive precision", 0.93),
        Target("false alarms on NONE", 0.02, most=True),
    ),
    "presidio_generated_large": (Target("F1", 0.95), Target("F2", 0.94)),
    "wnut17_dev": (Target("F1", 0.62),),
    "btc_dev": (Target("F1", 0.74),),
    "ambientmeta": (Target("F1", 0.82), Target("F2", 0.84)),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A target and what was seen; ``margin`` is positive where it is met."""

    set: str
    target: Target
    seen: Measure

    @property
    def margin(self) -> float:
        """By how much the figure is on the good side of the target."""
        value = self.seen.value or 0.0
        return self.target.value - value if self.target.most else value - self.target.value

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.margin >= 0


def standings(name: str, evaluation: Evaluation, more: dict[str, Measure]) -> list[Standing]:
    """How an evaluation stands against the targets of a set that its gold can tell, if any.

    Args:
        name: of the set.
        evaluation: of lakescan on it.
        more: measures that only the benchmark knows.
    """
    main = evaluation.main
    known = {
        "macro-F1": main.macro_f1,
        "micro-F1": main.micro.f1,
        "F1": main.micro.f1,
        "F2": main.micro.f2,
        **more,
    }
    if evaluation.false_positive_rate is not None:
        known["false alarms on NONE"] = evaluation.false_positive_rate
    wanted = [target for target in TARGETS.get(name, ()) if target.measure in known]
    return [Standing(name, target, known[target.measure]) for target in wanted]
