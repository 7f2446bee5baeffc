"""A policy that uses every key."""

import pytest

EVERYTHING = r"""
version: 1
entities:
  enable: [PII, PHI, SECRET, CREDIT_CARD]
  disable: [AMOUNT, KR_*, entity:LOCATION]
  sensitive: [ORGANIZATION]
  not_sensitive: [COUNTRY, GENDER]
thresholds:
  default: 0.4
  entities: {US_SSN: 0.8, LOCATION: 0.6, CITY: 0.7, PHI: 0.9}
  detectors: {pattern.iban: 0.9, "shape.*": 0.75}
detectors:
  - name: staff_number
    entity: STAFF_NUMBER
    category: EMPLOYEE_ID
    regex: '\bS-\d{5}\b'
    score: 0.4
    context: [staff, employee]
  - name: project
    entity: PROJECT_NAME
    domain: SECRET
    words: [Bluebird, Red Kite]
    ignore_case: true
  - {name: towns, entity: CITY, words_file: towns.txt}
allow:
  - support@example.com
  - no
  - 0123
  - {regex: '.*@example\.org', entities: [EMAIL_ADDRESS]}
deny:
  - {entity: GENERIC_SECRET, words: [hunter2]}
columns:
  - {path: "hr/**", thresholds: {PERSON: 0.2}}
  - {column: "*_ssn", entity: US_SSN}
  - {path: "hr/*.csv", column: salary, entity: SALARY, sensitive: yes}
  - {path: "**/public/**", ignore: true}
  - {column: notes, enable: [CREDIT_CARD], threshold: 0.99}
include: ["*.parquet", "hr/**"]
exclude: ["**/_*"]
sampling: {rows: 1000, files: 5}
gates: [sensitive, "CREDIT_CARD>0.5"]
"""


@pytest.fixture
def everything(tmp_path):
    """The path of a policy file that uses every key."""
    (tmp_path / "towns.txt").write_text("Umeå\n\n Gävle \nUmeå\n", encoding="utf-8")
    path = tmp_path / "policy.yaml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return path
