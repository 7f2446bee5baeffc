"""A server that lets everybody in and never answers: a clear error, in bounded time, of each source.

Waits are set short here; what users get are the defaults of `timeouts`, `broker` and `patience`.
"""

from __future__ import annotations

import base64
import gc
import importlib
import socket
import threading
import warnings
from collections.abc import Callable, Iterator

import pytest

from lakescan.connectors import discover, storage_for
from lakescan.connectors.kafka.registry import Registry
from lakescan.connectors.sinks import Target, sink_for
from lakescan.errors import TransientError

SHORT = {
    "CONNECT_SECONDS": 1,
    "READ_SECONDS": 1,
    "ATTEMPTS": 1,
    "TRY_SECONDS": 1,
    "_TIMEOUT": (1, 1),
}
_KEY = base64.b64encode(b"x" * 64).decode()


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


def stores(uri: str) -> list[Callable[[], object]]:
    storage = storage_for(uri)
    return [
        lambda: list(storage.list(uri)),
        lambda: storage.stat(uri),
        lambda: storage.read_bytes(uri),
        lambda: storage.write_bytes(uri, b"x"),
        lambda: storage.open(uri),
    ]


ENVIRONMENTS = {
    "s3": {
        "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "{url}",
    },
    "gcs": {"STORAGE_EMULATOR_HOST": "{url}"},
    "azure": {
        "AZURE_STORAGE_ACCOUNT": "a", "AZURE_STORAGE_KEY": _KEY,
        "AZURE_STORAGE_BLOB_ENDPOINT": "{url}/a",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "uri"), [("s3", "s3://b/k"), ("gcs", "gs://b/k"), ("azure", "az://b/k")]
)
def test_a_store(name: str, uri: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(f"lakescan.connectors.storage.{name}")
    for constant, seconds in SHORT.items():
        if hasattr(module, constant):
            monkeypatch.setattr(module, constant, seconds)
    for variable, value in ENVIRONMENTS[name].items():
        monkeypatch.setenv(variable, value.format(url=f"http://127.0.0.1:{port}"))
    for call in stores(uri):
        with pytest.raises(TransientError, match=r"does not answer|the store failed"):
            call()


@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
def test_a_database(dialect: str, port: int) -> None:
    with pytest.raises(TransientError, match="does not answer"):
        list(discover(f"{dialect}://ann:secret@127.0.0.1:{port}/db?connect_seconds=2"))


def test_a_database_whose_driver_has_no_time_out_for_logins() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the driver does not close what failed
        with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
            uri = f"oracle://ann:secret@127.0.0.1:{server.getsockname()[1]}/db?connect_seconds=1"
            with pytest.raises(TransientError, match="does not answer"):
                list(discover(uri))
        for thread in threading.enumerate():
            if thread.name.startswith("login to"):
                thread.join()  # the server is gone, which ends it
        gc.collect()


def test_a_broker_and_a_registry(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("kafka.broker", "kafka.listing", "kafka.registry", "sinks.kafka.log"):
        module = importlib.import_module(f"lakescan.connectors.{name}")
        for constant in ("PATIENCE", "_PATIENCE"):
            if hasattr(module, constant):
                monkeypatch.setattr(module, constant, 1.0)
    uri = f"kafka://127.0.0.1:{port}/topic"
    for call in (
        lambda: list(discover(uri)),
        lambda: sink_for(uri).begin(Target(uri, "r")),
        lambda: Registry(f"http://127.0.0.1:{port}").schema(7),
    ):
        with pytest.raises(TransientError, match="does not answer"):
            call()


def test_a_catalog(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakescan.connectors.lake.iceberg._PATIENCE", 1.0)
    monkeypatch.setenv("PYICEBERG_CATALOG__SILENT__TYPE", "rest")
    monkeypatch.setenv("PYICEBERG_CATALOG__SILENT__URI", f"http://127.0.0.1:{port}")
    with pytest.raises(TransientError, match="does not answer"):
        list(discover("iceberg://silent"))
