"""A detector and an operator that take their time, so that a run is long enough to be disturbed."""

from __future__ import annotations

import hashlib
import os
import time

import pyarrow as pa

from lakescan.udfs.anonymize.operators.protocol import Applied, Traits
from lakescan.udfs.detect.findings import no_findings


class SlowDetector:
    """Finds nothing."""

    name = "slow"
    version = "1"
    entities = frozenset({"EMPLOYEE_ID"})

    def setup(self):
        self.seconds = float(os.environ.get("SLOW_DETECTOR", "0"))

    def detect(self, values):
        time.sleep(self.seconds)
        return no_findings()


class SlowHash:
    """A digest of each value."""

    name = "slow_hash"
    traits = Traits(keyed=False)

    def __init__(self, options):
        self.seconds = 0.0

    def result_type(self, kind):
        return kind if kind == pa.large_string() else None

    def setup(self, keys):
        self.seconds = float(os.environ.get("SLOW_OPERATOR", "0"))

    def apply(self, cells):
        time.sleep(self.seconds)
        texts = cells.values.to_pylist()
        made = [hashlib.sha256(text.encode()).hexdigest()[:12] for text in texts]
        return Applied(pa.array(made, pa.large_string()), None)
