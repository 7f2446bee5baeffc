"""Every declared pattern finds an example of its own, and refuses one that is wrong.

Where nothing is written here, the example is the catalog's for the entity, as a cell or, for a bare
number that only context makes credible, after one of its words. What is wrong with the wrong one:
for patterns with a check, one character is another; for the others, the order or the length.
"""

from __future__ import annotations

import pytest

from lakescan.entities import entity, is_known
from lakescan.policy import Policy
from lakescan.udfs.detect import DetectorSet, Values
from lakescan.udfs.detect.describe import check_of
from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.pattern_detector import PatternDetector
from lakescan.udfs.detect.patterns import all_patterns

A, H, D = "aB3xZ9qLm2Kp7WtR", "0a1b2c3d4e5f6789", "4071826935"

#: By pattern, where the catalog's example of the entity is another's, or stands in a sentence.
RIGHT = {
    "email_in_path": "users/ann@example.org/cv.pdf",
    "email_before_path": "ann@example.org/cv.pdf",
    "email_telex": "ANN..SMITH//EXAMPLE.ORG",
    "card_masked": "XXXXXXXXXXXX4242",
    "passport_docs": "P/FRA/83FL83187/FRA/05NOV61/M/17MAY33/DOE/JOHN",
    "date_pointed": "2003.09.05.",
    "date_db2": "2024-05-16-05.33.13.000000",
    "date_hl7": "20240516053313+0100",
    "name_components": "152839^WELLS^DUSTIN^^^^MD",
    "name_korean": "김민준",
    "name_chinese": "王小明",
    "coordinates_odk": "16.123456 -0.123456 250 4.0",
    "email_encoded": "ann.smith%40example.org",
    "gcp_api_key": "AIza" + (A * 3)[:35],
    "slack_webhook": "https://hooks.slack.com/services/T0AB12CD3/B0AB12CD3/" + (A * 2)[:24],
    "pypi_token": "pypi-" + A * 4,
    "openai_key": "sk-proj-" + A * 3,
    "google_oauth": "ya29." + A * 3,
    "azure_client_secret": "abc8Q~" + (A * 3)[:34],
    "alibaba_key": "LTAI" + A,
    "tencent_key": "AKID" + A * 2,
    "digitalocean_token": "dop_v1_" + H * 4,
    "shopify_token": "shpat_" + H * 2,
    "square_token": "sq0atp-" + (A * 2)[:22],
    "mailchimp_key": H * 2 + "-us12",
    "atlassian_token": "ATATT3" + A * 5,
    "linear_key": "lin_api_" + (A * 3)[:40],
    "notion_token": "ntn_" + A * 3,
    "slack_app_token": "xapp-1-A0123456789-" + D + "123-" + H * 4,
    "discord_token": "M" + (A * 2)[:23] + "." + A[:6] + "." + (A * 2)[:27],
    "docker_token": "dckr_pat_" + (A * 2)[:27],
    "vault_token": "hvs." + A * 2,
    "grafana_token": "glsa_" + A * 2 + "_" + H[:8],
    "newrelic_key": "NRAK-" + (A.upper() * 2)[:27],
    "postman_key": "PMAK-" + (H * 2)[:24] + "-" + (H * 3)[:34],
    "rubygems_key": "rubygems_" + H * 3,
    "groq_key": "gsk_" + (A * 4)[:52],
    "replicate_token": "r8_" + (A * 3)[:37],
    "planetscale_token": "pscale_tkn_" + A * 2,
    "sentry_token": "sntrys_" + A * 4,
    "airtable_token": "pat" + A[:14] + "." + H * 4,
    "stripe_webhook": "whsec_" + A * 2,
    "age_key": "AGE-SECRET-KEY-1" + (A.upper() * 4)[:58],
    "azure_storage_key": (A * 6)[:86] + "==",
    "azure_sas": "?sv=2022-11-02&ss=b&srt=sco&sp=rl&se=2030-01-01T00:00:00Z&sig=" + A * 3 + "%3D",
    "aws_secret_key": "aws secret: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "high_entropy": "the token is q7Xv2LmP9sTz4WkB8cRd",
    "connection_string": "Server=db1;Database=x;User Id=app;Password=hunter22;",
    "hex_digest": H * 2,
    "bearer": "Authorization: Bearer " + A * 2,
    "cvv": "the cvv is 123",
    "pin": "my pin: 4821",
    "basic_auth": "Authorization: Basic dXNlcjpwYXNzd29yZDEyMw==",
    "password_argument": "curl -s -u admin:Tr0ub4dor https://x.example",
    "password_element": "<db:password>Tr0ub4dor</db:password>",
    "key_variable": "FERNET_KEY=dPHb57GHpK1flo0E026IzswDQ9HomKtv5LiLIxNHwuX=",
    "paypal_token": "access_token$production$" + H + "$" + H * 2,
    "username": "username: mlindqvist84",
    "username_logged": "Accepted publickey for deploy from 203.0.113.77 port 51022",
    "username_keyed": '{"handle": "moonpie_77"}',
    "birth_year": "she was born in 1976",
    "birth_year_abroad": "né à Dakar en 1948",
    "time_said": "alle ore 18.30",
    "iban_in_text": "to ES91 2100 0418 4502 0005 1332 de la caja",
    "bic_named": "SWIFT code: DEUTDEFF",
    "session_cookie": "Cookie: PHPSESSID=38afes7a8b2c",
    "password_assignment": "password: Tr0ub4dor&3",
    "password_variable": "DB_PASSWORD=hunter2!Sup3r",
    "litecoin_bech32": "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9",
    "stellar": "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7",
    "cardano": "addr1qx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer3n0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xw"
               "l2wywfgse35a3x",
    "cosmos": "cosmos1qpzry9x8gf2tvdw0s3jn54khce6mua7l89rqvt",
    "monero": "4" + "8" + (A.replace("0", "1") * 6)[:93],
    "crypto_base58": "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L",
    "passport_mrz_name": "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "fr_nif": "30 23 217 600 053",
    "it_vat": "IT 00743110157",
    "hu_anum": "HU12892312",
    "ca_bn": "123026635RC0001",
    "no_kontonr": "8601.11.17947",
    "th_moa": "0-99-4-000-61772-1",
    "health_insurance_id": "member id: XEH123456789",
    "medical_record_number": "MRN 00482913",
    "npi_named": "NPI: 8149635509",
    "username_labelled": "user: mlindqvist84",
    "street_germanic_in_text": "im Haus Alte Poststraße 12a, links",
    "apartment": "ring at Apt. 252",
    "us_military_address": "PSC 1139, Box 7638 APO AP 94917",
    "student_id_named": "student ID: S2023-004417",
    "employee_id_named": "employee no. E-100482",
    "us_claim_number_named": "claim number CLM-2024-004417",
    "us_prescription_number_named": "Rx # 7781204",
    "us_prior_authorization_number_named": "prior authorization no. PA-20240506-117",
    "us_referral_number_named": "referral number: REF-448120",
    "device_id_named": "serial number SN8841PL22",
    "advertising_id_named": "IDFA: 38400000-8cf0-11bd-b23e-10b96e40000d",
    "biometric_id_named": "fingerprint template id FPT-99417",
    "id_card_named": "identity card number 9912345",
    "filename": "see lindqvist_cv.pdf there",
    "snomed": "snomed 44054006",
    "de_lanr": "lanr 123456601",
    "de_bsnr": "bsnr 721111100",
    "meid": "A000000493CB29",
    "fr_plate": "AB-123-CD",
    "es_plate": "1234 BCD",
    "nl_plate": "12-BCD-3",
    "pl_plate": "WA 12345",
    "driver_license_named": "rijbewijsnr. 5246731882",
    "br_plate": "ABC1D23",
    "us_plate": "7ABC123",
    "cn_plate": "京A12345",
    "date_dotted": "3.4.21",
    "date_of_birth": "born on 1984-03-17",
    "date_of_birth_abroad": "geboren am 17. März 1984",
    "age_old": "she is 34 years old",
    "age_abroad": "âgé de 35 ans, il habite à Lyon",
    "age_old_german": "die 54-jährige Patientin",
    "gender_aged": "a 67 y/o male, smoker",
    "gender_of": "the female suspect, tall",
    "gender_word": "she came out as a trans woman in 2019",
    "gender_nonbinary": "They are non-binary.",
    "gender_nonbinary_of": "a non-binary employee asked",
    "uk_passport_said": "her British passport no. 925665416",
    "phone_brazil": "(11) 98765-4321",
    "handle": "@mlindqvist84",
    "passenger_name": "LINDQVIST/MARTA EVA MRS",
    "money_words": "250 dollars",
    "street_address_rare": "4615 Phillips Crossroad",
    "street_cyrillic": "ул. Ленина, д. 12",
    "street_east_asian": "北京市朝阳区建国路88号",
    "street_other": "Kossuth Lajos utca 12.",
    "zip_grouped": "00-950",
    "coordinates_dms": "40° 26' 46\" N",
    "coordinates_wkt": "POINT (18.0686 59.3293)",
    "decimal_degrees": "59.32931",
    "firm_cyrillic": "ООО «Ромашка»",
    "firm_east_asian": "株式会社山田商店",
    "firm_south_east_asian": "PT Sumber Makmur",
    "firm_partners": "Weber & Söhne",
    "blood_type": "blood type: O-",
    "email_rare": "o'brien@example.org",
    "email_international": "jörg@müller.example",
    "email_unspaced": "用户@例子.广告",
    "url_www": "www.example.org/about",
    "url_www_in_text": "see www.abc.de, please",
    "url_path": "see linkedin.com/in/ann, please",
    "domain": "example.org",
    "ipv4_network": "10.0.0.0/8",
    "ipv6": "2001:db8::ff00:42:8329",
    "uuid_braced": "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}",
    "bitcoin_bech32": "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    "us_driver_license_digits": "12345678",
    "ru_passport": "4504 123456",
    "eu_vat": "SE556188840401",
    "ec_ci": "1714307103",
    "pe_dni": "10117410",
    "cu_ni": "carné de identidad 91021027775",
    "jp_my_number": "621498320257",
    "il_id": "039337423",
    "no_orgnr": "orgnr 988077917",
    "lt_pvm": "vat 119511515",
    "cy_vat": "10259033P",
    "ec_ruc": "1792060346001",
        "fr_driver_license": "880175200042",
    "phone_mobile": "07700900123",
    "phone": "2025550142",
    "phone_bare": "631996166",
    "phone_dialled": "48501707994",
    "phone_labelled": "078 6657 2626 (office)",
    "imei": "35-686800-004141-8",
    "date_numeric": "31/12/1999",
    "date_words": "March 7, 1961",
    "date_ctime": "Tue Oct 14 09:21:07 2025 +0200",
    "date_travel": "05JUN30",
    "date_log": "[17/May/2015:10:05:03 +0200]",
    "time": "10:45 pm",
    "date_compact": "20240229",
    "money_code": "USD 99",
    "street_germanic": "Hauptstraße 12a",
    "street_romance": "12 rue de la Paix",
    "us_zip_plus4": "12345-6789",
    "door_number": "#204B",
    "pl_nrb": "61109010140000071219812874",
    "medical_record_code": "MRN-00482913",
    "postal_line": "69003 Lyon",
    "ru_ogrn": "ОГРН 1022200525819",
    "cr_dimex": "dimex 155812994816",
    "age": "aged 42",
}  # fmt: skip
#: What has no wrong order, or whose wrong order is right: a wrong one of another kind.
WRONG = {
    "url_path": "see linkedin.zzz/in/ann, please",
    "phone_labelled": "2019-2020 (office)", "email_rare": "ADMIN_EMAIL=ops@acme.io",
    "email_international": "jörg@müller.4", "email_unspaced": "用户@例子.4",
    "phone_national": "12-34-5", "phone": "12345", "us_bank": "1234567", "date_compact": "20241399",
    "time": "25:61", "mac": "00:1A:2b:3c:4D", "ipv4_network": "10.0.0.0/40", "ipv6": ":::", "domain": "example.nosuchtld",
    "aws_secret_key": "aws secret: " + "a" * 40, "high_entropy": "the token is aaaaaaaaaaaaaaaaaaaaaa",
    "basic_auth": "authorization: basic training", "password_element": "<password>${secret}</password>", "password_argument": "curl -u admin:${secret} x",
    "key_variable": "SIGNING_KEY=" + "a" * 40,
    "password_assignment": "password: required", "password_variable": "DB_PASSWORD=${secret}", "bic": "DEUTXXFF", "bic_named": "SWIFT code: DEUTXXFF", "us_ein": "00-1234567", "de_tax_number": "181/8151/08155",
    "cr_cpf": "03-0455-0175", "postal_line": "69003 Widgets",
    "kr_brn": "000-82-00276", "pk_cnic": "04201-0891231-8", "ad_nrt": "B-132950-X",
    "bearer": "Bearer acknowledgements", "al_nipt": "K22218003", "tn_mf": "1234567/M/X/E/001", "phone_nanp": "(102) 155-0142", "th_id": "9-2345-45678-78-1",
    "bank_account": "1234567", "street_address": "908, the court", "us_zip": "1234", "us_zip_plus4": "12345-678", "decimal_degrees": "359.32931",
}  # fmt: skip

