"""Scan a lake, write it again without the people in it, and see that nothing leaked."""

from __future__ import annotations

from airflow.sdk import DAG, Param

from lakescan.integrations.airflow.anonymize import LakescanAnonymizeOperator
from lakescan.integrations.airflow.scan import LakescanScanOperator
from lakescan.integrations.airflow.verify import LakescanVerifyOperator

with DAG(
    "lakescan_anonymized",
    schedule="@weekly",
    catchup=False,
    tags=["lakescan"],
    params={
        "lake": Param("s3://lake/crm", description="What is read."),
        "safe": Param("s3://lake-safe/crm", description="Where it is written."),
        "run": Param("s3://lake-runs/crm", description="The scan's folder."),
        "policy": Param("/opt/airflow/policy.yaml", description="Operators and the key's place."),
    },
) as dag:
    scan = LakescanScanOperator(
        task_id="scan",
        uris="{{ params.lake }}",
        run_folder="{{ params.run }}",
        policy="{{ params.policy }}",
    )
    anonymize = LakescanAnonymizeOperator(
        task_id="anonymize",
        source="{{ params.lake }}",
        to="{{ params.safe }}",
        writes="changed",
        scan_folder="{{ params.run }}",
        policy="{{ params.policy }}",
    )
    verify = LakescanVerifyOperator(
        task_id="verify",
        target="{{ params.safe }}",
        against="{{ params.lake }}",
        policy="{{ params.policy }}",
    )
    scan >> anonymize >> verify
