"""The connection: a Ray cluster that takes jobs, and how storage is reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from airflow.sdk import BaseHook

from lakescan.jobs.submit.ray import RayJobs

if TYPE_CHECKING:
    from airflow.sdk import Connection

_PORT = 8265


class LakescanHook(BaseHook):
    """A connection of type ``lakescan``.

    Its host (and port) is the dashboard of a Ray cluster, its password the token that the cluster
    asks for, if it does. ``storage`` in its extra holds connection properties of the store, with
    secrets by reference only.

    Args:
        conn_id: the connection's name.
    """

    conn_name_attr = "conn_id"
    default_conn_name = "lakescan_default"
    conn_type = "lakescan"
    hook_name = "lakescan"

    def __init__(self, conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.conn_id = conn_id

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, object]:
        """Which fields of a connection mean something, and what."""
        return {
            "hidden_fields": ["login", "schema"],
            "relabeling": {"host": "Ray dashboard", "password": "Token"},
            "placeholders": {
                "host": "http://head",
                "port": str(_PORT),
                "extra": '{"storage": {"region": "eu-central-1"}}',
            },
        }

    def get_conn(self) -> RayJobs:
        """The cluster's jobs.

        Raises:
            LakescanError: it cannot be reached, or refuses us.
        """
        return jobs_of(self.get_connection(self.conn_id))

    @property
    def storage(self) -> Mapping[str, str]:
        """Connection properties of the store."""
        extra = self.get_connection(self.conn_id).extra_dejson
        return {name: str(value) for name, value in dict(extra.get("storage") or {}).items()}

    def test_connection(self) -> tuple[bool, str]:
        """Whether the cluster answers; for Airflow's own button."""
        try:
            jobs = self.get_conn()
        except Exception as error:  # noqa: BLE001 - the page shows what it was
            return False, str(error)
        return True, f"{jobs.address} takes jobs"


def jobs_of(connection: Connection) -> RayJobs:
    """The jobs of the cluster that a connection names; blocking."""
    host = connection.host or ""
    parts = urlsplit(host if "://" in host else f"http://{host}")
    port = connection.port or parts.port or _PORT
    return RayJobs(f"{parts.scheme}://{parts.hostname}:{port}", connection.password)
