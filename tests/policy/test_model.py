"""Loading a policy and asking it."""

import copy
import pickle
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan import entities
from lakescan.errors import PolicyError
from lakescan.policy import Policy


def test_the_default_finds_everything_from_a_half_on_and_reads_all():
    policy = Policy.default()
    assert all(policy.enabled(each.name) for each in entities.all_entities())
    assert policy.threshold("US_SSN", "pattern.us_ssn") == 0.5
    assert policy.sampling.is_full
    assert policy.parsed_gates() == ()
    assert policy.column_rule("s3://lake/a.csv", "x") is None
    assert Policy.default() is policy


def test_an_empty_text_is_the_default():
    for text in ("", "# nothing\n", "version: 1\nentities:\ncolumns:\nsampling:\n  rows:\n"):
        assert Policy.parse(text) == Policy.default()


def test_every_key_is_read(everything):
    policy = Policy.load(everything)
    assert policy.detectors[2].words == ("Umeå", "Gävle")
    assert policy.detectors[2].words_file is None
    assert policy.allow[1].words == ("no",)
    assert policy.allow[2].words == ("0123",)
    assert policy.sampling.rows == 1000
    assert not policy.sampling.is_full
    assert [gate.text for gate in policy.parsed_gates()] == ["sensitive", "CREDIT_CARD>0.5"]


def test_a_policy_is_found_by_path_and_by_file_uri(everything):
    assert (
        Policy.load(everything.as_uri()) == Policy.load(str(everything)) == Policy.load(everything)
    )


def test_a_policy_survives_pickle_copy_and_yaml(everything):
    policy = Policy.load(everything)
    policy.enabled("US_SSN")
    policy.column_rule("/hr/a.csv", "salary")
    policy.allowed("x", "URL")
    for twin in (
        pickle.loads(pickle.dumps(policy)),
        copy.deepcopy(policy),
        Policy.parse(policy.to_yaml()),
    ):
        assert twin == policy
        assert twin.hash == policy.hash
        assert twin.threshold("CITY") == 0.7


def test_a_policy_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Policy.default().gates = ("sensitive",)


def test_a_changed_copy_answers_for_itself():
    policy = Policy.parse("entities: {disable: [CITY]}")
    assert policy.hash
    assert not policy.enabled("CITY")
    other = policy.model_copy(update={"entities": Policy.default().entities})
    assert other.enabled("CITY")
    assert other.hash == Policy.default().hash


def test_its_text_shows_no_words(everything):
    shown = repr(Policy.load(everything)) + str(Policy.load(everything))
    assert "hunter2" not in shown
    assert "Bluebird" not in shown


# --- which entities ------------------------------------------------------------------------------


def test_what_is_off_is_off_and_the_rest_is_on(everything):
    policy = Policy.load(everything)
    assert policy.enabled("US_SSN")
    assert policy.enabled("CREDIT_CARD")
    assert not policy.enabled("CREDIT_CARD_CVV")  # PCI, and only the category CREDIT_CARD is on
    assert not policy.enabled("AMOUNT")
    assert not policy.enabled("KR_RRN")
    assert policy.enabled("CITY")
    assert not policy.enabled("LOCATION")  # the entity alone, not its category


def test_the_more_exact_name_wins():
    policy = Policy.parse("entities: {enable: ['*', CITY], disable: [LOCATION, PCI]}")
    assert policy.enabled("CITY")
    assert not policy.enabled("STREET")
    assert not policy.enabled("CREDIT_CARD")
    assert policy.enabled("US_SSN")


def test_off_wins_against_on_of_the_same_exactness():
    assert not Policy.parse("entities: {enable: [CITY], disable: [CITY]}").enabled("CITY")


def test_aliases_case_and_one_bare_name_are_fine():
    policy = Policy.parse("entities: {disable: iban_code}\nthresholds: {entities: {dob: 0.9}}")
    assert not policy.enabled("IBAN")
    assert not policy.enabled("IBAN_CODE")
    assert policy.threshold("DATE_OF_BIRTH") == 0.9


def test_an_entity_that_a_detector_introduces_is_on_unless_named_off(everything):
    policy = Policy.load(everything)
    assert policy.enabled("STAFF_NUMBER")
    assert policy.category_of("STAFF_NUMBER") == "EMPLOYEE_ID"
    assert policy.domain_of("STAFF_NUMBER") == "PII"
    assert (policy.category_of("PROJECT_NAME"), policy.domain_of("PROJECT_NAME")) == (
        "PROJECT_NAME",
        "SECRET",
    )
    off = everything.read_text(encoding="utf-8").replace("KR_*", "STAFF_NUMBER")
    assert not Policy.parse(off, base=everything.parent).enabled("STAFF_NUMBER")


