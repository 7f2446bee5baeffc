"""Patterns of users: linear time, or refused."""

import time

import pytest

from lakescan.errors import UsageError
from lakescan.policy import compile_regex


def test_a_pattern_finds_code_points():
    found = [(m.start(), m.end()) for m in compile_regex(r"\d+").finditer("né 12, ü 345")]
    assert found == [(3, 5), (9, 12)]


def test_case_matters_only_where_it_should():
    assert compile_regex("abc").search("ABC") is None
    assert compile_regex("abc", ignore_case=True).search("ABC")


@pytest.mark.parametrize(
    "regex", [r"(a)\1", "a(?=b)", "(?<!a)b", "(", "[", "a{2000}", r"\Z*"], ids=str
)
def test_what_cannot_run_in_linear_time_or_is_no_pattern_is_refused(regex):
    with pytest.raises(UsageError, match="not a pattern that RE2 accepts"):
        compile_regex(regex)


def test_a_hostile_pattern_and_text_do_not_stall():
    begin = time.process_time()
    assert compile_regex("(a+)+$").search("a" * 50_000 + "b") is None
    # Backtracking would need 2**50000 steps.
    assert time.process_time() - begin < 30
