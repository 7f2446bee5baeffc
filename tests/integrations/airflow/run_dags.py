"""Runs DAGs in Airflow's own interpreter, one after the other: ``python run_dags.py REQUESTS``.

REQUESTS is JSON: a list of {dag: FILE, conf: {...}}. Prints, a line each, the run's state and of
each task its state, its XCom and what its assets were told.
"""

from __future__ import annotations

import importlib.util
import json
import sys

from airflow.models.asset import AssetEvent
from airflow.utils.session import create_session
from sqlalchemy import select


def run(path: str, conf: dict[str, object]) -> dict[str, object]:
    spec = importlib.util.spec_from_file_location("tried_dag", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    done = module.dag.test(run_conf=conf)
    tasks = {
        instance.task_id: {
            "state": str(instance.state),
            "summary": instance.xcom_pull(task_ids=instance.task_id),
        }
        for instance in done.get_task_instances()
    }
    with create_session() as session:
        events = session.execute(
            select(AssetEvent).where(AssetEvent.source_run_id == done.run_id)
        ).scalars()
        assets = {event.uri: event.extra for event in events}
    return {"state": str(done.state), "tasks": tasks, "assets": assets}


for request in json.loads(sys.argv[1]):
    print("\nANSWER " + json.dumps(run(request["dag"], request["conf"])), flush=True)
