"""Headers that promise what the values cannot be: answers, fractions, grades, lone axes."""

from __future__ import annotations

import random

ROWS = 120


def _some(*values: object) -> list[object]:
    return [values[at % len(values)] for at in range(ROWS)]


def _category(judge, columns, name):
    found = judge(columns)[name].classifications
    return found[0].category if found else None


def test_yes_and_no_under_city_are_no_places(judge) -> None:
    assert _category(judge, {"city": _some("yes", "no")}, "city") is None


def test_two_towns_in_a_short_table_are(judge) -> None:
    assert _category(judge, {"city": ["Ulm", "Hof"]}, "city") == "LOCATION"


def test_fractions_under_sex_are_no_genders_and_codes_are(judge) -> None:
    r = random.Random(1)
    correlations = [round(r.random(), 2) for _ in range(ROWS)]
    assert _category(judge, {"sex": correlations}, "sex") is None
    assert _category(judge, {"sex": _some(1, 2, 9)}, "sex") == "GENDER"


def test_grades_under_age_are_no_ages_and_bands_are(judge) -> None:
    assert _category(judge, {"age": _some("F0", "F1", "F2", "F3")}, "age") is None
    assert _category(judge, {"age": _some("18-24", "25-34", "65+", "5-9")}, "age") == "AGE"


def test_an_x_without_a_y_is_no_coordinate_and_beside_one_it_is(judge) -> None:
    r = random.Random(2)
    states = _some("Alabama", "Arizona", "Texas", "Ohio", "Maine")

    def axis(low: float, high: float) -> list[float]:
        return [round(r.uniform(low, high), 4) for _ in range(ROWS)]

    lone = {"state": states, "X1856": axis(0, 80), "X1860": axis(0, 80)}
    assert _category(judge, lone, "X1856") is None
    both = {"state": states, "x": axis(-100, -80), "y": axis(30, 45)}
    assert _category(judge, both, "x") == _category(judge, both, "y") == "LOCATION"
