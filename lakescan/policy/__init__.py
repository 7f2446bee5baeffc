"""The YAML a user writes: what to look for, how sure to be, where, and when to fail.

`Policy` is the one object that the other packages take.
"""

from lakescan.policy.column import ColumnPolicy
from lakescan.policy.fields import AccuracyMode, ConflictRule
from lakescan.policy.gates import Gate, GateHit, parse_gate
from lakescan.policy.lists import AllowRule, DenyRule
from lakescan.policy.model import Policy
from lakescan.policy.problems import PolicyProblem
from lakescan.policy.regex import SafePattern, compile_regex
from lakescan.policy.rules import ColumnRule, CustomDetector, ModelReading, Sampling
from lakescan.policy.selectors import Named

__all__ = [
    "AccuracyMode",
    "AllowRule",
    "ColumnPolicy",
    "ColumnRule",
    "ConflictRule",
    "CustomDetector",
    "DenyRule",
    "Gate",
    "GateHit",
    "ModelReading",
    "Named",
    "Policy",
    "PolicyProblem",
    "SafePattern",
    "Sampling",
    "compile_regex",
    "parse_gate",
]
