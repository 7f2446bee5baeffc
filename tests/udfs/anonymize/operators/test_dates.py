from __future__ import annotations

from datetime import date, datetime, timedelta

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@given(st.lists(DAYS, min_size=2, max_size=10), st.text(max_size=5))
def test_order_and_intervals_of_a_subject_stay_exactly(ready, run, days, subject):
    moved = run(ready("date_shift", days=30), days, "DATE", pa.date32(), [subject] * len(days))
    gaps = {new - old for new, old in zip(moved, days, strict=True)}
    assert len(gaps) == 1
    assert 1 <= abs(gaps.pop().days) <= 30


def test_subjects_move_apart_and_times_of_day_stay(ready, run):
    moments = [datetime(2020, 1, 1, 12, 30, 5, 7)] * 40
    subjects = [f"s{number}" for number in range(40)]
    moved = run(ready("date_shift"), moments, "DATE_TIME", pa.timestamp("us"), subjects)
    assert len({each.date() for each in moved}) > 30
    assert {each.time() for each in moved} == {moments[0].time()}


def test_a_date_of_nobody_is_taken_out(ready, run):
    assert run(ready("date_shift"), [date(2020, 1, 1)], "DATE", pa.date32(), [None]) == [None]


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%m/%d/%Y",
        "%d.%m.%Y",
        "%Y%m%d",
        "%d %b %Y",
        "%B %d, %Y",
        "%Y-%m-%dT%H:%M:%SZ",
        "%Y-%m-%d %H:%M:%S",
        "%m/%d/%y",
    ],
)
def test_written_dates_move_in_their_own_form_as_typed_ones_do(ready, run, form):
    days = [
        datetime(1999, 12, 31, 23, 59, 1),
        datetime(2004, 2, 28, 1, 2, 3),
        datetime(1980, 7, 17),
    ]
    operator = ready("date_shift")
    typed = run(operator, days, "DATE_TIME", pa.timestamp("us"))
    texts = run(operator, [day.strftime(form) for day in days], "DATE_TIME")
    assert texts == [day.strftime(form) for day in typed]


def test_days_first_where_the_policy_says_so_or_nothing_else_fits(ready, run):
    gap = run(ready("date_shift"), [date(2020, 4, 3)], "DATE", pa.date32())[0] - date(2020, 4, 3)
    expected = (date(2020, 4, 3) + gap).strftime("%d/%m/%Y")
    assert run(ready("date_shift", day_first=True), ["03/04/2020"], "DATE") == [expected]
    expected = (date(2020, 4, 23) + gap).strftime("%d/%m/%Y")
    assert run(ready("date_shift"), ["23/04/2020"], "DATE") == [expected]


def test_what_is_no_date_is_unfit(ready, run):
    assert run(ready("date_shift"), ["soon", "2020-13-45"], "DATE") == [None, None]
    assert timedelta(days=1)


@pytest.mark.parametrize(
    "options, value, entity, coarse",
    [
        ({}, "34", "AGE", "30-39"),
        ({}, "97", "AGE", "90+"),
        ({"to": "band", "width": 5}, "12", "AGE", "10-14"),
        ({}, "02139", "ZIPCODE", "021**"),
        ({}, "SW1A 1AA", "UK_POSTCODE", "SW1* ***"),
        ({}, "192.168.7.9", "IP_ADDRESS", "192.168.7.0"),
        ({}, "2001:db8:1:2::9", "IPV6_ADDRESS", "2001:db8:1::"),
        ({}, "1980-05-17", "DATE_OF_BIRTH", "1980-01-01"),
        ({"to": "month"}, "17.05.1980", "DATE", "01.05.1980"),
        ({}, "48.85837, 2.29448", "GEO_COORDINATE", "48.9, 2.3"),
        ({}, "old", "AGE", None),
    ],
)
def test_generalize_texts(ready, run, options, value, entity, coarse):
    assert run(ready("generalize", **options), [value], entity) == [coarse]


def test_generalized_columns_keep_their_type(ready, run):
    assert run(ready("generalize"), [34, 8], "AGE", pa.int16()) == [30, 0]
    assert run(ready("generalize", top=90), [97], "AGE", pa.int64()) == [90]
    assert run(ready("generalize"), [date(1980, 5, 17)], "DATE", pa.date32()) == [date(1980, 5, 1)]
    made = run(ready("generalize", to="coordinates"), [48.858], "GEO_COORDINATE", pa.float64())
    assert made == [48.9]
    assert run(ready("generalize"), [2139], "ZIPCODE", pa.int32()) == [2100]


def test_the_calendars_ends_are_unfit(ready, run):
    """9999-12-31 for "no end" would become a date that few programs can read."""
    ends = [date(9999, 12, 31), date(1, 1, 1)] * 20
    moved = run(
        ready("date_shift"), ends, "DATE_OF_BIRTH", pa.date32(), [str(n) for n in range(40)]
    )
    assert None in moved[::2]
    assert None in moved[1::2]
    assert all(
        one is None or abs((one - was).days) < 366 for one, was in zip(moved, ends, strict=True)
    )
    last = pa.scalar(2**63 - 1, pa.timestamp("ns"))
    late = run(ready("date_shift"), [last] * 20, "DATE", last.type, [str(n) for n in range(20)])
    assert all(one is None or one.year >= 2261 for one in late)
    assert (
        run(ready("date_shift"), [last], "DATE", last.type, ["1"])[0].nanosecond
        == last.as_py().nanosecond
    )
