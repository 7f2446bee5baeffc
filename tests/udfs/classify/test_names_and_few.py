"""Verdicts where there is little to go by: names without values, one find among thousands."""

from __future__ import annotations

import random
from collections.abc import Callable

import pyarrow as pa
import pytest

from lakescan.policy import Policy
from lakescan.udfs.classify import ColumnVerdict, TableProfiler, verdicts
from lakescan.udfs.detect import build_detectors

Judge = Callable[..., dict[str, ColumnVerdict]]

NOTES = ("called back", "no answer", "left a message with the desk", "will pay on Friday", "closed",
         "asked for a new invoice", "wrong number", "number changed, see file")  # fmt: skip


def empty(*names: str) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in names})


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("cust_nm", "PERSON"), ("brth_dt", "DATE_OF_BIRTH"), ("tel_no", "PHONE_NUMBER"),
        ("drv_lic_nbr", "DRIVER_LICENSE"), ("psprt_num", "PASSPORT"), ("soc_sec_no", "SOCIAL_SECURITY_ID"),
        ("Steuer-ID", "TAX_ID"), ("numéro de sécurité sociale", "SOCIAL_SECURITY_ID"), ("身份证号码", "NATIONAL_ID"),
        ("生年月日", "DATE_OF_BIRTH"), ("дата рождения", "DATE_OF_BIRTH"), ("휴대폰번호", "PHONE_NUMBER"),
        ("رقم الهاتف", "PHONE_NUMBER"), ("e_mail", "EMAIL_ADDRESS"), ("iban", "BANK_ACCOUNT"), ("client_ip", "IP_ADDRESS"),
        ("DL No Ontario", "DRIVER_LICENSE"), ("company_reg_no", "ORGANIZATION_ID"),
    ],
)  # fmt: skip
def test_a_plain_name_is_a_verdict_where_no_row_was_read(
    judge: Judge, name: str, category: str
) -> None:
    (found,) = judge(empty(name))[name].classifications
    assert found.category == category
    assert found.rows_hit == 0
    assert found.prevalence == 0
    assert 0.5 <= found.confidence <= 0.65
    assert [reason.detector for reason in found.evidence] == ["header"]


def test_names_that_say_nothing_stay_without_verdict(judge: Judge) -> None:
    found = judge(empty("id", "status", "email_count", "商品名", "qty", "estado del pedido", "x"))
    assert not any(verdict.classifications for verdict in found.values())


def test_neighbours_count_without_rows_too(judge: Judge) -> None:
    assert judge(empty("city", "zip_code", "state"))["state"].classifications
    assert not judge(empty("started_at", "retries", "state"))["state"].classifications


def test_one_address_among_fifty_thousand_notes_is_found_as_such(judge: Judge) -> None:
    chance = random.Random(1)
    notes = [f"{chance.choice(NOTES)} ({n})" for n in range(50_000)]
    notes[31_007] = "write to ann.example@example.org"
    verdict = judge({"notes": notes})["notes"]
    mail = next(c for c in verdict.classifications if c.entity == "EMAIL_ADDRESS")
    assert (mail.rows_hit, mail.prevalence) == (1, 1 / 50_000)
    assert verdict.type_hint in ("FREE_TEXT", "SPARSE")
    assert verdict.type_hint == "SPARSE" or verdict.classifications[0].entity == "FREE_TEXT"


@pytest.mark.parametrize("header", ["Bemerkung", "notes"])
def test_short_notes_are_read_as_text_where_the_header_says_so(judge: Judge, header: str) -> None:
    notes = ["call Mr Bell back", "wants an offer", "Tel. 0171 2233445", "mail to ann@example.org"]
    found = judge(pa.table({header: notes}))[header].classifications
    assert {each.entity for each in found} >= {"FREE_TEXT", "EMAIL_ADDRESS", "PHONE_NUMBER"}


@pytest.mark.parametrize(("header", "is_prose"), [("note", True), ("description", False)])
def test_notes_are_prose_however_often_they_repeat(
    judge: Judge, header: str, is_prose: bool
) -> None:
    said = ["Discussed smoking cessation, call back at 928-555-0133.",
            "No acute distress, to come back in three months.",
            "Refuses the flu shot again this year, will revisit.",
            "Referred for an echo of the heart next week.",
            "Reports taking the tablets twice a day, tolerates them well."]  # fmt: skip
    found = judge({header: said * 12, "dob": ["1971-03-04", "1980-12-01"] * 30})[header]
    assert (found.type_hint == "FREE_TEXT") is is_prose
    told = {each.entity for each in found.classifications}
    assert ("PHONE_NUMBER" in told) is is_prose


