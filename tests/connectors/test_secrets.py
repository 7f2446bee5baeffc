"""Secrets by reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakescan.connectors import discover
from lakescan.connectors.secrets import resolve_secret
from lakescan.errors import CredentialError, UsageError


def test_references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE_KEY", "from the environment\n")
    (tmp_path / "key").write_text("from a file\n")
    assert resolve_secret("secret://env/LAKE_KEY") == "from the environment"
    assert resolve_secret(f"secret://file{tmp_path}/key") == "from a file"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CredentialError, match="secret://env/NO_SUCH_NAME"):
        resolve_secret("secret://env/NO_SUCH_NAME")
    with pytest.raises(CredentialError, match="No such file"):
        resolve_secret(f"secret://file{tmp_path}/nothing")


@pytest.mark.parametrize("value", ["hunter2", "secret://vault/x", "secret://envx", "env/hunter2"])
def test_a_value_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(UsageError, match="by reference") as refusal:
        resolve_secret(value)
    assert value not in str(refusal.value)


@pytest.mark.parametrize(
    "uri",
    [
        "s3://AKIA:hunter2@lake/crm",
        "s3://AKIA:hunter2/and/more@lake/crm",
        "s3://hunter2@lake",
        "gs://user:hunter2@lake/crm",
        "az://account:hunter2@lake/crm",
        "iceberg://user:hunter2@lake/crm",
        "abfss://lake:hunter2@account.dfs.core.windows.net/crm",
    ],
)
def test_a_login_in_a_uri_is_refused_and_not_repeated(uri: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(discover(uri))
    assert "login" in str(caught.value)
    assert "hunter2" not in repr(caught.value) + str(caught.value.uri)
