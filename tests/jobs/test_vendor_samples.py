"""The samples in the manuals of the products whose contracts lakescan serves, read as they stand.

Protegrity Data Discovery v1.1, Private AI, ZenGuard and the Data Curation API print a request and
what they find in it. Here it is the default policy that reads them; the adapters' own tests hold
the shapes of the answers.
"""

from __future__ import annotations

import pytest

import lakescan


def found(text: str) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.category) for each in lakescan.detect(text)]


def test_a_name_and_a_telephone_number() -> None:
    text = "You can reach Dave Elliot by phone 203-555-1286"
    assert found(text) == [("Dave Elliot", "PERSON"), ("203-555-1286", "PHONE_NUMBER")]


def test_an_address_in_its_parts() -> None:
    text = "Jake lives at 15 Main st, Hamden 06517, Connecticut."
    places = [("15 Main st", "LOCATION"), ("Hamden", "LOCATION"), ("06517", "LOCATION"),
              ("Connecticut", "LOCATION")]  # fmt: skip
    assert found(text) == [("Jake", "PERSON"), *places]


def test_first_names_and_a_city() -> None:
    text = "My name is John and my friend is Grace and we live in Barcelona"
    assert found(text) == [("John", "PERSON"), ("Grace", "PERSON"), ("Barcelona", "LOCATION")]


def test_a_card_that_is_called_so_though_its_check_digit_is_wrong() -> None:
    text = "My credit card number is 1234-5679-1234-1234 and my name is John Smith."
    assert found(text) == [("1234-5679-1234-1234", "CREDIT_CARD"), ("John Smith", "PERSON")]


def test_a_name_an_address_and_a_number() -> None:
    text = "Contact John Smith at john.smith@example.com or 555-123-4567."
    assert found(text) == [
        ("John Smith", "PERSON"),
        ("john.smith@example.com", "EMAIL_ADDRESS"),
        ("555-123-4567", "PHONE_NUMBER"),
    ]


#: The sample table. Spreadsheets have rounded most of its card numbers; one IBAN has the length
#: that Costa Rica's had before 2017.
_TABLE = """\
Social Security Number,Credit Card Number,IBAN,Phone Number
589-25-1068,349384370543801,FR43 9255 4858 47BG 3EBG U4OK O18,(483) 9440301
636-36-3077,4041594844904,AL50 8947 4215 KAEY GAPM NLYC FNZG,(113) 5143119
748-82-2375,3558175715821800,AT34 4082 9269 0841 5702,(763) 5136237
516-62-9861,560221027976015000,FR22 0068 7181 11FB UG8H ECEM 306,(726) 6031636
121-49-9409,374283320982549,DK37 5687 8459 8060 79,(624) 9205200
838-73-3299,5558216060144900,CR54 8952 8144 6403 4765 0,(356) 9479541
439-11-5310,5048376143641900,RS76 6213 4824 0184 8983 74,(544) 5623326
564-06-8466,3543299511845640,EE51 6882 3443 7863 4703,(702) 6093849
518-54-5443,3543019452249540,IT65 D000 3874 2801 Z15I LNLL OOX,(584) 8618371
"""


def test_four_columns_and_eight_of_nine_ibans(tmp_path) -> None:
    (tmp_path / "sample.csv").write_text(_TABLE)
    (dataset,) = lakescan.scan(str(tmp_path)).value.datasets
    verdicts = {column.column: column.classifications[0] for column in dataset.columns}
    assert {name: verdict.category for name, verdict in verdicts.items()} == {
        "Social Security Number": "SOCIAL_SECURITY_ID",
        "Credit Card Number": "CREDIT_CARD",
        "IBAN": "BANK_ACCOUNT",
        "Phone Number": "PHONE_NUMBER",
    }
    assert verdicts["IBAN"].rows_hit == 8


_JWT = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0."
    "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
)


@pytest.mark.parametrize(
    ("text", "value", "category"),
    [
        ("Deliver it to 123 Main Street Apt 4B please.", "123 Main Street", "LOCATION"),
        ("Write to jane_doe+news@mail.example.org today.", "jane_doe+news@mail.example.org", "EMAIL_ADDRESS"),
        ("Call 555-123-4567 now.", "555-123-4567", "PHONE_NUMBER"),
        ("Call (555) 123.4567 now.", "(555) 123.4567", "PHONE_NUMBER"),
        ("Call +1 5551234567 now.", "+1 5551234567", "PHONE_NUMBER"),
        ("SSN 123-45-6789 on file.", "123-45-6789", "SOCIAL_SECURITY_ID"),
        ("SSN 123 45 6789 on file.", "123 45 6789", "SOCIAL_SECURITY_ID"),
        ("SSN 123456789 on file.", "123456789", "SOCIAL_SECURITY_ID"),
        ("Paid with 4111111111111111.", "4111111111111111", "CREDIT_CARD"),
        ("Paid with 4111-1111-1111-1111.", "4111-1111-1111-1111", "CREDIT_CARD"),
        ("Paid with 4111 1111 1111 1111.", "4111 1111 1111 1111", "CREDIT_CARD"),
        ("Paid with 3782 822463 10005.", "3782 822463 10005", "CREDIT_CARD"),
        ("The CVV: 123 is printed there.", "123", "PASSWORD"),
        ("The security code 4321 is printed there.", "4321", "PASSWORD"),
        ('{"cvv": "123"}', "123", "PASSWORD"),
        ("GET /pay?cvv=123&amount=5", "123", "PASSWORD"),
        ("Bank account 12345678901 was debited.", "12345678901", "BANK_ACCOUNT"),
        ("Send it to GB29NWBK60161331926819 today.", "GB29NWBK60161331926819", "BANK_ACCOUNT"),
        ("password=hunter2!x", "hunter2!x", "PASSWORD"),
        (f"Authorization: {_JWT}", _JWT, "PASSWORD"),
        ("Host 192.168.1.1 is down.", "192.168.1.1", "IP_ADDRESS"),
        ("See https://www.example.com/a for more.", "https://www.example.com/a", "URL"),
        ("ZIP 12345-6789 belongs to it.", "12345-6789", "LOCATION"),
        ("Date of birth: 04/12/1985.", "04/12/1985", "DATE_OF_BIRTH"),
        ("They are non-binary.", "non-binary", "GENDER"),
        ("Passport A1234567 was shown.", "A1234567", "PASSPORT"),
        ("Medical license D123456 expires soon.", "D123456", "HEALTH_CARE_ID"),
        ("Send 0x52908400098527886E0F7030069857D2E4169EE7 some ether.",
         "0x52908400098527886E0F7030069857D2E4169EE7", "CRYPTO_ADDRESS"),
        ("Pay to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa in bitcoin.",
         "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "CRYPTO_ADDRESS"),
        ("Pay to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq in bitcoin.",
         "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "CRYPTO_ADDRESS"),
    ],
)  # fmt: skip
def test_each_pattern_type_of_the_data_curation_api(text: str, value: str, category: str) -> None:
    covered = [
        each.category
        for each in lakescan.detect(text)
        if each.start <= text.index(value) and each.end >= text.index(value) + len(value)
    ]
    assert category in covered, found(text)
