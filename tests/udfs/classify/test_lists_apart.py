"""Columns of words without a name: which list of words knows most of them, and no other does."""

from __future__ import annotations

import pytest

#: Towns and villages of Maine and Vermont; a list of the world's larger places has about half.
TOWNS = (
    "Bangor,Auburn,Biddeford,Sanford,Saco,Westbrook,Augusta,Waterville,Lewiston,Brunswick,Yarmouth,"
    "Kittery,Wells,Orono,Presque Isle,Caribou,Houlton,Ellsworth,Belfast,Rockland,Camden,Topsham,Bath,"
    "Gorham,Windham,Standish,Skowhegan,Farmington,Rumford,Norway,Montpelier,Barre,Rutland,Bennington,"
    "Brattleboro,Stowe,Middlebury,Newport,Essex Junction,Winooski,Milton,Colchester,Shelburne,"
    "Kennebunkport,Ogunquit,Wiscasset,Damariscotta,Castine,Machias,Eastport"
).split(",")
GIVEN = (
    "Aaron Abigail Adam Agnes Alan Alice Amanda Amelia Andrew Angela Anna Arthur Barbara Benjamin"
    " Beatrice Brian Carol Caroline Catherine Charles Charlotte Christine Clara Daniel Deborah Diana"
    " Edward Eleanor Elizabeth Emily Emma Eric Esther Eugene Evelyn Frances Frederick Gabriel George"
    " Gerald Grace Hannah Harold Helen Henry"
).split()
NOUNS = (
    "fox dog cat wolf hawk stone hill wood field brook lake rock bridge church house hall wall gate"
    " lane street road park garden flower rose lily berry apple cherry pepper salt rice bread butter"
    " cook baker miller smith carpenter mason painter singer hunter fisher king knight bishop pope"
    " day night winter summer"
).split()


@pytest.mark.parametrize(("words", "entity"), [(TOWNS, "CITY"), (GIVEN, "FIRST_NAME")])
def test_many_words_of_one_list_are_told_by_it(judge, words, entity) -> None:
    found = judge({"c1": words}, named=False)["c1"].classifications
    assert [each.entity for each in found[:1]] == [entity]


def test_ordinary_nouns_are_no_surnames_though_many_are_called_so(judge) -> None:
    assert judge({"c1": NOUNS}, named=False)["c1"].classifications == ()


def test_a_header_that_names_something_else_is_heard(judge) -> None:
    assert judge({"product": TOWNS})["product"].classifications == ()


def test_two_letters_for_two_genders_are_enough_and_one_is_not(judge) -> None:
    both, one = ["M", "F"] * 60, ["M"] * 120
    found = judge({"c1": both, "c2": one}, named=False)
    assert [each.entity for each in found["c1"].classifications] == ["GENDER"]
    assert found["c2"].classifications == ()
