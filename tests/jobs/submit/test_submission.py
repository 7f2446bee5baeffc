"""What is submitted: one id a run, the command line of each attempt, and no secret in it."""

from __future__ import annotations

import shlex
import zipfile
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import pytest

from lakescan.errors import TransientError, UnknownNameError, UsageError
from lakescan.jobs.submit.ray import RayJobs, _environment
from lakescan.jobs.submit.state import JobState
from lakescan.jobs.submit.submission import (
    POLICY_FILE,
    Submission,
    Surroundings,
    attempt_id,
    is_submission_id,
)

SCAN = ("--output", "s3://runs/today", "--", "s3://lake/crm")


@hypothesis.given(
    verb=st.sampled_from(["scan", "anonymize", "verify"]),
    uri=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1),
    run=st.text(max_size=9),
)
def test_the_same_run_has_the_same_id_and_another_has_another(verb, uri, run):
    one = Submission(verb, ("--", uri), run=run)
    assert one.id == Submission(verb, ("--", uri), run=run, surroundings=Surroundings("x.whl")).id
    assert is_submission_id(one.id)
    for other in (
        Submission(verb, ("--", uri), run=run + "x"),
        Submission(verb, ("--", uri + "x"), run=run),
        Submission(verb, ("--", uri), run=run, policy="version: 1"),
    ):
        assert other.id != one.id


def test_a_later_attempt_goes_on_with_the_earlier():
    scan = Submission("scan", SCAN, policy="version: 1")
    policy = ["--policy", "lakescan-policy.yaml"]
    begin = ["python", "-m", "lakescan", "scan", "--engine", "ray", *policy]
    assert shlex.split(scan.entrypoint(1)) == [*begin, *SCAN]
    assert shlex.split(scan.entrypoint(2)) == [*begin, "--resume", *SCAN]
    assert attempt_id(scan.id, 1) == scan.id
    assert attempt_id(scan.id, 3) == f"{scan.id}-3"


def test_an_anonymize_is_named_after_its_submission():
    job = Submission("anonymize", ("--to", "s3://safe", "--", "s3://lake"))
    words = shlex.split(job.entrypoint(1))
    assert words[words.index("--run-id") + 1] == job.id
    assert "--run-id mine-3" in job.entrypoint(4, "mine-3")
    named = Submission("anonymize", ("--run-id", "mine", "--to", "s3://safe", "--", "s3://lake"))
    assert shlex.split(named.entrypoint(2)).count("--run-id") == 1


@pytest.mark.parametrize(
    ("driver", "gave_up"), [(3, True), (4, False), (-9, False), (137, False), (None, False)]
)
def test_a_job_that_was_killed_or_is_partial_did_not_give_up(driver, gave_up):
    assert JobState("lakescan-anonymize-1", "failed", driver).gave_up is gave_up
    assert not JobState("lakescan-anonymize-1", "stopped").gave_up


def test_with_another_budget_it_is_the_same_run():
    whole = Submission("anonymize", ("--to", "s3://safe", "--", "s3://lake", "--max-rows"))
    part = Submission(
        "anonymize", ("--to", "s3://safe", "--max-rows", "500", "--", "s3://lake", "--max-rows")
    )
    assert part.id == whole.id
    assert "--max-rows 500" in part.entrypoint(2)
    assert whole.id != Submission("anonymize", ("--to", "s3://safe", "--", "s3://lake")).id


def test_what_a_shell_would_read_is_quoted():
    job = Submission("scan", ("--include", "a b;rm *", "--", "s3://lake/$(x)"))
    assert shlex.split(job.entrypoint(1))[-1] == "s3://lake/$(x)"
    assert "'s3://lake/$(x)'" in job.entrypoint(1)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann:hunter2@db/crm",
        "https://store/a?X-Amz-Signature=0123abcd",
        "az://container/x?sv=1&sig=abcdef",
        "secret_key=abcdef",
        "sasl.password=hunter2",
        "token=abc",
    ],
)
def test_a_secret_is_refused_and_not_repeated(text):
    for make in (
        lambda: Submission("scan", ("--storage", text, "--", "s3://lake")),
        lambda: Submission("scan", ("--", text)),
    ):
        with pytest.raises(UsageError) as caught:
            make()
        assert not any(secret in str(caught.value) for secret in ("hunter2", "0123abcd", "abcdef"))
        assert "secret://env/NAME" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann@db/crm",
        "credentials=secret://env/LOGIN",
        "s3://lake/tokens/secret-santa.csv",
        "aws_access_key_id=AKIA",
        "requester_pays=true",
    ],
)
def test_what_is_no_secret_is_let_through(text):
    assert text in Submission("scan", ("--storage", text, "--", "s3://lake")).arguments


def test_no_secret_is_a_variable_of_the_job():
    with pytest.raises(UsageError, match="AWS_SECRET_ACCESS_KEY"):
        Surroundings(environment={"AWS_SECRET_ACCESS_KEY": "abcdef"})
    assert Surroundings(environment={"AWS_REGION": "eu-central-1"}).environment


def test_a_wheel_is_sent_as_its_packages_for_which_no_node_needs_an_index(tmp_path):
    wheel = tmp_path / "lakescan-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("lakescan/__init__.py", "")
        packed.writestr("lakescan-1.dist-info/METADATA", "Requires-Dist: pyarrow")
    given = Submission("scan", SCAN, policy="version: 1", surroundings=Surroundings(str(wheel)))
    with _environment(given) as runtime:
        sent = [Path(each) for each in runtime["py_modules"]]
        assert [each.name for each in sent] == ["lakescan", "lakescan-1.dist-info"]
        assert (sent[0] / "__init__.py").is_file()
        assert [each.name for each in Path(runtime["working_dir"]).iterdir()] == [POLICY_FILE]
    wheel.write_text("something else")
    for other in (wheel, tmp_path / "missing.whl"):
        bad = Submission("scan", SCAN, surroundings=Surroundings(str(other)))
        with pytest.raises(UsageError, match="is no wheel"), _environment(bad):
            pass


def test_there_is_no_other_job():
    with pytest.raises(UnknownNameError, match="choose from"):
        Submission("reveal", ("--", "x"))


@pytest.mark.parametrize(
    ("status", "driver", "over", "answered", "code"),
    [
        ("pending", None, False, False, None),
        ("running", None, False, False, None),
        ("succeeded", 0, True, True, 0),
        ("failed", 1, True, True, 1),
        ("failed", 4, True, False, 4),
        ("failed", -9, True, False, 137),
        ("failed", None, True, False, 3),
        ("stopped", None, True, False, 130),
    ],
)
def test_how_a_job_ended(status, driver, over, answered, code):
    state = JobState("lakescan-scan-1", status, driver)
    assert (state.is_over, state.is_answered) == (over, answered)
    if over:
        assert state.exit_code == code
        assert f"exit code {code}" in state.line


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("head:8265", UsageError),
        ("ray://head:10001", UsageError),
        ("http://127.0.0.1:1", TransientError),
    ],
)
def test_an_address_that_takes_no_jobs_is_refused_at_once(address, error):
    with pytest.raises(error, match=address):
        RayJobs(address)
