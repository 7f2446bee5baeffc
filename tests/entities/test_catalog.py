"""Asking the catalog for names."""

import json
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan import entities
from lakescan.entities.page import catalog_page
from lakescan.errors import UnknownNameError

DESIGN = """PERSON EMAIL_ADDRESS PHONE_NUMBER LOCATION DATE_OF_BIRTH DATETIME AGE GENDER CREDIT_CARD
BANK_ACCOUNT SOCIAL_SECURITY_ID NATIONAL_ID TAX_ID PASSPORT DRIVER_LICENSE HEALTH_CARE_ID IP_ADDRESS
MAC_ADDRESS URL USERNAME PASSWORD ORGANIZATION OCCUPATION NRP AMOUNT CRYPTO_ADDRESS VEHICLE_ID UUID
MEDICAL FREE_TEXT""".split()

every_entity = pytest.mark.parametrize("entity", entities.all_entities(), ids=lambda e: e.name)


@every_entity
def test_an_entity_is_complete(entity):
    assert re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", entity.name)
    assert entity.category in entities.categories()
    assert entity.domain in entities.domains()
    assert entity.regulations
    assert all(entities.regulation(code).source for code in entity.regulations)
    assert entity.example
    assert entity.description
    assert not entity.description.endswith(".")
    assert entities.entity(entity.name) is entity
    assert all(entities.canonical(alias) == entity.name for alias in entity.aliases)


def test_names_and_aliases_are_unique():
    names = [n for each in entities.all_entities() for n in (each.name, *each.aliases)]
    assert len(names) == len(set(names))


def test_the_categories_of_the_design_are_there():
    assert set(DESIGN) <= set(entities.categories())


@pytest.mark.parametrize("name", entities.categories())
def test_a_category_has_a_generic_entity_of_its_own(name):
    generic = entities.entity(entities.category(name).generic)
    assert generic.category == name
    assert generic.domain == entities.category(name).domain
    # A category's name is also a name for its generic entity.
    assert entities.canonical(name) == generic.name


def test_no_name_means_two_kinds_of_thing_at_odds():
    """A domain's name is no category; a category's name as an entity stands in that category."""
    assert not set(entities.domains()) & set(entities.categories())
    for name in entities.categories():
        assert entities.category_of(name) == name


def test_what_counts_as_personal_data_by_itself():
    assert not any(
        entities.entity(name).sensitive
        for name in [
            "DATE",
            "TIME",
            "DATE_TIME",
            "AMOUNT",
            "UUID",
            "ORGANIZATION",
            "CURRENCY",
            "BIC",
            "DE_VAT_ID",
        ]
    )
    assert all(
        entities.entity(name).sensitive
        for name in [
            "PERSON",
            "US_SSN",
            "DATE_OF_BIRTH",
            "EMAIL_ADDRESS",
            "SALARY",
            "JWT",
            "CITY",
            "IBAN",
        ]
    )


def test_domains_follow_the_kind_of_data():
    domains = {
        name: entities.domain_of(name)
        for name in ["US_SSN", "US_MBI", "CREDIT_CARD", "CREDIT_CARD_CVV", "JWT"]
    }
    assert domains == {
        "US_SSN": "PII", "US_MBI": "PHI", "CREDIT_CARD": "PCI", "CREDIT_CARD_CVV": "PCI", "JWT": "SECRET",
    }  # fmt: skip


def test_case_spaces_and_dashes_do_not_matter():
    assert entities.entity("us-ssn").name == entities.entity("Us Ssn").name == "US_SSN"
    assert entities.is_known("iban code")


def test_an_unknown_name_offers_the_near_ones():
    with pytest.raises(UnknownNameError, match=r"unknown entity 'US_SNN' \(did you mean.*'US_SSN'"):
        entities.entity("US_SNN")
    with pytest.raises(UnknownNameError, match="did you mean 'LOCATION'"):
        entities.category("LOCATIONS")
    with pytest.raises(UnknownNameError, match="choose from"):
        entities.vendor_labels("acme")
    with pytest.raises(UnknownNameError, match=r"did you mean.*'Credit Card'"):
        entities.by_vendor("zenguard", "credit cart")
    with pytest.raises(UnknownNameError, match="regulation"):
        entities.regulation("GDPR Art. 99")
    assert not entities.is_known("NONE")


@given(st.text(max_size=30))
def test_any_text_is_a_known_name_or_an_unknown_name(text):
    if entities.is_known(text):
        assert entities.is_known(entities.canonical(text))
    else:
        with pytest.raises(UnknownNameError):
            entities.entity(text)


def test_entities_survive_a_pickle_and_have_a_hash():
    every = entities.all_entities()
    assert pickle.loads(pickle.dumps(every)) == every
    assert len(set(every)) == len(every)


# --- vendors ------------------------------------------------------------------------------------

every_row = pytest.mark.parametrize(
    "row",
    [row for vendor in entities.vendors() for row in entities.vendor_labels(vendor)],
    ids=lambda row: f"{row.vendor}:{row.label or 'blank'}",
)


