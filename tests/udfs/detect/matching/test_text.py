"""Entities inside longer text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.udfs.detect import Values


@pytest.mark.parametrize(
    "value,expected",
    [
        ("Call Ann on 202-555-0142", ("PHONE_NUMBER", "202-555-0142")),
        ("Call (202) 555-0142 now", ("PHONE_NUMBER", "(202) 555-0142")),
        ("ring +44 20 7946 0958.", ("PHONE_NUMBER", "+44 20 7946 0958")),
        ("61 51 81 office", ("PHONE_NUMBER", "61 51 81")),
        ("555-0142 home, 555-0143 work", ("PHONE_NUMBER", "555-0142")),
        ("CPF 529.982.247-25, tel. (71) 99155-0123", ("BR_CPF", "529.982.247-25")),
        ("NRIC S1234567D, Singapore", ("SG_NRIC_FIN", "S1234567D")),
        ("CIF S1234567D, Singapur", ("ES_CIF", "S1234567D")),
        ("tax file number 123 456 782", ("AU_TFN", "123 456 782")),
        ("siren 123 456 782", ("FR_SIREN", "123 456 782")),
        ("PESEL 85041512348, mistyped", ("PL_PESEL", "85041512348")),
        ("his BSN number: 111222334, mistyped", ("NL_BSN", "111222334")),
        ("historia clínica NHC 3382145. Si", ("MEDICAL_RECORD_NUMBER", "3382145")),
        ("EHIC 80380001234567890123, from Italy", ("EU_EHIC", "80380001234567890123")),
        ("Cel 55 1234 5678 por favor", ("PHONE_NUMBER", "55 1234 5678")),
        ("a 67 y/o male, smoker", ("GENDER", "male")),
        ('{"dob":"12/05/1999"}', ("DATE_OF_BIRTH", "12/05/1999")),
        ("o seu NIF 245338210, contacte o telefone", ("PT_NIF", "245338210")),
        ("NSS 28 12345678 40", ("ES_SOCIAL_SECURITY", "28 12345678 40")),
        ("afiliación 281234567840", ("ES_SOCIAL_SECURITY", "281234567840")),
        ("prawo jazdy: 00123/14/2061", ("PL_DRIVER_LICENSE", "00123/14/2061")),
        ("uw rijbewijs 5246731882 verloopt", ("DRIVER_LICENSE", "5246731882")),
        ("carte vitale 2690549588157 80", ("FR_NIR", "2690549588157 80")),
        ("Vehicle WVWZZZ1JZXW000001, Ulm", ("VIN", "WVWZZZ1JZXW000001")),
        ("medical license CA A123456", ("MEDICAL_LICENSE", "A123456")),
        ("targa DE123FG, Milano", ("LICENSE_PLATE", "DE123FG")),
        ("Leeds, postcode: DE12 3FG", ("UK_POSTCODE", "DE12 3FG")),
        ("mandat na auto RZ 45123", ("LICENSE_PLATE", "RZ 45123")),
        ("das Fahrzeug STD-HR 448 gesehen", ("DE_KFZ", "STD-HR 448")),
        ("the company was born on 2004-05-06", ("DATE_TIME", "2004-05-06")),
        ("223-087-9502 fax", ("PHONE_NUMBER", "223-087-9502")),
        ("10115 Berlin, 030 1234567 (Büro)", ("PHONE_NUMBER", "030 1234567")),
        ("mail ann@example.com, please", ("EMAIL_ADDRESS", "ann@example.com")),
        ("<bob@example.org>", ("EMAIL_ADDRESS", "bob@example.org")),
        ("Mail an jörg@müller.example, danke", ("EMAIL_ADDRESS", "jörg@müller.example")),
        ("von jörg@mueller.example.", ("EMAIL_ADDRESS", "jörg@mueller.example")),
        ("почта: иван@пример.рф.", ("EMAIL_ADDRESS", "иван@пример.рф")),
        ("请联系user@例子.中国。谢谢", ("EMAIL_ADDRESS", "user@例子.中国")),
        ("请联系user@example.com谢谢", ("EMAIL_ADDRESS", "user@example.com")),
        ("see https://example.com/a?b=1. Thanks", ("URL", "https://example.com/a?b=1")),
        ("from 10.1.2.3:443", ("IP_ADDRESS", "10.1.2.3")),
        ("card 4111 1111 1111 1111 exp", ("CREDIT_CARD", "4111 1111 1111 1111")),
        ("pay to DE89 3704 0044 0532 0130 00 today", ("IBAN", "DE89 3704 0044 0532 0130 00")),
        # The next word is as long as a group.
        ("ES91 2100 0418 4502 0005 1332 de la Caja", ("IBAN", "ES91 2100 0418 4502 0005 1332")),
        ("BE68 5390 0754 7034 with thanks", ("IBAN", "BE68 5390 0754 7034")),
        ("PL61-1090-1014-0000-0712-1981-2874 bank", ("IBAN", "PL61-1090-1014-0000-0712-1981-2874")),
        ("see www.abc.de soon", ("URL", "www.abc.de")),
        ("linkedin.com/in/ann and more", ("URL", "linkedin.com/in/ann")),
        ("a trans woman came in", ("GENDER", "trans woman")),
        ("adjuster Lou 617-555-0129 now", ("PHONE_NUMBER", "617-555-0129")),
        ("NHS number 943-476-5919", ("UK_NHS", "943-476-5919")),
        ("his nr is 943 476 5919.", ("UK_NHS", "943 476 5919")),
        ("CHI 2309926628, seen today", ("UK_NHS", "2309926628")),
        ("escriba al Apartado 2124, Madrid", ("PO_BOX", "Apartado 2124")),
        ("escriba al apartado postal 21, León", ("PO_BOX", "apartado postal 21")),
        ("seen in the 600 block of Harbor View Dr", ("STREET", "600 block of Harbor View Dr")),
        ("he lives at 12 main street now", ("STREET", "12 main street")),
        ("he lives at 45 de Haro Street now", ("STREET", "45 de Haro Street")),
        ("The applicant was born in 1976 and", ("DATE_OF_BIRTH", "1976")),
        ("he was born in Leeds in 1948,", ("DATE_OF_BIRTH", "1948")),
        ("Né à Dakar en 1948, arrivé", ("DATE_OF_BIRTH", "1948")),
        ("o godz. 9.30.", ("DATE_TIME", "9.30")),
        ("VISA ************8812 AUTH", ("CREDIT_CARD", "************8812")),
        ("card CCVI 4111XXXXXXXX1111 paid", ("CREDIT_CARD", "CCVI 4111XXXXXXXX1111")),
        ("my SSN is 123456789", ("US_SSN", "123456789")),
        ("ssn:123-45-6789;", ("US_SSN", "123-45-6789")),
        ("Date of birth: 03/04/1980", ("DATE_OF_BIRTH", "03/04/1980")),
        ("Date of Birth: 1971-09-30", ("DATE_OF_BIRTH", "1971-09-30")),
        ("born in Leeds on 5th May 1980", ("DATE_OF_BIRTH", "5th May 1980")),
        ("nato a Roma il 15/04/1962", ("DATE_OF_BIRTH", "15/04/1962")),
        ("geboren in Köln am 07.08.1970", ("DATE_OF_BIRTH", "07.08.1970")),
        ("J'ai 35 ans.", ("AGE", "35 ans")),
        ("tengo 41 años y vivo en Valencia", ("AGE", "41 años")),
        ("der 54-jährige Patient", ("AGE", "54-jährige")),
        ("my UK passport 533380006 expires", ("UK_PASSPORT", "533380006")),
        ("M. Dupont, né le 1er mars 1960 à Lyon", ("DATE_OF_BIRTH", "1er mars 1960")),
        ("geb. 03.04.1960 in Ulm", ("DATE_OF_BIRTH", "03.04.1960")),
        ("nacida el 3 de marzo de 1960", ("DATE_OF_BIRTH", "3 de marzo de 1960")),
        ("urodzona dnia 3 marca 1960", ("DATE_OF_BIRTH", "3 marca 1960")),
        ("she is 34 years old.", ("AGE", "34 years old")),
        ("a 45-year-old man", ("AGE", "45-year-old")),
        ("我的手机号是13912345678。", ("PHONE_NUMBER", "13912345678")),
        ("телефон 89123456789", ("PHONE_NUMBER", "89123456789")),
        ("seen on 2024-02-29 at noon", ("DATE_TIME", "2024-02-29")),
        ("on March 7, 1961 he", ("DATE_TIME", "March 7, 1961")),
        ("lives at 12 Main Street, Springfield", ("STREET", "12 Main Street")),
        ("costs $1,234.56 each", ("AMOUNT", "$1,234.56")),
        ("a balance of -500 kr. today", ("AMOUNT", "-500 kr.")),
        ("TESCO STORES 3012 £23.50 paid", ("AMOUNT", "£23.50")),
        ("CVV: 123", ("CREDIT_CARD_CVV", "123")),
        ('{"password": "hunter2!x"}', ("PASSWORD", "hunter2!x")),
        ("DB_PASSWORD=hunter2!Sup3r", ("PASSWORD", "hunter2!Sup3r")),
        ("export PGPASSWORD='hunter2!x'", ("PASSWORD", "hunter2!x")),
        ('"adminPassword": "hunter2!x",', ("PASSWORD", "hunter2!x")),
        ("ADMIN_EMAIL=ops@acme.io", ("EMAIL_ADDRESS", "ops@acme.io")),
        ("bounces+ann=example.org@acme.io", ("EMAIL_ADDRESS", "bounces+ann=example.org@acme.io")),
        ("api_key=Zx81-KKq2-91", ("PASSWORD", "Zx81-KKq2-91")),
        ("pwd: Tr0ub4dor&3, ok", ("PASSWORD", "Tr0ub4dor&3")),
        ("?password=Tr0ub4dor&user=3", ("PASSWORD", "Tr0ub4dor")),
        ("Password reset to Winter!2026x.", ("PASSWORD", "Winter!2026x.")),
        ("Authorization: Bearer abcdef0123456789abcdef", ("BEARER_TOKEN", "abcdef0123456789abcdef")),
        ("user name: jdoe42", ("USERNAME", "jdoe42")),
        ("MRN: 00123456", ("MEDICAL_RECORD_NUMBER", "00123456")),
        ("blood type O+", ("BLOOD_TYPE", "O+")),
        ("id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 ok", ("UUID", "3f2504e0-4f89-11d3-9a0c-0305e82c3301")),
        ("passport number X12345678", ("US_PASSPORT", "X12345678")),
        ("her PESEL: 44051401359", ("PL_PESEL", "44051401359")),
        ("CPF 390.533.447-05 ok", ("BR_CPF", "390.533.447-05")),
        ("NHS number 943 476 5919", ("UK_NHS", "943 476 5919")),
        ("MAC 00:1a:2b:3c:4d:5e up", ("MAC_ADDRESS", "00:1a:2b:3c:4d:5e")),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----", ("PRIVATE_KEY", "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----")),
    ],
)  # fmt: skip
def test_found_in_text(text, value, expected):
    assert expected in text(value)


@pytest.mark.parametrize(
    "value",
    [
        "order 123456789 was shipped in 3 days",
        "j'ai 10 ans d'expérience; tengo 3 años de experiencia",
        "version 3.11.4 of the library, build 20491",
        "page 12 of 345, figure 6.7",
        "ISBN 978-3-16-148410-0 and EAN 4006381333931",
        "ID-123-45-6789-77 is a part",
        "he scored 21-15-9999 points",
        "the password policy requires a reset",
        "reset_password: true; user_password = getPassword(user)",
        "compass=North-East12",
        "a ratio of 3:2 in 10 cases",
        "1234-202-555-0142-99",
        "x202-555-0142y",
        "sold 120 000 office chairs to 1 200 000 mobile users",
        "the years 2019-2020 (office)",
        "nato il governo nel 1960",
        "it took 12 years, as old",
        "订单号13812345678901",
        "national id 920101-1234568 KR",
        "order 2024-500 EUR",
        "claim no. of 2024, staff number 2021",
        "we installed build 2024.1.3 at last",
        '{"build": "2024.1.3"}',
        'msg="bad password" attempts=3 host=db01.internal',
        "at 412 F.3d 908, the court held",
        "às 9h com o Dr. Figueiredo",
        "the rijbewijs 2026 law",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8\nAuthor: sha",
        "PESEL of the firm with order 85041512348",
        "from 1980-1989, call us",
        "please call us about order no. 2455338210",
        "a male connector",
        "The company was born in 1976",
        "une entreprise née en 1998",
        "TTY=pts/0 ; PWD=/srv/app ; USER",
        "se modifica el apartado 2 del art. 7",
        "call Wanda: freight 185.00   185.00",
        "a carwoman and transmen of old",
        "see src/core.dir/arena.cpp and main.py/x or lib.rs/y",
        "since 2015, when he joined Carrow Road School",
        "her 2 kids on Dorchester Ave are well",
    ],
)
def test_not_found_in_text(text, value):
    assert text(value) == []


def test_a_bare_number_needs_a_context_word(text):
    assert text("number 123456789 here") == []
    assert ("US_SSN", "123456789") in text("social security number 123456789 here")


def test_offsets_are_code_points(detectors):
    value = "é😀 Grüße an bob@example.org, Tel. (202) 555-0142, bitte"
    found = detectors.detect_texts(Values.of(["x", value])).to_pylist()
    told = {f["entity"]: value[f["start"] : f["end"]] for f in found if f["row"] == 1}
    assert told["EMAIL_ADDRESS"] == "bob@example.org"
    assert told["PHONE_NUMBER"] == "(202) 555-0142"


def test_every_occurrence_is_told(detectors):
    value = ", ".join(f"u{i}@example.com" for i in range(300))
    assert detectors.detect_texts(Values.of([value])).num_rows == 300


def test_one_huge_cell_is_searched_to_its_end(detectors):
    value = "lorem ipsum 12 dolor " * 150_000 + " reach ann@example.com or 202-555-0142"
    found = detectors.detect_texts(Values.of([value, "bob@example.com"])).to_pylist()
    told = {(f["row"], f["entity"]) for f in found}
    assert {(0, "EMAIL_ADDRESS"), (0, "PHONE_NUMBER"), (1, "EMAIL_ADDRESS")} <= told


def test_one_huge_cell_without_a_space_is_survived(detectors):
    value = "9" * 3_000_000 + "@" * 10 + "a-" * 1_000_000
    assert detectors.detect(Values.of([value, "ann@example.com"])).num_rows >= 1


pieces = st.lists(
    st.sampled_from(
        [
            "ann@example.com",
            "202-555-0142",
            "123-45-6789",
            "word",
            "é",
            "12",
            "4111 1111 1111 1111",
            "\n",
            "10.0.0.1",
            "$5",
        ]
    ),
    max_size=12,
).map(" ".join)


@settings(max_examples=30)
@given(texts=st.lists(pieces, max_size=12), cut=st.integers(0, 12))
def test_findings_do_not_depend_on_what_else_is_in_the_batch(detectors, texts, cut):
    def told(values, offset):
        return {
            (f["row"] + offset, f["start"], f["end"], f["entity"], f["detector"])
            for f in detectors.detect(Values.of(values)).to_pylist()
        }

    assert told(texts, 0) == told(texts[:cut], 0) | told(texts[cut:], min(cut, len(texts)))


@settings(max_examples=40)
@given(values=st.lists(st.text(max_size=60), max_size=20))
def test_any_text_gives_spans_within_it(detectors, values):
    for finding in detectors.detect(Values.of(values)).to_pylist():
        assert 0 <= finding["start"] < finding["end"] <= len(values[finding["row"]])
        assert 0 <= finding["score"] <= 1
