"""Whole cells: each form of each important entity, and what must not be taken for one."""

from __future__ import annotations

import pytest

REAL = [
    ("ann.smith+news@mail.example.co.uk", "pattern.email", "EMAIL_ADDRESS"),
    ("o'brien@example.org", "pattern.email_rare", "EMAIL_ADDRESS"),
    ("ann.smith%2Bnews%40example.org", "pattern.email_encoded", "EMAIL_ADDRESS"),
    ("https://example.com:8080/a/b?c=d#e", "pattern.url", "URL"),
    ("www.example.org/about", "pattern.url_www", "URL"),
    ("example.org", "pattern.domain", "URL"),
    ("192.168.10.254", "pattern.ipv4", "IP_ADDRESS"),
    ("10.0.0.0/8", "pattern.ipv4_network", "IP_ADDRESS"),
    ("2001:db8::ff00:42:8329", "pattern.ipv6", "IP_ADDRESS"),
    ("::ffff:192.0.2.1", "pattern.ipv6", "IP_ADDRESS"),
    ("00:1A:2b:3c:4D:5e", "pattern.mac", "MAC_ADDRESS"),
    ("001a.2b3c.4d5e", "pattern.mac", "MAC_ADDRESS"),
    ("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "pattern.uuid_braced", "UUID"),
    ("4111 1111 1111 1111", "pattern.credit_card", "CREDIT_CARD"),
    ("378282246310005", "pattern.credit_card", "CREDIT_CARD"),
    ("5555-5555-5555-4444", "pattern.credit_card", "CREDIT_CARD"),
    ("GB29 NWBK 6016 1331 9268 19", "pattern.iban", "IBAN"),
    ("de89370400440532013000", "pattern.iban", "IBAN"),
    ("DEUTDEFF500", "shape.bic", "BIC"),
    ("021000021", "shape.aba_routing", "ABA_ROUTING_NUMBER"),
    ("(202) 555-0142", "pattern.phone_nanp", "PHONE_NUMBER"),
    ("1-202-555-0142 ext. 12", "pattern.phone_nanp", "PHONE_NUMBER"),
    ("+44 20 7946 0958", "pattern.phone_international", "PHONE_NUMBER"),
    ("+33 (0)1 23 45 67 89", "pattern.phone_international", "PHONE_NUMBER"),
    ("2025550142", "shape.phone", "PHONE_NUMBER"),
    ("123-45-6789", "pattern.us_ssn", "US_SSN"),
    ("123456789", "shape.us_ssn", "US_SSN"),
    ("912-70-1234", "pattern.us_itin", "US_ITIN"),
    ("12-3456789", "shape.us_ein", "US_EIN"),
    ("1234567893", "shape.us_npi", "US_NPI"),
    ("1EG4-TE5-MK73", "pattern.us_mbi", "US_MBI"),
    ("AB1234563", "pattern.us_dea", "US_DEA"),
    ("L898902C36UTO7408122F1204159ZE184226B<<<<<10", "pattern.passport_mrz", "PASSPORT_MRZ"),
    ("QQ 12 34 56 C".replace("QQ", "AB"), "pattern.uk_nino", "UK_NINO"),
    ("943 476 5919", "pattern.uk_nhs", "UK_NHS"),
    ("SW1A 1AA", "pattern.uk_postcode", "UK_POSTCODE"),
    ("K1A 0B1", "pattern.ca_postal_code", "CA_POSTAL_CODE"),
    ("123-456-782", "pattern.ca_sin", "CA_SIN"),
    ("12345678Z", "pattern.es_nif", "ES_NIF"),
    ("X1234567L", "pattern.es_nie", "ES_NIE"),
    ("RCCMNL83S18D969H", "pattern.it_fiscal_code", "IT_FISCAL_CODE"),
    ("390.533.447-05", "pattern.br_cpf", "BR_CPF"),
    ("16.727.230/0001-97", "pattern.br_cnpj", "BR_CNPJ"),
    ("131052-308T", "pattern.fi_hetu", "FI_PERSONAL_IDENTITY_CODE"),
    ("811228-9874", "pattern.se_personnummer", "SE_PERSONNUMMER"),
    ("12.345.678-5", "pattern.cl_rut", "CL_RUT"),
    ("ABCPE1234F", "pattern.in_pan", "IN_PAN"),
    ("S1234567D", "pattern.sg_nric", "SG_NRIC_FIN"),
    ("11010519491231002X", "pattern.cn_resident_id", "CN_RESIDENT_ID"),
    ("756.9217.0769.85", "pattern.ch_ahv", "CH_AHV"),
    ("1HGBH41JXMN109186", "pattern.vin", "VIN"),
    ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "shape.bitcoin", "BITCOIN_ADDRESS"),
    ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "pattern.bitcoin", "BITCOIN_ADDRESS"),
    ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "pattern.bitcoin_bech32", "BITCOIN_ADDRESS"),
    ("0x52908400098527886E0F7030069857D2E4169EE7", "pattern.ethereum", "ETHEREUM_ADDRESS"),
    ("2024-02-29T12:30:00Z", "pattern.date_iso", "DATE_TIME"),
    ("31/12/1999", "pattern.date_numeric", "DATE_TIME"),
    ("March 7, 1961", "pattern.date_words", "DATE_TIME"),
    ("20240229", "shape.date_compact", "DATE_TIME"),
    ("10:45 pm", "pattern.time", "DATE_TIME"),
    ("42 years old", "pattern.age", "AGE"),
    ("$1,234.56", "pattern.money", "AMOUNT"),
    ("1.234,56 €", "pattern.money", "AMOUNT"),
    ("USD 99", "pattern.money_code", "AMOUNT"),
    ("40.7128, -74.0060", "pattern.coordinates", "GEO_COORDINATE"),
    ("12 Main Street Apt 4B", "pattern.street_address", "STREET"),
    ("Hauptstraße 12a", "pattern.street_germanic", "STREET"),
    ("12 rue de la Paix", "pattern.street_romance", "STREET"),
    ("P.O. Box 123", "pattern.po_box", "PO_BOX"),
    ("12345-6789", "pattern.us_zip_plus4", "ZIPCODE"),
    ("90210", "shape.us_zip", "ZIPCODE"),
    ("E11.9", "pattern.icd10", "ICD_10_CODE"),
    ("AKIAIOSFODNN7EXAMPLE", "pattern.aws_access_key", "AWS_ACCESS_KEY"),
    ("ghp_" + "a1B2" * 9, "pattern.github_token", "GITHUB_TOKEN"),
    ("$2b$12$" + "abcdefghijklmnopqrstuu" + "A" * 31, "pattern.password_hash", "PASSWORD_HASH"),
    (
        "postgres://app:hunter22@db.example.com:5432/prod",
        "pattern.url_credentials",
        "CONNECTION_STRING",
    ),
]


