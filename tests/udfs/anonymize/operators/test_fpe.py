from __future__ import annotations

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

DIGITS = st.text("0123456789", min_size=6, max_size=30)


def luhn(text):
    digits = [int(char) for char in reversed(text) if char.isdigit()]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0


@given(st.lists(DIGITS, min_size=1, max_size=6))
def test_numbers_become_others_of_their_length_and_come_back(ready, run, values):
    fpe = ready("fpe")
    sealed = run(fpe, values)
    assert run(fpe, sealed, reveal=True) == values
    for value, one in zip(values, sealed, strict=True):
        assert one.isdigit()
        if len(value) > 6:
            assert len(one) == len(value)
            assert (one[0] == "0") == (value[0] == "0")


@given(st.from_regex(r"[A-Za-z0-9]{2,12}([-./ ][A-Za-z0-9]{4,9}){1,3}", fullmatch=True))
def test_letters_and_digits_keep_case_separators_and_length(ready, run, value):
    fpe = ready("fpe")
    sealed = run(fpe, [value])
    assert run(fpe, sealed, reveal=True) == [value]
    assert [c for c in sealed[0] if not c.isalnum()] == [c for c in value if not c.isalnum()]
    assert len(sealed[0]) == len(value)
    for is_of in (str.isupper, str.islower):
        if not any(map(is_of, value)):
            assert not any(map(is_of, sealed[0]))


@given(st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=8))
def test_an_integer_and_its_text_stay_joinable(ready, run, numbers):
    fpe = ready("fpe")
    typed = run(fpe, numbers, kind=pa.int64())
    assert run(fpe, typed, kind=pa.int64(), reveal=True) == numbers
    texts = run(fpe, [str(number) for number in numbers])
    for number, one, text in zip(numbers, typed, texts, strict=True):
        if int(text) < 2**63:
            assert int(text) == one, number


def test_small_numbers_are_permuted_among_a_million(ready, run):
    sealed = run(ready("fpe"), list(range(5000)), kind=pa.int32())
    assert len(set(sealed)) == 5000
    assert max(sealed) < 1_000_000
    assert sum(a == b for a, b in enumerate(sealed)) < 3


@given(st.integers(10**15, 10**16 - 1))
def test_a_cards_issuer_and_the_validity_of_its_check_digit_stay(ready, run, number):
    fpe = ready("fpe", keep_first=6, checksum="luhn")
    value = str(number)
    sealed = run(fpe, [value])
    assert sealed[0][:6] == value[:6]
    assert luhn(sealed[0]) == luhn(value)
    assert run(fpe, sealed, reveal=True) == [value]


def test_32_bits_are_enough_for_what_had_32_bits(ready, run):
    numbers = list(range(2**31 - 400, 2**31 - 1))
    fpe = ready("fpe")
    sealed = run(fpe, numbers, kind=pa.int32())
    assert run(fpe, sealed, kind=pa.int32(), reveal=True) == numbers


@pytest.mark.parametrize("value", ["0042", "AB", "Zoë Kravitz", "12-34", "王小明七八九"])
def test_what_is_too_short_or_has_other_letters_is_told_to_be_unfit(ready, run, value):
    assert run(ready("fpe"), [value]) == [None]


def test_the_ends_can_stay(ready, run):
    sealed = run(ready("fpe", keep_first=3, keep_last=4), ["123-45678901-2345"])[0]
    assert (sealed[:4], sealed[-5:]) == ("123-", "-2345")
    assert sealed != "123-45678901-2345"


def test_the_ends_of_a_type_stay_in_it_and_come_back(ready, run):
    fpe = ready("fpe")
    for kind, numbers in (
        (pa.int32(), [-(2**31), 2**31 - 1]),
        (pa.int64(), [-(2**63), 2**63 - 1, *range(-(2**63) + 1, -(2**63) + 200)]),
        (pa.uint64(), [2**64 - 1]),
    ):
        sealed = run(fpe, numbers, kind=kind)
        assert set(sealed).isdisjoint(numbers)
        assert run(fpe, sealed, kind=kind, reveal=True) == numbers
