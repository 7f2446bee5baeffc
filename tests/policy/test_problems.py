"""What a wrong policy is told: path, line, reason, next step."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan.errors import PolicyError, UsageError
from lakescan.policy import Policy

#: text -> what is said of it, in full.
WRONG = {
    "entitys: {}": "line 1: entitys: unknown key (did you mean 'entities'?)",
    "foo: 1": "line 1: foo: unknown key (known here: accuracy_mode, allow, anonymize, columns, conflicts, deny, detectors, entities, exclude, "
    "gates, include, ner, sampling, thresholds, version)",
    "entities:\n  enabel: [PII]": "line 2: entities.enabel: unknown key (did you mean 'enable'?)",
    "entities:\n  disable:\n    - CITY\n    - LOCASION": "line 4: entities.disable[1]: unknown entity, category or domain "
    "'LOCASION' (did you mean 'LOCATION'?)",
    "entities: {disable: ['domain:PCX']}": "line 1: entities.disable[0]: unknown domain 'PCX' (did you mean 'PCI'?)",
    "entities: {disable: ['kind:PCI']}": "line 1: entities.disable[0]: unknown kind of name 'kind' "
    "(choose from category, domain, entity)",
    "entities: {disable: ['QQ_*']}": "line 1: entities.disable[0]: unknown entity 'QQ_*'",
    "thresholds: {default: high}": "line 1: thresholds.default: must be a number",
    "thresholds: {default: 50}": "line 1: thresholds.default: must be less than or equal to 1",
    "thresholds: {default: .nan}": "line 1: thresholds.default: must be a number",
    "thresholds: {default: nan}": "line 1: thresholds.default: must be a finite number",
    "thresholds:\n  entities: {US_SNN: 1}": "line 2: thresholds.entities.US_SNN: unknown entity, category or domain 'US_SNN' "
    "(did you mean 'US_SSN'?)",
    "thresholds: {detectors: {pattern.iban: 1.5}}": "line 1: thresholds.detectors.pattern.iban: must be less than or equal to 1",
    "conflicts: bogus": "line 1: conflicts: must be 'evidence', 'longest', 'best_score', 'most_specific', 'protegrity' or 'presidio'",
    "columns: {path: x}": "line 1: columns: must be a list",
    "columns: [x]": "line 1: columns[0]: must have keys and values",
    "columns:\n- {column: a}\n- {colum: b}": "line 3: columns[1].colum: unknown key (did you mean 'column'?)",
    "columns: [{ignore: maybe}]": "line 1: columns[0].ignore: must be true or false",
    "columns: [{entity: CITTY}]": "line 1: columns[0].entity: unknown entity 'CITTY' (did you mean 'CITY'?)",
    "columns: [{entity: LOCATION, ignore: true}]": "line 1: columns[0]: an ignored column has no entity",
    "columns: [{path: 'a{b'}]": "line 1: columns[0].path: no glob: a brace is not closed in 'a{b'",
    "sampling: some": "line 1: sampling: must be full, or have keys and values",
    "sampling: {files: 0}": "line 1: sampling.files: must be greater than 0",
    "sampling: {rows: 1.5}": "line 1: sampling.rows: must be a whole number",
    "sampling: {full: true, rows: 5}": "line 1: sampling: full goes with no other key",
    "sampling: {full: false}": "line 1: sampling: not full, but no bound is given: add rows, row_groups or files",
    "detectors: [{name: x}]": "line 1: detectors[0].entity: is missing",
    "detectors: [{name: x, entity: CITY}]": "line 1: detectors[0]: needs exactly one of regex, words and words_file",
    "detectors: [{name: x, entity: CITY, words: [a], words_file: b}]": "line 1: detectors[0]: needs exactly one of regex, words "
    "and words_file",
    "detectors: [{name: x, entity: CITY, words_file: none.txt}]": "line 1: detectors[0]: words_file cannot be read: No such file "
    "or directory",
    "detectors: [{name: X y, entity: CITY, words: a}]": "line 1: detectors[0].name: must match ^[a-z][a-z0-9_]*$",
    "detectors: [{name: x, entity: US_SSNN, words: a}]": "line 1: detectors[0].entity: unknown entity 'US_SSNN' "
    "(did you mean 'US_SSN'? a new entity needs a category)",
    "detectors: [{name: x, entity: CITY, category: ORGANIZATION, words: a}]": "line 1: detectors[0].category: CITY is in the "
    "catalog and has its own (remove category)",
    "detectors: [{name: x, entity: THING, domain: PIE, words: a}]": "line 1: detectors[0].domain: must be 'PII', 'PHI', 'PCI' "
    "or 'SECRET' (did you mean 'PCI' or 'PHI' or 'PII'?)",
    "detectors: [{name: x, entity: THING, category: LOCATIONS, words: a}]": "line 1: detectors[0].category: unknown category "
    "'LOCATIONS' (did you mean 'LOCATION'?)",
    "detectors:\n- {name: x, entity: CITY, words: a}\n- {name: x, entity: CITY, words: b}": "line 3: detectors[1].name: a second "
    "detector named 'x'",
    "detectors: [{name: x, entity: CITY, regex: '('}]": "line 1: detectors[0].regex: not a pattern that RE2 accepts: missing ): (",
    r"detectors: [{name: x, entity: CITY, regex: '(a)\1'}]": r"line 1: detectors[0].regex: not a pattern that RE2 accepts: "
    r"invalid escape sequence: \1 (back-references do not run in linear time)",
    "detectors: [{name: x, entity: CITY, regex: 'a(?!b)'}]": "line 1: detectors[0].regex: not a pattern that RE2 accepts: "
    r"invalid perl operator: (?! (look-around does not run in linear time; use \b, or context words)",
    "detectors: [{name: x, entity: CITY, regex: 'a*'}]": "line 1: detectors[0].regex: matches the empty text, "
    "so it would match everywhere",
    "allow: [{}]": "line 1: allow[0]: needs words, a words_file or a regex",
    "allow: ['']": "line 1: allow[0].words[0]: must not be empty",
    "allow: [{regex: '['}]": "line 1: allow[0].regex: not a pattern that RE2 accepts: missing ]: [",
    "deny: [{entity: PERSON, words: []}]": "line 1: deny[0]: needs words, a words_file or a regex",
    "deny: [{entity: PERSON}]": "line 1: deny[0]: needs words, a words_file or a regex",
    "deny: [{entity: CREDIT_CRAD, words: [a]}]": "line 1: deny[0].entity: unknown entity 'CREDIT_CRAD' (did you mean 'CREDIT_CARD'?)",
    "deny: [{entity: CREDIT_NOTE, words: [a]}]": "line 1: deny[0].entity: unknown entity 'CREDIT_NOTE' "
    "(`lakescan entities list` shows them; a detector of your own can add one)",
    "gates: [CREDIT_KARD]": "line 1: gates[0]: unknown entity, category or domain 'CREDIT_KARD' (did you mean 'CREDIT_CARD'?)",
    "gates: ['CITY<0.5']": "line 1: gates[0]: not a gate: 'CITY<0.5' (compare with > or >=)",
    "version: 2": "line 1: version: this lakescan reads version 1",
    "version: one": "line 1: version: must be a whole number",
    "allow: [a]\n\nallow: [b]": "line 3: allow: given twice, first on line 1",
    "columns:\n- column: a\n  column: b": "line 3: columns[0].column: given twice, first on line 2",
    "- a": "line 1: must have keys and values",
    "text": "line 1: must have keys and values",
    "allow: !!python/object/apply:os.system [x]": "line 1: allow: a tag (! or !!) means nothing here",
    "? [a]\n: b": "line 1: a key must be text",
    "a: *b": "line 1: not valid YAML: found undefined alias 'b' (put a text that starts with * in quotes)",
    "a: b: c": "line 1: not valid YAML: mapping values are not allowed here (put the text in quotes if a colon belongs to it)",
    "entities:\n\tenable: x": "line 2: not valid YAML: while scanning for the next token found character '\\t' that cannot start any "
    "token (indent with spaces, not with tabs)",
    'allow: ["\\d"]': "line 1: not valid YAML: while scanning a double-quoted scalar found unknown escape character 'd' "
    "(put patterns in single quotes)",
    "version: 1\na: \x00": "line 2: not valid YAML: a character that it does not allow",
    "[" * 5000: "has too many parts, or parts within parts (keep long lists in a words_file)",
}  # fmt: skip


@pytest.mark.parametrize("text, said", WRONG.items(), ids=lambda value: value[:40])
def test_a_wrong_policy_is_told_where_what_and_how_to_go_on(text, said):
    problems = [str(problem) for problem in Policy.check(text)]
    assert problems[0] == said
    with pytest.raises(PolicyError) as refused:
        Policy.parse(text)
    assert refused.value.path == Policy.check(text)[0].path


def test_all_problems_are_told_in_the_order_of_the_text():
    text = "gates: sensitive\nentities: {disble: [x]}\nthresholds: {default: 7}\nallow: [a]\nallow: [b]"
    assert [problem.line for problem in Policy.check(text)] == [2, 3, 5]
    with pytest.raises(PolicyError, match="and 2 more") as refused:
        Policy.parse(text)
    assert len(refused.value.__notes__) == 2
    copy = pickle.loads(pickle.dumps(refused.value))
    assert (str(copy), copy.path, copy.__notes__) == (
        str(refused.value),
        "entities.disble",
        refused.value.__notes__,
    )


def test_a_right_policy_has_no_problems(everything):
    assert Policy.check(everything.read_text(encoding="utf-8"), base=everything.parent) == ()


def test_a_policy_made_in_python_is_checked_as_well():
    with pytest.raises(PolicyError, match=r"gates\[0\]: unknown"):
        Policy(gates=("CREDIT_KARD",))
    with pytest.raises(ValueError, match="less than or equal"):
        Policy.model_validate({"thresholds": {"default": 2}})


def test_a_file_that_is_not_there_or_no_text(tmp_path):
    with pytest.raises(PolicyError, match=r"none\.yaml: cannot be read: No such file"):
        Policy.load(tmp_path / "none.yaml")
    with pytest.raises(PolicyError, match="cannot be read"):
        Policy.load(tmp_path)
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="not UTF-8"):
        Policy.load(tmp_path / "binary.yaml")
    with pytest.raises(PolicyError, match="not from s3://"):
        Policy.load("s3://bucket/policy.yaml")


def test_a_file_with_a_mark_and_its_name_in_the_error(tmp_path):
    path = tmp_path / "marked.yaml"
    path.write_bytes(b"\xef\xbb\xbfallow: [a]")
    assert Policy.load(path).allow[0].words == ("a",)
    path.write_text("alow: [a]", encoding="utf-8")
    with pytest.raises(PolicyError) as refused:
        Policy.load(path)
    assert refused.value.uri == str(path)


def test_a_words_file_must_be_text_with_words(tmp_path):
    text = "detectors: [{name: x, entity: CITY, words_file: w.txt}]"
    (tmp_path / "w.txt").write_bytes(b"\xff")
    assert "not UTF-8" in str(Policy.check(text, base=tmp_path)[0])
    (tmp_path / "w.txt").write_bytes(b"\n \n")
    assert "has no words" in str(Policy.check(text, base=tmp_path)[0])


def test_aliases_that_would_fill_the_memory_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    assert "too many parts" in str(Policy.check("\n".join(lines))[0])
    assert "longer than" in str(Policy.check("#" * (5 << 20))[0])


def test_anchors_are_fine_where_they_are_few():
    policy = Policy.parse("entities: {disable: &off [CITY]}\ncolumns: [{column: a, disable: *off}]")
    assert policy.columns[0].disable == ("CITY",)


yaml_ish = st.text(st.sampled_from("{}[]:,-&*!|>'\"#%@`\n \tabPII0.5~"), max_size=60)
keys = st.sampled_from(
    [*Policy.model_fields, "name", "entity", "words", "regex", "default", "column", "rows"]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["CITY", "PII", "full", "("]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@given(yaml_ish)
def test_any_text_is_a_policy_or_has_problems(text):
    if Policy.check(text):
        with pytest.raises(PolicyError):
            Policy.parse(text)
    else:
        assert Policy.parse(text).hash


@given(st.dictionaries(keys, values, max_size=4))
def test_any_document_is_a_policy_or_has_problems_with_known_lines(data):
    import yaml

    text = yaml.safe_dump(data, sort_keys=False)
    problems = Policy.check(text)
    if problems:
        assert all(problem.line for problem in problems)
        assert [each.line for each in problems] == sorted(each.line for each in problems)
    else:
        assert Policy.parse(text).hash


def test_problems_are_usage_errors():
    assert issubclass(PolicyError, UsageError)
