"""Columns without a name of their own: what their neighbours make of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lakescan.udfs.classify.header.header import read_header
from lakescan.udfs.classify.header.madeup import all_made_up
from tests.udfs.classify.conftest import Judge

FIRST = ["Mary", "John", "Linda", "James", "Susan", "Robert", "Karen", "Michael", "Nancy", "David"]
LAST = ["Smith", "Johnson", "Williams", "Brown", "Miller", "Davis", "Garcia", "Wilson", "Anderson"]
NAMES = [f"{FIRST[n % 10]} {LAST[n % 9]}" for n in range(90)]
PRODUCTS = [f"Hex bolt M{n % 30} zinc" for n in range(90)]


def days(first: int, years: int, form: str = "%Y-%m-%d") -> list[str]:
    """Ninety days, spread evenly."""
    step = timedelta(days=years * 365 // 90)
    return [(date(first, 1, 7) + step * (n * 37 % 90)).strftime(form) for n in range(90)]


@pytest.mark.parametrize(
    "names",
    [
        ["col1", "col2", "col10"],
        ["_c0", "_c1"],
        ["Unnamed: 0", "Unnamed: 1"],
        ["string_field_0", "int64_field_1"],
        ["A", "B", "Z", "AA", "BC"],
        ["x", "x.1", "x.2"],
        ["0", "1"],
        ["V1", "V2"],
        ["f0", "f1"],
        ["EXPR$0", "EXPR$1"],
        ["列1", "列2"],
    ],
)
def test_names_that_tools_make_up_are_known(names: list[str]) -> None:
    assert all_made_up(names)


@pytest.mark.parametrize(
    "names",
    [["x", "y"], ["id", "col1"], ["name", "city"], ["col1", "lat"], ["ID", "NO"], ["field_name"]],
)
def test_names_of_their_own_stay(names: list[str]) -> None:
    assert not all_made_up(names)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y 00:00"])
@pytest.mark.parametrize("names", [("_c0", "_c1", "_c2"), ("col7", "col8", "col9")])
def test_dates_over_a_lifetime_beside_names_are_births(
    judge: Judge, form: str, names: tuple[str, str, str]
) -> None:
    whose, born, hired = names
    columns = {whose: NAMES, born: days(1944, 58, form), hired: days(2016, 9, form)}
    found = judge(columns)
    assert found[born].classifications[0].entity == "DATE_OF_BIRTH"
    assert found[born].sensitive
    assert found[hired].classifications[0].entity == "DATE_TIME"


@pytest.mark.parametrize("kind", [date, datetime])
def test_typed_dates_over_a_lifetime_are_births_as_well(judge: Judge, kind: type[date]) -> None:
    def typed(texts: list[str]) -> list[date]:
        return [kind.fromisoformat(text) for text in texts]

    found = judge({"_c0": NAMES, "_c1": typed(days(1944, 58)), "_c2": typed(days(2016, 9))})
    assert found["_c1"].classifications[0].entity == "DATE_OF_BIRTH"
    assert found["_c2"].classifications[0].entity == "DATE_TIME"


@pytest.mark.parametrize(
    ("beside", "dates"),
    [
        (PRODUCTS, days(1944, 58)),  # nobody there
        (NAMES, days(1985, 40)),  # reaches up to now
        (NAMES, days(1996, 12)),  # too close together
    ],
)
def test_other_dates_without_a_name_are_none(
    judge: Judge, beside: list[str], dates: list[str]
) -> None:
    found = judge({"_c0": beside, "_c1": dates})["_c1"].classifications
    assert found[0].entity == "DATE_TIME"


def test_of_two_dates_over_a_lifetime_the_earlier_is_the_birth(judge: Judge) -> None:
    found = judge({"_c0": NAMES, "_c1": days(1960, 49), "_c2": days(1890, 60)})
    assert found["_c1"].classifications[0].entity == "DATE_TIME"
    assert found["_c2"].classifications[0].entity == "DATE_OF_BIRTH"


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y%m%d"])
def test_dates_over_seven_decades_are_births_of_children_too(judge: Judge, form: str) -> None:
    columns = {"_c0": NAMES, "_c1": days(1938, 84, form), "_c2": days(2016, 9, form)}
    found = judge(columns)
    assert found["_c1"].classifications[0].entity == "DATE_OF_BIRTH"
    assert found["_c2"].classifications[0].entity == "DATE_TIME"


def plates(letters: str) -> list[str]:
    """Ninety codes of the form of French plates."""
    size = len(letters)

    def letter(n: int) -> str:
        return letters[n * 7 % size]

    return [
        f"{letter(n)}{letter(n * 3 + 1)}-{100 + n * 37 % 900}-{letter(n * 5 + 2)}{letter(n + 4)}"
        for n in range(90)
    ]


def test_codes_that_spare_the_letters_of_plates_are_plates_beside_persons(judge: Judge) -> None:
    sparing = plates("ABCDEFGHJKLMNPQRSTVWXYZ")
    found = judge({"_c0": NAMES, "_c1": sparing})["_c1"].classifications
    assert found[0].category == "VEHICLE_ID"
    assert judge({"_c0": PRODUCTS, "_c1": sparing})["_c1"].classifications == ()
    codes = plates("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert judge({"_c0": NAMES, "_c1": codes})["_c1"].classifications == ()


def test_towns_without_a_name_take_their_neighbours_word(judge: Judge) -> None:
    towns = ["Akron", "Tulsa", "Boise", "Denver"] * 30
    states = ["Ohio", "Oklahoma", "Idaho", "Colorado"] * 30
    zips = [f"{n * 397 % 89000 + 10000}" for n in range(1, 121)]
    found = judge({"col1": zips, "col2": towns, "col3": states})["col1"].classifications
    assert found[0].entity == "ZIPCODE"


TOWNS = ["Akron", "Tulsa", "Boise", "Denver", "Dallas", "Omaha", "Tucson", "Fresno"]
STATES = ["Ohio", "Oklahoma", "Idaho", "Colorado"] * 30


@pytest.mark.parametrize(
    ("columns", "digits"),
    [
        # Codes of procedures: fewer than towns.
        ({"_c0": TOWNS * 15, "_c1": STATES, "_c2": ["99213", "36415", "80053"] * 40}, "_c2"),
        (
            {
                "_c0": TOWNS * 15,
                "_c1": STATES,
                "_c2": ["99213", "36415", "80053", "10060", "20610"] * 24,
            },
            "_c2",
        ),
        # Wages, far from any place.
        (
            {
                "_c0": [str(24000 + 137 * n % 40000) for n in range(120)],
                "_c1": (NAMES * 2)[:120],
                "_c2": ["2024-01-05"] * 120,
                "_c3": TOWNS * 15,
                "_c4": STATES,
            },
            "_c0",
        ),
        # The postal codes have a form of their own.
        (
            {
                "_c0": [f"{100 + n * 7 % 800} {10 + n * 13 % 80}" for n in range(120)],
                "_c1": TOWNS * 15,
                "_c2": STATES,
                "_c3": [str(24000 + 1370 * n % 40000) for n in range(120)],
            },
            "_c3",
        ),
    ],
)
def test_other_digits_beside_towns_are_no_postal_codes(
    judge: Judge, columns: dict[str, list[str]], digits: str
) -> None:
    assert judge(columns)[digits].classifications == ()


@pytest.mark.parametrize(
    "numbers",
    [
        [f"6{n * 12345677 % 10**8:08d}" for n in range(3, 93)],
        [f"4860{n * 1234577 % 10**7:07d}" for n in range(3, 93)],
        [f"{212 + n * 31 % 700}{234 + n * 17 % 700}{n * 613 % 10**4:04d}" for n in range(3, 93)],
    ],
)
def test_digits_that_all_fit_a_plan_of_telephones_are_these_beside_persons(
    judge: Judge, numbers: list[str]
) -> None:
    found = judge({"_c0": NAMES, "_c1": numbers})["_c1"].classifications
    assert [each.entity for each in found] == ["PHONE_NUMBER"]
    assert judge({"_c0": PRODUCTS, "_c1": numbers})["_c1"].classifications == ()


@pytest.mark.parametrize(
    "numbers", [[str(600_000_000 + n) for n in range(90)], [str(10**9 + n) for n in range(90)]]
)
def test_numbers_that_are_counted_up_are_no_telephones(judge: Judge, numbers: list[str]) -> None:
    assert judge({"_c0": NAMES, "_c1": numbers})["_c1"].classifications == ()


def test_sums_to_the_hundredth_are_amounts(judge: Judge) -> None:
    sums = [f"{n * 3709 % 250000 / 100 - 300:.2f}" for n in range(1, 91)]
    for written in (sums, [each.replace(".", ",") for each in sums]):
        found = judge({"_c0": NAMES, "_c1": written})["_c1"].classifications
        assert [each.entity for each in found] == ["AMOUNT"]


@pytest.mark.parametrize(
    "numbers",
    [
        [f"{20 + n * 7 % 90 / 10:.1f}" for n in range(90)],  # temperatures
        [f"{90 + n * 7 % 90 / 7:.2f}" for n in range(90)],  # all of a size
        [f"{n * 3709 % 250000 / 1000:.3f}" for n in range(90)],
    ],
)
def test_measurements_are_no_amounts(judge: Judge, numbers: list[str]) -> None:
    assert judge({"_c0": NAMES, "_c1": numbers})["_c1"].classifications == ()


def test_other_letters_beside_persons_are_no_sex(judge: Judge) -> None:
    found = judge({"_c0": NAMES, "_c1": days(1944, 58), "_c2": ["P", "D", "X"] * 30})
    assert found["_c2"].classifications == ()


def test_numbers_of_which_one_in_ten_passes_a_check_are_not_that_kind(judge: Judge) -> None:
    stays = [f"R24{100200 + n}" for n in range(90)]
    assert judge({"_c0": NAMES, "_c1": stays})["_c1"].classifications == ()


def test_answers_beside_towns_are_no_countries(judge: Judge) -> None:
    found = judge({"_c0": TOWNS * 15, "_c1": STATES, "_c2": ["SI", "NO", "SI"] * 40})
    assert found["_c2"].classifications == ()


def test_a_table_of_one_country_says_so_beside_its_towns(judge: Judge) -> None:
    found = judge({"_c0": TOWNS * 15, "_c1": ["US"] * 120, "_c2": STATES, "_c3": ["OK"] * 120})
    assert found["_c1"].classifications[0].entity == "COUNTRY"
    alone = judge({"_c0": (PRODUCTS * 2)[:120], "_c1": ["US"] * 120})
    assert alone["_c1"].classifications == ()


@pytest.mark.parametrize("turned", [False, True])
def test_positions_to_the_metre_need_no_place_beside_them(judge: Judge, turned: bool) -> None:
    north = [f"{48 + n * 613 % 997 / 997:.5f}" for n in range(90)]
    east = [f"{9 + n * 331 % 991 / 991:.5f}" for n in range(90)]
    pair = (east, north) if turned else (north, east)
    found = judge({"_c0": PRODUCTS, "_c1": pair[0], "_c2": pair[1]})
    assert {found[name].classifications[0].category for name in ("_c1", "_c2")} == {"LOCATION"}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ((48, 1.0, 3), (9, 1.0, 3)),  # to a hundred metres: a measurement as well
        ((48, 1.0, 5), (48, 1.5, 5)),  # prices of one share
        ((0, 1.0, 6), (0.5, 0.2, 6)),  # probabilities
    ],
)
def test_other_fine_numbers_are_no_positions(
    judge: Judge, one: tuple[float, float, int], two: tuple[float, float, int]
) -> None:
    columns = {
        name: [f"{low + width * (n * 613 % 997) / 997:.{digits}f}" for n in range(90)]
        for name, (low, width, digits) in (("_c1", one), ("_c2", two))
    }
    found = judge({"_c0": PRODUCTS, **columns})
    assert found["_c1"].classifications == found["_c2"].classifications == ()


def test_a_status_beside_towns_is_no_town(judge: Judge) -> None:
    towns = [f"{name}" for name in ("Madrid", "Sevilla", "Valencia", "Bilbao", "Toledo")] * 18
    streets = [f"Calle Mayor {n}" for n in range(90)]
    status = ["Alta", "Baja", "Pendiente"] * 30
    found = judge({"_c0": NAMES, "_c1": towns, "_c2": streets, "_c3": status})["_c3"]
    assert found.classifications == ()


@pytest.mark.parametrize(
    ("field", "concept"),
    [
        ("GBDAT", "birth_date"),
        ("NACHN", "last_name"),
        ("VORNA", "first_name"),
        ("PSTLZ", "zip"),
        ("ORT01", "city"),
        ("STRAS", "street"),
        ("GESCH", "gender"),
        ("SMTP_ADDR", "email"),
        ("TELF1", "phone"),
        ("STCD1", "tax_id"),
        ("BANKN", "bank_account"),
        ("BEGDA", "date"),
    ],
)
def test_fields_of_saps_dictionary_are_known(field: str, concept: str) -> None:
    assert max(read_header(field).concepts.items(), key=lambda pair: pair[1])[0] == concept


@pytest.mark.parametrize("field", ["MANDT", "KUNNR", "BUKRS", "KTOKD", "PERNR", "FAMST", "WERKS"])
def test_other_fields_of_sap_stay_unknown(field: str) -> None:
    assert not read_header(field).concepts


def test_numbers_beside_a_sex_are_ages_where_there_is_one_such_column(judge: Judge) -> None:
    sexes = [["female", "male"][n * 7 % 2] for n in range(90)]
    ages = [str(18 + n * 37 % 62) for n in range(90)]
    marks = [str(5 + n * 53 % 80) for n in range(90)]
    columns = {"_c0": NAMES, "_c1": sexes, "_c2": ages}
    assert judge(columns)["_c2"].classifications[0].entity == "AGE"
    two = judge({**columns, "_c3": marks})
    assert not two["_c2"].classifications
    assert not two["_c3"].classifications
    shares = [str(n * 37 % 101) for n in range(90)]
    assert not judge({**columns, "_c2": shares})["_c2"].classifications
    assert not judge({"_c0": PRODUCTS, "_c1": ages, "_c2": marks})["_c1"].classifications


def test_titles_of_which_some_are_names_are_no_persons(judge: Judge) -> None:
    works = ["Jane Eyre", "Emma Brown", "Washington Black", "Tales of a bolt", "The Plague"]
    works += ["Dubliners", "Middlemarch", "On rivers", "A room"]
    columns = {"_c0": NAMES, "_c1": days(1944, 58), "_c2": [works[n % 9] for n in range(90)]}
    assert not judge(columns)["_c2"].classifications


LOGINS = [
    "rkowalczyk",
    "m.osei",
    "tlindqvist",
    "ana.prat",
    "dbrown2",
    "bfarrell",
    "jsmith",
    "kchen",
]


def test_accounts_that_are_made_of_names(judge: Judge) -> None:
    columns = {"_c0": NAMES, "_c1": [LOGINS[n % 8] for n in range(90)]}
    assert judge(columns)["_c1"].classifications[0].entity == "USERNAME"
    words = ["python", "billing", "worker", "gdpr", "login", "kube-system", "prod.api", "redis"]
    columns["_c1"] = [words[n % 8] for n in range(90)]
    assert not judge(columns)["_c1"].classifications


def test_numbers_of_one_size_are_no_social_security_numbers(judge: Judge) -> None:
    ids = [f"3{n * 37 % 99 + 1:02d}{n + 1:02d}{n * 131 % 9999 + 1:04d}" for n in range(90)]
    assert not judge({"_c0": NAMES, "_c1": ids})["_c1"].classifications
    ssns = [f"{n * 37 % 660 + 1:03d}{n + 1:02d}{n * 131 % 9999 + 1:04d}" for n in range(90)]
    told = judge({"_c0": NAMES, "_c1": ssns})["_c1"].classifications
    assert [each.category for each in told][:1] == ["SOCIAL_SECURITY_ID"]


def test_telephones_as_people_type_them(judge: Judge) -> None:
    grouped = [f"0532 {n * 7 % 1000:03d} {n * 13 % 100:02d} {n * 17 % 100:02d}" for n in range(90)]
    bare = [f"54{n * 7919 % 10**8:08d}" for n in range(90)]
    mixed = [grouped[n] if n % 2 else bare[n] for n in range(90)]
    assert judge({"_c0": NAMES, "_c1": mixed})["_c1"].classifications[0].entity == "PHONE_NUMBER"
    assert not judge({"_c0": PRODUCTS, "_c1": mixed})["_c1"].classifications


def test_codes_of_indian_branches(judge: Judge) -> None:
    codes = [f"{['SBIN', 'HDFC', 'ICIC'][n % 3]}0{n * 7919 % 10**6:06d}" for n in range(90)]
    assert judge({"_c0": codes, "_c1": PRODUCTS})["_c0"].classifications[0].entity == "IN_IFSC"


@pytest.mark.parametrize(
    ("values", "person"),
    [
        (["김민준", "이서연", "박지훈", "최수빈", "정하은"], True),
        (["강남구", "서초구", "송파구", "마포구", "노원구"], False),
        (["王小明", "李娜", "张伟", "陈静", "刘洋"], True),
        (["上海", "北京", "深圳", "成都", "天津"], False),
    ],
)
def test_names_in_scripts_of_few_surnames(judge: Judge, values: list[str], person: bool) -> None:
    told = judge({"_c0": values * 18, "_c1": PRODUCTS})["_c0"].classifications
    assert ("PERSON" in [each.category for each in told]) == person


@pytest.mark.parametrize(("name", "entity"), [("wireless 1", "PHONE_NUMBER"), ("order_count", "")])
def test_neighbours_tell_of_a_name_that_says_nothing(judge: Judge, name: str, entity: str) -> None:
    dialled = [f"480555{n * 7919 % 10000:04d}" for n in range(90)]
    told = judge({"owner": NAMES, name: dialled})[name].classifications
    assert [each.entity for each in told][:1] == [entity][: len(entity)]
    assert not judge({"product": PRODUCTS, name: dialled})[name].classifications
    grouped = [f"24-00{n * 7919 % 10000:04d}" for n in range(90)]
    assert not judge({"owner": NAMES, "zqx": grouped})["zqx"].classifications
