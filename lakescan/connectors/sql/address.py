"""A database's URI: server, database, schema and table; and how it is shown, without its login."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os.path import abspath
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from lakescan.connectors.model import NOTHING_HIDDEN, Hidden
from lakescan.errors import UsageError

#: What a URI's scheme may be -> our name of the dialect.
DIALECTS: Mapping[str, str] = MappingProxyType(
    {
        "postgresql": "postgresql",
        "postgres": "postgresql",
        "mysql": "mysql",
        "mariadb": "mysql",
        "mssql": "mssql",
        "sqlserver": "mssql",
        "oracle": "oracle",
        "sqlite": "sqlite",
        "duckdb": "duckdb",
    }
)
#: Databases that are a file, whose tables are named after ``!/``.
FILES = frozenset({"sqlite", "duckdb"})
#: Those whose tables stand in the database itself, or whose schemas are the databases.
FLAT = frozenset({"sqlite", "mysql"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database, a schema or a table is.

    Args:
        dialect: one of the values of `DIALECTS`.
        host: the server's name, or empty.
        port: its port, or None for the usual one.
        database: a database's name, or the path of a database's file; empty for all of a server.
        schema: empty for all.
        table: empty for all.
        user: empty for what the driver assumes.
        password: empty for what the driver finds.
        options: what the query says.
    """

    dialect: str
    host: str = ""
    port: int | None = None
    database: str = ""
    schema: str = ""
    table: str = ""
    user: str = ""
    password: Hidden = NOTHING_HIDDEN
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, uri: str) -> Address:
        """Read a URI.

        Raises:
            UsageError: it makes no sense; the URI is not repeated, as it may hold a password.
        """
        scheme, _, rest = uri.partition("://")
        dialect = DIALECTS[scheme.lower().partition("+")[0]]
        try:
            parts = urlsplit("db://" + rest)
            port = parts.port
        except ValueError as error:
            raise UsageError(
                f"a {dialect} URI that cannot be read",
                hint="write special characters of a password as %XX, or leave it out",
            ) from error
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if dialect in FILES:
            return cls._of_file(dialect, rest, options)
        names = [unquote(name) for name in parts.path.split("/") if name]
        if len(names) > (2 if dialect in FLAT else 3):
            raise UsageError(
                f"a {dialect} URI with too many parts", hint=f"write {_FORMS.get(dialect, '')}"
            )
        database, *below = names or [""]
        if dialect in FLAT:
            below = ["", *below]
        schema, table = [*below, "", ""][:2]
        return cls(
            dialect,
            parts.hostname or "",
            port,
            database,
            schema,
            table,
            unquote(parts.username or ""),
            Hidden(unquote(parts.password or "")),
            options,
        )

    @classmethod
    def _of_file(cls, dialect: str, rest: str, options: Mapping[str, str]) -> Address:
        path = rest.partition("?")[0]
        if not path.startswith("/"):
            raise UsageError(f"a {dialect} URI names no file", hint=f"write {_FORMS[dialect]}")
        file, _, inside = path[1:].partition("!/")
        names = [unquote(name) for name in inside.split("/") if name]
        names = ["", *names][-2:] if dialect in FLAT else names
        schema, table = [*names, "", ""][:2]
        if not file:
            raise UsageError(f"a {dialect} URI names no file", hint=f"write {_FORMS[dialect]}")
        return cls(
            dialect, database=abspath(unquote(file)), schema=schema, table=table, options=options
        )

    @property
    def shown(self) -> str:
        """The URI without login and options: what reports and errors have."""
        if self.dialect in FILES:
            below = "/".join(quote(n, safe="") for n in (self.schema, self.table) if n)
            return f"{self.dialect}:///{quote(self.database)}" + (f"!/{below}" if below else "")
        host = f"[{self.host}]" if ":" in self.host else self.host
        server = host + (f":{self.port}" if self.port else "")
        names = [n for n in (self.database, self.schema, self.table) if n]
        return "/".join([f"{self.dialect}://{server}", *(quote(n, safe="") for n in names)])

    def at(self, *, database: str = "", schema: str = "", table: str = "") -> Address:
        """The same server, with another place on it."""
        return replace(self, database=database or self.database, schema=schema, table=table)

    def option(self, name: str, default: str = "") -> str:
        """One option of the query."""
        return self.options.get(name, default)


_FORMS = {
    "postgresql": "postgresql://server:port/database/schema/table",
    "mysql": "mysql://server:port/database/table",
    "mssql": "mssql://server:port/database/schema/table",
    "oracle": "oracle://server:port/service/SCHEMA/TABLE",
    "sqlite": "sqlite:////absolute/path.db!/table",
    "duckdb": "duckdb:////absolute/path.duckdb!/schema/table",
}
