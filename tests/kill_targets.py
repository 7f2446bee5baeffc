"""Sources and targets of every sink, and what a reader sees in them: unit -> its rows, in order.

``victims`` are what may be killed there, in turns; ``servers`` has those that come back after it:
a database, an object store, a node.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import shop
from shop_databases import Databases, Files

if TYPE_CHECKING:
    from brokers import TansuBroker
    from ray_nodes import Nodes
    from seaweedfs import Weed

Seen = dict[str, list[str]]
#: After which of the victim's words it is killed, drawn from these.
MARKS = ("begun", "writing", "writing", "committing", "committing")


def rows_of(name: str, data: bytes) -> list[str]:
    if name.endswith(".parquet"):
        return list(map(repr, pq.read_table(io.BytesIO(data)).to_pylist()))
    return data.decode().splitlines()


class Folders:
    """Files: each appears whole, after the manifest; ``_SUCCESS`` says that all are there."""

    together = False
    modes: tuple[str, ...] = ("create", "replace")
    marks: tuple[str, ...] = MARKS
    victims: tuple[str, ...] = ("worker", "driver", "driver")
    servers: Mapping[str, object] = MappingProxyType({})
    engine: Mapping[str, object] = MappingProxyType({"name": "local", "workers": 2})
    env: Mapping[str, str] | None = None

    def __init__(self, folder: Path, lake: Path) -> None:
        self.folder, self.source = folder, str(lake)

    def policy(self, mode: str) -> str:
        """What is done there."""
        return shop.REVERSIBLE

    def fresh(self, name: str) -> str:
        """A target where nothing stands."""
        return str(self.folder / name)

    def copied(self, name: str) -> str:
        """A copy of the source, to be written in place."""
        raise NotImplementedError

    def files(self, target: str) -> dict[str, bytes]:
        root = Path(target)
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }

    def seen(self, target: str) -> Seen:
        files = self.files(target).items()
        return {n: rows_of(n, data) for n, data in files if not n.startswith("_")}

    def committed(self, target: str) -> str | None:
        """The run whose manifest stands there."""
        found = self.files(target).get("_lakescan/manifest.json")
        return None if found is None else json.loads(found)["run_id"]

    def finished(self, target: str) -> bool:
        return "_SUCCESS" in self.files(target)


class Clusters(Folders):
    """Files, written by workers on the nodes of a Ray cluster."""

    victims = ("node",)

    def __init__(self, folder: Path, lake: Path, nodes: Nodes) -> None:
        super().__init__(folder, lake)
        self.servers, self.env = {"node": nodes}, nodes.env
        self.engine = {"name": "ray", "workers": 2, "address": nodes.head}


class Buckets(Folders):
    """Objects of S3."""

    victims = ("store", "driver", "store", "worker")

    def __init__(self, weed: Weed, lake: Path) -> None:
        self.weed, self.source = weed, str(lake)
        self.servers = {"store": weed}

    def fresh(self, name: str) -> str:
        return f"s3://lake/{type(self).__name__}/{name}"

    def files(self, target: str) -> dict[str, bytes]:
        return objects(self.weed, target) if "://" in target else super().files(target)


def objects(weed: Weed, target: str) -> dict[str, bytes]:
    bucket, _, path = target.removeprefix("s3://").partition("/")
    client, root = weed.server.client(), f"{path}/"
    listed = client.list_objects_v2(Bucket=bucket, Prefix=root).get("Contents", [])
    found = {
        one["Key"].removeprefix(root): client.get_object(Bucket=bucket, Key=one["Key"])[
            "Body"
        ].read()
        for one in listed
    }
    # SeaweedFS writes an object before the folder it is in: killed in between, it serves the
    # object and lists it no more. So what was committed is asked for by name, too.
    manifest = json.loads(found.get("_lakescan/manifest.json", b'{"files": {}}'))
    for name in manifest["files"].keys() - found.keys():
        with contextlib.suppress(client.exceptions.NoSuchKey):
            found[name] = client.get_object(Bucket=bucket, Key=root + name)["Body"].read()
    return found


class DeltaTables(Folders):
    """Tables of Delta: each has one version more at once, after the manifest."""

    modes = ("create", "replace", "in_place")
    victims = ("driver", "worker", "driver")
    _NAMES = ("crm/people", "buyers", "old/people")
    _options: Mapping[str, str] = MappingProxyType({})

    def __init__(self, folder: Path, people: list[dict[str, object]]) -> None:
        import deltalake

        self.folder, self.source = folder, str(folder / "source")
        for number, name in enumerate(self._NAMES):
            root = folder / "source" / name
            for part in (people[number::4], people[number + 1 :: 4]):
                deltalake.write_deltalake(root, pa.Table.from_pylist(part), mode="append")

    def copied(self, name: str) -> str:
        return str(shutil.copytree(self.source, self.fresh(name)))

    def seen(self, target: str) -> Seen:
        from deltalake import DeltaTable

        found = {}
        for name in self._NAMES:
            options = dict(self._options) if "://" in target else None
            if DeltaTable.is_deltatable(f"{target}/{name}", options):
                table = DeltaTable(f"{target}/{name}", storage_options=options)
                found[name] = sorted(map(repr, table.to_pyarrow_table().to_pylist()))
        return found


class DeltaBuckets(DeltaTables):
    """The same on S3."""

    victims = ("store", "driver", "store", "worker")
    _options = MappingProxyType({"allow_http": "true"})

    def __init__(self, folder: Path, people: list[dict[str, object]], weed: Weed) -> None:
        super().__init__(folder, people)
        self.weed, self.servers = weed, {"store": weed}

    def fresh(self, name: str) -> str:
        return f"s3://lake/{type(self).__name__}/{name}"

    def copied(self, name: str) -> str:
        client = self.weed.server.client()
        for path, data in self.files(self.source).items():
            client.put_object(Bucket="lake", Key=f"{type(self).__name__}/{name}/{path}", Body=data)
        return self.fresh(name)

    def files(self, target: str) -> dict[str, bytes]:
        return objects(self.weed, target) if "://" in target else super().files(target)


class IcebergTables(Folders):
    """Tables of Iceberg: each has one snapshot more at once, after the manifest."""

    modes = ("create", "replace", "in_place")
    victims = ("driver", "worker", "driver")

    def __init__(self, folder: Path, people: list[dict[str, object]], setenv) -> None:
        self.folder = folder
        given = {
            "uri": f"sqlite:///{folder}/catalog.db",
            "warehouse": f"file://{folder}/warehouse",
        }
        self._set_up("lake", given, people, setenv)

    def _set_up(
        self, name: str, given: dict[str, str], people: list[dict[str, object]], setenv
    ) -> None:
        self.catalog, self.given, self._people = name, {"type": "sql", **given}, people
        for key, value in self.given.items():
            told = key.upper().replace(".", "__").replace("-", "_")
            setenv(f"PYICEBERG_CATALOG__{name.upper()}__{told}", value)
        self.source = self.copied("crm")

    def _catalog(self):
        from pyiceberg.catalog import load_catalog

        return load_catalog(self.catalog, **self.given)

    def copied(self, name: str) -> str:
        catalog = self._catalog()
        catalog.create_namespace_if_not_exists(name)
        for number, table in enumerate(("people", "buyers", "old")):
            rows = pa.Table.from_pylist(self._people[number::2])
            made = catalog.create_table(f"{name}.{table}", rows.schema)
            made.append(rows.slice(0, 30))
            made.append(rows.slice(30))
        catalog.close()
        return self.fresh(name)

    def fresh(self, name: str) -> str:
        return f"iceberg://{self.catalog}/{name}"

    def seen(self, target: str) -> Seen:
        catalog, space = self._catalog(), target.rpartition("/")[2]
        found = {}
        for name in catalog.list_tables(space) if catalog.namespace_exists(space) else ():
            table = catalog.load_table(name)
            rows = sorted(map(repr, table.scan().to_arrow().to_pylist()))
            if table.current_snapshot() is not None:  # one without is not there yet
                found[name[-1]] = rows
        catalog.close()
        return found

    def files(self, target: str) -> dict[str, bytes]:
        space = target.rpartition("/")[2]
        for root in (self.folder / "warehouse").glob(f"{space}*"):
            return super().files(str(root))
        return {}


class IcebergServed(IcebergTables):
    """The same with the catalog in PostgreSQL and the files on S3."""

    victims = ("database", "store", "driver", "database", "store", "worker")

    def __init__(
        self, people: list[dict[str, object]], database: Databases, weed: Weed, setenv
    ) -> None:
        database.make("catalog_k")
        given = {
            "uri": database.uri("catalog_k").replace("://", "+psycopg2://", 1),
            "warehouse": "s3://lake/iceberg",
            **{name: each for name, each in weed.server.rest().items() if name.startswith("s3.")},
        }
        self.weed, self.servers = weed, {"database": database.server, "store": weed}
        self._set_up("served", given, people, setenv)

    def files(self, target: str) -> dict[str, bytes]:
        return objects(self.weed, f"s3://lake/iceberg/{target.rpartition('/')[2]}")


TABLES = {
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "mysql": "SELECT table_name FROM information_schema.tables WHERE table_schema = database()",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "duckdb": "SELECT table_name FROM information_schema.tables",
}


class ShopDatabases(Folders):
    """Databases: all tables are exchanged together."""

    together = True
    modes = ("create", "replace", "in_place")

    def __init__(self, place: Files | Databases) -> None:
        self.place = place
        self.servers = {"database": place.server} if isinstance(place, Databases) else {}
        self.victims = (*self.servers, "driver", *self.servers, "worker")
        self.source = self.copied("shop_k")

    def policy(self, mode: str) -> str:
        """Ciphertexts are longer than columns that stay as they are."""
        return shop.ONE_WAY if mode == "in_place" else shop.REVERSIBLE

    def fresh(self, name: str) -> str:
        self.place.make(name)
        return self.place.uri(name)

    def copied(self, name: str) -> str:
        found = self.fresh(name)
        self.place.run(name, *shop.made(self.place.kind))
        for table, rows in shop.rows().items():
            self.place.fill(name, table, rows)
        if self.place.kind == "mysql":  # it tells when a table was changed to the second
            time.sleep(2.5)
        return found

    def seen(self, target: str) -> Seen:
        """Once a server has ended what a client asked before it was killed."""
        name = target.rpartition("/")[2].removesuffix(".db")
        self.place.settle(name)
        tables = [row[0] for row in self.place.run(name, TABLES[self.place.kind])]
        return {
            table: sorted(map(repr, self.place.run(name, f"SELECT * FROM {table}")))
            for table in tables
            if not table.startswith(("_lakescan", "sqlite_"))
        }


class Topics(Folders):
    """Topics of Kafka: one transaction has all messages, and how far the source was read.

    The broker shows its readers what was aborted, too. So what a reader who is shown only what was
    committed sees is told by the two things that are committed with it, the offsets of the source
    and the place in the run's log: they are both there or neither, and if they are, the last
    transaction is the one.
    """

    together = True
    modes = ("create",)
    victims = ("driver", "worker")
    #: To become a member and a producer takes most of a commit: more marks lie behind that.
    marks = ("begun", "writing", "committing", "transacting", "transacting", "sealing", "sealing")
    _PARTITIONS = 2

    def __init__(self, broker: TansuBroker, people: list[dict[str, object]]) -> None:
        self.broker = broker
        told = [json.dumps(one, default=str) for one in people]
        self._topic = broker.topic(
            [{"value": one, "key": str(at % 7)} for at, one in enumerate(told)], self._PARTITIONS
        )
        self._each = Counter(one.partition() for one in broker.messages(self._topic))
        self.source = broker.uri(self._topic)

    def fresh(self, name: str) -> str:
        return self.broker.uri(self.broker.topic(partitions=self._PARTITIONS))

    def seen(self, target: str) -> Seen:
        from lakescan.connectors.sinks import Target
        from lakescan.connectors.sinks.kafka.log import RunLog

        topic = target.rpartition("/")[2]
        messages = self.broker.messages(topic)
        if target == self.source:
            return {"messages": [one.value().decode() for one in messages]}
        read = self.broker.committed(f"lakescan.{topic}", self._topic, self._PARTITIONS)
        logged = RunLog(Target(target, "any")).mark() > 0
        assert read == (dict(self._each) if logged else dict.fromkeys(read, 0))
        if not logged:
            return {}
        of = [dict(one.headers())["lakescan.transaction"] for one in messages]
        last = {one.partition(): mark for one, mark in zip(messages, of, strict=True)}
        assert len(set(last.values())) == 1
        shown = [
            m.value().decode()
            for m, mark in zip(messages, of, strict=True)
            if mark in last.values()
        ]
        return {"messages": sorted(shown)}
