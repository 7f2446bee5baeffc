"""An anonymize whose budget is spent before it is through: its next tries do the rest."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, Param

from lakescan import Budget
from lakescan.integrations.airflow import LakescanAnonymizeOperator

PARAMS = {"lake": Param("", type="string"), "safe": Param("", type="string")}

with DAG("in_parts", schedule=None, params=PARAMS) as dag:
    LakescanAnonymizeOperator(
        task_id="anonymize",
        source="{{ params.lake }}",
        to="{{ params.safe }}",
        policy="{{ params.lake }}/../policy.yaml",
        workers=1,
        engine="local",
        layout="compacted",
        budget=Budget(rows=10),
        retries=2,
        retry_delay=timedelta(0),
    )
