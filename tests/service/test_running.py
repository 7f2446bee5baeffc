"""What whoever runs the service sees: probes, keys, limits, logs, the end."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest

SECRET = "4111 1111 1111 1111"
TEXTS = {"texts": [f"card {SECRET}"]}


def running(client) -> int:
    """Requests in work, the one that asks among them."""
    key = {"x-api-key": "first-key"}
    return int(
        float(
            re.search(
                r"^lakescan_running (.+)$", client.get("/metrics", headers=key).text, re.MULTILINE
            )[1]
        )
    )


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


def test_an_address_that_others_reach_needs_keys():
    command = [sys.executable, "-m", "lakescan", "serve", "--host", "192.0.2.1", "--port", "0"]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 2
    assert "there are no API keys" in run.stderr


# --- bodies ---------------------------------------------------------------------------------------


def test_a_body_that_is_too_long_is_refused_before_it_is_read(client, server):
    assert client.post("/v1/detect", content=b"x" * (11 << 20)).status_code == 413
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 30) as plain:
        plain.sendall(
            b"POST /v1/detect HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999999\r\n\r\n"
        )
        assert plain.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_without_a_length_is_counted_as_it_comes(client):
    def stream():
        for _ in range(24):
            yield b"x" * (1 << 19)

    with contextlib.suppress(httpx.WriteError):  # it may close the connection on us
        assert client.post("/v1/detect", content=stream()).status_code == 413
    assert client.get("/healthz").status_code == 200


def test_a_compressed_body_is_not_unpacked(client):
    bomb = gzip.compress(b" " * (20 << 20))
    refused = client.post("/v1/detect", content=bomb, headers={"content-encoding": "gzip"})
    assert refused.status_code == 415


def test_a_slow_client_and_a_big_body_hold_nobody_up(guarded):
    host, port = guarded.url.removeprefix("http://").split(":")
    key = {"x-api-key": "first-key"}
    big = " ".join(f"Ann Smith {n} Main Street, card {SECRET}." for n in range(40_000))
    done = []

    def long():
        with guarded.client(headers=key) as other:
            done.append(other.post("/v1/detect", json={"texts": [big]}).status_code)

    with contextlib.ExitStack() as slow:
        for _ in range(20):
            each = slow.enter_context(socket.create_connection((host, int(port)), 30))
            each.sendall(
                b"POST /v1/detect HTTP/1.1\r\nhost: localhost\r\nx-api-key: first-key\r\n"
                b"content-length: 100\r\n\r\n{"
            )
        thread = threading.Thread(target=long)
        thread.start()
        with guarded.client(headers=key) as client:
            while running(client) < 22 and thread.is_alive():
                time.sleep(0.01)
            for _ in range(3):
                assert client.post("/v1/detect", json=TEXTS).status_code == 200
        before = list(done)
        thread.join()
    assert (before, done) == ([], [200]), "short questions were answered while the long one ran"


def test_a_body_that_never_comes_is_given_up(servers):
    server = servers("--accuracy-mode", "patterns", "--timeout", "1")
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 60) as slow:
        slow.sendall(b"POST /v1/detect HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{")
        assert slow.recv(100).startswith(b"HTTP/1.1 408")


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
        while running(client) < 2 and thread.is_alive():
            time.sleep(0.01)
    assert server.stop() == 0
    thread.join()
    assert answers == [200]


def test_whoever_sends_requests_sees_that_it_ends(servers):
    server = servers("--accuracy-mode", "patterns", "--grace", "2")
    with server.client() as client:
        server.process.terminate()
        end = time.monotonic() + 10
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


# --- slow and shapeless clients -------------------------------------------------------------------


def plain_socket(server):
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), 60)


def test_a_head_that_never_ends_is_given_up(guarded):
    with (
        plain_socket(guarded) as nothing,
        plain_socket(guarded) as slow,
        plain_socket(guarded) as second,
    ):
        second.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        answer = b""
        while not answer.endswith(b"}"):
            answer += second.recv(4096)
        assert answer.startswith(b"HTTP/1.1 200")
        second.sendall(b"GET /hea")
        for letter in b"GET /healthz":
            slow.sendall(bytes([letter]))
            time.sleep(0.05)
        begun = time.monotonic()
        for each in (nothing, slow, second):
            assert each.recv(4096).startswith(b"HTTP/1.1 408")
            assert each.recv(4096) == b"", "and the connection is closed"
        assert time.monotonic() - begun < 30


def test_a_head_that_is_too_long_is_refused(guarded):
    with plain_socket(guarded) as plain:
        with contextlib.suppress(ConnectionError):
            plain.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n")
            for n in range(2000):
                plain.sendall(b"x-filler-%d: %s\r\n" % (n, b"y" * 500))
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = plain.recv(4096)
        assert answer == b"" or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
    with guarded.client() as client:
        assert client.get("/healthz").status_code == 200


def test_a_body_that_pauses_is_given_up_long_before_its_time(guarded):
    with plain_socket(guarded) as slow:
        slow.sendall(
            b"POST /v1/detect HTTP/1.1\r\nhost: localhost\r\nx-api-key: first-key\r\n"
            b"content-length: 9\r\n\r\n{"
        )
        slow.settimeout(45)  # a request's whole time is 60
        assert slow.recv(100).startswith(b"HTTP/1.1 408")


def test_one_address_cannot_take_all_connections(servers):
    server = servers("--accuracy-mode", "patterns", "--connections", "10")
    neighbour = httpx.HTTPTransport(local_address="127.0.0.2")
    with contextlib.ExitStack() as open_ones:
        many = [open_ones.enter_context(plain_socket(server)) for _ in range(12)]
        assert many[-1].recv(100).startswith(b"HTTP/1.1 429")
        with server.client(transport=neighbour) as client:
            assert client.post("/v1/detect", json=TEXTS).status_code == 200
    with server.client() as client:
        assert client.get("/healthz").status_code == 200, "once they are gone, there is room"


def test_what_is_refused_stays_in_no_memory(servers):
    import psutil

    server = servers("--accuracy-mode", "patterns")
    process = psutil.Process(server.process.pid)
    big = b"x" * (1 << 20)

    def body():
        for _ in range(100):
            yield big

    def hostile(client):
        json_type = {"content-type": "application/json"}
        with contextlib.suppress(httpx.TransportError):  # closed while we send
            assert client.post("/v1/detect", content=body()).status_code == 413
        for data, headers, status in (
            (b'{"texts": ["a', json_type, 400),
            (b"\xff\xfe{}", json_type, 400),
            (b'{"texts": 5}', json_type, 422),
            (gzip.compress(big * 20), {"content-encoding": "gzip"}, 415),
        ):
            assert client.post("/v1/detect", content=data, headers=headers).status_code == status

    with server.client() as client:
        hostile(client)
        before = process.memory_info().rss
        for _ in range(10):
            hostile(client)
            assert client.post("/v1/detect", json=TEXTS).status_code == 200
        grown = process.memory_info().rss - before
    assert grown < 64 << 20, f"{grown >> 20} MiB"
