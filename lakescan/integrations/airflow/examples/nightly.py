"""Every night, read what changed in a lake, and fail if payment data or secrets are new in it."""

from __future__ import annotations

from airflow.sdk import DAG, Param

from lakescan.integrations.airflow.scan import LakescanScanOperator

with DAG(
    "lakescan_nightly",
    schedule="@daily",
    catchup=False,
    tags=["lakescan"],
    params={
        "lake": Param("s3://lake/crm", description="What is scanned."),
        "run": Param("s3://lake-runs/crm", description="The run's folder, the same every night."),
    },
) as dag:
    LakescanScanOperator(
        task_id="scan",
        uris="{{ params.lake }}",
        run_folder="{{ params.run }}",
        reads="changed",
        fail_on=["domain:PCI", "domain:SECRET"],
        retries=2,
    )
