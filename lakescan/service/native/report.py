"""The report of `lakescan.reports.contract`, for the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class ReportedEvidence(BaseModel):
    """One reason for a classification; ``rows_hit`` and ``weight`` only where they are known."""

    detector: str
    rows_hit: int | None = None
    score: float
    weight: float | None = None


class ReportedClassification(BaseModel):
    """One entity that a column holds; ``samples`` are masked."""

    entity: str
    category: str
    domain: str
    confidence: float
    prevalence: float
    interval: tuple[float, float]
    rows_hit: int
    distinct_hit: int
    samples: list[str]
    evidence: list[ReportedEvidence]


class ReportedColumn(BaseModel):
    """What one column holds, best first; ``missed_below`` only of a sampled column."""

    column: str | None
    index: int
    type: str
    rows: int
    nulls: int
    distinct: int
    sensitive: bool
    type_hint: str | None
    classifications: list[ReportedClassification]
    missed_below: float | None = None


class ReportedDataset(BaseModel):
    """One table."""

    uri: str
    format: str
    version: str
    rows: int
    rows_scanned: int
    columns: list[ReportedColumn]


class ReportedBucket(BaseModel):
    """How a bucket is protected that holds what was scanned."""

    uri: str
    public: str
    encryption: str
    versioning: str


class ReportedError(BaseModel):
    """One thing that went wrong and was passed over."""

    uri: str
    kind: str
    message: str


class Report(BaseModel):
    """A run; ``buckets`` only where datasets lie in an object store."""

    run_id: str
    status: Literal["complete", "partial", "failed"]
    engine: str
    policy_hash: str
    rows_scanned: int
    bytes_scanned: int
    seconds: float
    datasets: list[ReportedDataset]
    buckets: list[ReportedBucket] = Field(default_factory=list)
    errors: list[ReportedError]
