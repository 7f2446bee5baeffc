"""Sources and targets of every sink, and what a reader sees in them: unit -> its rows, in order."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import shop
from shop_databases import Databases, Files

if TYPE_CHECKING:
    from brokers import TansuBroker

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
    modes = ("create", "replace")
    marks = MARKS

    def __init__(self, folder: Path, lake: Path) -> None:
        self.folder, self.source = folder, str(lake)

    def fresh(self, name: str) -> str:
        return str(self.folder / name)

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


class Buckets(Folders):
    """Objects of S3."""

    def __init__(self, server, lake: Path) -> None:
        self.server, self.source = server, str(lake)

    def fresh(self, name: str) -> str:
        return f"s3://lake/kills/{name}"

    def files(self, target: str) -> dict[str, bytes]:
        if target == self.source:
            return super().files(target)
        client, root = self.server.client(), target.removeprefix("s3://lake/") + "/"
        listed = client.list_objects_v2(Bucket="lake", Prefix=root).get("Contents", [])
        return {
            one["Key"].removeprefix(root): client.get_object(Bucket="lake", Key=one["Key"])[
                "Body"
            ].read()
            for one in listed
        }


class DeltaTables(Folders):
    """Tables of Delta: each has one version more at once, after the manifest."""

    def __init__(self, folder: Path, people: list[dict[str, object]]) -> None:
        import deltalake

        self.folder, self.source = folder, str(folder / "source")
        for number, name in enumerate(("crm/people", "buyers", "old/people")):
            root = folder / "source" / name
            for part in (people[number::4], people[number + 1 :: 4]):
                deltalake.write_deltalake(root, pa.Table.from_pylist(part), mode="append")

    def seen(self, target: str) -> Seen:
        import deltalake

        found = {}
        for log in sorted(Path(target).rglob("_delta_log")):
            if not deltalake.DeltaTable.is_deltatable(str(log.parent)):
                continue
            rows = deltalake.DeltaTable(log.parent).to_pyarrow_table().to_pylist()
            found[log.parent.relative_to(target).as_posix()] = sorted(map(repr, rows))
        return found


class IcebergTables(Folders):
    """Tables of Iceberg: each has one snapshot more at once, after the manifest."""

    def __init__(self, folder: Path, people: list[dict[str, object]], setenv) -> None:
        from pyiceberg.catalog import load_catalog

        self.given = {
            "type": "sql",
            "uri": f"sqlite:///{folder}/catalog.db",
            "warehouse": f"file://{folder}/warehouse",
        }
        for name, value in self.given.items():
            setenv(f"PYICEBERG_CATALOG__LAKE__{name.upper()}", value)
        self.folder, self.source = folder, "iceberg://lake/crm"
        catalog = load_catalog("lake", **self.given)
        catalog.create_namespace("crm")
        for number, name in enumerate(("people", "buyers", "old")):
            rows = pa.Table.from_pylist(people[number::2])
            made = catalog.create_table(f"crm.{name}", rows.schema)
            made.append(rows.slice(0, 30))
            made.append(rows.slice(30))
        catalog.engine.dispose()

    def fresh(self, name: str) -> str:
        return f"iceberg://lake/{name}"

    def seen(self, target: str) -> Seen:
        from pyiceberg.catalog import load_catalog

        catalog, space = load_catalog("lake", **self.given), target.rpartition("/")[2]
        found = {}
        for name in catalog.list_tables(space) if catalog.namespace_exists(space) else ():
            table = catalog.load_table(name)
            found[name[-1]] = sorted(map(repr, table.scan().to_arrow().to_pylist()))
        catalog.engine.dispose()
        return found

    def files(self, target: str) -> dict[str, bytes]:
        space = target.rpartition("/")[2]
        for root in (self.folder / "warehouse").glob(f"{space}*"):
            return super().files(str(root))
        return {}


TABLES = {
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "mysql": "SELECT table_name FROM information_schema.tables WHERE table_schema = database()",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "duckdb": "SELECT table_name FROM information_schema.tables",
}


class ShopDatabases:
    """Databases: all tables are exchanged together."""

    together = True
    modes = ("create", "replace")
    marks = MARKS

    def __init__(self, place: Files | Databases) -> None:
        self.place = place
        place.make("shop_k")
        place.run("shop_k", *shop.made(place.kind))
        for table, rows in shop.rows().items():
            place.fill("shop_k", table, rows)
        self.source = place.uri("shop_k")

    def fresh(self, name: str) -> str:
        self.place.make(name)
        return self.place.uri(name)

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


class Topics:
    """Topics of Kafka: one transaction has all messages, and how far the source was read.

    The broker shows its readers what was aborted, too. So what a reader who is shown only what was
    committed sees is told by the two things that are committed with it, the offsets of the source
    and the place in the run's log: they are both there or neither, and if they are, the last
    transaction is the one.
    """

    together = True
    modes = ("create",)
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
