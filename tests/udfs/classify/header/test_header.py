"""What a column's name says."""

from __future__ import annotations

import pytest

from lakescan.udfs.classify.header.header import read_header, roles_of
from lakescan.udfs.classify.header.lexicon import HINT, SURE, lexicon, words_of
from lakescan.udfs.classify.verdict.rules import rules

PLAIN = [
    ("email", "email"), ("E-Mail", "email"), ("CustEmail", "email"), ("customer.email", "email"),
    ("emails[]", "email"), ("payload.$.user.email_address", "email"), ("phone1", "phone"),
    ("Home Phone", "phone"), ("telefonnummer", "phone"), ("téléphone portable", "phone"),
    ("telefono_cliente", "phone"), ("FirstName", "first_name"), ("first_name", "first_name"),
    ("firstname", "first_name"), ("Vorname", "first_name"), ("prénom", "first_name"),
    ("LASTNAME", "last_name"), ("apellidos", "last_name"), ("cognome", "last_name"),
    ("dateOfBirth", "birth_date"), ("DOB", "birth_date"), ("Geb.datum", "birth_date"),
    ("Date de naissance", "birth_date"), ("data_nascimento", "birth_date"),
    ("fødselsdato", "birth_date"), ("o_orderdate", "date"), ("Rechnungsdatum", "date"),
    ("created_at", "date"), ("employee_ssn", "ssn"), ("iban", "iban"), ("card_number", "credit_card"),
    ("plz", "zip"), ("zip_code", "zip"), ("ship_city", "city"), ("Straße", "street"),
    ("addr_line_2", "street"), ("lat", "latitude"), ("Lng", "longitude"), ("gender", "gender"),
    ("Geschlecht", "gender"), ("customer_name", "full_name"), ("author.name", "full_name"),
    ("nombre del paciente", "full_name"), ("company name", "organization"),
    ("supplier_name", "organization"), ("c_acctbal", "money"), ("precio_unitario", "money"),
    ("Age", "age"), ("edad", "age"), ("passport no", "passport"), ("client_ip", "ip"),
    ("job_title", "occupation"), ("nationality", "nrp"), ("Steuer-ID", "tax_id"),
    ("D.O.B.", "birth_date"), ("D.O.B", "birth_date"), ("S.S.N.", "ssn"), ("N.I.F.", "tax_id"),
    ("rijbewijsnr", "driver_license"), ("regnr", "vehicle"), ("rejestracja", "vehicle"),
    ("COM_NASC", "city"), ("who.name", "full_name"), ("marca", "brand"), ("Markenname", "brand"),
    ("Tfno.", "phone"), ("DNI repr.", "national_id"), ("Geb. Datum", "birth_date"),
    ("pat.Tel. Nr.", "phone"), ("race_source_value", "nrp"), ("seinengappi", "birth_date"),
    ("person.$.Geb.datum", "birth_date"), ("mother_maiden", "last_name"),
    ("Nr rach. kontrahenta", "bank_account"), ("jns_klmn", "gender"), ("emplyr", "organization"),
    ("MDCL_RCRD_NMBR", "health_id"), ("num_clabe", "bank_account"), ("nr_cpf", "national_id"), ("nr_cep", "zip"),
    ("PID.5.1", "last_name"), ("PID-7", "birth_date"), ("NM103", "last_name"), ("emails.0", "email"),
    ("What is your name?", "full_name"), ("DOB (MM/DD/YYYY)", "birth_date"),
    ("T.C. Kimlik No", "national_id"), ("TAJ", "ssn"), ("Adóazonosító", "tax_id"),
    ("İşe Giriş", "date"), ("Mzda", "salary"), ("arrestee name", "full_name"), ("CC_NO_MASKED", "credit_card"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "concept"), PLAIN)
def test_plain_names(name: str, concept: str) -> None:
    assert read_header(name).sure(concept) == SURE


#: What machines and programs are called by; a person's only in a list of persons.
THINGS = (
    "hostname HOSTNAME remote_hostname db_host servername computerName node_name podname filename"
    " file_name pathname tablename schemaName column_name classname methodName varname dbname"
    " queue_name topicname processname servicename appname codename pluginname printername"
)


@pytest.mark.parametrize("name", THINGS.split())
def test_names_of_machines_and_programs_are_no_persons(name: str) -> None:
    header = read_header(name)
    persons = header.sure("full_name", "first_name", "last_name", "username", "name")
    assert persons < 0.45
    assert header.sure("occupation") < 0.45


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("email_count", "email"),
        ("is_email_verified", "email"),
        ("number_of_children", "full_name"),
        ("Num_Credit_Card", "credit_card"),
        ("Num_of_Delayed_Payment", "money"),
        ("phone_type", "phone"),
        ("nombre_de_commandes", "first_name"),
        ("anzahl_kunden", "full_name"),
        ("product_name", "full_name"),
        ("file name", "full_name"),
        ("customer_id", "full_name"),
        ("coverage", "age"),
        ("acid_level", "national_id"),
        ("template", "date"),
        ("candidate", "date"),
        ("storage", "age"),
        ("organization_node", "organization"),
        ("age_days_since", "age"),
    ],
)
def test_names_that_only_contain_the_word(name: str, concept: str) -> None:
    assert read_header(name).sure(concept) < 0.45


