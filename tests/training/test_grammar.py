from __future__ import annotations

import random
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from training.synth.grammar import Choice, Grammar, GrammarError, Rule, Slot, Text, parse


def expanded(folder: Path, source: str, seed: int = 1) -> str:
    path = folder / "en.test.txt"
    path.write_text(source, encoding="utf-8")
    row: list[str] = []

    def emit(node: Text | Slot) -> None:
        row.append(node.value if isinstance(node, Text) else f"({node.name})")

    Grammar.read([path]).expand("doc", random.Random(seed), emit)
    return "".join(row)


def test_slots_rules_and_line_breaks(tmp_path):
    source = "@doc\n<hello>\\nbye {p.full}\n@hello\nHi {p.first},\n"
    assert expanded(tmp_path, source) == "Hi (p.first),\nbye (p.full)"


def test_a_choice_takes_each_of_its_options(tmp_path):
    texts = {expanded(tmp_path, "@doc\na[b|c|]d\n", seed) for seed in range(40)}
    assert texts == {"abd", "acd", "ad"}


def test_weights_say_how_often(tmp_path):
    texts = [expanded(tmp_path, "@doc\n9* often\nseldom\n", seed) for seed in range(400)]
    assert 300 < texts.count("often") < 400


def test_choices_nest_and_bars_outside_of_them_are_text(tmp_path):
    assert expanded(tmp_path, "@doc\n[x[y]] | z\n") == "xy | z"


@given(st.text(alphabet="ab[]{}<>|\\ #", max_size=20))
def test_signs_taken_as_they_are(text):
    source = "".join(f"\\{c}" if c in "[]{}<>|#" else c for c in text.replace("\\", ""))
    nodes = parse(source)
    assert all(isinstance(node, Text) for node in nodes)
    assert "".join(node.value for node in nodes) == text.replace("\\", "")


@pytest.mark.parametrize("source", ["a]", "[a", "a > b", "a < b", "{}", "a \\q"])
def test_what_does_not_parse_is_refused(source):
    with pytest.raises(GrammarError):
        parse(source)


def test_a_rule_that_nobody_defines_is_refused(tmp_path):
    with pytest.raises(GrammarError, match="missing"):
        expanded(tmp_path, "@doc\n<missing>\n")


def test_rules_of_several_files_add_up(tmp_path):
    for name, line in (("any.a.txt", "one"), ("en.b.txt", "two")):
        (tmp_path / name).write_text(f"@doc\n{line}\n", encoding="utf-8")
    grammar = Grammar.read(sorted(tmp_path.glob("*.txt")))
    assert len(grammar.rules["doc"].options) == 2


def test_the_parts_of_an_alternative():
    nodes = parse("a{b}<c>[d|e]")
    assert [type(node) for node in nodes] == [Text, Slot, Rule, Choice]
