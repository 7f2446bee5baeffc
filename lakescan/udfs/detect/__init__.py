"""Finds entities in the strings of a column.

`build_detectors` gives what a policy asks for; `resolve` settles overlaps, by the rules in
`conflicts`. Declared patterns are in `patterns`, their checks in `checksums`, how they are looked
for in `matching` and `shapes`; word lists are in `dictionaries`, models in `ner`.
"""

from lakescan.udfs.detect.conflicts.resolve import resolve
from lakescan.udfs.detect.detector_names import check_detector_names
from lakescan.udfs.detect.detector_set import (
    DetectorSet,
    build_detectors,
    installed_detectors,
)
from lakescan.udfs.detect.findings import FINDINGS_SCHEMA, no_findings
from lakescan.udfs.detect.protocol import Detector
from lakescan.udfs.detect.values import Values

__all__ = [
    "FINDINGS_SCHEMA",
    "Detector",
    "DetectorSet",
    "Values",
    "build_detectors",
    "check_detector_names",
    "installed_detectors",
    "no_findings",
    "resolve",
]
