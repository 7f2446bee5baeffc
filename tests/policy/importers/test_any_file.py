"""Whatever is in the file, it is read or refused."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lakescan.errors import PolicyError, UnknownNameError
from lakescan.policy import Policy
from lakescan.policy.importers import import_policy

KEYS = st.sampled_from(
    "recognizers name type enabled patterns regex score deny_list supported_entity context"
    " supported_languages language score_thresholds global_regex_flags infoTypes customInfoTypes"
    " infoType dictionary wordList words likelihood ruleSet rules exclusionRule matchingType".split()
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 100),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=8),
    st.sampled_from(
        ["custom", "predefined", "SpacyRecognizer", "UsSsnRecognizer", "US_SSN", "PII", "ALL", "*",
         "(?=x)", "a*", "[", "LIKELY", "\\d+", "PASSWORDS", "", "entity:X"]
    ),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)
PATTERN = st.fixed_dictionaries({"name": LEAVES, "regex": LEAVES, "score": LEAVES})
RECOGNIZER = st.fixed_dictionaries(
    {"name": st.text(min_size=1, max_size=6)},
    optional={
        "type": st.sampled_from(["custom", "predefined"]), "supported_entity": LEAVES,
        "patterns": st.lists(PATTERN, max_size=3), "deny_list": st.lists(LEAVES, max_size=3),
        "score_thresholds": st.dictionaries(LEAVES.map(str), LEAVES, max_size=2), "context": TREES,
    },
)  # fmt: skip
CUSTOM = st.fixed_dictionaries(
    {"infoType": st.fixed_dictionaries({"name": LEAVES})},
    optional={
        "regex": st.fixed_dictionaries({"pattern": LEAVES}),
        "dictionary": st.fixed_dictionaries(
            {"wordList": st.fixed_dictionaries({"words": st.lists(LEAVES, max_size=3)})}
        ),
        "likelihood": LEAVES,
    },
)
FILES = st.one_of(
    TREES,
    st.fixed_dictionaries({"recognizers": st.lists(RECOGNIZER | TREES, max_size=5)}),
    st.fixed_dictionaries(
        {"infoTypes": TREES, "customInfoTypes": st.lists(CUSTOM | TREES, max_size=4)}
    ),
    st.fixed_dictionaries({"customInfoTypes": st.lists(CUSTOM, max_size=4)}),
)


@pytest.mark.parametrize("source", ["presidio", "dlp"])
@settings(max_examples=120)
@given(data=FILES)
def test_any_file_gives_a_policy_that_can_be_written_or_an_error(tmp_path, source, data):
    file = tmp_path / "any.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    try:
        imported = import_policy(file, source)
    except PolicyError:
        return
    assert Policy.parse(imported.to_yaml()) == imported.policy


def test_files_that_cannot_be_read_and_sources_that_are_none(tmp_path):
    (tmp_path / "latin.yaml").write_bytes(b"recognizers: [\xe9]")
    with pytest.raises(PolicyError, match="not UTF-8"):
        import_policy(tmp_path / "latin.yaml", "presidio")
    with pytest.raises(PolicyError, match="cannot be read"):
        import_policy(tmp_path / "none.yaml", "presidio")
    with pytest.raises(UnknownNameError, match="presido"):
        import_policy(tmp_path / "none.yaml", "presido")