#: Whose check is of ranges (areas, days, calling codes), not of a digit.
RANGES = frozenset(
    "us_ssn us_itin id_nik cu_ni my_nric dk_cpr phone_international phone_dialled phone_national phone ipv4".split()
)

PATTERNS = list({p.name: p for p in all_patterns()}.values())
NAMES = [p.name for p in PATTERNS]


def examples(pattern: Pattern) -> list[str]:
    own = entity(pattern.entity).example
    if pattern.name in RIGHT:
        return [RIGHT[pattern.name]]
    words = [w for w in pattern.context if w.replace(" ", "").isalnum()]
    return [own, *(f"{word} {own}" for word in words)]


def found(detectors, text: str, name: str) -> bool:
    names = {
        f["detector"]: f["score"] for f in detectors.detect(Values.of([text, "x"])).to_pylist()
    }
    return any(detector.partition(".")[2] == name for detector in names)


@pytest.fixture(scope="module")
def right(detectors) -> dict[str, str]:
    """The first example of each pattern that it finds."""
    return {
        p.name: next((e for e in examples(p) if found(detectors, e, p.name)), "") for p in PATTERNS
    }


@pytest.mark.parametrize("name", NAMES)
def test_it_finds_its_example(right, name):
    assert right[name]


def values_found(detectors, texts: list[str], name: str) -> list[set[str]]:
    """What of each text the pattern finds."""
    told: list[set[str]] = [set() for _ in texts]
    for f in detectors.detect(Values.of(texts)).to_pylist():
        if f["detector"].partition(".")[2] == name:
            told[f["row"]].add(texts[f["row"]][f["start"] : f["end"]])
    return told


