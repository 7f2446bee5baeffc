"""Folds findings into column profiles that merge, and judges the merged profiles.

`TableProfiler` runs in a worker over batches; `merge_tables` joins what workers bring, in any
order (both in `profile`); `verdicts` looks at a whole table at once (`verdict`), names of columns
included (`header`). Nothing in here holds a cell's value.
"""

from lakescan.udfs.classify.profile.memory import Memory
from lakescan.udfs.classify.profile.profile import (
    ColumnProfile,
    Hit,
    merge,
    merge_tables,
    profile_version,
)
from lakescan.udfs.classify.profile.profiler import TableProfiler
from lakescan.udfs.classify.verdict.reasons import Reason, Rejected
from lakescan.udfs.classify.verdict.verdict import ColumnVerdict, EntityVerdict, verdicts

__all__ = [
    "ColumnProfile",
    "ColumnVerdict",
    "EntityVerdict",
    "Hit",
    "Memory",
    "Reason",
    "Rejected",
    "TableProfiler",
    "merge",
    "merge_tables",
    "profile_version",
    "verdicts",
]