def test_an_entity_that_only_a_plug_in_knows_is_taken_as_it_is():
    policy = Policy.parse("entities: {disable: [PHI]}")
    assert policy.enabled("BADGE_COLOUR")
    assert policy.category_of("BADGE_COLOUR") == "BADGE_COLOUR"
    assert policy.sensitive("BADGE_COLOUR")
    assert policy.threshold("BADGE_COLOUR") == 0.5


@pytest.mark.parametrize("category", ["LOCATION", "NATIONAL_ID", "MEDICAL"])
def test_a_category_means_its_entities(category):
    policy = Policy.parse(f"entities: {{disable: [{category}]}}")
    for each in entities.all_entities():
        assert policy.enabled(each.name) == (each.category != category)


def test_what_counts_as_personal_data_can_be_changed(everything):
    policy = Policy.load(everything)
    assert policy.sensitive("ORGANIZATION")
    assert not policy.sensitive("COUNTRY")
    assert policy.sensitive("CITY")
    assert not policy.sensitive("DATE")


# --- thresholds ----------------------------------------------------------------------------------


def test_the_most_exact_threshold_counts(everything):
    policy = Policy.load(everything)
    assert policy.threshold("EMAIL_ADDRESS") == 0.4
    assert policy.threshold("CITY") == 0.7
    assert policy.threshold("STREET") == 0.6
    assert policy.threshold("US_MBI") == 0.9
    assert policy.threshold("IBAN", "pattern.iban") == 0.9
    assert policy.threshold("US_SSN", "shape.us_ssn") == 0.75
    assert policy.threshold("US_SSN", "pattern.us_ssn") == 0.8


def test_of_two_detector_globs_the_longer_counts():
    policy = Policy.parse("thresholds: {detectors: {'*': .1, 'shape.*': .2, 'shape.us_*': .3}}")
    assert [policy.threshold("X", d) for d in ("ner", "shape.iban", "shape.us_ssn")] == [
        0.1,
        0.2,
        0.3,
    ]


def test_a_detector_name_that_means_none_is_refused():
    policy = Policy.parse("thresholds: {detectors: {patern.iban: 0.9}}")
    with pytest.raises(PolicyError, match=r"patern\.iban.*did you mean 'pattern\.iban'") as refused:
        policy.require_detectors(["pattern.iban", "shape.iban"])
    assert refused.value.path == "thresholds.detectors.patern.iban"
    Policy.parse("thresholds: {detectors: {'shape.*': 0.9}}").require_detectors(["shape.iban"])
    finer = Policy.parse("thresholds: {detectors: {badge.new: 0.9}}")
    finer.require_detectors([], families=["badge"])


@given(
    st.dictionaries(st.sampled_from(["PII", "LOCATION", "CITY", "US_SSN"]), st.floats(0, 1)),
    st.floats(0, 1),
)
def test_a_threshold_is_always_one_that_was_given(named, default):
    policy = Policy.model_validate({"thresholds": {"default": default, "entities": named}})
    for entity in ("CITY", "STREET", "US_SSN", "JWT"):
        assert policy.threshold(entity) in {default, *named.values()}
    order = [named.get("CITY"), named.get("LOCATION"), named.get("PII"), default]
    assert policy.threshold("CITY") == next(each for each in order if each is not None)


# --- allow lists ---------------------------------------------------------------------------------


def test_allowed_values_are_whole_and_in_any_case(everything):
    policy = Policy.load(everything)
    assert policy.allowed("Support@Example.com", "EMAIL_ADDRESS")
    assert not policy.allowed("my support@example.com", "EMAIL_ADDRESS")
    assert policy.allowed("ann@example.org", "EMAIL_ADDRESS")
    assert not policy.allowed("ann@example.org", "USERNAME")
    assert not policy.allowed("ann@example.org.net", "EMAIL_ADDRESS")


# --- the hash ------------------------------------------------------------------------------------


