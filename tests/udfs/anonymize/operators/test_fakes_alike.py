"""A fake reads like what it stands for: form, language, case, checks."""

from __future__ import annotations

import re

import polars as pl
import pytest

from lakescan.udfs.anonymize.operators.fake.lists import _languages
from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.checksums.crypto import base58check, bech32

MONTHS = "(?:0?[1-9]|1[0-2])"
DAYS = "(?:0?[1-9]|1[0-9]|2[0-8])"
YEARS = "(?:19[3-9][0-9]|20[01][0-9])"
FORMS = [
    ("DATE_TIME", "7 Nov 2023", f"{DAYS} Nov {YEARS}"),
    ("DATE_TIME", "3. März 1960", f"{DAYS}\\. März {YEARS}"),
    ("DATE_TIME", "Q3 2023", f"Q[1-4] {YEARS}"),
    ("DATE_TIME", "2023-11", f"{YEARS}-{MONTHS}"),
    ("DATE_TIME", "17/May/2015:10:05:03", f"{DAYS}/May/{YEARS}:(?:0[1-9]|1[0-2])(?::[0-5][0-9]){{2}}"),
    ("TIME", "10:45 pm", "(?:0[1-9]|1[0-2]):[0-5][0-9] pm"),
    ("TIME", "0930", "(?:0[1-9]|1[0-2])[0-5][0-9]"),
    ("AGE", "42 years", "[1-9][0-9] years"),
    ("AGE", "7-year-old", "(?:[0-9]|1[0-7])-year-old"),
    ("AMOUNT", "USD 58,000 per year", "USD [1-9][0-9],[0-9]{3} per year"),
    ("AMOUNT", "-500 kr.", "-[1-9][0-9]{2} kr\\."),
    ("CREDIT_CARD_CVV", "123", "[0-9]{3}"),
    ("PIN", "4821", "[0-9]{4}"),
    ("FILENAME", "lindqvist_cv.pdf", "[a-z]{9}_[a-z]{2}\\.pdf"),
    ("MEID", "A1000049D42BE1", "[0-9A-F]{14}"),
    ("ADVERTISING_ID", "38400000-8cf0-11bd-b23e-10b96e40000d", "[0-9a-f-]{36}"),
    ("BLOOD_TYPE", "AB-", "(?:A|B|AB|O)[+-]"),
    ("ICD_10_CODE", "E11.9", "[A-Z][0-9]{2}\\.[0-9]"),
    ("PHYSICAL_ATTRIBUTE", "190 cm", "[1-9][0-9]{2} cm"),
    ("UK_NINO", "AB123456C", "[A-Z]{2}[0-9]{6}[A-D]"),
]  # fmt: skip


@pytest.mark.parametrize(("entity", "value", "form"), FORMS)
def test_a_fake_keeps_the_form(ready, run, entity, value, form):
    for domain in ("a", "b", "c", "d"):
        (made,) = run(ready("fake", domain=domain), [value], entity)
        assert re.fullmatch(form, made), made
        assert made != value


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        ("COUNTRY", ["Deutschland", "Frankreich", "Spanien"]),
        ("COUNTRY", ["Germany", "France", "Spain"]),
        ("OCCUPATION", ["Krankenschwester", "Anwalt"]),
        ("OCCUPATION", ["infirmière", "avocat"]),
        ("CONDITION", ["bronchite aiguë"]),
    ],
)
def test_a_word_becomes_one_of_its_own_language(ready, run, entity, words):
    pools, place = _languages(entity.lower())
    lines = {place[word.lower()] for word in words}
    assert len(lines) == 1
    made = run(ready("fake"), words, entity)
    assert {each.lower() for each in made} <= set(pools[lines.pop()])


def test_words_keep_their_case(ready, run):
    small, large, titled = run(ready("fake"), ["catholic", "CATHOLIC", "Catholic"], "RELIGION")
    assert (small, large) == (titled.lower(), titled.upper())
    assert titled == pl.Series([titled.lower()]).str.to_titlecase()[0]


def test_words_and_codes_stand_in_one_column(ready, run):
    made = run(ready("fake"), ["California", "CA", "Texas", "TX", "NSW"], "STATE")
    assert [len(each) for each in made if each.isupper()] == [2, 2, 3]


@pytest.mark.parametrize(
    "address",
    [
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
    ],
)
def test_a_wallets_check_is_right(ready, run, address):
    for domain in ("a", "b", "c"):
        (made,) = run(ready("fake", domain=domain), [address], "CRYPTO")
        candidates = Candidates(pl.Series([made]))
        check = bech32 if address[:3].lower() == "bc1" else base58check
        assert check(candidates).all()
        assert made[:1] == address[:1]
        assert made != address