def test_words_without_vowels_are_read_where_they_say_one_thing_only() -> None:
    assert read_header("slry").concepts == {"salary": 0.5}
    assert not read_header("int_str").sure("full_name")
    assert not read_header("emplyar").concepts
    assert not read_header("blnc").concepts  # of a table, and somebody's


def test_unknown_words_after_the_noun_make_it_doubtful() -> None:
    assert read_header("email_frobnication").sure("email") < read_header("email").sure("email")


def test_a_name_goes_to_its_owner() -> None:
    assert read_header("name").concepts == {"name": 0.5}
    assert read_header("product_name").concepts == {"thing": 0.9}
    assert read_header("Staff Name5").sure("full_name") == SURE


def test_keys_and_counts_are_marked() -> None:
    assert read_header("customer_id").key
    assert read_header("row_count").about
    assert not read_header("city").key


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("customers", "person"),
        ("Person.CountryRegion", "place"),
        ("ProductReview", "thing"),
        ("airlines", "organization"),
        ("Mitarbeiter", "person"),
    ],
)
def test_a_tables_name_tells_what_its_rows_are(title: str, role: str) -> None:
    assert role in roles_of(title)


def test_odd_names_are_read_without_error() -> None:
    for name in ("", " ", "...", "123", "$", "a.$.b[]", "名前", "{}", "_" * 300, "a" * 2000):
        read_header(name)


def test_words_are_split_on_case_digits_and_punctuation() -> None:
    assert words_of("HTTPServer-addr_2b") == ("http", "server", "addr", "2", "b")


def test_every_concept_of_a_rule_is_in_the_lexicon() -> None:
    known = {sense.concept for senses in lexicon().phrases.values() for sense in senses}
    assert {concept for rule in rules() for concept in rule.concepts} <= known


@pytest.mark.parametrize(
    ("name", "comment", "concept"),
    [
        ("c7", "Date of birth, as on the passport", "birth_date"),
        ("c7", "E-mail address", "email"),
        ("c7", "what the customer told us on the phone about the order", None),
        ("order_count", "E-mail address", None),
        ("c7", "", None),
    ],
)
def test_a_comment_is_read_where_the_name_says_nothing(name, comment, concept):
    from lakescan.udfs.classify.header.header import with_comment

    found = with_comment(read_header(name), comment)
    if concept is None:
        assert found == read_header(name)
    else:
        assert found == read_header(comment.partition(",")[0])
        assert found.best >= 0.5


@pytest.mark.parametrize(
    "name",
    "general lateral verbal passage lineage suspension latest newborn provide resort internship Ca CaO"
    " gre.verbal signage alternative dillon".split(),
)
def test_ordinary_words_are_not_taken_apart(name: str) -> None:
    assert read_header(name).best < SURE


@pytest.mark.parametrize(
    ("name", "concept"),
    [("ssnnum", "ssn"), ("billzip", "zip"), ("telnum", "phone"),
     ("shipcity", "city"), ("custname", "full_name"), ("Kundenstadt", "city")],
)  # fmt: skip
def test_joined_words_of_one_language_are(name: str, concept: str) -> None:
    assert read_header(name).sure(concept) == SURE


@pytest.mark.parametrize(
    ("name", "concept", "but"),
    [("phoneNumbers[].value", "phone", "money"), ("emails.value", "email", "money"),
     ("address.formatted", "street", "text"), ("birthDate.display", "birth_date", "text")],
)  # fmt: skip
def test_a_struct_that_keeps_the_thing_itself_names_it(name, concept, but):
    assert read_header(name).sure(concept) >= HINT
    assert read_header(name).sure(but) == 0


def test_a_struct_whose_name_says_nothing_leaves_it_to_its_leaf():
    assert read_header("qty.value").sure("money") == HINT
    assert read_header("note.text").sure("text") == SURE


def test_a_name_to_show_is_a_name():
    assert read_header("displayName").sure("name") == HINT
    assert read_header("user.displayName").sure("full_name") == SURE
    assert read_header("file display name").best < HINT


@pytest.mark.parametrize(
    ("name", "concept"),
    [("proxyAddresses", "email"), ("Dbtr.PstlAdr.TwnNm", "city"), ("PstlAdr.BldgNb", "street"),
     ("NAD_3036", "full_name"), ("EAEMAL", "email"), ("AGEP", "age"), ("FORACID", "bank_account"),
     ("Track 2 Data", "credit_card"), ("BIRT_DATE", "birth_date"), ("HOURLY_RT", "salary")],
)  # fmt: skip
def test_fields_of_standards(name, concept):
    assert read_header(name).sure(concept) == SURE


@pytest.mark.parametrize(
    ("name", "concept"),
    [("PŁEĆ", "gender"), ("FØDSELSDATO", "birth_date"), ("DATUM ROĐENJA", "birth_date"),
     ("STRAẞE", "street"), ("Địa chỉ", "street"), ("KØN", "gender")],
)  # fmt: skip
def test_capital_letters_that_unicode_does_not_take_apart(name, concept):
    assert read_header(name).best >= HINT
    assert read_header(name).sure(concept) == read_header(name.lower()).sure(concept) >= HINT
