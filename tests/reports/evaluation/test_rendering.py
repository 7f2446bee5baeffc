"""The forms of an evaluation are their golden files."""

import json
from pathlib import Path

import pytest

from lakescan.errors import UnknownNameError
from lakescan.reports.evaluation.model import (
    Bin,
    Confusion,
    Evaluation,
    Flags,
    Level,
    Measure,
    Resampling,
    Score,
)
from lakescan.reports.evaluation.rendering import render_evaluation

GOLDEN = Path(__file__).parent / "golden"
ENDINGS = {"table": "txt", "json": "json", "markdown": "md"}


def score(name, hits, alarms, misses):
    return Score(
        name, hits, alarms, misses,
        Measure(hits / (hits + alarms), 0.5, 0.95), Measure(hits / (hits + misses), 0.25, 0.75),
        Measure(0.6, 0.4, 0.8), Measure(0.55, 0.35, 0.75),
    )  # fmt: skip


@pytest.fixture
def columns() -> Evaluation:
    person, lost = score("PERSON", 8, 2, 8), Score("UUID", 0, 0, 3, *[Measure(None)] * 4)
    level = Level("columns", (person, lost), score("micro", 8, 2, 11), Measure(0.3, 0.2, 0.4))
    return Evaluation(
        kind="columns",
        gold="labels|<b>.csv",
        predicted="run 20261122",
        items=1200,
        levels=(level,),
        confusions=(Confusion("PERSON", "NONE", 1150), Confusion("NONE", "PERSON", 2)),
        resampling=Resampling(100, 5),
        units=40,
        false_positive_rate=Measure(0.01, 0.0, 0.02),
        flags=Flags(10, 9, Measure(0.8, 0.7, 0.9), Measure(0.9, 0.8, 1.0), Measure(0.72, 0.6, 0.8)),
        calibration=(Bin(0.95, 1.0, 7, 0.981, Measure(0.857, 0.6, 1.0)),),
        notes=("3 columns are empty or not scored, and were left out.",),
    )


@pytest.mark.parametrize("form", ENDINGS)
def test_each_form_is_its_golden_file(columns, form):
    golden = GOLDEN / f"columns.{ENDINGS[form]}"
    assert render_evaluation(columns, form).decode() == golden.read_text(encoding="utf-8")


def test_json_is_what_the_value_gives(columns):
    assert json.loads(columns.to_json()) == json.loads(render_evaluation(columns, "json"))
    assert columns.level("columns") is columns.main


def test_an_unknown_form_names_the_known_ones(columns):
    with pytest.raises(UnknownNameError, match=r"choose from|did you mean 'markdown'"):
        render_evaluation(columns, "markdwn")
