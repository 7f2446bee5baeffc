"""Real servers: `lakescan serve` in a process of its own, and an ordinary HTTP client."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from ports import free_port

#: A loaded machine takes its time to start.
START_SECONDS = 120


@dataclass
class Server:
    """A running service."""

    url: str
    process: subprocess.Popen
    log: Path

    def client(self, **options) -> httpx.Client:
        options.setdefault("verify", False)  # what a certificate is worth has a test of its own
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False, **options)

    @staticmethod
    def in_work(client: httpx.Client) -> int:
        """Requests in work, the one that asks among them."""
        page = client.get("/metrics", headers={"x-api-key": "first-key"}).text
        return int(float(re.search(r"^lakescan_running (.+)$", page, re.MULTILINE)[1]))

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)


def start(folder: Path, *arguments: str, tls: str = "", **variables: str) -> Server:
    port = free_port()
    log = folder / f"serve-{port}.log"
    command = [sys.executable, "-m", "lakescan", "serve", "--port", str(port), *arguments]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LAKESCAN_")}
    with log.open("wb") as file:
        process = subprocess.Popen(command, stderr=file, stdout=file, env=clean | variables)
    address = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
    server = Server(address, process, log)
    end = time.monotonic() + START_SECONDS
    with server.client() as client:
        while process.poll() is None and time.monotonic() < end:
            try:
                if client.get("/readyz").status_code == 200:
                    return server
            except httpx.TransportError:
                pass
            time.sleep(0.1)
    process.kill()
    process.wait()
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """Starts servers that end with the session."""
    folder = tmp_path_factory.mktemp("servers")
    running = []

    def started(*arguments, **variables):
        running.append(start(folder, *arguments, **variables))
        return running[-1]

    yield started
    for server in running:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="session")
def server(servers):
    """The embedded default: no keys, the standard model."""
    return servers()


@pytest.fixture(scope="session")
def guarded(servers, tmp_path_factory):
    """With keys and vendors' settings in the environment, and no model."""
    return servers(
        "--accuracy-mode",
        "patterns",
        LAKESCAN_API_KEYS="first-key, second-key",
        LAKESCAN_ZENGUARD='{"types": ["credit_card"], "redact": "mask"}',
        SECURITY_SETTINGS='{"ENABLE_ALL_SECURITY_CONTROLS":false}',
    )


@pytest.fixture
def client(server):
    with server.client() as each:
        yield each
