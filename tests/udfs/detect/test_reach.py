"""No entity is promised that nothing finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakescan.entities import Entity, all_entities, entity
from lakescan.udfs import detect
from lakescan.udfs.classify.verdict.rules import rules
from lakescan.udfs.detect.dictionaries.lookup import WORD_LISTS
from lakescan.udfs.detect.dictionaries.phrases import PHRASES
from lakescan.udfs.detect.ner.labels import Labels
from lakescan.udfs.detect.patterns import all_patterns

#: A column's verdict; a product's word for "any other"; what only a model of the user's may know.
ELSEWHERE = frozenset(
    "FREE_TEXT NUMERICAL_PII MEDICAL_BIOLOGICAL_ATTRIBUTE MEDICAL_BIOLOGICAL_STRUCTURE".split()
)


@pytest.fixture(scope="module")
def found() -> frozenset[str]:
    """Entities that a pattern, a list, the shipped model or a column's name may tell."""
    config = Path(detect.__file__).parent / "ner/models/standard/config.json"
    labels = Labels.parse(json.loads(config.read_bytes())["labels"]).entities()
    lists = [words.entity for words in (*WORD_LISTS, *PHRASES)]
    patterns = [pattern.entity for pattern in all_patterns()]
    return frozenset([*patterns, *lists, *labels, *(rule.entity for rule in rules())]) - {None}


@pytest.mark.parametrize("each", all_entities(), ids=lambda each: each.name)
def test_an_entity_is_found_or_says_as_what(each: Entity, found: frozenset[str]) -> None:
    if each.found_as is None:
        assert (each.name in found) != (each.name in ELSEWHERE)
    else:
        assert each.name not in found
        assert each.found_as in found
        assert entity(each.found_as).category in (each.category, "CURRENCY_CODE", "PERSON", "EVENT")
