"""A scan, an anonymize and a verify on a Ray cluster, waited for in the triggerer."""

from __future__ import annotations

import os

from airflow.sdk import DAG

from lakescan import Budget, WorkerNeeds
from lakescan.integrations.airflow import (
    LakescanAnonymizeOperator,
    LakescanScanOperator,
    LakescanVerifyOperator,
)

FOLDER = os.environ.get("TRIED_FOLDER", "/nowhere")
RAY = {
    "engine": "ray",
    "conn_id": "ray",
    "policy": f"{FOLDER}/policy.yaml",
    "poll_seconds": 0.5,
    "workers": 1,
    "worker": WorkerNeeds(cpus=0.5, memory=200 << 20),
}

with DAG("on_ray", schedule=None) as dag:
    scan = LakescanScanOperator(
        task_id="scan",
        uris=f"{FOLDER}/lake",
        run_folder=f"{FOLDER}/run",
        budget=Budget(rows=10_000, seconds=500),
        deferrable=True,
        **RAY,
    )
    anonymize = LakescanAnonymizeOperator(
        task_id="anonymize",
        source=f"{FOLDER}/lake",
        to=f"{FOLDER}/safe",
        writes="changed",
        layout="compacted",
        scan_folder=f"{FOLDER}/run",
        budget=Budget(bytes=1 << 30),
        deferrable=True,
        **RAY,
    )
    verify = LakescanVerifyOperator(
        task_id="verify",
        target=f"{FOLDER}/safe",
        against=f"{FOLDER}/lake",
        quasi=["id"],
        exclude=["none-of-these/*"],
        **RAY,
    )
    scan >> anonymize >> verify
