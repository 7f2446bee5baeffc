"""Checks that python-stdnum does not have: published examples, and the same with one digit changed."""

from __future__ import annotations

import polars as pl
import pytest

from lakescan.udfs.detect.checksums import americas, asia_pacific, codes, europe, payment, us
from lakescan.udfs.detect.checksums.candidates import Candidates
from lakescan.udfs.detect.checksums.crypto import base58check, bech32
from lakescan.udfs.detect.checksums.internet import ipv6
from lakescan.udfs.detect.checksums.phone import international, nanp

KNOWN = [
    (asia_pacific.tw_id, "A123456789", "A123456788"),
    (asia_pacific.hk_id, "A123456(3)", "A123456(4)"),
    (asia_pacific.hk_id, "AB987654(3)", "AB987653(3)"),
    (asia_pacific.sg_nric, "S1234567D", "S1234567E"),
    (asia_pacific.sg_nric, "G1234567X", "G1234568X"),
    (asia_pacific.jp_my_number, "123456789018", "123456789019"),
    (asia_pacific.th_id, "1-2345-45678-78-1", "1-2345-45678-78-2"),
    (asia_pacific.au_medicare, "2123 45670 1", "2123 45671 1"),
    (asia_pacific.au_medicare, "2123 45670 1-1", "7123 45670 1-1"),
    (asia_pacific.kr_brn, "116-82-00276", "117-82-00276"),
    (asia_pacific.kr_brn, "116-82-00276", "016-82-00277"),
    (asia_pacific.my_nric, "770305-02-1234", "771305-02-1234"),
    (asia_pacific.id_nik, "3171011708450001", "3171013213450001"),
    (americas.mx_clabe, "032180000118359719", "032180000118359718"),
    (americas.cr_cpf, "01-0455-0175", "03-0455-0175"),
    (americas.br_pis, "125.60123.45-4", "125.60123.45-5"),
    (europe.at_svnr, "1237 010180", "1238 010180"),
    (europe.ru_snils, "112-233-445 95", "112-233-445 96"),
    (europe.ua_rnokpp, "1759013776", "1759013777"),
    (europe.se_orgnr, "123456-7897", "123456-7898"),
    (codes.vin, "1M8GDM9AXKP042788", "1M8GDM9A1KP042788"),
    (codes.loinc, "718-7", "718-8"),
    (us.npi, "1234567893", "1234567890"),
    (us.dea, "AB1234563", "AB1234564"),
    (us.ein, "12-3456789", "00-3456789"),
    (payment.bic, "DEUTDEFF", "DEUTQQFF"),
    (base58check, "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"),
    (bech32, "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr", "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcq"),
    (ipv6, "2001:db8:0:0:0:0:2:1", "2001:db8:0:0:0:0:2"),
    (ipv6, "fe80::1%eth0", "1::2::3"),
    (ipv6, "::ffff:192.0.2.1", "12::30"),
    (international, "+49 30 901820", "+999 30 901820"),
    (international, "0044 20 7946 0958", "+44 1"),
    (nanp, "(202) 555-0142 x12", "(202) 911-0142"),
    (payment.card, "6011111111111117", "6011111111111118"),
    (payment.card, "30569309025904", "3056930902590"),
]  # fmt: skip


@pytest.mark.parametrize(
    "check,valid,invalid", KNOWN, ids=[f"{k[0].__name__}-{k[1][:6]}" for k in KNOWN]
)
def test_known_numbers(check, valid, invalid):
    assert check(Candidates(pl.Series([valid, invalid]))).tolist() == [True, False]
    # In a block with others of other lengths the answers are the same.
    assert check(Candidates(pl.Series([invalid, valid, valid]))).tolist() == [False, True, True]
