"""The GCS backend beyond what all stores promise: who pays, who asks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lakescan.connectors import storage_for
from lakescan.errors import ChangedSourceError, CredentialError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Servers, Store

pytestmark = pytest.mark.gcs


@pytest.fixture
def gcs(gcs_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name, value in gcs_store.env.items():
        monkeypatch.setenv(name, value)
    return gcs_store


def test_where_the_requester_pays_the_sdk_reads_one_generation(gcs: Store) -> None:
    data = bytes(range(256)) * 10_000
    storage = storage_for("gs://lake", {"requester_pays": "p"})
    storage.write_bytes("gs://lake/pays/a", data)
    with storage.open("gs://lake/pays/a") as file:
        assert file.size() == len(data)
        assert file.read(10) == data[:10]
        storage.write_bytes("gs://lake/pays/a", data[::-1])
        with pytest.raises(ChangedSourceError):
            file.read_at(1000, 2_200_000)


def test_nobody_asks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without an emulator and without credentials; nothing is asked of the network."""
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "nothing.json"))
    with pytest.raises(CredentialError, match="no Google Cloud credentials"):
        storage_for("gs://lake")
    (tmp_path / "key.json").write_text(json.dumps({"type": "service_account"}))
    given = {"credentials": f"secret://file{tmp_path}/key.json"}
    with pytest.raises(CredentialError, match="no service account key"):
        storage_for("gs://lake", given)
    assert "anonymous" in storage_for("gs://lake", {"anonymous": "true"}).identity()


def test_a_key_file_names_the_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    info = {
        "type": "service_account",
        "project_id": "p",
        "client_email": "lakescan@p.iam.gserviceaccount.com",
        "private_key": key.decode(),
        "token_uri": "http://127.0.0.1:1/token",
    }
    (tmp_path / "key.json").write_text(json.dumps(info))
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    storage = storage_for("gs://lake", {"credentials": f"secret://file{tmp_path}/key.json"})
    assert "lakescan@p.iam.gserviceaccount.com" in storage.identity()
    assert key.decode() not in repr(vars(storage))


def test_old_generations_are_read_too_where_asked(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was overwritten still lies in a versioned bucket."""
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.storage import Client

    with servers.start("gcs-versions", tmp_path) as (store, _):
        for name, value in store.env.items():
            monkeypatch.setenv(name, value)
        options = {"api_endpoint": store.env["STORAGE_EMULATOR_HOST"]}
        client = Client("p", AnonymousCredentials(), client_options=options)
        bucket = client.bucket("kept")
        bucket.versioning_enabled = True
        client.create_bucket(bucket, retry=None)
        storage = storage_for("gs://kept")
        for body in (b"id,name\n1,old\n2,old\n", b"id,name\n1,new\n2,new\n"):
            storage.write_bytes("gs://kept/a.csv", body)
        assert [f.uri for f in storage.list("gs://kept/")] == ["gs://kept/a.csv"]
        every = storage_for("gs://kept", {"versions": "all"})
        found = {file.uri: every.open(file.uri).read() for file in every.list("gs://kept/")}
    assert found.pop("gs://kept/a.csv").endswith(b"2,new\n")
    ((uri, old),) = found.items()
    assert uri.startswith("gs://kept/a.csv?version=")
    assert old.endswith(b"2,old\n")
