"""Different values become different fakes, wherever there are enough of them."""

from __future__ import annotations

import random
import string

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings

from lakescan.udfs.anonymize.operators.fake.draw import Draw
from lakescan.udfs.anonymize.operators.fake.permutation import turned
from lakescan.udfs.anonymize.operators.fake.roster import roster, titles
from lakescan.udfs.anonymize.operators.fake.spelling import Letters, respelled

KINDS = ["aeiou", "bcdfghjklmnpqrstvwxyz", "0123456789"]


@pytest.fixture(scope="module")
def draw(keyring):
    return Draw(keyring.domain("d"))


@settings(max_examples=30)
@given(st.integers(1, 700), st.integers(0, 2**64 - 1))
def test_numbers_below_a_size_go_round_in_one_circle(draw, size, tweak):
    import numpy as np

    every = np.arange(size, dtype=np.uint64)
    made = turned(draw, every, np.full(size, size, np.uint64), np.full(size, tweak, np.uint64))
    seen, at = set(), 0
    while at not in seen:
        seen.add(at)
        at = int(made[at])
    assert len(seen) == size


def test_all_texts_of_a_form_are_permuted_and_none_stays(draw):
    texts = pl.Series([a + b + "-" + c for a in KINDS[0] for b in KINDS[1] for c in KINDS[2]])
    made = respelled(texts, Letters(KINDS), draw, "x")
    assert set(made) == set(texts)
    assert not (made == texts).any()
    assert (respelled(texts, Letters(KINDS), draw, "y") != made).any()


@settings(max_examples=60)
@given(st.sets(st.text("abeo12 -", min_size=1, max_size=60), min_size=2, max_size=12))
def test_longer_texts_than_one_number_holds_stay_apart_too(draw, texts):
    some = pl.Series(sorted(texts))
    made = respelled(some, Letters(KINDS), draw, "x")
    assert made.n_unique() == len(some)
    assert made.str.len_chars().to_list() == some.str.len_chars().to_list()


def some_words(rng, count):
    listed = roster()["word"].sample(count // 2, seed=1).to_list()
    other = ["".join(rng.choices(string.ascii_lowercase, k=rng.randrange(3, 11))) for _ in listed]
    return sorted({*listed, *other} - titles())


def test_no_two_names_have_one_fake_in_any_column(ready, run):
    words = [word.title() for word in some_words(random.Random(1), 30_000)]
    words = sorted({word.lower(): word for word in words}.values())
    fake = ready("fake")
    made = run(fake, words, "LAST_NAME")
    assert len({each.lower() for each in made}) == len(words)
    assert run(fake, words, "FIRST_NAME") == made
    both = [f"{a} {b}" for a, b in zip(words, reversed(words), strict=True)]
    assert run(fake, both, "PERSON") == [
        f"{a} {b}" for a, b in zip(made, reversed(made), strict=True)
    ]


VALUES = {
    "EMAIL_ADDRESS": lambda n, rng: f"ann.miller{n}@{rng.choice(['a', 'b'])}{n % 7}.com",
    "USERNAME": lambda n, _: f"ann_miller{n}",
    "PHONE_NUMBER": lambda n, _: f"+1 (202) {n % 1000:03d}-{n // 1000:04d}",
    "CREDIT_CARD": lambda n, _: f"411111{n:010d}",
    "US_SSN": lambda n, _: f"{1 + n % 600:03d}-{1 + n // 600:02d}-{1 + n // 7 % 9999:04d}",
    "IBAN": lambda n, _: f"DE89{n:018d}",
    "STREET": lambda n, _: f"{n} Maple Street",
    "UUID": lambda n, _: f"{n:08x}-0000-4000-8000-000000000000",
    "MAC_ADDRESS": lambda n, _: f"00:1A:2B:{n >> 16:02X}:{n >> 8 & 255:02X}:{n & 255:02X}",
    "URL": lambda n, _: f"https://acme.com/users/{n}",
    "EMPLOYEE_ID": lambda n, _: f"E{n}",
}


@pytest.mark.parametrize("entity", VALUES)
def test_ten_thousand_different_values_have_ten_thousand_fakes(ready, run, entity):
    rng = random.Random(2)
    values = sorted({VALUES[entity](n, rng) for n in range(1, 10_001)})
    assert len(values) == 10_000
    assert len(set(run(ready("fake"), values, entity))) == len(values)


@pytest.mark.parametrize("entity", ["OCCUPATION", "COUNTRY", "RELIGION", "NATIONALITY"])
def test_the_words_of_a_list_are_permuted(ready, run, entity):
    from lakescan.udfs.anonymize.operators.fake.lists import LISTS, word_list

    values = [word for word in word_list(LISTS[entity]) if len(word) > 3]
    made = run(ready("fake"), values, entity)
    assert len({each.lower() for each in made}) == len({each.lower() for each in values})
