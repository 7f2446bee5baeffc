"""Which columns of databases' tables are keys, and which point to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby

from lakescan.connectors.model import Dataset
from lakescan.connectors.sql.access import Access
from lakescan.connectors.sql.address import DIALECTS, Address
from lakescan.connectors.sql.dialects.lookup import open_database
from lakescan.connectors.storage.lookup import scheme_of


@dataclass(frozen=True, slots=True)
class TableKeys:
    """The keys of one table.

    Args:
        uri: the dataset's.
        keys: columns of its primary and unique keys.
        links: of its foreign keys: its columns, the other table's URI, and columns there.
    """

    uri: str
    keys: tuple[tuple[str, ...], ...]
    links: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]


def keys_of(datasets: Iterable[Dataset]) -> Iterator[TableKeys]:
    """Ask the catalogs, a session for each database; what is no database has none."""
    tables = [
        (Address.parse(dataset.uri), dataset)
        for dataset in datasets
        if scheme_of(dataset.uri).partition("+")[0] in DIALECTS and dataset.splits
    ]
    tables.sort(key=lambda pair: pair[0].at(schema="", table="").shown)
    for _, group in groupby(tables, key=lambda pair: pair[0].at(schema="", table="").shown):
        some = list(group)
        login = Access.of_text(some[0][1].splits[0].access).login(some[0][0])
        with closing(open_database(login)) as database:
            for address, dataset in some:
                design = database.design(address.schema, address.table)
                links = tuple(
                    (
                        each.columns,
                        address.at(schema=each.schema or address.schema, table=each.table).shown,
                        each.others,
                    )
                    for each in design.references
                )
                yield TableKeys(dataset.uri, design.keys, links)
