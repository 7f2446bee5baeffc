"""Globs over paths."""

from __future__ import annotations

import pytest

from lakescan.connectors.paths import glob_root, matches
from lakescan.errors import UsageError


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("*.csv", "crm/a.csv", True),
        ("crm/*.csv", "crm/old/a.csv", False),
        ("crm/**/a.csv", "crm/old/a.csv", True),
        ("crm/**/a.csv", "crm/a.csv", True),
        ("a?.csv", "ab.csv", True),
        ("a[!b].csv", "ab.csv", False),
        ("ein größerer name (1).csv", "ein größerer name (1).csv", True),
        ("a.csv", "axcsv", False),
        ("*.csv", "a\nb.csv", True),
        ("{crm,hr}/*.{csv,tsv}", "hr/a.tsv", True),
        ("{crm,hr}/*.csv", "ops/a.csv", False),
        ("a{1}.csv", "a{1}.csv", True),
    ],
)
def test_what_a_glob_takes(glob, path, expected):
    assert matches(path, [glob]) is expected


def test_a_glob_with_many_stars_does_not_backtrack():
    glob = "*a" * 40 + "b"
    assert not matches("a" * 400, [glob])
    assert matches("a" * 400 + "b", [glob])


def test_a_class_without_sense_is_the_users_error():
    with pytest.raises(UsageError):
        matches("a.csv", ["[z-a].csv"])


@pytest.mark.parametrize(
    ("uri", "root"),
    [
        ("/lake/crm/*.csv", "/lake/crm/"),
        ("s3://lake/{crm,hr}/a.csv", "s3://lake/"),
        ("/lake/a[12].csv", "/lake/"),
        ("/lake/a{1}.csv", "/lake/a{1}.csv"),
        ("/lake/a{b", "/lake/a{b"),
    ],
)
def test_what_is_listed_for_a_glob(uri, root):
    assert glob_root(uri) == (root, uri if root != uri else None)
