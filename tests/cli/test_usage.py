"""Commands that make no sense: exit code 2 and one line that says what to do instead."""

import pytest
from typer.testing import CliRunner

from lakescan.cli.app import app

runner = CliRunner()


@pytest.mark.parametrize(
    "args, said",
    [
        (["scan"], "Missing argument 'URI'"),
        (["policy", "import", "x.yaml"], "Missing option '--from'. Choose from: presidio, dlp"),
        (["scan", "x", "--format", "xml"], "'--format' / '-f': 'xml' is not one of"),
        (["scan", "s4://x"], "unknown source scheme 's4' (choose from abfs, "),
        (["scan", "x", "--fail-on", "sensitiv"], "(write 'sensitive', or a name that "),
        (["scan", "x", "--rows", "-1"], "Invalid value for '--rows'"),
        (["scan", "x", "--full", "--rows", "9"], "--full goes with no other bound"),
        (["scan", "x", "--full", "--sample"], "--full goes with no other bound"),
        (["scan", "x", "--resume"], "--resume needs an earlier run (name its folder with --output)"),
        (["scan", "x", "--incremental"], "--incremental needs an earlier run"),
        (["scan", "x", "--fail-on", "CREDIT_CRAD"], "did you mean 'CREDIT_CARD'"),
        (["scan", "x", "--fail-on", "CREDIT_CARD<0.5"], "compare with > or >="),
        (["scan", "x", "--engine", "spork"], "'spork' is not one of"),
        (["scan", "x", "--policy", "none.yaml"], "none.yaml: cannot be read"),
        (["detect", "x", "--show-data"], "only as a table on a terminal"),
        (["scan", "x", "--show-data"], "only as a table on a terminal"),
        (["scam"], "No such command 'scam'"),
        (["policy", "chek"], "No such command 'chek'"),
        (["entities", "show", "US_SNS"], "did you mean"),
        (["entities", "list", "PIII"], "did you mean"),
        (["report", "x", "--format", "docx"], "'docx' is not one of"),
    ],
)  # fmt: skip
def test_says_what_to_do_instead(args, said):
    result = runner.invoke(app, args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert result.stderr.startswith("lakescan: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["scan", "classify", "detect", "report", "policy", "entities"])
def test_every_command_has_help(command):
    result = runner.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"lakescan {command}" in result.stdout or f"{command} [OPTIONS]" in result.stdout
