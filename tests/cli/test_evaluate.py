"""``lakescan evaluate``: texts and columns, labels of others, exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lakescan.cli.app import app

GOLDEN = Path(__file__).parent / "golden"
TEXTS = [
    ("a", "Ann Lee, ann.lee@example.org", [("Ann Lee", "PER"), ("ann.lee@example.org", "EMAIL")]),
    ("b", "Call Bob on 202-555-0142", [("Bob", "PER"), ("202-555-0142", "TEL")]),
    ("c", "Nothing in here", []),
]
LABELS = "labels: {PER: PERSON, EMAIL: EMAIL_ADDRESS, TEL: PHONE_NUMBER}\n"

runner = CliRunner()


def run(*args, code=0):
    result = runner.invoke(app, ["evaluate", *map(str, args)])
    assert result.exit_code == code, result.stderr
    return result


def lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def spans(text, pieces):
    return [
        {"start": text.index(piece), "end": text.index(piece) + len(piece), "label": label}
        for piece, label in pieces
    ]


@pytest.fixture
def gold(tmp_path):
    rows = [{"id": name, "text": text, "spans": spans(text, found)} for name, text, found in TEXTS]
    return lines(tmp_path / "gold.jsonl", rows)


@pytest.fixture
def pred(tmp_path):
    found = {
        "a": [("Ann", "PERSON"), ("ann.lee@example.org", "EMAIL_ADDRESS")],
        "b": [("Bob", "LOCATION")],
    }
    texts = {name: text for name, text, _ in TEXTS}
    rows = [{"id": name, "spans": spans(texts[name], each)} for name, each in found.items()]
    return lines(tmp_path / "pred.jsonl", rows)


@pytest.fixture
def labels(tmp_path):
    file = tmp_path / "labels.yaml"
    file.write_text(LABELS)
    return file


@pytest.mark.parametrize("form, ending", [("table", "txt"), ("json", "json"), ("markdown", "md")])
def test_texts_against_predictions_as_the_golden_file(gold, pred, labels, form, ending):
    result = run("--gold", gold, "--pred", pred, "--labels", labels, "-f", form, "--resamples", 50)
    assert result.stdout == (GOLDEN / f"evaluation.{ending}").read_text(encoding="utf-8")
    assert result.stderr == ""


def test_without_predictions_lakescan_reads_the_texts(gold, labels):
    value = json.loads(run("-g", gold, "--labels", labels, "-f", "json").stdout)
    assert value["predicted"] == "lakescan"
    assert value["levels"]["spans"]["entities"]["EMAIL_ADDRESS"]["f1"]["value"] == 1.0
    assert value["levels"]["spans"]["entities"]["PHONE_NUMBER"]["f1"]["value"] == 1.0


def test_the_policy_is_the_one_that_lakescan_reads_the_texts_with(gold, labels, tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("entities: {disable: [EMAIL_ADDRESS]}\n")
    value = json.loads(run("-g", gold, "--labels", labels, "-p", policy, "-f", "json").stdout)
    assert value["levels"]["tokens"]["entities"]["EMAIL_ADDRESS"]["recall"]["value"] == 0.0


def test_no_text_is_printed(gold, labels):
    for form in ("table", "json", "markdown"):
        assert "Ann" not in run("-g", gold, "--labels", labels, "-f", form).stdout


@pytest.fixture
def columns(lake, tmp_path):
    rows = ["people.csv,id,NONE", "people.csv,email,EMAIL_ADDRESS", "people.csv,launched,DATETIME"]
    file = tmp_path / "columns.csv"
    file.write_text("\n".join(["file,column,category", *rows, "stock.parquet,sku,NONE"]) + "\n")
    return file


def test_columns_against_a_run_and_against_its_json_alike(lake, columns, tmp_path):
    scan = runner.invoke(app, ["scan", str(lake), "-o", str(tmp_path / "run"), "-f", "json", "-q"])
    printed = tmp_path / "scan.json"
    printed.write_text(scan.stdout)
    by_column = lines(tmp_path / "scan.jsonl", [])
    by_column.write_text(
        runner.invoke(app, ["report", str(tmp_path / "run"), "-f", "jsonl"]).stdout
    )
    values = [
        json.loads(run("-g", columns, "--pred", pred, "-f", "json").stdout)
        for pred in (tmp_path / "run", printed, by_column)
    ]
    for value in values:
        del value["predicted"]
    assert values[0] == values[1] == values[2]
    assert values[0]["levels"]["columns"]["micro"]["f1"]["value"] == 1.0
    assert values[0]["calibration"]


def test_0_and_1_where_a_least_f1_is_asked_for(gold, pred, labels):
    args = ("-g", gold, "--pred", pred, "--labels", labels, "-f", "json")
    run(*args, "--min-f1", 0.3)
    result = run(*args, "--min-f1", 0.9, code=1)
    assert "below 0.9" in result.stderr
    assert json.loads(result.stdout)["kind"] == "text"


def test_2_where_a_label_is_not_known(gold):
    result = run("-g", gold, code=2)
    assert "'PER: CATEGORY'" in result.stderr


def test_2_where_columns_have_no_predictions_and_texts_a_run(columns, gold, tmp_path):
    assert "--pred RUN" in run("-g", columns, code=2).stderr
    assert "leave --pred out" in run("-g", gold, "--pred", tmp_path, code=2).stderr


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("gold.jsonl", None, "no such file"),
        ("gold.jsonl", "", "is empty"),
        ("gold.jsonl", '{"id": 1, "text": "secret"}\n{"id": 1, "text": "secret"}\n', "line 2 has the id"),
        ("gold.jsonl", '{"id": 1, "text": "secret", "spans": [{"start": 3, "end": 9, "label": "PERSON"}]}\n', "line 1 has a span outside"),
        ("gold.jsonl", '{"id": 1, "text": "secret", "spans": [{"start": "x"}]}\n', "line 1 has a span without"),
        ("gold.jsonl", '{"id": 1, "text": "x"}\nsecret\n', "line 2 is not JSON"),
    ],
)  # fmt: skip
def test_3_where_the_gold_cannot_be_read(tmp_path, name, content, message):
    file = tmp_path / name
    if content is not None:
        file.write_text(content)
    result = run("-g", file, code=3)
    assert message in result.stderr
    assert "secret" not in result.stderr