def test_the_hash_is_that_of_the_meaning(everything):
    text = everything.read_text(encoding="utf-8")
    policy = Policy.load(everything)
    same = [
        "# a comment\n" + text,
        text.replace("[AMOUNT, KR_*, entity:LOCATION]", "[kr_*, money, AMOUNT, entity:LOCATION]"),
        text.replace("context: [staff, employee]", "context: [employee, staff]"),
        text.replace('gates: [sensitive, "CREDIT_CARD>0.5"]', "gates: []"),
        text.replace("support@example.com", "Support@Example.com").replace("hunter2", "Hunter2"),
        text.replace(
            "    score: 0.4\n    context: [staff, employee]",
            "    context: [staff, employee]\n    score: 4.0e-1",
        ),
    ]
    assert [Policy.parse(each, base=everything.parent).hash for each in same] == [
        policy.hash
    ] * len(same)
    assert len(policy.hash) == 16


def test_the_hash_changes_with_the_meaning(everything):
    text = everything.read_text(encoding="utf-8")
    changes = [
        ("default: 0.4", "default: 0.41"), ("KR_*, ", ""), ("Bluebird", "Blackbird"), ("ignore_case: true", "ignore_case: false"),
        ("rows: 1000", "rows: 1001"), (r"S-\d{5}", r"S-\d{6}"), ("hunter2", "hunter3"), ('"*.parquet", ', ""),
        ("column: notes", "column: note"), ("words_file: towns.txt", "words: [Umeå]"), ("Bluebird", "bluebird"),
    ]  # fmt: skip
    hashes = [
        Policy.parse(text.replace(*c), base=everything.parent).hash for c in changes if c[0] in text
    ]
    assert len(hashes) == len(changes)
    assert len({*hashes, Policy.load(everything).hash}) == len(changes) + 1


def test_the_order_of_column_rules_matters():
    one, two = "{column: a, entity: CITY}", "{column: 'a*', entity: STATE}"
    assert (
        Policy.parse(f"columns: [{one}, {two}]").hash
        != Policy.parse(f"columns: [{two}, {one}]").hash
    )


def test_defaults_written_out_hash_like_defaults_left_out():
    policy = Policy.parse("sampling: full\nthresholds: {default: 0.5}\nentities: {enable: []}")
    assert policy.hash == Policy.default().hash == Policy.parse(Policy.default().to_yaml()).hash


def test_the_hash_is_the_same_in_another_process():
    code = "from lakescan.policy import Policy; print(Policy.parse('allow: [a, b]\\nentities: {disable: [CITY, PHI]}').hash)"
    seeds = [{"PYTHONHASHSEED": seed} for seed in ("1", "2")]
    runs = [
        subprocess.run([sys.executable, "-c", code], env=e, capture_output=True, check=True)
        for e in seeds
    ]
    here = Policy.parse("entities: {disable: [PHI, CITY]}\nallow: [b, a]").hash
    assert [run.stdout.decode().strip() for run in runs] == [here, here]


word = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
    str.strip
)


@given(
    allow=st.lists(word, max_size=4),
    disable=st.lists(st.sampled_from(["PHI", "LOCATION", "US_SSN", "KR_*"]), max_size=4),
    default=st.floats(0, 1),
    columns=st.lists(st.fixed_dictionaries({"column": word, "ignore": st.booleans()}), max_size=3),
)
def test_yaml_of_any_policy_reads_back_as_the_same_policy(allow, disable, default, columns):
    data = {
        "allow": allow,
        "entities": {"disable": disable},
        "thresholds": {"default": default},
        "columns": columns,
    }
    policy = Policy.model_validate(data)
    again = Policy.parse(policy.to_yaml())
    assert again == policy
    assert again.hash == policy.hash


@given(st.permutations(["a", "b", "c"]), st.permutations(["CITY", "PHI", "KR_*"]))
def test_the_order_of_lists_that_are_sets_never_matters(words, names):
    policy = Policy.model_validate(
        {"deny": [{"entity": "PERSON", "words": words}], "entities": {"disable": names}}
    )
    first = Policy.model_validate({"deny": [{"entity": "PERSON", "words": "abc"[:1]}]})
    assert (
        policy.hash
        == Policy.parse(
            "deny: [{entity: PERSON, words: [a, b, c]}]\nentities: {disable: [PHI, CITY, KR_*]}"
        ).hash
    )
    assert policy.hash != first.hash


# --- what it costs -------------------------------------------------------------------------------


def test_heavy_packages_are_loaded_only_when_a_policy_needs_them():
    heavy = {"re2", "yaml", "polars", "pyarrow", "numpy"}
    code = f"import sys, lakescan.policy as p; p.Policy.default().hash; print(*sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_levels_are_ordered_as_documented():
    from lakescan.policy.selectors import Level

    order = [Level.ALL, Level.DOMAIN, Level.CATEGORY, Level.GLOB, Level.ENTITY]
    assert all(a < b for a, b in pairwise(order))
