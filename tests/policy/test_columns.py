"""Rules for single paths and columns."""

import pytest

from lakescan.policy import Policy


def test_later_rules_win_key_by_key(everything):
    policy = Policy.load(everything)
    rule = policy.column_rule("/lake/hr/2024.csv", "salary")
    assert (rule.entity, rule.sensitive, dict(rule.thresholds)) == ("SALARY", True, {"PERSON": 0.2})
    assert policy.column_rule("/lake/hr/deep/2024.csv", "salary").entity is None
    assert policy.column_rule("s3://lake/sales/a.parquet", "CUSTOMER_SSN").entity == "US_SSN"
    assert policy.column_rule("s3://lake/sales/a.parquet", "total") is None


def test_a_column_in_the_light_of_its_rules(everything):
    policy = Policy.load(everything)
    here = policy.at("/lake/hr/2024.csv", "salary")
    assert here.entity == "SALARY"
    assert here.sensitive("SALARY")
    assert here.sensitive("GENDER")  # the rule speaks for the whole column
    assert here.threshold("PERSON") == 0.2
    assert here.threshold("CITY") == 0.7
    assert not here.ignored
    notes = policy.at("/lake/x.csv", "notes")
    assert notes.enabled("CREDIT_CARD")
    assert not notes.enabled("PERSON")
    assert notes.threshold("CREDIT_CARD", "pattern.credit_card") == 0.99
    assert policy.at("/lake/public/x.csv", "anything").ignored
    plain = policy.at("/lake/x.csv", "total")
    assert plain.entity is None
    assert plain.enabled("PERSON")
    assert plain.sensitive("CITY")
    assert not plain.sensitive("GENDER")
    assert plain.threshold("IBAN", "pattern.iban") == 0.9


def test_a_column_rule_cannot_turn_on_what_the_policy_turns_off():
    policy = Policy.parse(
        "entities: {disable: [PHI]}\ncolumns: [{column: a, enable: [US_MBI, CITY]}]"
    )
    assert not policy.at("x", "a").enabled("US_MBI")
    assert policy.at("x", "a").enabled("CITY")


def test_a_column_rule_turns_off_with_the_more_exact_name_winning():
    policy = Policy.parse(
        "columns: [{column: a, disable: [LOCATION]}, {column: b, enable: ['*', CITY], disable: [LOCATION]}]"
    )
    assert not policy.at("x", "a").enabled("CITY")
    assert policy.at("x", "a").enabled("US_SSN")
    assert policy.at("x", "b").enabled("CITY")
    assert not policy.at("x", "b").enabled("STREET")


@pytest.mark.parametrize("glob, column",
    [
        ("email", "EMAIL"), ("*email*", "home_email_2"), ("items[].price", "items[].price"), ("items[].*", "items[].a.b"),
        ("*.{}", "tags.{}"), ("doc.$.name", "doc.$.name"), ("column_?", "column_3"), ("*", ""), ("a*b*c", "a.xb\nc"),
    ],
)  # fmt: skip
def test_a_column_glob_that_matches(glob, column):
    policy = Policy.model_validate({"columns": [{"column": glob, "ignore": True}]})
    assert policy.at("x", column).ignored


@pytest.mark.parametrize(
    "glob, column", [("email", "emails"), ("a.b", "a_b"), ("column_?", "column_10"), ("x", "")]
)
def test_a_column_glob_that_does_not(glob, column):
    policy = Policy.model_validate({"columns": [{"column": glob, "ignore": True}]})
    assert not policy.at("x", column or None).ignored
