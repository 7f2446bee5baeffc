"""Keyrings where they are kept; the server answers as Vault's key-value engine does."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lakescan.connectors.keys import fetch_key
from lakescan.errors import CredentialError, NotFoundError, TransientError, UsageError

SECRET = "0123456789abcdef" * 4


def test_a_variable(monkeypatch):
    monkeypatch.setenv("RING", SECRET)
    assert fetch_key("env:RING") == SECRET.encode()
    with pytest.raises(CredentialError, match="the variable NOTHING has no key"):
        fetch_key("env:NOTHING")


def test_a_file_that_only_its_owner_reads(tmp_path):
    path = tmp_path / "key"
    path.write_text(SECRET)
    path.chmod(0o644)
    with pytest.raises(CredentialError, match="chmod 600"):
        fetch_key(f"file:{path}")
    path.chmod(0o600)
    assert fetch_key(f"file:{path}") == fetch_key(f"file://{path}") == SECRET.encode()
    with pytest.raises(NotFoundError):
        fetch_key(f"file:{tmp_path / 'other'}")


@pytest.mark.parametrize("given", [SECRET, f"key:{SECRET}", "envv:X", "http://x"])
def test_what_is_no_place_is_refused_and_not_repeated(given):
    with pytest.raises(UsageError, match="never given itself") as caught:
        fetch_key(given)
    assert SECRET not in str(caught.value)


class Vault(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.headers["X-Vault-Token"] != "t":
            self.send_error(403)
        elif self.path == "/v1/secret/data/lake/ring":
            body = json.dumps({"data": {"data": {"key": SECRET, "other": "x"}}}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)
        elif self.path == "/v1/secret/data/sick":
            self.send_error(503)
        else:
            self.send_error(404)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def vault():
    server = HTTPServer(("127.0.0.1", 0), Vault)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_vault(vault, monkeypatch):
    monkeypatch.delenv("VAULT_TOKEN", raising=False)
    with pytest.raises(CredentialError, match="not both set"):
        fetch_key("vault://secret/lake/ring")
    monkeypatch.setenv("VAULT_ADDR", vault)
    monkeypatch.setenv("VAULT_TOKEN", "t")
    assert fetch_key("vault://secret/lake/ring") == SECRET.encode()
    assert fetch_key("vault://secret/lake/ring#other") == b"x"
    with pytest.raises(NotFoundError, match="no field"):
        fetch_key("vault://secret/lake/ring#more")
    with pytest.raises(NotFoundError, match="nothing at"):
        fetch_key("vault://secret/none")
    with pytest.raises(TransientError, match="503"):
        fetch_key("vault://secret/sick")
    monkeypatch.setenv("VAULT_TOKEN", "other")
    with pytest.raises(CredentialError, match="refuses"):
        fetch_key("vault://secret/lake/ring")
    monkeypatch.setenv("VAULT_ADDR", "http://127.0.0.1:1")
    with pytest.raises(TransientError, match="does not answer"):
        fetch_key("vault://secret/lake/ring")


def test_a_sealed_file_that_is_not_there(tmp_path):
    pytest.importorskip("boto3")
    with pytest.raises(NotFoundError, match="no sealed key file"):
        fetch_key(f"aws-kms:{tmp_path / 'none'}?region=us-east-1")


def test_aws_kms_without_a_region_or_credentials(tmp_path, monkeypatch):
    pytest.importorskip("boto3")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    (tmp_path / "ring").write_bytes(b"sealed")
    with pytest.raises(UsageError, match="no region"):
        fetch_key(f"aws-kms:{tmp_path / 'ring'}")
    with pytest.raises(CredentialError, match="no credentials"):
        fetch_key(f"aws-kms:{tmp_path / 'ring'}?region=us-east-1")
