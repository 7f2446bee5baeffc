"""Gates: when a scan's result should make the command fail.

sensitive                   any column that holds personal data
CREDIT_CARD                 an entity, category or domain, in any column
CREDIT_CARD>0.5             ... in more than half of a column's filled rows (prevalence)
domain:PCI>=1%              ... with a prefix, a percentage
US_SSN.confidence>=0.9      ... by confidence instead
EMAIL_ADDRESS.rows>1000     ... by rows hit
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lakescan.errors import UnknownNameError, UsageError
from lakescan.policy.selectors import Named, Selector, parse_selector

_GATE = re.compile(
    r"\s*(?P<name>[A-Za-z*?][\w*?:\- ]*?)(?:\.(?P<measure>\w+))?"
    r"\s*(?:(?P<op>>=|<=|==|>|<|=)\s*(?P<limit>[\d.]+)\s*(?P<percent>%?))?\s*"
)
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
}
_MEASURES = ("prevalence", "confidence", "rows")


@dataclass(frozen=True, slots=True)
class GateHit:
    """What a gate looks at: one classification of one column.

    Args:
        entity: its entity; ``category`` and ``domain`` are that entity's.
        sensitive: whether the column was judged to hold personal data.
        prevalence: rows hit / filled rows, 0..1.
        confidence: 0..1.
        rows_hit: rows.
    """

    entity: str
    category: str
    domain: str
    sensitive: bool
    prevalence: float
    confidence: float
    rows_hit: int


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that trips on a classification.

    Args:
        text: as the user wrote it.
        selector: what it names; None for ``sensitive``.
        measure: ``prevalence``, ``confidence`` or ``rows``.
        op: ``>`` or ``>=``.
        limit: what the measure is held against.
    """

    text: str
    selector: Selector | None
    measure: str = "prevalence"
    op: str = ">"
    limit: float = 0.0

    def trips(self, hit: GateHit) -> bool:
        """Whether this classification trips the gate."""
        if self.selector is None:
            if not hit.sensitive:
                return False
        elif not self.selector.matches(Named(hit.entity, hit.category, hit.domain)):
            return False
        if self.measure == "confidence":
            value = hit.confidence
        elif self.measure == "rows":
            value = float(hit.rows_hit)
        else:
            value = hit.prevalence
        return _OPERATORS[self.op](value, self.limit)


def parse_gate(text: str, extra: Iterable[Named] = ()) -> Gate:
    """Read a gate.

    Args:
        text: see the module.
        extra: entities beyond the catalog, as `Policy.named` gives them.

    Raises:
        UsageError: it has another form.
        UnknownNameError: it names nothing known.
    """
    form = "write NAME, NAME>0.5 or NAME.confidence>=0.9"
    found = _GATE.fullmatch(text)
    if found is None:
        raise UsageError(f"not a gate: {text!r}", hint=form)
    measure = (found["measure"] or "prevalence").lower()
    if measure not in _MEASURES:
        raise UsageError(f"unknown measure {measure!r}", hint="choose from " + ", ".join(_MEASURES))
    op = found["op"] or ("" if not found["measure"] else "?")
    if op not in ("", *_OPERATORS):
        raise UsageError(f"not a gate: {text!r}", hint="compare with > or >=")
    limit = _limit(found["limit"], text) / (100 if found["percent"] else 1)
    if measure != "rows" and not 0 <= limit <= 1:
        raise UsageError(f"not a gate: {text!r}", hint=f"a {measure} is 0 to 1, or 0% to 100%")
    name = found["name"].strip()
    try:
        selector = None if name.lower() == "sensitive" else parse_selector(name, extra)
    except UnknownNameError as unknown:
        unknown.hint = (
            unknown.hint or "write 'sensitive', or a name that `lakescan entities list` has"
        )
        raise
    # A bare name trips on a classification of any size, also one seen in the header alone.
    return Gate(text.strip(), selector, measure, op or ">=", limit)


def _limit(text: str | None, gate: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        raise UsageError(f"no number in the gate {gate!r}") from None
