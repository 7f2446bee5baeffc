"""``/v1/jobs``: submitted, watched, cancelled, resumed, and still told after a restart."""

from __future__ import annotations

import json
import os
import time

import pytest

from lakescan.errors import UsageError
from lakescan.service.jobs.rules import JobRules

DONE = {"complete", "partial", "failed", "cancelled", "interrupted"}
#: A detector, as third parties install theirs, that some texts hold up until a file is there.
PLUGIN = """
import os
import time
from lakescan.udfs.detect.findings import FINDINGS_SCHEMA


class Waiting:
    name, version, entities = "waiting", "1", frozenset()

    def setup(self):
        pass

    def detect(self, values):
        held = any("wait here" in text for text in values.series.to_list())
        while held and not os.path.exists(os.environ["LAKESCAN_TEST_GATE"]):
            time.sleep(0.02)
        return FINDINGS_SCHEMA.empty_table()
"""
#: Files of the big lake, and lines of each.
FILES, LINES = 8, 100


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake")
    for n in range(3):
        rows = "".join(f"Ann{i} Smith,ann{n}{i}@example.com\n" for i in range(20))
        (folder / f"t{n}.csv").write_text("name,email\n" + rows)
    return folder


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """Is not scanned to its end before a test opens the gate."""
    folder = tmp_path_factory.mktemp("big")
    for n in range(FILES):
        last = n == FILES - 1
        lines = [f"call {n} {i} on 202-555-0142 or a{i}@example.com\n" for i in range(LINES - last)]
        (folder / f"part{n}.txt").write_text("".join(lines) + "wait here\n" * last)
    return folder


@pytest.fixture
def waiting(tmp_path):
    """Variables of a service whose scans of the big lake wait for the file `gate`."""
    (tmp_path / "waiting.py").write_text(PLUGIN)
    meta = tmp_path / "waiting-1.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: waiting\nVersion: 1.0\n")
    (meta / "entry_points.txt").write_text("[lakescan.detectors]\nwaiting = waiting:Waiting\n")
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    return {"PYTHONPATH": path, "LAKESCAN_TEST_GATE": str(tmp_path / "gate")}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


def arguments(runs, lake, big):
    return (
        "--accuracy-mode", "patterns", "--runs", str(runs), "--source", str(lake),
        "--source", str(big), "--engine", "local",
    )  # fmt: skip


@pytest.fixture(scope="module")
def office(servers, runs, lake, big):
    return servers(*arguments(runs, lake, big))


def submitted(client, *sources, **more):
    answer = client.post("/v1/jobs", json={"sources": [str(s) for s in sources], **more})
    assert answer.status_code == 202, answer.text
    job = answer.json()["id"]
    assert answer.headers["location"] == f"/v1/jobs/{job}"
    return job


def ended(client, job, until=DONE):
    end = time.monotonic() + 120
    while time.monotonic() < end:
        value = client.get(f"/v1/jobs/{job}").json()
        if value["status"] in until:
            return value
        time.sleep(0.1)
    raise AssertionError(value)


def test_a_job_ends_with_results_and_a_report(office, lake):
    with office.client() as client:
        job = submitted(client, lake)
        value = ended(client, job)
        assert value["status"] == "complete"
        assert value["totals"]["sensitive_columns"] >= 1
        assert (value["caller"], value["error"], value["progress"]) == ("local", None, None)
        report = client.get(f"/v1/jobs/{job}/results").json()
        columns = {c["column"]: c["classifications"] for c in report["datasets"][0]["columns"]}
        assert columns["email"][0]["entity"] == "EMAIL_ADDRESS"
        page = client.get(f"/v1/jobs/{job}/report")
        assert page.headers["content-type"].startswith("text/html")
        assert "sandbox" in page.headers["content-security-policy"]
        assert b"email" in page.content
        assert b"@example.com" not in page.content + json.dumps(report).encode()


def test_jobs_are_listed_the_latest_first(office, lake):
    with office.client() as client:
        jobs = [submitted(client, lake / f"t{n}.csv") for n in range(2)]
        for job in jobs:
            ended(client, job)
        listed = [each["id"] for each in client.get("/v1/jobs").json()]
        assert listed == sorted(listed, reverse=True)
        assert set(jobs) <= set(listed)
        assert len(client.get("/v1/jobs", params={"limit": 1}).json()) == 1


