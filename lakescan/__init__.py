"""Find the personal data in a data lake, column by column, and say how sure and why.

The names below are the public ones, and a test holds the list. Each is loaded when it is first
asked for, so that ``import lakescan`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lakescan.connectors.model import Selection
    from lakescan.engines.options import EngineOptions, WorkerNeeds
    from lakescan.errors import LakescanError
    from lakescan.jobs.anonymize.audit import Audit
    from lakescan.jobs.anonymize.job import anonymize
    from lakescan.jobs.anonymize.rekey import Rekeying, RekeyResult, rekey
    from lakescan.jobs.anonymize.request import Writing
    from lakescan.jobs.anonymize.result import AnonymizeResult
    from lakescan.jobs.anonymize.reveal import RevealResult, reveal
    from lakescan.jobs.classify import classify
    from lakescan.jobs.detect import Finding, Findings, detect, detect_column
    from lakescan.jobs.evaluate.job import evaluate
    from lakescan.jobs.explain import explain, explain_text
    from lakescan.jobs.result import ScanResult
    from lakescan.jobs.scan.budget import Budget
    from lakescan.jobs.scan.job import scan
    from lakescan.jobs.scan.request import Output
    from lakescan.jobs.stream.job import stream
    from lakescan.jobs.stream.request import Streaming
    from lakescan.jobs.stream.result import StreamResult
    from lakescan.jobs.verify.job import verify
    from lakescan.jobs.verify.watch import Watch
    from lakescan.policy import Policy
    from lakescan.reports.evaluation.model import Evaluation, Resampling
    from lakescan.reports.verification.model import Verification

__version__ = "0.1.0"

_HOMES = {
    "AnonymizeResult": "lakescan.jobs.anonymize.result",
    "Audit": "lakescan.jobs.anonymize.audit",
    "Budget": "lakescan.jobs.scan.budget",
    "EngineOptions": "lakescan.engines.options",
    "Evaluation": "lakescan.reports.evaluation.model",
    "Finding": "lakescan.jobs.detect",
    "Findings": "lakescan.jobs.detect",
    "LakescanError": "lakescan.errors",
    "Output": "lakescan.jobs.scan.request",
    "Policy": "lakescan.policy",
    "RekeyResult": "lakescan.jobs.anonymize.rekey",
    "Rekeying": "lakescan.jobs.anonymize.rekey",
    "Resampling": "lakescan.reports.evaluation.model",
    "RevealResult": "lakescan.jobs.anonymize.reveal",
    "ScanResult": "lakescan.jobs.result",
    "Selection": "lakescan.connectors.model",
    "StreamResult": "lakescan.jobs.stream.result",
    "Streaming": "lakescan.jobs.stream.request",
    "Verification": "lakescan.reports.verification.model",
    "Watch": "lakescan.jobs.verify.watch",
    "WorkerNeeds": "lakescan.engines.options",
    "Writing": "lakescan.jobs.anonymize.request",
    "anonymize": "lakescan.jobs.anonymize.job",
    "classify": "lakescan.jobs.classify",
    "detect": "lakescan.jobs.detect",
    "detect_column": "lakescan.jobs.detect",
    "evaluate": "lakescan.jobs.evaluate.job",
    "explain": "lakescan.jobs.explain",
    "explain_text": "lakescan.jobs.explain",
    "rekey": "lakescan.jobs.anonymize.rekey",
    "reveal": "lakescan.jobs.anonymize.reveal",
    "scan": "lakescan.jobs.scan.job",
    "stream": "lakescan.jobs.stream.job",
    "verify": "lakescan.jobs.verify.job",
}

__all__ = [
    "AnonymizeResult",
    "Audit",
    "Budget",
    "EngineOptions",
    "Evaluation",
    "Finding",
    "Findings",
    "LakescanError",
    "Output",
    "Policy",
    "RekeyResult",
    "Rekeying",
    "Resampling",
    "RevealResult",
    "ScanResult",
    "Selection",
    "StreamResult",
    "Streaming",
    "Verification",
    "Watch",
    "WorkerNeeds",
    "Writing",
    "__version__",
    "anonymize",
    "classify",
    "detect",
    "detect_column",
    "evaluate",
    "explain",
    "explain_text",
    "rekey",
    "reveal",
    "scan",
    "stream",
    "verify",
]


def __getattr__(name: str) -> object:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
