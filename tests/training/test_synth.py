from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakescan import entities
from training.examples import case
from training.labels import BASE, COARSE, ENTITIES, LABELS, inside, outside
from training.synth import noise
from training.synth.documents import LANGUAGES, WIDE, Writer, example, grammar
from training.synth.grammar import Slot
from training.synth.numbers import iban, luhn
from training.synth.pieces import Piece, layout
from training.synth.slots import Fillers

PIECES = st.lists(
    st.builds(Piece, st.text(max_size=12), st.sampled_from([None, "CITY", "FIRST_NAME"])),
    max_size=8,
)


@given(PIECES)
def test_spans_cut_the_text_they_name(pieces):
    text, spans = layout(pieces)
    named = [(p.text.strip(), p.entity) for p in pieces if p.entity and p.text.strip()]
    assert [(text[start:end], entity) for start, end, entity in spans] == named
    assert text == "".join(piece.text for piece in pieces)


@given(PIECES, st.integers(0, 10_000))
def test_noise_keeps_every_entity(pieces, seed):
    changed = noise.noisy(pieces, random.Random(seed))
    assert [p.entity for p in changed if p.entity] == [p.entity for p in pieces if p.entity]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_of_every_rule_can_be_filled(language):
    names = {node.name for node in grammar(language).nodes() if isinstance(node, Slot)}
    fillers = Fillers(random.Random(1), language)
    for name in sorted(names):
        for piece in fillers(name):
            assert piece.entity is None or piece.entity in {*ENTITIES, *WIDE}, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_writes_documents_and_sentences(language):
    writer = Writer(7)
    texts = {layout(writer.pieces(language))[0] for _ in range(30)}
    assert len(texts) > 25


def test_texts_repeat_for_a_seed_and_differ_between_seeds():
    first, again, other = Writer(3), Writer(3), Writer(4)
    rows = [[writer.write() for _ in range(40)] for writer in (first, again, other)]
    assert rows[0] == rows[1] != rows[2]


def test_every_entity_is_written_about():
    writer = Writer(5)
    seen = {span.entities[0] for _ in range(6000) for span in writer.write().spans}
    assert seen == set(ENTITIES)


def test_spans_lie_inside_their_text_in_order_without_overlap():
    writer = Writer(6)
    for _ in range(1000):
        example = writer.write()
        at = 0
        for span in example.spans:
            assert at <= span.start < span.end <= len(example.text)
            assert example.text[span.start : span.end].strip()
            at = span.end


def test_a_person_is_the_same_throughout_a_document():
    fillers = Fillers(random.Random(2), "en")
    assert fillers("p.last") == fillers("p.last")
    assert fillers("p.email") == fillers("p.email")
    assert fillers("p.full") != fillers("q.full")


def test_the_grammars_leave_open_who_a_handle_is():
    (span,) = example([Piece("thanks "), Piece("@annberg", "HANDLE")]).spans
    assert (span.start, span.end) == (7, 15)
    assert {"USERNAME", "FIRST_NAME", "ORGANIZATION"} <= set(span.entities) <= set(ENTITIES)


def test_labels_are_names_of_the_catalog():
    assert all(entities.is_known(entity) for entity in ENTITIES)
    assert len(LABELS) == 2 * len(ENTITIES) + 1
    assert set(BASE) <= set(ENTITIES)
    assert all(set(fine) <= set(ENTITIES) for fine in COARSE.values())


def test_a_coarse_span_may_begin_a_finer_one_inside():
    assert inside(("FIRST_NAME", "LAST_NAME"), first=True) == ("B-FIRST_NAME", "B-LAST_NAME")
    assert "B-LAST_NAME" in inside(("FIRST_NAME", "LAST_NAME"), first=False)
    assert inside(("CITY",), first=False) == ("I-CITY",)


def test_a_corpus_says_nothing_about_what_it_does_not_mark():
    rest = outside(("CITY",))
    assert "O" in rest
    assert "B-DATE" in rest
    assert not {"B-CITY", "I-CITY"} & set(rest)


@given(st.text(alphabet="0123456789", min_size=1, max_size=18))
def test_cards_end_with_the_digit_of_luhn(body):
    digits = [int(sign) for sign in reversed(luhn(body))]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[1::2]]
    assert (sum(digits[::2]) + sum(doubled)) % 10 == 0


@given(st.integers(0, 10_000))
def test_ibans_have_a_remainder_of_one(seed):
    value = iban(random.Random(seed))[0].text.replace(" ", "")
    turned = value[4:] + value[:4]
    assert int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


@pytest.mark.parametrize(
    ("token", "expected"),
    [("lower", 1), ("Title", 2), ("UPPER", 3), ("A", 2), ("b2b", 4), ("42", 5), ("#", 0)],
)
def test_the_case_of_a_token(token, expected):
    assert case(token) == expected