def test_a_job_that_cannot_run_says_why(office, lake):
    with office.client() as client:
        value = ended(client, submitted(client, lake / "nothing.csv"))
        assert value["status"] == "failed"
        assert (
            value["error"]["kind"] == "NotFoundError" or "nothing.csv" in value["error"]["message"]
        )
        assert client.get(f"/v1/jobs/{value['id']}/results").status_code == 409


def begun(client, job):
    """Wait until some of a job is done; it waits at the gate."""
    end = time.monotonic() + 120
    while not (value := client.get(f"/v1/jobs/{job}").json())["progress"]["done"]:
        assert time.monotonic() < end, value
        time.sleep(0.02)


def test_a_job_is_cancelled_then_goes_on(servers, tmp_path, lake, big, waiting):
    office = servers(*arguments(tmp_path / "runs", lake, big), **waiting)
    with office.client() as client:
        job = submitted(client, big)
        begun(client, job)
        assert client.get(f"/v1/jobs/{job}/results").status_code == 409
        assert client.post(f"/v1/jobs/{job}/resume").status_code == 409, "it is at work"
        assert client.post(f"/v1/jobs/{job}/cancel").status_code == 202
        assert ended(client, job)["status"] == "cancelled"
        assert client.post(f"/v1/jobs/{job}/cancel").status_code == 409
        (tmp_path / "gate").touch()
        assert client.post(f"/v1/jobs/{job}/resume").status_code == 202
        value = ended(client, job)
        assert value["status"] == "complete"
        assert value["totals"]["rows_scanned"] == FILES * LINES
        splits = client.get(f"/v1/jobs/{job}/results").json()
        assert splits["rows_scanned"] == FILES * LINES


def test_a_restart_loses_no_job(servers, tmp_path, lake, big, waiting):
    runs = tmp_path / "runs"
    first = servers(*arguments(runs, lake, big), **waiting)
    with first.client() as client:
        done = submitted(client, lake)
        ended(client, done)
        broken = submitted(client, big)
        queued = submitted(client, lake)
        begun(client, broken)
        assert client.get(f"/v1/jobs/{queued}").json()["status"] == "queued"
    first.process.kill()
    first.process.wait()
    second = servers(*arguments(runs, lake, big))
    with second.client() as client:
        told = {each["id"]: each["status"] for each in client.get("/v1/jobs").json()}
        assert told == {done: "complete", broken: "interrupted", queued: "interrupted"}
        assert client.post(f"/v1/jobs/{queued}/resume").status_code == 202
        assert ended(client, queued)["status"] == "complete"


def test_runs_of_the_command_line_are_listed_too(office, runs, lake):
    import lakescan

    lakescan.scan(lake / "t0.csv", output=runs / "by-hand", engine="local")
    with office.client() as client:
        value = client.get("/v1/jobs/by-hand").json()
        assert (value["status"], value["caller"]) == ("complete", None)
        assert client.get("/v1/jobs/by-hand/results").status_code == 200


@pytest.mark.parametrize("job", ["none", "..", "%2e%2e", "a%2fb", "x" * 200])
def test_a_job_that_is_none_is_not_found(office, job):
    with office.client() as client:
        for path in ("", "/results", "/report"):
            assert client.get(f"/v1/jobs/{job}{path}").status_code == 404
        assert client.post(f"/v1/jobs/{job}/cancel").status_code == 404


@pytest.mark.parametrize(
    "source",
    ["/etc/passwd", "{lake}/../secret", "s3://bucket/x", "postgresql://u:p@host/db", "{lake}x"],
)
def test_jobs_read_only_what_they_may(office, lake, source):
    with office.client() as client:
        answer = client.post("/v1/jobs", json={"sources": [source.format(lake=lake)]})
        assert answer.status_code == 422
        assert "source" in answer.json()["error"]


def test_a_link_out_of_the_allowed_folder_leads_nowhere(tmp_path):
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "out").symlink_to("/etc")
    rules = JobRules(str(tmp_path / "runs"), (str(tmp_path / "lake"), "s3://lake/crm"))
    assert rules.checked(str(tmp_path / "lake" / "*.csv"))
    assert rules.checked("s3://lake/crm/a/*.parquet")
    for uri in (str(tmp_path / "lake" / "out"), "s3://lake/crmx", "s3://lake/crm/../hr"):
        with pytest.raises(UsageError):
            rules.checked(uri)


def test_without_runs_there_are_no_jobs(client):
    answer = client.post("/v1/jobs", json={"sources": ["/tmp"]})
    assert answer.status_code == 404
    assert "--runs" in answer.json()["error"]
