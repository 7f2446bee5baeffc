"""What the commands print: standard output holds the answer and nothing else."""

import gzip
import json
import logging
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from lakescan.cli.app import app
from lakescan.reports.folder import write_run
from lakescan.reports.model import Classification, ColumnReport, DatasetReport, Evidence, ScanReport

GOLDEN = Path(__file__).parent / "golden"
TEXT = "Card 4111 1111 1111 1111, mail ann.lee@example.org."

runner = CliRunner()


def run(*args, code=0, **more):
    result = runner.invoke(app, [str(arg) for arg in args], **more)
    assert result.exit_code == code, result.stderr
    return result


@pytest.fixture
def finished(tmp_path):
    """The folder of a run that found an e-mail address."""
    found = Classification(
        "EMAIL_ADDRESS", "EMAIL_ADDRESS", "PII", 0.99, 1.0, (0.94, 1.0), 60, 60, ("u***@e***.org",),
        (Evidence("pattern.email", 1.0, 60), Evidence("header", 0.9)),
    )  # fmt: skip
    column = ColumnReport("email", 1, "string", 60, 0, 60, True, None, (found,))
    dataset = DatasetReport("/lake/people.csv", "csv", "v1", 60, 60, (column,))
    report = ScanReport(
        "run-1",
        "complete",
        "local",
        "0" * 16,
        60,
        2048,
        0.5,
        (dataset,),
        (),
        (("lakescan", "0.1.0"),),
    )
    folder = tmp_path / "run"
    folder.mkdir()
    write_run(report, lambda name, data: (folder / name).write_bytes(data))
    return folder


@pytest.mark.parametrize(
    "form, ending",
    [
        ("table", ".txt"),
        ("json", ".json"),
        ("jsonl", ".jsonl"),
        ("markdown", ".md"),
        ("sarif", ".sarif"),
    ],
)
def test_report_prints_each_form_as_its_golden_file(finished, form, ending):
    result = run("report", finished, "--format", form)
    assert result.stdout == (GOLDEN / f"report{ending}").read_text(encoding="utf-8")
    assert result.stderr == ""


def test_report_writes_html_to_a_file(finished, tmp_path):
    page = tmp_path / "page.html"
    result = run("report", finished, "-f", "html", "-o", page)
    assert page.read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")
    assert result.stdout == ""
    assert str(page) in result.stderr


def test_report_holds_gates_and_forgives_a_baseline(finished):
    assert "tripped" in run("report", finished, "--fail-on", "sensitive", code=1).stderr
    assert run("report", finished, "--fail-on", "sensitive", "--baseline", finished).stderr == ""


def test_report_of_a_partial_run_is_no_failure(finished):
    run_file = finished / "run.json"
    run_file.write_text(run_file.read_text().replace("complete", "partial"))
    assert "partial" in run("report", finished).stdout


def test_classify_reads_a_file(lake):
    value = json.loads(run("classify", lake / "people.csv", "-f", "json").stdout)
    (dataset,) = value["datasets"]
    assert [column["column"] for column in dataset["columns"]] == ["id", "email", "launched"]
    email = dataset["columns"][1]
    assert email["sensitive"]
    assert email["classifications"][0]["entity"] == "EMAIL_ADDRESS"
    assert email["classifications"][0]["rows_hit"] == 60


def test_classify_shows_no_raw_value_in_any_form(lake):
    for form in ("table", "json", "jsonl", "markdown"):
        assert "user001" not in run("classify", lake / "people.csv", "-f", form).stdout


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_classify_reads_standard_input(lake, squeeze):
    data = squeeze((lake / "people.csv").read_bytes())
    value = json.loads(run("classify", "-", "-f", "json", input=data).stdout)
    (dataset,) = value["datasets"]
    assert dataset["uri"] == "-"
    assert dataset["columns"][1]["classifications"][0]["entity"] == "EMAIL_ADDRESS"


