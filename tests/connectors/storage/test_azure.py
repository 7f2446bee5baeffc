"""The Azure backend beyond what all stores promise: accounts, signatures, public containers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from lakescan.connectors import storage_for
from lakescan.connectors.storage.azure_identity import AzureIdentity
from lakescan.errors import ChangedSourceError, CredentialError, UsageError

if TYPE_CHECKING:
    from conftest import Store

pytestmark = pytest.mark.azure


@pytest.fixture
def azure(azure_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name, value in azure_store.env.items():
        monkeypatch.setenv(name, value)
    storage_for("az://lake").write_bytes("az://lake/own/a.csv", b"id,name\n1,x\n")
    return azure_store


def signature(azure: Store, **rights: bool) -> str:
    from azure.storage.blob import ContainerSasPermissions, generate_container_sas

    return generate_container_sas(
        azure.env["AZURE_STORAGE_ACCOUNT"],
        "lake",
        account_key=azure.env["AZURE_STORAGE_KEY"],
        permission=ContainerSasPermissions(**rights),
        expiry=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1),
    )


def test_a_signature_that_may_only_read(azure: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sas = signature(azure, read=True, list=True)
    monkeypatch.delenv("AZURE_STORAGE_KEY")
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", sas)
    storage = storage_for("az://lake")
    assert [f.uri for f in storage.list("az://lake/own")] == ["az://lake/own/a.csv"]
    assert storage.open("az://lake/own/a.csv").read() == b"id,name\n1,x\n"
    with pytest.raises(CredentialError) as refusal:
        storage.write_bytes("az://lake/own/b.csv", b"")
    assert sas not in str(refusal.value)
    with pytest.raises(CredentialError), storage.writing("az://lake/own/c.csv") as stream:
        stream.write(b"x")
    assert "shared access signature" in storage.identity()


def test_the_account_in_the_uri(azure: Store) -> None:
    root = "abfss://lake@devstoreaccount1.dfs.core.windows.net"
    storage = storage_for(root)
    assert [f.uri for f in storage.list(f"{root}/own/")] == [f"{root}/own/a.csv"]
    assert storage.open(f"{root}/own/a.csv").read() == b"id,name\n1,x\n"
    assert root in list(storage.buckets("abfss://@devstoreaccount1.dfs.core.windows.net/"))


def test_a_connection_string_by_reference(azure: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    env = azure.env
    text = (
        f"DefaultEndpointsProtocol=http;AccountName={env['AZURE_STORAGE_ACCOUNT']};"
        f"AccountKey={env['AZURE_STORAGE_KEY']};BlobEndpoint={env['AZURE_STORAGE_BLOB_ENDPOINT']};"
    )
    for name in env:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LAKE_CONNECTION", text)
    given = {"credentials": "secret://env/LAKE_CONNECTION"}
    assert storage_for("az://lake", given).exists("az://lake/own/a.csv")
    assert env["AZURE_STORAGE_KEY"] not in repr(AzureIdentity.of(given))
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", text)
    assert storage_for("az://lake").exists("az://lake/own/a.csv")
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", "nonsense")
    with pytest.raises(CredentialError, match="names no account") as refusal:
        storage_for("az://lake")
    assert "nonsense" not in str(refusal.value)


def test_a_public_container_is_read_by_nobody_in_particular(
    azure: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from azure.storage.blob import BlobServiceClient, PublicAccess

    env = azure.env
    client = BlobServiceClient(
        env["AZURE_STORAGE_BLOB_ENDPOINT"], credential=env["AZURE_STORAGE_KEY"]
    )
    client.create_container("open", public_access=PublicAccess.CONTAINER)
    known = storage_for("az://open")
    known.write_bytes("az://open/a", b"0123456789")
    assert known.posture("az://open").public == "yes"
    nobody = storage_for("az://open", {"anonymous": "true"})
    assert [f.size for f in nobody.list("az://open/")] == [10]
    with nobody.open("az://open/a") as file:
        assert file.read_at(3, 4) == b"456"
    with pytest.raises(CredentialError):
        storage_for("az://lake", {"anonymous": "true"}).stat("az://lake/own/a.csv")


def test_a_blob_that_changes_while_it_is_read_in_ranges(azure: Store) -> None:
    from azure.storage.blob import BlobServiceClient, PublicAccess

    env = azure.env
    BlobServiceClient(
        env["AZURE_STORAGE_BLOB_ENDPOINT"], credential=env["AZURE_STORAGE_KEY"]
    ).create_container("changing", public_access=PublicAccess.CONTAINER)
    known = storage_for("az://changing")
    known.write_bytes("az://changing/a", bytes(3_000_000))
    with storage_for("az://changing", {"anonymous": "true"}).open("az://changing/a") as file:
        assert file.read(10) == bytes(10)
        known.write_bytes("az://changing/a", bytes(3_000_001))
        with pytest.raises(ChangedSourceError):
            file.read_at(10, 2_000_000)


def test_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT", raising=False)
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING", raising=False)
    with pytest.raises(UsageError, match="no Azure storage account"):
        storage_for("az://lake")
