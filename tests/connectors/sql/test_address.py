"""URIs of databases: what they name, and what of them is shown."""

from __future__ import annotations

import pickle
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.connectors.model import FileFormat, Hidden, Split
from lakescan.connectors.sql.access import Access, located
from lakescan.connectors.sql.address import Address
from lakescan.errors import CredentialError, UsageError

NAMES = st.text(min_size=1, max_size=12).filter(lambda name: name.strip("/."))


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("postgresql://ann:pw@db.example:5433/shop", "postgresql://db.example:5433/shop"),
        ("postgres://db/shop/public/t?sslmode=require", "postgresql://db/shop/public/t"),
        ("postgresql+psycopg2://db/shop", "postgresql://db/shop"),
        ("postgresql://[::1]:5432/shop", "postgresql://[::1]:5432/shop"),
        ("mariadb://root:pw@db/shop/orders", "mysql://db/shop/orders"),
        ("sqlserver://sa:pw@db/shop/dbo/t", "mssql://db/shop/dbo/t"),
        ("oracle://db/XEPDB1/HR/EMPLOYEES", "oracle://db/XEPDB1/HR/EMPLOYEES"),
        ("sqlite:////data/a.db!/t", "sqlite:////data/a.db!/t"),
        ("duckdb:////data/a.duckdb!/main/t?views=true", "duckdb:////data/a.duckdb!/main/t"),
    ],
)
def test_what_is_shown_has_no_login_and_names_the_same_place(uri, shown):
    address = Address.parse(uri)
    assert address.shown == shown
    again = Address.parse(shown)
    assert (again.database, again.schema, again.table) == (
        address.database,
        address.schema,
        address.table,
    )


def test_a_relative_path_is_made_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Address.parse("sqlite:///a.db").shown == f"sqlite:///{tmp_path}/a.db"


@given(st.sampled_from(["postgresql", "mysql", "duckdb"]), NAMES, NAMES)
def test_any_name_survives(dialect, schema, table):
    base = "duckdb:////data/a!/" if dialect == "duckdb" else f"{dialect}://db:1/shop/"
    names = [table] if dialect == "mysql" else [schema, table]
    address = Address.parse(base + "/".join(quote(name, safe="") for name in names))
    assert address.table == table
    assert Address.parse(address.shown) == address


@given(NAMES, NAMES)
def test_a_password_is_taken_and_never_shown(user, password):
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    address = Address.parse(f"postgresql://{login}@db/shop")
    assert (address.user, address.password) == (user, password)
    assert f"password={password!r}" not in repr(address)
    assert "***" in repr(address)


@pytest.mark.parametrize(
    "uri",
    [
        "postgresql://ann:p/w@db:none/shop",
        "postgresql://db/a/b/c/d",
        "mysql://db/a/b/c",
        "sqlite://relative.db",
        "sqlite:///",
    ],
)
def test_what_makes_no_sense_is_not_repeated(uri):
    with pytest.raises(UsageError) as raised:
        Address.parse(uri)
    assert "p/w" not in str(raised.value)


def test_a_split_carries_its_login_unseen(monkeypatch):
    address = Address.parse("postgresql://ann:s3cret@db/shop/public/t?views=true")
    access = Hidden(Access.of(address, "snap-1").to_text())
    split = Split(address.shown, "1", FileFormat("postgresql"), access=access)
    assert "s3cret" not in repr(split) + split.token
    copy = pickle.loads(pickle.dumps(split))
    assert Access.of_text(copy.access).login(Address.parse(copy.uri)) == address
    assert Access.of_text("") == Access()


def test_a_reference_travels_instead_of_what_it_refers_to(monkeypatch):
    address = Address.parse("postgresql://ann@db/shop?password=secret://env/SHOP_PASSWORD")
    with pytest.raises(CredentialError, match="SHOP_PASSWORD"):
        located(address)
    monkeypatch.setenv("SHOP_PASSWORD", "s3cret")
    known = located(address)
    assert known.password == "s3cret"
    text = Access.of(known, "").to_text()
    assert "s3cret" not in text
    assert Access.of_text(text).login(Address.parse(known.shown)) == known
    with pytest.raises(UsageError, match="by reference"):
        located(Address.parse("postgresql://db/shop?password=plain"))
