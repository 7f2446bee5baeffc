"""What a policy does to a scan, seen from outside."""

import json

import pytest

import lakescan
from lakescan.errors import PolicyError
from lakescan.policy import Policy

TABLE = """\
badge,town,mail,salary,notes
S-12345,Umea,ann@example.com,50000,met Bluebird team
S-23456,Lund,bob@example.com,51000,none
S-34567,Umea,eve@example.com,52000,staff S-99999 called
S-45678,Lund,joe@example.com,53000,ok
"""

POLICY = r"""
detectors:
  - {name: staff_number, entity: STAFF_NUMBER, category: EMPLOYEE_ID, regex: '\bS-\d{5}\b', score: 0.7}
deny:
  - {entity: GENERIC_SECRET, words: [Bluebird]}
allow: [bob@example.com]
columns:
  - {path: "staff.csv", column: salary, entity: SALARY}
  - {column: town, ignore: true}
"""


@pytest.fixture
def lake(tmp_path):
    (tmp_path / "staff.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "left.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def verdicts(lake, policy):
    found = json.loads(
        lakescan.scan(str(lake), policy=Policy.parse(policy), engine="local").to_json()
    )
    return {
        (table["uri"].rsplit("/", 1)[-1], column["column"]): {
            c["entity"]: c for c in column["classifications"]
        }
        for table in found["datasets"]
        for column in table["columns"]
    }


def test_detectors_lists_and_column_rules_shape_the_verdicts(lake):
    found = verdicts(lake, POLICY + 'exclude: ["scratch/**"]')
    assert {name for name, _ in found} == {"staff.csv"}
    badge = found["staff.csv", "badge"]["STAFF_NUMBER"]
    assert (badge["category"], badge["domain"], badge["rows_hit"]) == ("EMPLOYEE_ID", "PII", 4)
    assert [each["detector"] for each in badge["evidence"]] == ["custom.staff_number"]
    assert found["staff.csv", "mail"]["EMAIL_ADDRESS"]["rows_hit"] == 3
    salary = found["staff.csv", "salary"]["SALARY"]
    assert (salary["confidence"], [each["detector"] for each in salary["evidence"]]) == (
        1.0,
        ["policy"],
    )
    assert found["staff.csv", "notes"]["GENERIC_SECRET"]["rows_hit"] == 1
    assert not found.get(("staff.csv", "town"))


def test_what_is_disabled_is_not_found_and_a_high_threshold_keeps_out(lake):
    found = verdicts(lake, "entities: {disable: [EMAIL_ADDRESS]}\nexclude: [left.csv]")
    assert "EMAIL_ADDRESS" not in found["staff.csv", "mail"]
    found = verdicts(lake, "thresholds: {entities: {EMAIL_ADDRESS: 1}}\nexclude: [left.csv]")
    assert "EMAIL_ADDRESS" not in found["staff.csv", "mail"]


def test_a_rule_for_one_path_leaves_the_other_alone(lake):
    found = verdicts(
        lake, 'columns: [{path: "**/scratch/**", column: mail, disable: [EMAIL_ADDRESS]}]'
    )
    assert "EMAIL_ADDRESS" in found["staff.csv", "mail"]
    assert "EMAIL_ADDRESS" not in found["left.csv", "mail"]


def test_a_denied_word_is_told_whatever_the_threshold(lake):
    found = verdicts(lake, POLICY + "thresholds: {default: 0.95}\nexclude: [left.csv]")
    assert "GENERIC_SECRET" in found["staff.csv", "notes"]


def test_a_threshold_for_a_detector_that_there_is_not_stops_the_scan_before_it_reads(lake):
    policy = Policy.parse("thresholds: {detectors: {patern.iban: 0.9}}")
    with pytest.raises(PolicyError, match=r"no detector has that name.*did you mean") as refused:
        lakescan.scan(str(lake), policy=policy)
    assert refused.value.path == "thresholds.detectors.patern.iban"
    with pytest.raises(PolicyError):
        lakescan.detect("anything", policy)


def test_thresholds_may_speak_of_every_kind_of_detector(lake):
    names = (
        "pattern.iban",
        "'shape.*'",
        "dictionary.city",
        "ner.fast",
        "custom.*",
        "deny.generic_secret",
    )
    listed = ", ".join(f"{name}: 0.99" for name in names)
    found = verdicts(lake, POLICY + f"thresholds: {{detectors: {{{listed}}}}}")
    assert found["staff.csv", "mail"]["EMAIL_ADDRESS"]["rows_hit"] == 3


TICKETS = """\
ref,note
T-1994-312 upstairs,see T-1994-312 upstairs please about the thing we discussed
T-1995-313 upstairs,see T-1995-313 upstairs please about the thing they discussed
T-1996-314 upstairs,then T-1996-314 upstairs again for the same old leaking tap
T-1997-315 upstairs,and T-1997-315 upstairs once more since nobody came last week
T-1998-316 upstairs,later T-1998-316 upstairs as agreed with the people in the office
T-1999-317 upstairs,was 1989 when it was built as somebody told us over the fence
"""

CONFLICTS = r"""
accuracy_mode: patterns
thresholds: {default: 0.3}
entities: {enable: [TICKET, DATE, LOCATION, FREE_TEXT]}
detectors:
  - {name: ticket, entity: TICKET, regex: 'T-\d{4}-\d{3}', score: 0.6}
  - {name: year, entity: DATE, regex: '\b\d{4}\b', score: 0.9}
  - {name: room, entity: LOCATION, regex: '\d{3} upstairs', score: 0.8}
conflicts: """


@pytest.fixture
def tickets(tmp_path):
    (tmp_path / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("rule", "note", "years"),
    [
        ("evidence", {"TICKET", "DATE", "LOCATION"}, 6),
        ("longest", {"DATE", "LOCATION"}, 6),
        ("best_score", {"DATE", "LOCATION"}, 6),
        ("most_specific", {"TICKET", "DATE"}, 1),
        ("protegrity", {"TICKET", "LOCATION", "DATE"}, 1),
        ("presidio", {"TICKET", "DATE", "LOCATION"}, 6),
    ],
)
def test_findings_that_overlap_in_cells_are_settled_by_the_policys_rule(tickets, rule, note, years):
    found = verdicts(tickets, CONFLICTS + rule)["tickets.csv", "note"]
    assert set(found) == {"FREE_TEXT"} | note
    assert found["DATE"]["rows_hit"] == years


def test_what_loses_a_conflict_is_explained_and_says_nothing_for_the_column(tickets):
    policy = Policy.parse(CONFLICTS + "most_specific")
    result = lakescan.scan(str(tickets), policy=policy)
    (ref,) = [each.column for each in lakescan.explain(result, "ref")]
    assert [told.entity for told in ref.classifications] == ["TICKET"]
    lost = {each.entity: each for each in ref.outvoted}
    # STREET: "1994-312 upstairs" has the form of a postal code and a town.
    assert set(lost) == {"DATE", "LOCATION", "STREET"}
    assert "loses to what overlaps it by the rule `most_specific`" in lost["DATE"].because[0]
    assert [each.detector for each in lost["DATE"].evidence] == ["lost.custom.year"]
