"""What a verdict says besides the category: figures, evidence, the policy's word."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable

import pytest

from lakescan.entities import is_known
from lakescan.policy import Policy
from lakescan.udfs.classify import ColumnVerdict
from lakescan.udfs.classify.verdict.forms import FORMS
from lakescan.udfs.classify.verdict.rules import rules
from lakescan.udfs.classify.verdict.verdict import title_of

Judge = Callable[..., dict[str, ColumnVerdict]]

MAILS = [f"user{i}@example.org" for i in range(90)] + ["none yet"] * 10
REMARKS = [
    f"The parcel {i} came late, and nobody at the desk could say to us why it had been held."
    for i in range(60)
]


def test_figures_count_filled_rows(judge: Judge) -> None:
    verdict = judge({"contact": [*MAILS, None, "N/A"]})["contact"]
    (found,) = verdict.classifications
    assert (verdict.rows, verdict.nulls) == (102, 2)
    assert found.entity == "EMAIL_ADDRESS"
    assert found.rows_hit == 90
    assert found.prevalence == pytest.approx(0.9)
    assert found.interval == pytest.approx((0.9, 0.9))
    assert 85 <= found.distinct_hit <= 95
    assert verdict.missed_below == 0


def test_rows_that_different_detectors_found_count_together_and_once(judge: Judge) -> None:
    written = [f"jürgen{i}@example.org" for i in range(30)]
    (found,) = judge({"email": [*MAILS, *written]})["email"].classifications
    assert [(r.detector, r.rows_hit) for r in found.evidence if r.rows_hit] == [
        ("pattern.email", 90),
        ("pattern.email_international", 30),
        ("pattern.email_unspaced", 30),
    ]
    assert found.rows_hit == 120
    assert found.prevalence == pytest.approx(120 / 130)
    assert 112 <= found.distinct_hit <= 128


def test_a_detector_that_the_policy_does_not_believe_adds_no_rows(judge: Judge) -> None:
    policy = Policy.model_validate({"thresholds": {"detectors": {"pattern.email_rare": 0.99}}})
    rare = [f"o'brien{i}@example.org" for i in range(30)]
    assert judge({"email": [*MAILS, *rare]})["email"].classifications[0].rows_hit == 120
    (found,) = judge({"email": [*MAILS, *rare]}, policy=policy)["email"].classifications
    assert found.rows_hit == 90


def test_a_sample_has_an_interval_and_a_rate_of_the_unseen(judge: Judge) -> None:
    verdict = judge({"contact": MAILS}, total_rows=1_000_000)["contact"]
    low, high = verdict.classifications[0].interval
    assert low < 0.9 < high
    assert 0.03 < verdict.missed_below < 0.04


def test_evidence_names_detectors_and_header(judge: Judge) -> None:
    (found,) = judge({"email": MAILS})["email"].classifications
    assert [(r.detector, r.rows_hit) for r in found.evidence] == [
        ("pattern.email", 90),
        ("header", None),
    ]
    assert all("***" in sample for sample in found.samples)
    assert 1 <= len(found.samples) <= 3


def test_one_value_repeated_is_no_evidence(judge: Judge) -> None:
    chance = random.Random(3)
    cells = ["Anna"] * 300 + [f"{chance.randrange(16**8):08x}" for _ in range(100)]
    assert not judge({"x": cells})["x"].classifications


def test_a_header_alone_is_found_as_such(judge: Judge) -> None:
    chance = random.Random(4)
    cells = [str(chance.randrange(10**6, 10**7)) for _ in range(50)]
    (found, *_) = judge({"passport_number": cells})["passport_number"].classifications
    assert found.category == "PASSPORT"
    assert found.confidence < 0.9
    assert "header" in [reason.detector for reason in found.evidence]


def test_a_header_over_values_of_another_form_is_not_believed(judge: Judge) -> None:
    table = {"first_name": [1, 2, 3] * 20, "age": [4711.5, -3.0, 800.0] * 20, "iban": ["x"] * 60}
    assert not any(verdict.classifications for verdict in judge(table).values())


def test_values_outvote_a_header(judge: Judge) -> None:
    (found, *_) = judge({"city": MAILS})["city"].classifications
    assert found.entity == "EMAIL_ADDRESS"


def test_prose_is_free_text_and_lists_what_is_inside(judge: Judge) -> None:
    cells = [f"{text} Write to help{i}@example.org." for i, text in enumerate(REMARKS)]
    verdict = judge({"remarks": cells})["remarks"]
    assert verdict.type_hint == "FREE_TEXT"
    assert [found.entity for found in verdict.classifications][:2] == ["FREE_TEXT", "EMAIL_ADDRESS"]
    assert verdict.sensitive


def test_repeated_sentences_are_labels(judge: Judge) -> None:
    verdict = judge({"level": REMARKS[:2] * 50})["level"]
    assert verdict.type_hint is None


def test_neighbours_settle_a_doubtful_name(judge: Judge) -> None:
    states = ["CA", "NY", "TX", "WA"] * 15
    towns = ["London", "Berlin", "Madrid", "Paris"] * 15
    beside = judge({"state": states, "city": towns, "zip": ["90210", "10001", "73301"] * 20})
    assert beside["state"].classifications[0].entity == "STATE"
    alone = judge({"state": ["open", "closed", "held"] * 20, "started_at": [1, 2, 3] * 20})
    assert not alone["state"].classifications


def test_a_table_without_header_is_judged_by_values(judge: Judge) -> None:
    found = judge({"email": MAILS, "city": [1, 2] * 50}, named=False)
    assert [r.detector for r in found["email"].classifications[0].evidence] == ["pattern.email"]
    assert not found["city"].classifications


def test_an_empty_column_holds_nothing(judge: Judge) -> None:
    table = {"email": [None] * 5, "phone": [""] * 5, "iban": ["NULL"] * 5}
    assert not any(verdict.classifications for verdict in judge(table).values())


def test_the_policy_has_the_last_word(judge: Judge) -> None:
    policy = Policy.parse(
        """
        version: 1
        entities: {disable: [IP_ADDRESS]}
        columns:
          - {column: legacy_code, entity: EMPLOYEE_ID}
          - {column: "tmp_*", ignore: true}
          - {column: office_mail, sensitive: false}
        """
    )
    ips = [f"203.0.113.{i}" for i in range(60)]
    table = {"ip": ips, "legacy_code": ips, "tmp_mail": MAILS[:60], "office_mail": MAILS[:60]}
    found = judge(table, policy=policy)
    assert not found["ip"].classifications
    assert found["legacy_code"].classifications[0].entity == "EMPLOYEE_ID"
    assert not found["tmp_mail"].classifications
    assert found["office_mail"].classifications
    assert not found["office_mail"].sensitive


def test_thresholds_hold_a_verdict_back(judge: Judge) -> None:
    strict = Policy.parse("version: 1\nthresholds: {default: 1.0}\n")
    assert not judge({"email": MAILS}, policy=strict)["email"].classifications


def test_the_order_of_columns_does_not_matter(judge: Judge) -> None:
    table = {
        "name": ["Ann Lee", "Bo Chan", "Cy Diaz"] * 20,
        "birth_date": ["1990-01-02", "1985-05-06", "2001-11-12"] * 20,
        "price": [1.5, 2.25, 9.99] * 20,
    }
    straight = judge(table)
    turned = judge(dict(reversed(table.items())))
    for name in table:
        assert straight[name].classifications == turned[name].classifications


@pytest.mark.parametrize(
    ("uri", "title"),
    [
        ("s3://bucket/lake/customers/year=2024/", "customers"),
        ("/data/Person.CountryRegion.csv", "Person.CountryRegion"),
        ("/data/sales.csv.gz", "sales"),
        ("", ""),
    ],
)
def test_titles(uri: str, title: str) -> None:
    assert title_of(uri) == title


def test_the_evidence_table_names_what_exists() -> None:
    from lakescan.entities import categories

    for rule in rules():
        assert is_known(rule.entity)
        assert {rule.form, rule.doubtful_form or rule.form} <= set(FORMS)
        for name in (*rule.members, *rule.lends):
            assert is_known(name) or name in categories()
        assert 0 <= rule.values_alone <= 1
        assert 0 < rule.share <= 1


def test_what_stands_in_the_lines_of_a_log_is_told(judge):
    ends = ("login ok user=ann.lee{n}@example.com", "request took {n} ms", "cache miss key=p:{n}")
    lines = [
        f"2026-11-02T08:{n % 60:02d}:00 INFO shop.web - {ends[n % 3].format(n=n)} from 192.0.2.{n}"
        for n in range(1, 200)
    ]
    log = judge({"column_0": lines}, named=False)["column_0"]

    assert log.type_hint == "FREE_TEXT"
    assert log.sensitive
    found = {each.entity: each.prevalence for each in log.classifications}
    assert found["EMAIL_ADDRESS"] == pytest.approx(1 / 3, abs=0.01)
    assert found["IP_ADDRESS"] == 1


@pytest.mark.parametrize(
    ("values", "entity"),
    [
        ([f"{n * 397 % 89000 + 10000}" for n in range(1, 121)], "ZIPCODE"),
        ([f"{55000 + n * 2}" for n in range(120)], None),
        ([f"{n * 397 % 89000 + 10000}" for n in range(110)] + ["812"] * 10, None),
    ],
)
def test_orders_and_measurements_beside_towns_are_no_postal_codes(judge, values, entity):
    towns = ["Akron", "Tulsa", "Boise", "Denver"] * 30
    states = ["Ohio", "Oklahoma", "Idaho", "Colorado"] * 30
    found = judge({"0": values, "1": towns, "2": states}, named=False)["0"].classifications
    assert (found[0].entity if found else None) == entity


@pytest.mark.parametrize("header", ["idfa", "device.gaid", "advertising_id", "MAID"])
def test_a_phones_advertising_number_is_personal(judge: Judge, header: str) -> None:
    numbers = [str(uuid.UUID(int=i * 7919**9, version=4)) for i in range(40)]
    verdict = judge({header: numbers, "session_id": numbers})[header]
    assert verdict.classifications[0].entity == "ADVERTISING_ID"
    assert verdict.sensitive


def test_a_serial_number_of_a_device_is_no_phones(judge: Judge) -> None:
    serials = [f"C02XK{i:03d}JG5J" for i in range(40)]
    (found,) = judge({"device_serial": serials})["device_serial"].classifications
    assert found.entity == "DEVICE_ID"


def test_a_doubtful_word_that_the_values_refute_is_no_contradiction(judge: Judge) -> None:
    """GST is a tax number in India, and short for a guest."""
    given, family = ("Ann", "Lena", "Marc", "Inés", "Tom"), ("Lee", "Vogt", "Petit", "Ruiz", "Bos")
    guests = [f"{given[n % 5]} {family[n * 3 % 5]}" for n in range(40)]
    papers = [f"C{n * 7919 % 10**8:08d}" for n in range(1, 41)]
    found = judge({"GST_NM": guests, "PPT_NO": papers, "TEL": ["+44 20 7946 0958"] * 40})
    assert found["GST_NM"].classifications[0].category == "PERSON"


@pytest.mark.parametrize("header", ["reviewer", "Reporter", "HNDLR", "created_by"])
@pytest.mark.parametrize(
    "values",
    [
        ["jsmith2", "a.patel", "okafor_c"] * 10,
        ["amiller", "bpatel", "cokafor", "dgrant", "elopez", "fwhite", "groth", "hsimon"] * 4,
    ],
)
def test_who_did_it_may_be_told_by_an_account(judge: Judge, header: str, values: list[str]) -> None:
    assert judge({"id": range(len(values)), header: values})[header].classifications[0].entity == (
        "USERNAME"
    )


@pytest.mark.parametrize(
    "values",
    [
        ["finance", "sales", "it"] * 10,
        ["Open", "Closed"] * 10,
        ["Gear", "Pump", "Valve", "Shaft", "Rotor", "Seal", "Flange", "Hose", "Bolt"] * 4,
    ],
)
def test_groups_and_states_are_no_accounts(judge: Judge, values: list[str]) -> None:
    assert judge({"id": range(len(values)), "handler": values})["handler"].classifications == ()


@pytest.mark.parametrize("header", ["totp_seed", "otpSecret", "MFA_KEY"])
def test_seeds_of_second_factors_are_secrets(judge: Judge, header: str) -> None:
    seeds = [f"{n * 7919 % 997:03d}" for n in range(40)]
    table = str.maketrans("0123456789", "ABCDEFGHIJ")
    values = [f"JBSWY3DPEHPK3PX{seed.translate(table)}QRST" for seed in seeds]
    assert judge({header: values})[header].classifications[0].category == "PASSWORD"


def test_a_civil_status_is_no_country(judge: Judge) -> None:
    columns = {
        "straat": ["Dorpsstraat", "Kerkweg"] * 20,
        "wpl": ["Utrecht", "Breda"] * 20,
        "burg_staat": ["ongehuwd", "gehuwd", "gescheiden", "verweduwd"] * 10,
        "gesl": ["M", "V"] * 20,
    }
    found = judge(columns)
    assert found["burg_staat"].classifications == ()
    assert found["gesl"].classifications[0].entity == "GENDER"
