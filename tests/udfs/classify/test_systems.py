"""Columns as real systems name and write them: exports of HR, clinics, shops, sensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from lakescan.policy import Policy
from lakescan.udfs.classify import verdicts
from lakescan.udfs.classify.profile.readings import NO_LIMIT, Read, Reading, Readings
from tests.udfs.classify.conftest import Judge, Profile

ROWS = range(120)
BORN = [f"19{50 + n % 50:02d}-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in ROWS]
NAMES = ["Mary Smith", "John Brown", "Linda Davis", "James Wilson", "Susan Garcia"] * 24
LAST = ["Nakagawa", "Hirose", "Onishi", "Kuroda", "Asano", "Sugawara"]
FIRST = ["Haruto", "Akemi", "Naoki", "Yui", "Takumi", "Fumiko"]
TOWNS = ["69003 LYON", "35000 RENNES", "97400 SAINT DENIS", "59650 VILLENEUVE D ASCQ"]


def best(judge: Judge, columns: dict[str, list[str]], column: str, **how: object) -> str:
    told = judge(columns, **how)[column].classifications
    return told[0].entity if told else "NONE"


@pytest.mark.parametrize(
    ("header", "entity"), [("Tel.", "PHONE_NUMBER"), ("tel. kom.", "PHONE_NUMBER")]
)
def test_the_point_of_an_abbreviation_ends_no_name(judge: Judge, header: str, entity: str) -> None:
    columns = {"PESEL": ["44051401458"], header: ["601234567"]}
    columns = {name: values * 40 for name, values in columns.items()}
    columns[header] = [f"60{1234567 + 7919 * n}" for n in range(40)]
    columns["imię"] = ["Zbigniew", "Halina", "Łukasz", "Danuta"] * 10
    columns["nazwisko"] = ["Pawlak", "Duda", "Król", "Sikora"] * 10
    assert best(judge, columns, header) == entity


def test_columns_of_the_omop_model_are_what_the_source_had(judge: Judge) -> None:
    races = ["white", "black", "asian", "other", "hispanic"]
    columns = {
        "person_id": [str(3000 + n) for n in ROWS],
        "year_of_birth": [str(1930 + n % 80) for n in ROWS],
        "month_of_birth": [str(1 + n % 12) for n in ROWS],
        "day_of_birth": [str(1 + n % 31) for n in ROWS],
        "race_source_value": [races[n % 5] for n in ROWS],
        "person_source_value": [f"MRN-{1000000 + 7919 * n}" for n in ROWS],
    }
    told = judge(columns)
    entities = {name: [c.entity for c in v.classifications][:1] for name, v in told.items()}
    assert entities["month_of_birth"] == entities["day_of_birth"] == ["DATE_OF_BIRTH"]
    assert entities["race_source_value"][0] in ("ORIGIN", "NRP")
    assert entities["person_source_value"] == ["MEDICAL_RECORD_NUMBER"]


def test_a_number_of_births_is_no_birth_date(judge: Judge) -> None:
    assert best(judge, {"births": [str(n % 9) for n in ROWS]}, "births") == "NONE"
    for step in (1, 37):
        numbers = [str(1 + n % 60 * step) for n in ROWS]
        assert best(judge, {"birth_date": numbers}, "birth_date") == "NONE"


@pytest.mark.parametrize(
    ("header", "values", "category"),
    [
        ("sei", LAST, "PERSON"),
        ("mei", FIRST, "PERSON"),
        ("seibetsu", ["otoko", "onna"], "GENDER"),
        ("yubin_bango", ["105-0023", "460-0008", "530-0012", "220-0012"], "LOCATION"),
        ("jusho", ["Minato-ku Shibaura 1-2-3", "Naka-ku Sakae 4-5", "Kita-ku 7-1"], "LOCATION"),
        ("keitai", [f"090-{1000 + 37 * n}-{2000 + 91 * n}" for n in range(60)], "PHONE_NUMBER"),
        ("denwaBango", [f"03-{3000 + 37 * n}-{2000 + 91 * n}" for n in range(60)], "PHONE_NUMBER"),
    ],
)
def test_japanese_in_latin_letters(
    judge: Judge, header: str, values: list[str], category: str
) -> None:
    columns = {
        "seinengappi": BORN,
        "shimei": [f"{LAST[n % 6]} {FIRST[n % 5]}" for n in ROWS],
        header: [values[n % len(values)] for n in ROWS],
    }
    assert judge(columns)[header].classifications[0].category == category


def test_telephones_of_tokyo_are_no_identity_numbers_of_costa_rica(judge: Judge) -> None:
    tokyo = [f"03-{3000 + 37 * n}-{2000 + 41 * n}" for n in ROWS]
    cedulas = [f"0{1 + n % 9}-0{100 + 7 * n}-0{120 + 5 * n}" for n in ROWS]
    assert best(judge, {"x": tokyo}, "x") != "CR_CPF"
    assert best(judge, {"x": cedulas}, "x") == "CR_CPF"


@pytest.mark.parametrize("header", ["CP_VILLE", "PLZ/Ort", "city_state_zip", "x"])
def test_postal_code_and_town_in_one_column(judge: Judge, header: str) -> None:
    values = [TOWNS[n % 4] for n in ROWS]
    assert judge({header: values})[header].classifications[0].category == "LOCATION"


@pytest.mark.parametrize(
    "lines",
    [
        ["27101 Winston Salem", "44100 Stoke on Trent", "35203 Birmingham"],
        ["33000 BORDEAUX CEDEX", "69003 LYON CEDEX", "13001 MARSEILLE CEDEX"],
    ],
)
def test_towns_are_known_without_hyphens_and_before_the_office(
    judge: Judge, lines: list[str]
) -> None:
    told = judge({"a": [lines[n % 3] for n in ROWS]}, named=False)["a"].classifications
    assert told[0].category == "LOCATION"
    assert told[0].confidence > 0.6


def test_numbers_and_words_are_no_postal_code_and_town(judge: Judge) -> None:
    parts = ["12345 Widget", "20011 Bracket large", "4711 Eau de Cologne", "1200 Gasket"]
    assert best(judge, {"part": [parts[n % 4] for n in ROWS]}, "part") == "NONE"


def test_numbers_of_orders_are_no_doors(judge: Judge) -> None:
    numbers = [f"#{1041 + n}" for n in ROWS]
    assert best(judge, {"Name": numbers}, "Name") == "NONE"
    doors = {"street": ["Elm St 4"] * 120, "city": ["Boise"] * 120, "address_2": numbers}
    assert judge(doors)["address_2"].classifications[0].category == "LOCATION"


def test_what_a_radio_is_addressed_by_is_no_street(judge: Judge) -> None:
    codes = [f"26{(n * 7919 + 11) % 65536:04x}a{n % 10}" for n in ROWS]
    assert best(judge, {"dev_addr": codes}, "dev_addr") == "NONE"


def test_a_failed_measurement_makes_no_sum_of_money(judge: Judge) -> None:
    degrees = [f"{-8 + 0.31 * n:.2f}" if n % 20 else "-999.00" for n in ROWS]
    assert best(judge, {"x": degrees}, "x", named=False) == "NONE"


def test_a_member_of_a_health_plan(judge: Judge) -> None:
    members = [f"XQB{n * 69_984_343 % 10**9:09d}" for n in ROWS]
    codes = ["E11.9", "I10", "J44.1", "M54.5"]
    claims = {"member_id": members, "dx_code": [codes[n % 4] for n in ROWS]}
    assert best(judge, claims, "member_id") == "HEALTH_INSURANCE_ID"
    assert best(judge, {"member_id": members, "visits": ["3"] * 120}, "member_id") == "NONE"
    for form in ("{}", "xqb{:09d}", "XQBCDEFG{:02d}"):
        claims["member_id"] = [form.format(10 + n % 90) for n in ROWS]
        assert best(judge, claims, "member_id") == "NONE"
    claims["member_id"] = [str(1000 + n) for n in ROWS]
    assert best(judge, claims, "member_id") == "NONE"


def test_the_last_four_of_a_social_security_number(judge: Judge) -> None:
    ends = [f"{n * 7919 % 10000:04d}" for n in ROWS]
    assert best(judge, {"SSN_Last4__c": ends}, "SSN_Last4__c") == "US_SSN"
    assert best(judge, {"ssn_last_4": ["yes", "no"] * 60}, "ssn_last_4") == "NONE"


def test_codes_of_grades_are_no_jobs(judge: Judge) -> None:
    columns = {
        "LAST_NAME": [LAST[n % 6] for n in ROWS],
        "DATE_OF_BIRTH": BORN,
        "GRADE_NAME": [["IC3", "IC4", "M2"][n % 3] for n in ROWS],
    }
    assert best(judge, columns, "GRADE_NAME") == "NONE"


@pytest.mark.parametrize("form", ["%d-%b-%Y", "%B %d, %Y", "%d. %B %Y"])
def test_births_with_the_month_in_words_beside_names(judge: Judge, form: str) -> None:
    born = [date.fromisoformat(day).strftime(form) for day in BORN]

    assert best(judge, {"a": NAMES, "b": born}, "b", named=False) == "DATE_OF_BIRTH"


def test_polish_accounts_without_the_country(judge: Judge) -> None:
    accounts = []
    for n in range(40):
        bank = f"1090101400000{n * 104729 % 10**11:011d}"
        accounts.append(f"{98 - int(bank + '252100') % 97:02d}{bank}")
    groups = [f"{a[:2]} {' '.join(a[i : i + 4] for i in range(2, 26, 4))}" for a in accounts]
    wrong = [f"{(int(a[:2]) + 1) % 97:02d}{a[2:]}" for a in accounts]
    assert judge({"x": accounts})["x"].classifications[0].category == "BANK_ACCOUNT"
    assert judge({"x": groups})["x"].classifications[0].category == "BANK_ACCOUNT"
    assert best(judge, {"x": wrong}, "x") == "NONE"


SECRETS = {
    "BEARER_TOKEN": "Bearer mF9B5f4.1JqM{:04d}abcdef",
    "GITLAB_TOKEN": "glpat-AbCdEfGhIjKlMnOp{:04d}",
    "NPM_TOKEN": "npm_AbCdEfGhIjKlMnOpQrStUvWxYz012345{:04d}",
}


@pytest.mark.parametrize("entity", SECRETS)
def test_a_secret_is_told_in_however_few_cells(judge: Judge, entity: str) -> None:
    secrets = [SECRETS[entity].format(n * 7919 % 10000) for n in ROWS]
    assert judge({"hdr": secrets})["hdr"].classifications
    words = [f"retry {n} of job {n * 7}" for n in ROWS]
    told = judge({"hdr": [*words, *secrets[:2]]})["hdr"].classifications
    assert [each.entity for each in told] == [entity]


def test_a_word_behind_bearer_is_no_token(judge: Judge) -> None:
    values = ["bearer acknowledgements", "bearer responsibilities"] * 60
    assert best(judge, {"topic": values}, "topic") == "NONE"


@pytest.mark.parametrize("header", ["leveringsadr", "fakturaadresse"])
def test_whereto_things_are_sent_in_the_north(judge: Judge, header: str) -> None:
    places = ["Bråtet 4B", "Solli 12", "Haugen 7", "Nedre Berg 31"]
    columns = {"kunde": ["Kari Nordmann"] * 120, header: [places[n % 4] for n in ROWS]}
    assert judge(columns)[header].classifications[0].category == "LOCATION"


@pytest.mark.parametrize(("make", "entity"), [(str, "NONE"), (str.title, "ORGANIZATION")])
def test_what_a_model_makes_of_codes_of_airports_counts_for_nothing(
    profile: Profile, make: Callable[[str], str], entity: str
) -> None:
    codes = (
        "SFO LAX ORD DFW ATL JFK DEN PHX IAH MSP DTW BOS EWR CLT LAS MIA SEA SLC BWI MDW".split()
    )
    (column,) = profile(pa.table({"origin": [make(codes[n % 20]) for n in ROWS]}))
    read = [
        Reading(n, 6, 3, (Read("ORGANIZATION", 900, whole=True, preview="***"),)) for n in range(20)
    ]
    column = replace(column, readings=Readings.of("ner.standard", 128, NO_LIMIT, read))
    told = verdicts([column], Policy.default(), named=False)[0].classifications
    assert [each.entity for each in told][:1] == ([] if entity == "NONE" else [entity])


@pytest.mark.parametrize(
    ("value", "entity"),
    [
        ("2003.09.{:02d}.", "DATE_TIME"),
        ("{:02d}.09.2003.", "DATE_TIME"),
        ("2024-05-{:02d}-05.33.13.000000", "DATE_TIME"),
        ("202405{:02d}053313+0100", "DATE_TIME"),
        ("{:d}79 000 Ft", "AMOUNT"),
        ("75.3{:02d},00 TL", "AMOUNT"),
        ("6{:d} 000 FCFA", "AMOUNT"),
        ("16.12{:02d}56 -0.123456 250 4.0", "GEO_COORDINATE"),
        ("ANN..SMITH{:02d}//EXAMPLE.ORG", "EMAIL_ADDRESS"),
        ("1528{:02d}^WELLS^DUSTIN^^^^MD", "PERSON"),
        ("CCVI4111XXXXXXXX11{:02d}/0526", "CREDIT_CARD"),
        ("DOCS AF HK1/P/FRA/83FL831{:02d}/FRA/05NOV61/M/17MAY33/DOE/JOHN", "PASSPORT"),
    ],
)
def test_values_as_a_trade_writes_them(judge: Judge, value: str, entity: str) -> None:
    values = [value.format(10 + n % 20) for n in ROWS]
    told = [each.entity for each in judge({"a": values}, named=False)["a"].classifications]
    assert entity in told


@pytest.mark.parametrize(
    ("words", "entity"),
    [
        (["A Rh+", "0 Rh-", "AB (+)", "B neg."], "BLOOD_TYPE"),
        (["Asian (Not Hispanic or Latino)", "Two or More Races", "2106-3"], "ORIGIN"),
        (["Male", "Female", "Decline To Self Identify", "Non-binary"], "GENDER"),
    ],
)
def test_lists_of_forms_and_charts(judge: Judge, words: list[str], entity: str) -> None:
    values = [words[n % len(words)] for n in ROWS]
    assert best(judge, {"a": values}, "a", named=False) == entity


def test_a_four_part_code_is_no_name_of_parts(judge: Judge) -> None:
    beds = [f"{2 + n % 4}W^{400 + n}^A" for n in ROWS]
    assert best(judge, {"PV1.3": beds}, "PV1.3") == "NONE"


@pytest.mark.parametrize("header", ["PP_EXP_DT", "doc_expiry", "lic exp date"])
def test_what_ends_beside_a_card_need_not_be_the_card(judge: Judge, header: str) -> None:
    ends = [f"{1 + n % 28:02d}-NOV-{26 + n % 9}" for n in ROWS]
    columns = {"CC_NO": [f"411111{n:06d}1234" for n in ROWS], header: ends, "CC_EXP": ends}
    told = judge(columns)
    assert told[header].classifications[0].entity == "DATE_TIME"
    assert told["CC_EXP"].classifications[0].entity == "CREDIT_CARD_EXPIRATION"


def test_who_did_it_may_be_an_account(judge: Judge) -> None:
    accounts = ["rkowalczyk", "svc-mail", "m.osei", "automation"]
    columns = {"Creator": [accounts[n % 4] for n in ROWS], "Status": ["open", "done"] * 60}
    assert best(judge, columns, "Creator") == "USERNAME"


def test_who_somebody_is_to_another_is_no_name(judge: Judge) -> None:
    columns = {
        "NOM_NM": [f"{FIRST[n % 6]} {LAST[n % 5]}" for n in ROWS],
        "DOB": BORN,
        "NOM_REL": [["SPOUSE", "SON", "MOTHER", "DAUGHTER"][n % 4] for n in ROWS],
    }
    assert best(judge, columns, "NOM_REL") == "NONE"


def test_a_genre_is_no_gender(judge: Judge) -> None:
    columns = {"dob": BORN, "nom": LAST * 20, "prenom": FIRST * 20}
    columns["genre"] = [["Action", "RPG", "Strategy", "Indie"][n % 4] for n in ROWS]
    assert best(judge, columns, "genre") == "NONE"
    columns["genre"] = [["homme", "femme"][n % 2] for n in ROWS]
    assert best(judge, columns, "genre") == "GENDER"


@pytest.mark.parametrize(("value", "told"), [("Lee Moss #{}", False), ("{}99.5 ₿", True)])
def test_a_model_that_takes_words_for_sums_counts_for_nothing(
    profile: Profile, value: str, told: bool
) -> None:
    (column,) = profile(pa.table({"who": [value.format(n) for n in ROWS]}))
    read = [Reading(n, 6, 3, (Read("AMOUNT", 900, whole=True, preview="***"),)) for n in range(20)]
    column = replace(column, readings=Readings.of("ner.standard", 128, NO_LIMIT, read))
    found = verdicts([column], Policy.default())[0].classifications
    assert ("AMOUNT" in [each.entity for each in found]) == told


@pytest.mark.parametrize("form", ["%d-%b-%y", "%d%b%y", "%m/%d/%y"])
def test_births_with_two_digits_of_the_year(judge: Judge, form: str) -> None:
    born = [date.fromisoformat(day).strftime(form).upper() for day in BORN]

    assert best(judge, {"a": NAMES, "b": born}, "b", named=False) == "DATE_OF_BIRTH"


def test_mobile_numbers_of_brazil_without_the_area(judge: Judge) -> None:
    numbers = [f"9{n * 7919 % 10000:04d}-{n * 104729 % 10000:04d}" for n in ROWS]
    assert best(judge, {"nr_cel": numbers}, "nr_cel") == "PHONE_NUMBER"


def test_a_number_that_is_masked_under_its_own_name(judge: Judge) -> None:
    masked = [f"XXX-XX-{n * 7919 % 10000:04d}" for n in ROWS]
    assert best(judge, {"SSN (masked)": masked}, "SSN (masked)") == "SOCIAL_SECURITY_ID"
    assert best(judge, {"mask": masked}, "mask") == "NONE"


@pytest.mark.parametrize("header", ["혈액형", "blood_grp", "Kan Grubu", "ketsuekigata"])
def test_blood_groups_by_letters_alone(judge: Judge, header: str) -> None:
    groups = ["A", "B", "O", "AB"]
    assert best(judge, {header: [groups[n % 4] for n in ROWS]}, header) == "BLOOD_TYPE"
    assert best(judge, {"section": [groups[n % 4] for n in ROWS]}, "section") == "NONE"
    units = [f"unit {n} in fridge {n % 7}" for n in ROWS]
    assert best(judge, {header: units}, header) != "BLOOD_TYPE"


def test_values_outvote_a_name_of_which_they_have_not_the_form(judge: Judge) -> None:
    towns = ["Torino", "Asti", "Cuneo", "Roma", "Milano", "Catania", "Genova", "Bologna"]
    columns = {"nascita": [towns[n % 8] for n in ROWS]}
    assert judge(columns)["nascita"].classifications[0].category == "LOCATION"
    assert best(judge, {"product": columns["nascita"]}, "product") == "NONE"


@pytest.mark.parametrize(
    ("value", "entity"), [("jsmith{}", "USERNAME"), ("u3874{:02d}", "NONE"), ("{}", "NONE")]
)
def test_an_id_by_which_people_log_in(judge: Judge, value: str, entity: str) -> None:
    ids = [value.format(n) for n in ROWS]
    assert best(judge, {"app_uid": ids, "plan": ["free", "gold"] * 60}, "app_uid") == entity


@pytest.mark.parametrize("header", ["Cost Center", "price"])
def test_codes_in_words_are_no_sums(judge: Judge, header: str) -> None:
    columns = {"Base Pay": [f"{50_000 + 311 * n}" for n in ROWS]}
    columns[header] = [f"CC{1000 + n} Ops" for n in ROWS]
    assert best(judge, columns, header) == "NONE"


@pytest.mark.parametrize("value", ["75.{:03d},50", "7 {:03d},50", "1.275.{:03d},50"])
def test_sums_with_a_comma_for_the_point(judge: Judge, value: str) -> None:
    sums = [value.format(n) for n in ROWS]
    assert best(judge, {"uhrada_kc": sums}, "uhrada_kc") == "AMOUNT"
    assert best(judge, {"a": NAMES, "b": sums}, "b", named=False) == "AMOUNT"


def test_who_is_called_how(judge: Judge) -> None:
    ways = ["she/her", "he/him", "they/them"]
    assert best(judge, {"a": [ways[n % 3] for n in ROWS]}, "a", named=False) == "GENDER"


def test_a_title_of_another_country_before_a_surname(judge: Judge) -> None:
    doctors = [f"MUDr. {['Novák', 'Svoboda', 'Dvořák', 'Horák', 'Marek'][n % 5]}" for n in ROWS]
    columns = {"oset_lekar": doctors, "dg": ["I21.4", "K35.8"] * 60}
    assert judge(columns)["oset_lekar"].classifications[0].category == "PERSON"


@pytest.mark.parametrize("header", ["CC last4", "kort_siste4", "Laatste vier cijfers"])
def test_the_last_four_of_a_card(judge: Judge, header: str) -> None:
    ends = [f"{n * 7919 % 10000:04d}" for n in ROWS]
    assert best(judge, {header: ends}, header) == "CREDIT_CARD"
    assert best(judge, {header: ["yes", "no"] * 60}, header) == "NONE"
    assert best(judge, {"last4": ends, "qty": ends}, "last4") == "NONE"
    cards = {"last4": ends, "card_number": [f"411111{n:06d}1234" for n in ROWS]}
    assert best(judge, cards, "last4") == "CREDIT_CARD"


@pytest.mark.parametrize("header", ["is_pregnant", "HANDICAP_FLG", "장애여부", "engelli mi"])
@pytest.mark.parametrize("answers", [["Y", "N"], ["1", "0"], ["yes", "no", "unknown"]])
def test_yes_and_no_to_a_question_of_health(judge: Judge, header: str, answers: list[str]) -> None:
    columns = {header: [answers[n % len(answers)] for n in ROWS]}
    assert judge(columns)[header].classifications[0].category == "MEDICAL"
    assert best(judge, {"disabled": columns[header]}, "disabled") == "NONE"
    columns[header] = [str(n) for n in ROWS]
    assert best(judge, columns, header) == "NONE"


@pytest.mark.parametrize(
    ("value", "entity"), [("{:02d}-KR-11", "VEHICLE_ID"), ("A01{:06d}", "NONE"), ("{:07d}", "NONE")]
)
def test_a_registration_is_of_a_car_or_of_a_pupil(judge: Judge, value: str, entity: str) -> None:
    columns = {"matricula": [value.format(n) for n in ROWS]}
    told = judge(columns)["matricula"].classifications
    assert [each.category for each in told][:1] == ([] if entity == "NONE" else [entity])