def test_few_jobs_are_jobs_if_each_value_is_one(judge: Judge) -> None:
    jobs = ["nurse", "teacher", "welder", "accountant", "driver", "cook", "engineer"]
    assert judge({"x1": jobs * 20})["x1"].classifications[0].entity == "OCCUPATION"
    mixed = ["nurse", "teacher", "pending", "closed", "driver", "new", "open"]
    assert not judge({"x1": mixed * 20})["x1"].classifications


def test_a_licence_that_expires_is_no_card(judge: Judge) -> None:
    days = [f"{n % 27 + 1:02d}/0{n % 9 + 1}/28" for n in range(40)]
    cards = [f"411111111111{n:04d}" for n in range(40)]
    alone = judge({"Plate exp": days, "VRM": [f"DA12 AB{c}" for c in "ABCDEFGH"] * 5})
    assert alone["Plate exp"].classifications[0].entity == "DATE_TIME"
    beside = judge({"exp": days, "credit card number": cards})
    assert beside["exp"].classifications[0].entity == "CREDIT_CARD_EXPIRATION"


@pytest.mark.parametrize(("first", "count"), [("2", 14), ("4", 16)])
def test_a_librarys_cards_are_no_payment_cards(judge: Judge, first: str, count: int) -> None:
    numbers = [f"{first}{n * 7919 % 9973:0{count - 1}d}" for n in range(50)]
    found = judge({"card_no": numbers, "borrower": ["Ann Lee", "Bo Ek"] * 25})["card_no"]
    told = [each.entity for each in found.classifications]
    assert ("CREDIT_CARD" in told) is (count == 16)


def test_a_longitude_is_no_wage(judge: Judge) -> None:
    found = judge(pa.table({"lat": ["48.1", "51.5"], "lon": ["11.5", "-0.1"]}))["lon"]
    assert [each.entity for each in found.classifications] == ["GEO_COORDINATE"]


def test_one_address_among_codes_makes_no_column_of_addresses(judge: Judge) -> None:
    codes = [f"K{n:05d}" for n in range(3000)]
    codes[17] = "ann.example@example.org"
    verdict = judge({"reference": codes})["reference"]
    assert verdict.type_hint == "SPARSE"
    assert verdict.sensitive
    assert [(c.entity, c.rows_hit) for c in verdict.classifications] == [("EMAIL_ADDRESS", 1)]


def test_long_numbers_that_pass_luhn_now_and_then_are_no_cards(judge: Judge) -> None:
    chance = random.Random(2)
    numbers = [str(chance.randint(4 * 10**15, 5 * 10**15)) for _ in range(2000)]
    verdict = judge({"reference": numbers})["reference"]
    assert not verdict.classifications


def test_a_custom_detectors_context_acts_on_the_header() -> None:
    policy = Policy.parse(
        """
        version: 1
        detectors:
          - {name: badge, entity: BADGE, regex: '\\b[A-Z]{2}[0-9]{4}\\b', score: 0.3, context: [badge, site pass]}
        """
    )
    codes = [f"QX{n:04d}" for n in range(100)]
    table = {"badge_no": codes, "Site Passes": codes, "reference": codes}
    profiler = TableProfiler(build_detectors(policy))
    profiler.update(pa.RecordBatch.from_pydict(table))
    found = {verdict.path: verdict for verdict in verdicts(profiler.finish(), policy)}
    for name in ("badge_no", "Site Passes"):
        (first, *_) = found[name].classifications
        assert first.entity == "BADGE"
        assert first.evidence[0].score == pytest.approx(0.65)
    assert "BADGE" not in {c.entity for c in found["reference"].classifications}


@pytest.mark.parametrize("header", ["Name (Last, First)", "Last, First"])
def test_a_name_in_two_parts_is_a_full_name(judge: Judge, header: str) -> None:
    names = ["Miller, James", "Garcia, Sofia", "Novak, Maria", "Rossi, Laura", "Moore, Peter"]
    found = judge(pa.table({header: names, "city": ["Rome"] * 5}))[header].classifications
    assert found[0].entity == "PERSON"


def test_long_addresses_under_their_name_are_no_prose(judge: Judge) -> None:
    towns = ["Belo Horizonte", "Porto Alegre", "Rio Branco", "Campo Grande", "São Paulo"]
    lines = [
        f"Rua das Flores, {n}, Bairro Santo Antônio do Norte, {30100 + n}-{100 + n} {towns[n % 5]}"
        for n in range(40)
    ]
    found = judge(pa.table({"endereco": lines}))["endereco"].classifications
    assert found[0].category == "LOCATION"


def test_codes_of_states_are_known_without_a_name(judge: Judge) -> None:
    codes = "AL AK AZ CA CO CT FL GA IL IN KS KY MA MD MI MN MO NC NJ NV NY OH OR PA TX".split()
    found = judge({"c1": codes * 4 + ["XX", "XY", "QQ"]})["c1"].classifications
    assert [each.entity for each in found] == ["STATE"]
