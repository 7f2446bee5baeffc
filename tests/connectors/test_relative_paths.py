"""A relative path, and one below a hidden folder, select the same files as an absolute one."""

from __future__ import annotations

import pytest

from lakescan.connectors import Dataset, Selection, discover


@pytest.fixture(params=["plain", ".hidden"])
def lake(request, tmp_path, monkeypatch):
    folder = tmp_path / request.param / "lake"
    for name in ("crm/people.csv", "crm/leads.csv", "logs/web.csv"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("name,age\nann,41\n")
    monkeypatch.chdir(folder.parent)
    return folder


def names(uri, **selection):
    found = discover(uri, Selection(group="file", **selection))
    return sorted(each.uri.rsplit("/", 1)[-1] for each in found if isinstance(each, Dataset))


@pytest.mark.parametrize("uri", ["lake", "./lake/", "../{}/lake"])
def test_a_relative_folder(lake, uri):
    uri = uri.format(lake.parent.name)
    assert names(uri) == ["leads.csv", "people.csv", "web.csv"]
    assert names(uri, include=("crm/*.csv",)) == ["leads.csv", "people.csv"]
    assert names(uri, include=("crm/**",), exclude=("crm/le*",)) == ["people.csv"]


def test_a_relative_glob(lake):
    assert names("lake/*/[lp]e*.csv") == ["leads.csv", "people.csv"]
    assert names("lake/**/web.csv") == ["web.csv"]
