"""What whoever runs the service sees: probes, keys, limits, logs, the end."""

from __future__ import annotations

import gzip
import http.server
import json
import re
import signal
import subprocess
import sys
import threading
import time

import httpx
import pytest

SECRET = "4111 1111 1111 1111"
TEXTS = {"texts": [f"card {SECRET}"]}


def test_it_is_alive_and_ready(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_a_request_keeps_its_id_and_gets_one_otherwise(client):
    assert client.get("/healthz", headers={"x-request-id": "a-1"}).headers["x-request-id"] == "a-1"
    given = client.get("/healthz", headers={"x-request-id": "a b; <x>"}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", given)


def test_counters_count_requests_and_entities_and_hold_no_value(client):
    client.post("/v1/detect", json=TEXTS)
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'lakescan_requests_total{method="POST",route="/v1/detect",status="200"}' in page.text
    assert 'lakescan_entities_total{entity="CREDIT_CARD"}' in page.text
    assert "lakescan_request_seconds_bucket" in page.text
    assert SECRET not in page.text


def test_a_path_that_is_none_does_not_become_a_label(client):
    assert client.get("/nothing/needle").status_code == 404
    assert "needle" not in client.get("/metrics").text


def test_the_access_log_is_json_without_bodies_paths_or_queries(server, client):
    client.post("/v1/detect?q=needle", json=TEXTS, headers={"x-request-id": "logged-1"})
    # A line is written after its answer, and before the next request is looked at.
    client.get("/healthz")
    lines = [json.loads(s) for s in server.log.read_text().splitlines() if s.startswith("{")]
    mine = [line for line in lines if line["request_id"] == "logged-1"]
    assert mine[0]["route"] == "/v1/detect"
    assert mine[0]["status"] == 200
    assert set(mine[0]) == {"request_id", "caller", "method", "route", "status", "seconds", "bytes"}
    assert "needle" not in server.log.read_text()
    assert SECRET not in server.log.read_text()


# --- who may come in ------------------------------------------------------------------------------

PATHS = ["/v1/detect", "/analyze", "/deidentify_text", "/v1/detect/pii", "/presign", "/nothing"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [{}, {"x-api-key": "wrong"}, {"authorization": "Bearer wrong"}, {"authorization": "Basic x"}],
    ids=["none", "wrong", "wrong-bearer", "basic"],
)
def test_no_key_or_a_wrong_one_lets_nobody_in(guarded, path, headers):
    with guarded.client() as client:
        body = {"text": "x", "texts": ["x"], "messages": ["x"], "language": "en"}
        refused = client.post(path, json={} if path == "/nothing" else body, headers=headers)
        if path == "/v1/detect":
            refused = client.post(path, json=TEXTS, headers=headers)
    assert refused.status_code == 401
    assert set(refused.json()) == {"error"}


@pytest.mark.parametrize("key", ["first-key", "second-key"])
def test_a_key_lets_in_by_either_header(guarded, key):
    with guarded.client() as client:
        for headers in ({"x-api-key": key}, {"authorization": f"Bearer {key}"}):
            assert client.post("/v1/detect", json=TEXTS, headers=headers).status_code == 200


def test_probes_need_no_key_and_counters_do(guarded):
    with guarded.client() as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/openapi.json").status_code == 200
        assert client.get("/metrics").status_code == 401


def test_a_key_file_is_read_again_and_keys_expire(servers, tmp_path):
    file = tmp_path / "keys"
    file.write_text(
        "old-key\nlate-key expires=2020-01-31  # long ago\nnew-key expires=2999-01-01\n"
    )
    server = servers("--accuracy-mode", "patterns", "--keys-file", str(file))
    with server.client() as client:

        def status(key):
            return client.get("/v1/policy", headers={"x-api-key": key}).status_code

        assert [status(k) for k in ("old-key", "late-key", "new-key")] == [200, 401, 200]
        time.sleep(0.01)
        file.write_text("new-key\n")
        assert [status(k) for k in ("old-key", "new-key")] == [401, 200]
        file.write_text("sha256:nonsense\n")
        assert status("new-key") == 401, "a broken file lets nobody in"


def test_a_page_of_another_name_does_not_reach_an_open_service(client):
    refused = client.get("/v1/entities", headers={"host": "evil.example"})
    assert refused.status_code == 400
    assert client.get("/healthz").headers.get("access-control-allow-origin") is None


@pytest.mark.parametrize(
    "options, said",
    [
        (["--host", "192.0.2.1"], "there are no API keys"),
        (["--cors-origin", "app.example.com"], "'app.example.com' is no origin of a web page"),
        (["--cors-origin", "https://app.example.com/page"], "is no origin of a web page"),
        (["--cors-origin", "*"], "any web page could ask, and there are no API keys"),
        (["--tls-certificate", "none.pem", "--tls-key", "key.pem"], "--tls-certificate none.pem:"),
        (["--tls-certificate", "keys", "--tls-key", "keys"], "are no certificate and its key"),
    ],
)
def test_what_cannot_be_served_is_told_at_the_start(tmp_path, options, said):
    (tmp_path / "keys").write_text("no certificate\n")
    command = [sys.executable, "-m", "lakescan", "serve", "--port", "0", *options]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.returncode == 2
    assert said in run.stderr


# --- the end, and TLS -----------------------------------------------------------------------------


def test_requests_in_work_are_answered_before_the_end(servers):
    server = servers("--accuracy-mode", "patterns")
    text = " ".join(f"Ann Smith {n} Main Street, card {SECRET}." for n in range(20_000))
    answers = []

    def ask():
        with server.client() as client:
            answers.append(client.post("/v1/detect", json={"texts": [text]}).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    with server.client() as client:
        while server.in_work(client) < 2 and thread.is_alive():
            time.sleep(0.01)
    assert server.stop() == 0
    thread.join()
    assert answers == [200]


def test_whoever_sends_requests_sees_that_it_ends(servers):
    server = servers("--accuracy-mode", "patterns", "--grace", "6")
    with server.client() as client:
        server.process.terminate()
        end = time.monotonic() + 60
        while (ready := client.get("/readyz")).status_code == 200 and time.monotonic() < end:
            time.sleep(0.02)
        assert (ready.status_code, ready.json()) == (503, {"status": "draining"})
        assert client.post("/v1/detect", json=TEXTS).status_code == 200, "it still takes requests"
    assert server.process.wait(60) == 0


def test_ctrl_c_ends_it_well(servers):
    server = servers("--accuracy-mode", "patterns")
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(60) == 0


def test_tls_by_a_certificate(servers, tmp_path):
    import ssl

    chain, key = self_signed(tmp_path)
    server = servers(
        "--accuracy-mode", "patterns", "--tls-certificate", chain, "--tls-key", key, tls=chain
    )  # fmt: skip
    trusting = httpx.Client(
        base_url=server.url, verify=ssl.create_default_context(cafile=chain), trust_env=False
    )
    with trusting as client:
        assert client.post("/v1/detect", json=TEXTS).status_code == 200


def self_signed(folder):
    """A certificate for localhost, and its key."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "chain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(folder / "chain.pem"), str(folder / "key.pem")


# --- traces ---------------------------------------------------------------------------------------


def test_traces_go_where_opentelemetry_is_told(servers):
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    bodies = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            data = self.rfile.read(int(self.headers["content-length"]))
            zipped = self.headers.get("content-encoding") == "gzip"
            bodies.append(gzip.decompress(data) if zipped else data)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        server = servers(
            "--accuracy-mode", "patterns",
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
            FASTAPI_OTEL_AUTO_CONFIGURE="true",  # FastAPI's own would tell queries
        )  # fmt: skip
        trace = "0af7651916cd43dd8448eb211c80319c"
        with server.client() as client:
            client.post(
                "/v1/detect?q=needle",
                json=TEXTS,
                headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01", "x-request-id": "t-1"},
            )
        assert server.stop() == 0, "what is left is sent at the end"
        collector.shutdown()
        thread.join()
    spans = [
        span
        for body in bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    mine = next(span for span in spans if span.trace_id.hex() == trace)
    assert mine.name == "POST /v1/detect"
    told = {each.key: each.value.string_value or each.value.int_value for each in mine.attributes}
    assert told["http.route"] == "/v1/detect"
    assert told["http.response.status_code"] == 200
    assert told["lakescan.request_id"] == "t-1"
    assert "read" in {span.name for span in spans}
    assert not any(SECRET.encode() in body or b"needle" in body for body in bodies)