def test_classify_reads_as_it_is_told(tmp_path):
    odd = tmp_path / "odd.dat"
    odd.write_text("".join(f"{n}~user{n}@example.org~é\n" for n in range(50)), encoding="latin-1")
    value = json.loads(
        run("classify", odd, "--input-format", "csv", "--delimiter", "~", "--encoding", "latin-1",
            "--header", "no", "-f", "json").stdout
    )  # fmt: skip
    columns = value["datasets"][0]["columns"]
    assert [(column["column"], column["index"]) for column in columns] == [
        (None, 0),
        (None, 1),
        (None, 2),
    ]
    assert columns[1]["classifications"][0]["entity"] == "EMAIL_ADDRESS"


def test_scan_reads_what_is_included(lake):
    value = json.loads(
        run("scan", lake, "--exclude", "*.csv", "--engine", "local", "-f", "json").stdout
    )
    assert [dataset["uri"].rsplit("/", 1)[-1] for dataset in value["datasets"]] == ["stock.parquet"]


def test_scan_samples_when_asked(lake):
    value = json.loads(run("scan", lake / "people.csv", "--rows", 10, "-f", "json").stdout)
    assert value["rows_scanned"] == 10


def test_scan_keeps_a_run_that_report_shows_again(lake, tmp_path):
    kept = tmp_path / "kept"
    scanned = run("scan", lake, "-o", kept, "-f", "json")
    assert {p.name for p in kept.iterdir()} >= {
        "run.json", "columns.parquet", "splits.parquet", "report.html", "report.sarif",
    }  # fmt: skip
    assert scanned.stderr == f"lakescan: report: {kept}/report.html\n"
    assert run("report", kept, "-f", "json").stdout == scanned.stdout


def test_scan_with_a_baseline_trips_on_what_is_new_only(lake, tmp_path):
    kept = tmp_path / "kept"
    run("scan", lake, "-o", kept, "-q")
    gate = ("scan", lake, "--fail-on", "sensitive", "--baseline", kept, "-q", "-f", "jsonl")
    assert run(*gate).stderr == ""
    (lake / "more.csv").write_text((lake / "people.csv").read_text().replace("email", "contact"))
    assert "more.csv: contact" in run(*gate, code=1).stderr


def test_detect_prints_offsets_of_code_points():
    text = "é𝄞 " + TEXT
    found = json.loads(run("detect", text, "-f", "json").stdout)
    spans = {finding["entity"]: text[finding["start"] : finding["end"]] for finding in found}
    assert spans["CREDIT_CARD"] == "4111 1111 1111 1111"
    assert spans["EMAIL_ADDRESS"] == "ann.lee@example.org"
    assert list(found[0]) == ["start", "end", "entity", "category", "score", "detector"]


def test_detect_reads_standard_input():
    lines = run("detect", "-f", "jsonl", input=TEXT).stdout.splitlines()
    assert {json.loads(line)["entity"] for line in lines} >= {"CREDIT_CARD", "EMAIL_ADDRESS"}


def test_detect_table_shows_no_value():
    result = run("detect", TEXT)
    assert "EMAIL_ADDRESS" in result.stdout
    assert "ann.lee" not in result.stdout


def test_detect_says_when_there_is_nothing():
    assert run("detect", "nothing to see").stdout == "Nothing was found.\n"


