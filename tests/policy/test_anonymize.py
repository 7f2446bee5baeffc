from __future__ import annotations

import jsonschema
import pytest
import yaml

from lakescan.policy import Policy
from lakescan.policy.anonymize import rule_for

RULES = """
anonymize:
  rules:
    - {entities: PII, operator: redact}
    - {entities: LOCATION, operator: fake}
    - {entities: CITY, operator: keep}
    - {path: "**/hr/**", operator: mask}
    - {column: "customer.*", operator: token}
    - {column: "customer.name", entities: PERSON, operator: fake}
    - {entities: CITY, operator: generalize}
"""


@pytest.mark.parametrize(
    "uri, column, entity, operator",
    [
        ("/lake/a.csv", "x", "PERSON", "redact"),
        ("/lake/a.csv", "x", "STREET", "fake"),
        ("/lake/a.csv", "x", "CITY", "generalize"),
        ("/lake/hr/a.csv", "x", "CITY", "mask"),
        ("/lake/hr/a.csv", "customer.id", "CITY", "token"),
        ("/lake/hr/a.csv", "customer.name", "PERSON", "fake"),
        ("/lake/a.csv", "customer.id", None, "token"),
        ("/lake/a.csv", "x", "CREDIT_CARD", None),
        ("/lake/a.csv", "x", None, None),
    ],
)
def test_the_more_exact_rule_wins(uri, column, entity, operator):
    found = rule_for(Policy.parse(RULES), uri, column, entity)
    assert (found and found[1].operator) == operator


WRONG = {
    "rules: [{operator: maks}]": "anonymize.rules[0].operator: unknown operator 'maks' (did you mean 'mask'?)",
    "rules: [{operator: mask, keep_last: 4}]": "anonymize.rules[0].keep_last: unknown key (an operator's: write options: {keep_last: ...}",
    "rules: [{operator: mask, options: {keep_lst: 4}}]": "anonymize.rules[0].options.keep_lst: unknown key (did you mean 'keep_last'",
    "rules: [{operator: mask, options: {keep_last: four}}]": "anonymize.rules[0].options.keep_last: must be a whole number",
    "rules: [{operator: truncate}]": "anonymize.rules[0].options.length: is missing",
    "rules: [{operator: mask, entities: EMIAL_ADDRESS}]": "anonymize.rules[0].entities[0]: unknown entity",
    "rules: [{operator: mask, path: 'a{b'}]": "anonymize.rules[0].path: no glob",
    "rules: [{operator: fpe, options: {checksum: luhn, keep_last: 4}}]": "anonymize.rules[0].options.checksum: the last digit",
    "default: hsah": "anonymize.default: unknown operator 'hsah' (did you mean 'hash'",
    "key: c2VjcmV0": "anonymize.key: is no place of a key",
    "cells: some": "anonymize.cells: must be 'whole' or 'spans'",
    "rules: [{}]": "anonymize.rules[0].operator: is missing",
}


@pytest.mark.parametrize("section", WRONG)
def test_what_is_wrong_is_told_with_its_path(section):
    told = [str(problem) for problem in Policy.check(f"anonymize: {{{section}}}")]
    assert any(WRONG[section] in one for one in told), told
    assert "c2VjcmV0" not in str(told)


def test_the_schema_knows_every_operators_options():
    validator = jsonschema.Draft202012Validator(Policy.json_schema())
    right = "anonymize: {rules: [{operator: mask, options: {keep_last: 4}}, {operator: other, options: {x: 1}}]}"
    assert validator.is_valid(yaml.safe_load(right))
    wrong = "anonymize: {rules: [{operator: mask, options: {keep_lst: 4}}]}"
    assert not validator.is_valid(yaml.safe_load(wrong))


def test_a_policy_read_back_means_the_same_and_scans_the_same():
    policy = Policy.parse(
        RULES + "    - {operator: mask, options: {keep_last: 4, keep_separators: false}}\n"
    )
    assert Policy.parse(policy.to_yaml()).anonymize == policy.anonymize
    assert policy.anonymize.rules[-1].options == {"keep_last": 4, "keep_separators": False}
    assert policy.hash == Policy.default().hash
