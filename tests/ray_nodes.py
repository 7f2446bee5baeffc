"""A Ray cluster of several nodes on this machine, which can lose one and get another.

``python ray_nodes.py WORKERS`` prints its addresses as a line of JSON. A line ``kill`` on standard
input takes a worker's node away, as a machine goes that loses power; ``add`` brings a new one; the
end of standard input ends the cluster.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOKEN = "t" * 64


@dataclass
class Nodes:
    """A running cluster, and a shell beside it."""

    process: subprocess.Popen[str]
    env: dict[str, str]
    jobs: str = ""
    head: str = ""

    def lakescan(self, *arguments, env=None):
        """Run the program."""
        return subprocess.run(
            [sys.executable, "-m", "lakescan", *map(str, arguments)],
            capture_output=True,
            text=True,
            env=self.env | (env or {}),
            timeout=200,
        )

    def submit(self, *arguments):
        """``lakescan submit``, to this cluster."""
        return self.lakescan("submit", *arguments, "--address", self.jobs)

    def kill(self) -> None:
        """One node goes, and all of its processes with it."""
        self._tell("kill")

    def come_back(self) -> None:
        """Another one comes."""
        self._tell("add")

    def _tell(self, word: str) -> None:
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == f"{word}\n"


@contextmanager
def started(folder: Path, workers: int, env: Mapping[str, str] | None = None) -> Iterator[Nodes]:
    """A cluster of a head and so many workers, each of one CPU, that asks for a token."""
    pytest.importorskip("ray.cluster_utils")
    own = {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": TOKEN,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "RAY_health_check_period_ms": "1000",
        "RAY_health_check_failure_threshold": "3",
    }
    env = os.environ | own | (env or {})
    with (folder / "log").open("w") as words:
        process = subprocess.Popen(
            [sys.executable, __file__, str(workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            text=True,
            env=env,
        )
    line = process.stdout.readline()
    assert line, (folder / "log").read_text()
    try:
        yield Nodes(process, env, **json.loads(line))
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=60)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def node(number: int) -> dict[str, object]:
    """A node's settings, with a folder of its own for what jobs bring, as a machine has."""
    return {
        "node_ip_address": "127.0.0.1",
        "object_store_memory": 80 << 20,
        "num_cpus": 1,
        "dashboard_agent_listen_port": 0,
        "runtime_env_dir_name": f"runtime_resources_{number}",
    }


def main(workers: int) -> None:
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True,
        head_node_args={
            **node(0),
            "include_dashboard": True,
            "dashboard_host": "127.0.0.1",
            "dashboard_port": 0,
        },
    )
    nodes = [cluster.add_node(**node(number)) for number in range(1, workers + 1)]
    cluster.wait_for_nodes()
    print(json.dumps({"jobs": f"http://{cluster.webui_url}", "head": cluster.address}), flush=True)
    for line in sys.stdin:
        word = line.strip()
        if word == "kill":
            cluster.remove_node(nodes.pop(), allow_graceful=False)
        else:
            workers += 1
            nodes.append(cluster.add_node(**node(workers)))
            cluster.wait_for_nodes()
        print(word, flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]))
