"""DAGs run for real, in Airflow's own environment."""

from __future__ import annotations

import json

import pytest

pytestmark = [pytest.mark.airflow, pytest.mark.slow]

POLICY = """
version: 1
accuracy_mode: patterns
anonymize:
  default: replace
"""


@pytest.fixture
def folder(tmp_path):
    """A lake with e-mail addresses, and a policy."""
    (tmp_path / "lake").mkdir()
    for part in range(2):
        rows = [f"{part * 30 + row},user{part * 30 + row}@example.com" for row in range(30)]
        (tmp_path / "lake" / f"part-{part}.csv").write_text("\n".join(["id,email", *rows, ""]))
    (tmp_path / "stock").mkdir()
    (tmp_path / "stock" / "stock.csv").write_text("sku,stock\nA-1,3\nB-2,5\n")
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


def connection(nodes):
    """The connection to a cluster, as Airflow reads it from a variable."""
    host, _, port = nodes.jobs.rpartition(":")
    return {"conn_type": "lakescan", "host": host, "port": int(port), "password": "t" * 64}


def states(answer):
    return {name: task["state"] for name, task in answer["tasks"].items()}


def test_the_examples_run(airflow, folder):
    lake, safe, run = str(folder / "lake"), str(folder / "safe"), str(folder / "run")
    (folder / "cards.csv").write_text(
        "holder,card\n" + "".join(f"a{n},4111111111111111\n" for n in range(9))
    )
    answers, words = airflow.run(
        ("nightly.py", {"lake": lake, "run": run}),
        ("nightly.py", {"lake": lake, "run": run}),
        ("nightly.py", {"lake": str(folder / "cards.csv"), "run": str(folder / "cards")}),
        (
            "anonymized.py",
            {
                "lake": lake,
                "safe": safe,
                "run": str(folder / "whole"),
                "policy": str(folder / "policy.yaml"),
            },
        ),
        ("publish.py", {"export": str(folder / "stock"), "run": str(folder / "stock-run")}),
        ("publish.py", {"export": lake, "run": str(folder / "lake-run")}),
    )
    first, second, cards, anonymized, published, held_back = answers

    assert first["state"] == second["state"] == "success"
    summary = first["tasks"]["scan"]["summary"]
    assert summary["entities"] == {"EMAIL_ADDRESS": 1}
    assert (summary["rows_scanned"], summary["status"]) == (60, "complete")
    assert second["tasks"]["scan"]["summary"]["run_id"] != summary["run_id"]
    assert json.loads((folder / "run/run.json").read_text())["totals"]["sensitive_columns"] == 1

    assert states(cards) == {"scan": "failed"}
    assert "gate 'domain:PCI' tripped by" in words

    assert states(anonymized) == dict.fromkeys(("scan", "anonymize", "verify"), "success")
    assert anonymized["tasks"]["anonymize"]["summary"]["columns_changed"] == 1
    assert anonymized["tasks"]["verify"]["summary"]["leaks"] == 0
    assert "example.com" not in (folder / "safe/part-0.csv").read_text()

    assert states(published) == dict.fromkeys(("scan", "gate", "publish"), "success")
    assert published["tasks"]["publish"]["summary"] == "1 datasets, 2 rows"
    assert "lakescan-published-export" in str(published["assets"])
    assert states(held_back) == {"scan": "success", "gate": "failed", "publish": "upstream_failed"}
    assert "@example.com" not in json.dumps(answers)
    assert "@example.com" not in words
    assert "4111111111111111" not in words


def test_an_anonymize_that_spends_its_budget_goes_on_in_its_next_tries(airflow, folder):
    for name in ("left", "right"):
        (folder / "lake" / name).mkdir()
        rows = [f"{row},user{row}@example.com" for row in range(30)]
        (folder / "lake" / name / "a.csv").write_text("\n".join(["id,email", *rows, ""]))
    asked = {"lake": str(folder / "lake"), "safe": str(folder / "safe")}
    (answer,), words = airflow.run(("in_parts.py", asked))
    assert words.count("anonymize is partial: its report names what was left out (1)") == 2
    assert states(answer) == {"anonymize": "success"}, words[-6000:]
    assert answer["tasks"]["anonymize"]["summary"]["rows"] == 120
    made = {path.relative_to(folder / "safe") for path in (folder / "safe").rglob("*.csv")}
    assert len(made) == 3  # the two files of the folder itself are one now


@pytest.mark.ray
def test_a_dag_waits_for_jobs_on_a_ray_cluster(airflow, folder, one_node):
    env = {"AIRFLOW_CONN_RAY": json.dumps(connection(one_node)), "TRIED_FOLDER": str(folder)}
    (answer,), words = airflow.run(("on_ray.py", {}), env=env)

    assert states(answer) == dict.fromkeys(("scan", "anonymize", "verify"), "success"), words[
        -4000:
    ]
    scan = answer["tasks"]["scan"]["summary"]
    assert (scan["engine"], scan["entities"]) == ("ray", {"EMAIL_ADDRESS": 1})
    assert answer["tasks"]["anonymize"]["summary"]["rows"] == 60
    verify = answer["tasks"]["verify"]["summary"]
    assert (verify["status"], verify["leaks"], verify["tables"]) == ("clean", 0, 1)
    assert verify["smallest_group"] == 1  # each id is another: what quasi named was counted over
    for option in (
        "--workers 1 --worker-cpus 0.5",
        "--max-rows 10000 --max-seconds 500",
        "--layout compacted --incremental --scan-output",
        "--max-bytes 1073741824",
    ):
        assert option in words
    assert {uri.rpartition("/")[2] for uri in answer["assets"]} == {"run", "safe"}
    safe = next(extra for uri, extra in answer["assets"].items() if uri.endswith("safe"))
    assert safe["lakescan"]["rows"] == 60
    assert words.count("running trigger in line") == 2
    assert "@example.com" not in words
    assert "t" * 64 not in words


@pytest.mark.ray
def test_a_task_that_is_killed_while_it_waits_in_the_triggerer_stops_its_job(
    airflow, folder, one_node
):
    slow = ["--no-wait", "--env", "SLOW_DETECTOR=9"]
    begun = one_node.submit("scan", folder / "lake", *slow)
    assert begun.returncode == 0, begun.stderr
    job = next(w.rstrip(",") for w in begun.stderr.split() if w.startswith("lakescan-scan-"))
    code = (
        "import asyncio; from lakescan.integrations.airflow.trigger import LakescanJobTrigger as T;"
        f"asyncio.run(T('ray', {job!r}).on_kill())"
    )
    airflow.python("-c", code, env={"AIRFLOW_CONN_RAY": json.dumps(connection(one_node))})
    stopped = one_node.submit("status", job)
    assert (stopped.returncode, "stopped" in stopped.stdout) == (130, True)


def test_airflow_knows_the_provider_and_its_connection(airflow):
    code = (
        "from airflow.providers_manager import ProvidersManager as P;"
        "m = P(); name = m.providers['lakescan'].data['name'];"
        "hook = m.hooks['lakescan'].hook_name; print('told:', name, hook)"
    )
    assert "told: lakescan lakescan" in airflow.python("-c", code).stdout.splitlines()
