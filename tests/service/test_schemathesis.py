"""Requests that schemathesis makes of the OpenAPI document: a real server answers as it says."""

from __future__ import annotations

import time

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

from lakescan.service.application import create_app

# Bodies that it does not make by itself: lines as any text, Arrow as any bytes.
schemathesis.serializer.alias(["application/jsonl", "application/x-ndjson"], "text/plain")
schemathesis.serializer.alias(
    ["application/vnd.apache.arrow.file", "application/vnd.apache.arrow.stream"],
    "application/octet-stream",
)
schema = schemathesis.openapi.from_dict(create_app().openapi())
#: What Presidio's contract answers with 500, and nothing else may.
PRESIDIO = {
    "No text provided",
    "No language provided",
    "No matching recognizers were found to serve the request.",
}


#: How a job ends.
ENDED = {"complete", "partial", "failed"}


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lake")
    (folder / "people.csv").write_text("name,email\n" + "Ann Smith,ann@example.com\n" * 5)
    return folder


@pytest.fixture(scope="module")
def server(servers, lake, tmp_path_factory):
    """A service that runs jobs."""
    runs = tmp_path_factory.mktemp("runs")
    return servers("--runs", str(runs), "--source", str(lake), "--engine", "local")


@pytest.fixture(scope="module")
def job(server, lake):
    """A scan that is done: it has results and a report."""
    with server.client() as client:
        asked = client.post("/v1/jobs", json={"sources": [str(lake)]})
        where = asked.headers["location"]
        end = time.monotonic() + 120
        while client.get(where).json()["status"] not in ENDED and time.monotonic() < end:
            time.sleep(0.1)
        assert client.get(where).json()["status"] == "complete"
    return where.rpartition("/")[2]


@pytest.fixture(scope="module")
def document(server):
    """A document's job that has its result."""
    with server.client() as client:
        given = client.post("/presign", json={}).json()
        assert client.put(given["put_url"], content=b"Ann").status_code == 200
    return given["job_id"]


@schema.parametrize()
@settings(
    max_examples=4,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_answers_are_as_documented(case, server, job, document):
    check(case, server)
    if "job" in (case.path_parameters or {}):
        case.path_parameters["job"] = job if case.path.startswith("/v1/jobs") else document
        response = check(case, server)
        assert response.status_code != 404


def check(case, server):
    response = case.call(base_url=server.url)
    if response.status_code >= 500:
        assert response.status_code == 500
        assert response.json()["error"] in PRESIDIO
    case.validate_response(
        response,
        checks=[
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_headers_conformance,
            checks.response_schema_conformance,
        ],
    )
    return response
