"""The preflight says what is wrong before a scan would: name, port, TLS, credentials, rights."""

from __future__ import annotations

import http.server
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from database_servers import PASSWORD
from ports import free_port

from lakescan.errors import MissingDependencyError
from lakescan.jobs.check.job import check
from lakescan.jobs.check.model import CheckReport, Outcome
from lakescan.jobs.check.network import reach

if TYPE_CHECKING:
    from database_servers import Server
    from seaweedfs import S3Server


def failed(report: CheckReport) -> tuple[str, str]:
    """The step that failed, which is the last, and what it says."""
    *before, last = report.steps
    assert all(step.outcome is not Outcome.FAILED for step in before)
    assert last.outcome is Outcome.FAILED
    assert not report.passed
    return last.name, f"{last.detail} ({last.hint})"


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    for name, value in s3_server.env().items():
        monkeypatch.setenv(name, value)
    s3_server.client().put_object(Bucket="lake", Key="check/a.csv", Body=b"id,name\n1,x\n")
    return s3_server


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    report = check(str(tmp_path), writing=True)
    assert report.passed
    assert [step.name for step in report.steps] == [
        "source",
        "credentials",
        "list",
        "read",
        "write",
    ]
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    (nothing,) = [s for s in check(str(tmp_path / "nothing")).steps if s.name == "list"]
    assert nothing.outcome is Outcome.NOTED


def test_an_unknown_source() -> None:
    name, told = failed(check("gopher://x"))
    assert (name, "unknown source scheme 'gopher'" in told) == ("source", True)


def test_an_extra_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_uri: str, _properties: object) -> None:
        raise MissingDependencyError("google-cloud-storage", "gcs")

    monkeypatch.setattr("lakescan.jobs.check.job.storage_for", missing)
    name, told = failed(check("gs://bucket/x"))
    assert (name, "lakescan[gcs]" in told) == ("source", True)


@pytest.mark.s3
def test_a_bucket(s3: S3Server) -> None:
    report = check("s3://lake/check/", writing=True)
    assert report.passed
    names = [step.name for step in report.steps]
    assert names[:6] == ["source", "name", "connect", "credentials", "list", "read"]
    assert names[-1] == "write"
    assert all(secret not in str(report) for secret in (s3.admin[1], s3.reader[1]))
    assert check("s3://").passed


@pytest.mark.s3
def test_what_is_wrong_with_a_bucket(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failed(check("s3://no-such-bucket/x"))[0] == "list"
    for name, value in s3.env(s3.reader).items():
        monkeypatch.setenv(name, value)
    assert check("s3://lake/check/").passed
    name, told = failed(check("s3://lake/check/", writing=True))
    assert (name, "lack the permission" in told) == ("write", True)
    for name, value in s3.env((s3.admin[0], "wrong-secret")).items():
        monkeypatch.setenv(name, value)
    name, told = failed(check("s3://lake/check/"))
    assert (name, "refuses access" in told, "wrong-secret" in told) == ("list", True, False)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    name, told = failed(check("s3://lake/check/"))
    assert (name, "AWS_ACCESS_KEY_ID" in told) == ("credentials", True)


def test_a_name_that_nobody_knows() -> None:
    report = check(
        "s3://bucket/x", {"endpoint": "http://no-such-host.invalid", "anonymous": "true"}
    )
    name, told = failed(report)
    assert (name, "no-such-host.invalid" in told) == ("name", True)


def test_a_port_where_nobody_listens() -> None:
    steps = list(reach(f"http://127.0.0.1:{free_port()}"))
    assert [(s.name, s.outcome) for s in steps] == [
        ("name", Outcome.OK),
        ("connect", Outcome.FAILED),
    ]


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    """Something that speaks HTTP; its socket may be wrapped before the first request."""
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    yield made
    made.shutdown()
    made.server_close()


def serve(server: http.server.ThreadingHTTPServer) -> int:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return int(server.server_address[1])


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Of localhost, signed by itself."""
    key, signed = tmp_path / "key.pem", tmp_path / "signed.pem"
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-batch",
        "-keyout", key, "-out", signed, "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return key, signed


def test_a_certificate_that_nobody_signed_and_one_that_is_trusted(
    server: http.server.ThreadingHTTPServer,
    certificate: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, signed = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(signed, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setattr(server, "handle_error", lambda *_: None)
    url = f"https://localhost:{serve(server)}"
    monkeypatch.delenv("AWS_CA_BUNDLE", raising=False)
    *_, last = reach(url)
    assert (last.name, last.outcome) == ("tls", Outcome.FAILED)
    assert "self-signed" in last.detail
    monkeypatch.setenv("AWS_CA_BUNDLE", str(signed))
    *_, last = reach(url)
    assert (last.name, last.outcome) == ("tls", Outcome.OK)


def test_https_where_http_is_spoken(server: http.server.ThreadingHTTPServer) -> None:
    *_, last = reach(f"https://localhost:{serve(server)}")
    assert (last.name, last.outcome) == ("tls", Outcome.FAILED)
    assert "http://" in str(last.hint)


def test_behind_a_proxy_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@proxy.invalid:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    (step,) = reach("https://bucket.invalid")
    assert step.outcome is Outcome.OK
    assert "hunter2" not in step.detail


@pytest.mark.postgresql
def test_a_database(postgres_server: Server) -> None:
    postgres_server.run(
        "shop",
        "CREATE SCHEMA checked",
        "CREATE TABLE checked.a AS SELECT 1 AS n",
        "CREATE TABLE checked.b AS SELECT 1 AS n",
        f"CREATE ROLE checker LOGIN PASSWORD '{PASSWORD}'",
        "GRANT USAGE ON SCHEMA checked TO checker",
    )
    uri = postgres_server.uri("shop/checked")
    report = check(uri)
    assert report.passed
    assert [s.name for s in report.steps] == ["source", "name", "connect", "discover", "read"]
    nothing = check(postgres_server.uri("shop/checked", user="checker"))
    refused = f"{postgres_server.shown('shop/checked/a')}: permission denied"
    assert failed(nothing) == ("read", f"{refused} (grant SELECT on it, or exclude it)")
    postgres_server.run("shop", "GRANT SELECT ON checked.a TO checker")
    partly = check(postgres_server.uri("shop/checked", user="checker")).steps[-1]
    assert (partly.name, partly.outcome) == ("read", Outcome.NOTED)
    assert "checked/b: permission denied" in partly.detail


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("path", "password", "step"),
    [
        ("shop/checked", "wrong", "credentials"),
        ("nowhere", PASSWORD, "discover"),
        ("shop/public/none", PASSWORD, "discover"),
        ("shop?sslmode=require", PASSWORD, "tls"),
    ],
)
def test_what_is_wrong_with_a_database(
    postgres_server: Server, path: str, password: str, step: str
) -> None:
    name, told = failed(check(postgres_server.uri(path, password=password)))
    assert name == step
    assert password not in told


def test_a_database_s_server_that_is_not_there(tmp_path: Path) -> None:
    assert failed(check("mysql://ann:secret@nobody.invalid/shop"))[0] == "name"
    assert failed(check(f"oracle://ann@127.0.0.1:{free_port()}/X"))[0] == "connect"
    assert failed(check(f"sqlite:///{tmp_path}/none.db"))[0] == "discover"
    assert failed(check("iceberg://nowhere"))[0] == "source"
