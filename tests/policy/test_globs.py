"""Globs over paths."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.errors import UsageError
from lakescan.policy.globs import column_matches, path_matches


@pytest.mark.parametrize("glob, uri",
    [
        ("*.csv", "/lake/hr/a.csv"), ("*.csv", "a.csv"), ("hr/*.csv", "s3://lake/x/hr/a.csv"), ("hr/**", "/lake/hr/x/y.csv"),
        ("**", "s3://lake/a"), ("/lake/**", "/lake/a/b.csv"), ("s3://lake/*/a.csv", "s3://lake/x/a.csv"),
        ("**/raw/**", "/lake/raw/a.csv"), ("**/raw/**", "raw/a.csv"), ("/a/**/b.csv", "/a/b.csv"), ("/a/**/b.csv", "/a/x/y/b.csv"),
        ("*.{csv,tsv}", "/x/a.tsv"), ("year=20[12]?/*", "/t/year=2014/a.csv"), ("[!_]*.csv", "/x/a.csv"), ("a?c", "/abc"),
        ("a.b", "/x/a.b"), ("x.zip!/m.csv", "/d/x.zip!/m.csv"), ("ümläut*", "/d/ümläute.csv"), ("[a-c].csv", "b.csv"), ("a]", "/a]"),
        ("{a,b{c,d}}.csv", "/x/bd.csv"), ("{a,b}{c,d}", "/bc"), ("{a}", "/x/{a}"), ("{a,}b", "/b"), ("{a/x,b}/*.csv", "/t/a/x/1.csv"), ("[^_]*", "/x/a"),
    ],
)  # fmt: skip
def test_a_path_glob_that_matches(glob, uri):
    assert path_matches(glob, uri)


@pytest.mark.parametrize("glob, uri",
    [
        ("*.csv", "/lake/a.csv.gz"), ("hr/*.csv", "/lake/hr/x/a.csv"), ("hr/*.csv", "/lake/xhr/a.csv"), ("/lake/*", "/lake/a/b"),
        ("/lake/*", "/x/lake/a"), ("a.b", "/x/aXb"), ("a?c", "/a/c"), ("*.{csv,tsv}", "/x/a.psv"), ("[!_]*.csv", "/x/_a.csv"),
        ("*.csv", "/lake/A.CSV"), ("{a,b{c,d}}.csv", "/x/cd.csv"), ("{a,b}", "/x/c"), ("[^_]*", "/x/_a"),
    ],
)  # fmt: skip
def test_a_path_glob_that_does_not(glob, uri):
    assert not path_matches(glob, uri)


def test_an_open_brace_is_refused():
    with pytest.raises(UsageError, match="brace"):
        path_matches("{a,b", "a")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_text_without_wildcards_matches_itself(text):
    if not set(text) & set("*?[{"):
        assert path_matches(text, text)
        assert path_matches(text, "/x/" + text) or text.startswith("/") or "://" in text
    if not set(text) & set("*?"):
        assert column_matches(text, text)


@given(
    st.text(st.sampled_from("a*?b/[]{},!-"), max_size=20),
    st.text(st.sampled_from("ab/-"), max_size=20),
)
def test_any_glob_is_taken_or_refused(glob, uri):
    try:
        answer = path_matches(glob, uri)
    except UsageError:
        answer = None
    assert answer in (True, False, None)
    assert answer is not None or "{" in glob or "[" in glob


def test_many_stars_do_not_slow_a_match():
    glob = "*a" * 60 + "b"
    begin = time.process_time()
    assert not path_matches(glob, "/" + "a" * 5000)
    assert not column_matches(glob, "a" * 5000)
    # A backtracking matcher would need longer than the universe is old.
    assert time.process_time() - begin < 30