def test_the_name_of_a_file_is_no_text_without_a_word(tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text(TEXT)
    assert f"lakescan detect < {file}" in run("detect", str(file)).stderr
    assert run("detect", TEXT).stderr == ""


def test_policy_check_names_every_problem_with_its_line(tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nthresholds:\n  defalt: 0.5\nentitis: {}\n")
    lines = run("policy", "check", policy, code=2).stderr.splitlines()
    assert "line 3: thresholds.defalt" in lines[0]
    assert "did you mean 'default'" in lines[0]
    assert "did you mean 'entities'" in lines[1]
    assert lines[-1] == "lakescan: 2 problems in 1 file"


def test_policy_check_knows_the_detectors(tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("thresholds: {detectors: {pattern.ibn: 0.5}}\n")
    first = run("policy", "check", policy, code=2).stderr.splitlines()[0]
    assert "thresholds.detectors.pattern.ibn: no detector has that name" in first
    assert "did you mean 'pattern.iban'" in first


def test_policy_check_names_the_hash_of_a_correct_one(tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\n")
    assert run("policy", "check", policy).stdout.startswith(f"{policy}: correct, hash ")


def test_policy_show_can_be_checked_again(tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text(run("policy", "show").stdout)
    run("policy", "check", policy)


def test_policy_schema_is_a_json_schema():
    schema = json.loads(run("policy", "schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_entities_list_can_be_narrowed():
    everything = json.loads(run("entities", "list", "-f", "json").stdout)
    payment = json.loads(run("entities", "list", "PCI", "-f", "json").stdout)
    assert 0 < len(payment) < len(everything)
    assert {entity["domain"] for entity in payment} == {"PCI"}
    assert "CREDIT_CARD" in run("entities", "list", "PCI").stdout


def test_entities_show_tells_what_is_known():
    shown = run("entities", "show", "US_SSN").stdout
    assert "SOCIAL_SECURITY_ID" in shown
    assert "presidio" in shown
    assert json.loads(run("entities", "show", "SSN", "-f", "json").stdout)["entity"] == "US_SSN"


def test_version_names_lakescan_detectors_and_models():
    lines = run("--version").stdout.splitlines()
    assert lines[0].startswith("lakescan ")
    assert any(line.startswith("detector pattern ") for line in lines)
    assert any(line.startswith("model ") for line in lines)


def test_completion_is_shown_for_a_shell(monkeypatch):
    # Otherwise typer asks which shell it runs under, and a test may run under none it knows.
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    shown = run("--show-completion", "bash", prog_name="lakescan").stdout
    assert "complete" in shown
    assert "lakescan" in shown


def test_completion_knows_the_commands():
    environment = {
        "_LAKESCAN_COMPLETE": "complete_bash",
        "COMP_WORDS": "lakescan sc",
        "COMP_CWORD": "1",
    }
    assert run(env=environment, prog_name="lakescan").stdout.strip() == "scan"


@pytest.mark.parametrize("how_loud", ["--quiet", "-vv"])
def test_a_call_in_this_process_leaves_logging_as_it_was(lake, how_loud):
    root, ours = logging.getLogger(), logging.getLogger("lakescan")
    before = (root.level, ours.level, root.handlers.copy())
    run("scan", lake / "people.csv", how_loud)
    assert (root.level, ours.level, root.handlers) == before


def test_policy_import_writes_a_policy_and_notes(tmp_path):
    registry = tmp_path / "registry.yaml"
    registry.write_text(
        "recognizers:\n- {name: IbanRecognizer, type: predefined}\n- {name: None such, type: predefined}\n"
    )
    result = runner.invoke(app, ["policy", "import", str(registry), "--from", "presidio"])
    assert result.exit_code == 0, result.stderr
    assert "IBAN" in result.stdout
    assert "line 3: recognizers[1]: None such: not carried over" in result.stderr
    written = tmp_path / "policy.yaml"
    args = ["policy", "import", str(registry), "--from", "presidio", "-o", str(written)]
    assert runner.invoke(app, args).exit_code == 0
    assert written.read_text() == result.stdout
    assert runner.invoke(app, ["policy", "check", str(written)]).exit_code == 0
    nowhere = [*args[:-1], str(tmp_path / "none" / "policy.yaml")]
    assert runner.invoke(app, nowhere).exit_code == 2
    assert (
        runner.invoke(app, ["policy", "import", str(written), "--from", "presidio"]).exit_code == 2
    )
