"""A Ray cluster of several nodes on this machine, which can lose one: ``python cluster.py WORKERS``.

Prints its addresses as a line of JSON. A line ``kill`` on standard input takes a worker's node away,
as a machine goes that loses power; the end of standard input ends the cluster.
"""

from __future__ import annotations

import json
import sys

from ray.cluster_utils import Cluster


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
        if line.strip() == "kill":
            cluster.remove_node(nodes.pop(), allow_graceful=False)
            print("killed", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]))
