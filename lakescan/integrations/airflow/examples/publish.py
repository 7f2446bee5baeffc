"""Publish a folder only if a scan of it tripped no gate."""

from __future__ import annotations

from airflow.sdk import DAG, Asset, Param, task

from lakescan.integrations.airflow.gate import LakescanGateSensor
from lakescan.integrations.airflow.scan import LakescanScanOperator

with DAG(
    "lakescan_publish",
    schedule=None,
    tags=["lakescan"],
    params={
        "export": Param("s3://exports/today", description="What is to be published."),
        "run": Param("s3://lake-runs/exports", description="The scan's folder."),
    },
) as dag:
    scan = LakescanScanOperator(
        task_id="scan", uris="{{ params.export }}", run_folder="{{ params.run }}"
    )
    gate = LakescanGateSensor(
        task_id="gate",
        run_folder="{{ params.run }}",
        run_id="{{ ti.xcom_pull(task_ids='scan')['run_id'] }}",
        fail_on=["sensitive"],
        poke_interval=10,
        timeout=3600,
    )

    @task(outlets=[Asset("lakescan-published-export")])
    def publish(summary: dict[str, object]) -> str:
        """In place of what publishes in your house."""
        return f"{summary['datasets']} datasets, {summary['rows_scanned']} rows"

    scan >> gate
    publish(gate.output)
