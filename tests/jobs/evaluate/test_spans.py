"""How spans are counted: tokens, exact spans, and whether a token is personal at all."""

import hypothesis.strategies as st
from hypothesis import given

from lakescan.jobs.evaluate.labels import NONE, Labels
from lakescan.jobs.evaluate.spans import count_spans, resolved, token_categories
from lakescan.jobs.evaluate.tally import FALSE_ALARM, HIT, MISS
from lakescan.jobs.evaluate.texts import LabelledText, Span
from lakescan.policy import Policy

TEXT = "Mr. José Díaz met Ann in Bad Homburg on 3 May."
LABELS = Labels(Policy.default())


def span(piece, label, score=1.0, text=TEXT):
    start = text.index(piece)
    return Span(start, start + len(piece), label, score)


def counted(gold, found, labels=LABELS, text=TEXT):
    texts = [LabelledText("1", text, tuple(gold))]
    return count_spans(texts, {"1": tuple(found)}, labels)


def numbers(counts, name):
    return counts.values[0, counts.names.index(name)].tolist()


def test_tokens_are_found_by_half_where_half_of_a_name_is_found():
    counts = counted([span("José Díaz", "PERSON"), span("Ann", "PERSON")], [span("Díaz", "PERSON")])
    assert numbers(counts.tokens, "PERSON") == [1, 0, 2]
    assert numbers(counts.spans, "PERSON") == [0, 1, 2]


def test_a_span_is_right_without_its_title_and_its_punctuation():
    counts = counted([span("José Díaz", "PERSON")], [span("Mr. José Díaz ", "PERSON")])
    assert numbers(counts.spans, "PERSON") == [1, 0, 0]
    assert numbers(counts.tokens, "PERSON") == [2, 1, 0]


def test_a_wrong_category_is_a_miss_a_false_alarm_and_still_personal():
    counts = counted(
        [span("Bad Homburg", "LOCATION"), span("Ann", "PERSON")], [span("Bad Homburg", "PERSON")]
    )
    assert numbers(counts.tokens, "LOCATION") == [0, 0, 2]
    assert numbers(counts.tokens, "PERSON") == [0, 2, 1]
    assert numbers(counts.any, "any") == [2, 0, 1]
    assert counts.confusions == {("LOCATION", "PERSON"): 2, ("PERSON", NONE): 1}


def test_what_is_not_scored_is_neither_hit_nor_miss():
    labels = Labels(Policy.default(), {"TITLE": None}, ["PERSON"])
    counts = counted(
        [span("Mr", "TITLE"), span("3 May", "DATE")],
        [span("Mr", "PERSON"), span("May", "DATE")],
        labels,
    )
    assert not counts.tokens.values.any()
    assert not counts.spans.values.any()
    assert not counts.confusions


def test_of_overlapping_predictions_the_surer_then_the_longer_counts():
    short, long = span("José", "PERSON", 0.9), span("José Díaz", "LOCATION", 0.8)
    assert resolved([long, short]) == [short]
    assert resolved([span("José", "PERSON"), span("José Díaz", "LOCATION")])[0].label == "LOCATION"


def test_offsets_count_code_points():
    text = "𝄞é Zoë spoke"
    counts = counted(
        [span("Zoë", "PERSON", text=text)], [span("Zoë", "PERSON", text=text)], text=text
    )
    assert numbers(counts.spans, "PERSON") == [1, 0, 0]


@st.composite
def labelled(draw):
    text = draw(st.text("aB1 .,é\n", min_size=1, max_size=40))
    spans = draw(
        st.lists(
            st.tuples(
                st.integers(0, len(text)),
                st.integers(0, len(text)),
                st.sampled_from(["PERSON", "LOCATION"]),
            ),
            max_size=5,
        )
    )
    return text, resolved([Span(min(a, b), max(a, b), label) for a, b, label in spans if a != b])


@given(labelled(), st.randoms())
def test_gold_as_prediction_is_perfect_and_swapping_swaps_alarms_and_misses(sample, random):
    text, gold = sample
    same = counted(gold, gold, text=text)
    assert not same.tokens.values[:, :, 1:].any()
    assert not same.spans.values[:, :, 1:].any()

    labels = Labels(Policy.default(), None, ["PERSON", "LOCATION"])
    some = [each for each in gold if random.random() < 0.5]
    there = counted(gold, some, labels, text).tokens.values
    back = counted(some, gold, labels, text).tokens.values
    assert (there[:, :, HIT] == back[:, :, HIT]).all()
    assert (there[:, :, FALSE_ALARM] == back[:, :, MISS]).all()


@given(labelled())
def test_every_token_gets_one_category(sample):
    text, spans = sample
    categories = token_categories(text, [(s.start, s.end, s.label) for s in spans])
    assert set(categories) <= {NONE, "PERSON", "LOCATION"}