@pytest.mark.parametrize(
    "value,detector,entity", REAL, ids=[f"{r[1]}-{i}" for i, r in enumerate(REAL)]
)
def test_a_whole_cell_is_recognised(cell, value, detector, entity):
    found = cell(value)
    if detector is None:
        assert not any(name.startswith("pattern.") for name in found)
    else:
        assert found.get(detector) == entity


@pytest.mark.parametrize(
    "value",
    [
        "1234567", "99.90", "3.11.4", "ORD-2024-00017", "978-3-16-148410-0", "4006381333931",
        "4111 1111 1111 1112", "000-12-3456", "666-12-3456", "GB29 NWBK 6016 1331 9268 18",
        "file_01.txt", "AB-1234", "ABC-12345-XY", "12x34", "50%", "0.123456", "1e-5", "1,024",
        "SKU12345", "notes", "yes", "a@b", "user@localhost", "256.1.1.1", "12:75", "2023-02",
        "Q3 2024", "N/A", "", "-", "0000000000",
    ],
)  # fmt: skip
def test_what_is_no_personal_data_is_no_pattern(cell, value):
    assert not [name for name in cell(value) if name.startswith("pattern.")]


def test_one_value_gives_several_pieces_of_evidence(cell):
    found = cell("021000021")
    assert {"shape.aba_routing", "shape.us_passport", "shape.bank_account"} <= set(found)


def test_white_space_around_a_cell_does_not_matter(detectors):
    from lakescan.udfs.detect import Values

    values = ["  123-45-6789\t", "\u00a0ann@example.com ", "x"]
    found = detectors.detect(Values.of(values)).to_pylist()
    sure = {f["detector"]: values[f["row"]][f["start"] : f["end"]] for f in found}
    assert sure["pattern.us_ssn"] == "123-45-6789"
    assert sure["pattern.email"] == "ann@example.com"