@every_row
def test_a_label_leads_to_an_entity_and_back(row):
    entity = entities.entity(row.entity)
    assert entity.name == row.entity
    if row.label:
        assert entities.by_vendor(row.vendor, row.label) is entity
        assert row.label in entity.vendors[row.vendor]


def test_protegritys_table_is_whole_with_its_odd_rows():
    rows = entities.vendor_labels("protegrity")
    published = [row for row in rows if row.group == "harmonization"]
    assert len(published) == 102
    category = {row.label: row.category for row in published}
    odd = {
        "UK_NINO": "SOCIAL_SECURITY_ID", "US_SSN": "SOCIAL_SECURITY_ID", "AU_ACN": "NATIONAL_ID", "SG_UEN": "NATIONAL_ID",
        "CREDIT_CARD_CVV": "PASSWORD", "PIN": "PASSWORD", "MEDICAL_LICENSE": "HEALTH_CARE_ID", "AU_MEDICARE": "HEALTH_CARE_ID",
        "UK_NHS": "HEALTH_CARE_ID", "IBAN": "BANK_ACCOUNT", "BIC": "BANK_ACCOUNT", "US_BANK_NUMBER": "BANK_ACCOUNT",
        "DATE": "DATETIME", "TIME": "DATETIME", "ZIPCODE": "LOCATION", "BUILDING": "LOCATION", "NAME": "PERSON",
        "BANK_ACCOUNT": "ABA_ROUTING_NUMBER", "GEO_CCORDINATE": "LOCATION", "": "EMAIL_ADDRESS", "IN_VOTER": "IN_VOTER",
    }  # fmt: skip
    assert {label: category[label] for label in odd} == odd


def test_our_categories_are_protegritys_but_for_the_documented_exceptions():
    exceptions = {"ABA_ROUTING_NUMBER", "IN_VOTER", "IN_VEHICLE_REGISTRATION"}
    exceptions |= {"AU_ACN", "SG_UEN"}  # companies' numbers: no natural person's identity
    for row in entities.vendor_labels("protegrity"):
        if row.entity not in exceptions:
            assert entities.category_of(row.entity) == row.category, row


def test_the_other_tables_are_whole():
    count = {v: len(entities.vendor_labels(v)) for v in entities.vendors()}
    assert {k: count[k] for k in ("private_ai", "zenguard")} == {
        "private_ai": 25 + 5 + 6,
        "zenguard": 9,
    }
    groups = [row.group for row in entities.vendor_labels("data_curation")]
    assert (groups.count("pattern"), groups.count("NER"), groups.count("match_type")) == (20, 4, 4)
    assert count["presidio"] == 107


def test_a_label_is_read_in_the_products_own_spelling_and_on_the_wire():
    assert entities.by_vendor("zenguard", "Credit Card").name == "CREDIT_CARD"
    assert entities.by_vendor("zenguard", "credit_card").name == "CREDIT_CARD"
    assert entities.by_vendor("private_ai", "DOB").name == "DATE_OF_BIRTH"
    assert entities.by_vendor("presidio", "TH_TNIN").name == "TH_TNIN"


def test_a_finer_entity_is_reported_under_its_categorys_label():
    assert entities.vendor_label("private_ai", "DE_PASSPORT") == "ID_NUMBER"
    assert entities.vendor_label("private_ai", "ES_CCC") == "NUMERICAL_PII"
    assert entities.vendor_label("presidio", "ES_CCC") is None
    assert entities.vendor_label("private_ai", "CITY") == "LOCATION"
    assert entities.vendor_label("presidio", "LAST_NAME") == "PERSON"
    assert entities.vendor_label("protegrity", "CITY") == "CITY"
    assert entities.vendor_label("zenguard", "IPV6_ADDRESS") == "IP Address"
    assert entities.vendor_label("zenguard", "BLOOD_TYPE") is None


# --- the page -----------------------------------------------------------------------------------


def test_the_page_in_the_guide_is_up_to_date():
    page = Path(__file__).parents[2] / "docs" / "entities.md"
    assert page.read_text(encoding="utf-8") == catalog_page(), (
        "run: python -m lakescan.entities > docs/entities.md"
    )


def test_the_command_prints_the_page():
    run = subprocess.run(
        [sys.executable, "-m", "lakescan.entities"], capture_output=True, check=True
    )
    assert run.stdout.decode() == catalog_page()


def test_every_table_of_the_page_is_rectangular():
    for block in re.split(r"\n\n", catalog_page()):
        if block.startswith("| "):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(widths) == 1, block.splitlines()[0]


def test_the_data_files_keep_one_record_a_line():
    folder = Path(entities.__file__).parent / "data"
    for name in ("entities.json", "categories.json", "regulations.json"):
        text = (folder / name).read_text(encoding="utf-8")
        assert len(json.loads(text)) == len(text.splitlines()) - 2


def test_every_regulation_is_used_or_completes_its_list():
    used = {code for each in entities.all_entities() for code in each.regulations}
    unused = {each.code for each in entities.regulations()} - used
    # Photographs are the one HIPAA identifier that no cell of a table holds.
    assert unused == {"HIPAA Safe Harbor (Q)"}