def test_the_next_word_hides_no_match(right, detectors):
    words = ("now", "est la", "was it", "in Rome", "and so", "said", "emails", "floods")
    hidden = []
    for pattern in PATTERNS:
        if not pattern.search or pattern.shape or not right[pattern.name]:
            continue
        example = right[pattern.name]
        texts = [f"we saw {example}, yes", *(f"we saw {example} {word}" for word in words)]
        plain, *followed = values_found(detectors, texts, pattern.name)
        hidden += [
            f"{pattern.name}: {example} {word}"
            for word, found in zip(words, followed, strict=True)
            if plain and not plain & found
        ]
    assert hidden == []


def certainty(detectors, text: str, name: str) -> float:
    scores = [
        f["score"]
        for f in detectors.detect(Values.of([text, "x"])).to_pylist()
        if f["detector"].partition(".")[2] == name
    ]
    return max(scores, default=0.0)


@pytest.mark.parametrize("name", [p.name for p in PATTERNS if p.validate is not None])
def test_it_refuses_what_fails_its_check(detectors, right, name):
    """A wrong digit or letter is noticed in most places: a check may skip some, not most."""
    example = right[name]
    if name in WRONG:
        assert certainty(detectors, WRONG[name], name) < certainty(detectors, example, name)
        return
    sure = certainty(detectors, example, name)
    places = [i for i, c in enumerate(example) if c.isdigit()] or range(len(example))
    changed = []
    for at in places:
        for step in (1, 3):
            other = str((int(example[at]) + step) % 10) if example[at].isdigit() else "A"
            changed.append(example[:at] + other + example[at + 1 :])
    refused = [text for text in changed if certainty(detectors, text, name) < sure]
    assert len(refused) >= (1 if name in RANGES else len(changed) / 2)


@pytest.mark.parametrize("name", [p.name for p in PATTERNS if p.validate is None])
def test_it_refuses_another_form(detectors, right, name):
    example = right[name]
    spoilt = [WRONG.get(name, example[::-1]), example[1:], example[:-1], example * 2]
    assert not all(found(detectors, text, name) for text in spoilt)


def test_a_pattern_without_an_example_is_noticed():
    stranger = Pattern("US_SSN", "stranger", "zz[0-9]{9}", 0.9)
    detectors = DetectorSet(
        [PatternDetector("pattern", "1", lambda: (stranger,))], Policy.parse("version: 1")
    )
    assert not any(found(detectors, example, "stranger") for example in examples(stranger))
    assert found(detectors, "zz123456789", "stranger")


@pytest.mark.parametrize("pattern", all_patterns(), ids=lambda pattern: pattern.name)
def test_its_entity_is_in_the_catalog_and_its_check_says_what_it_tests(pattern):
    assert is_known(pattern.entity)
    assert 0 < pattern.score <= 1
    if pattern.validate is not None:
        assert check_of(pattern)
    if pattern.shape and pattern.search and not pattern.whole:
        assert pattern.context
