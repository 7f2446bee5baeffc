"""The versions of detectors name the code that findings come from."""

from __future__ import annotations

import shutil
from importlib import resources

import pytest

from lakescan.policy import Policy
from lakescan.udfs.detect import build_detectors
from lakescan.udfs.detect.revision import digest_of, revision


@pytest.fixture
def code(tmp_path):
    """A copy of the code, which a test may change."""
    copy = tmp_path / "detect"
    with resources.as_file(resources.files("lakescan.udfs.detect")) as folder:
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("models"))
    return copy


@pytest.mark.parametrize(
    "name",
    [
        "conflicts/resolve.py",
        "ner/corrections/fields.py",
        "patterns/internet.py",
        "dictionaries/lists/state.txt",
    ],
)
def test_a_changed_line_is_another_revision(code, name):
    before = digest_of([code])
    with (code / name).open("a", encoding="utf-8") as file:
        file.write("# another line\n")
    assert digest_of([code]) != before


def test_a_file_under_another_name_is_another_revision(code):
    before = digest_of([code])
    (code / "conflicts/resolve.py").rename(code / "conflicts/resolving.py")
    assert digest_of([code]) != before


def test_compiled_code_is_none(code):
    before = digest_of([code])
    (code / "__pycache__").mkdir(exist_ok=True)
    (code / "__pycache__" / "resolve.cpython-311.pyc").write_bytes(b"\x00")
    assert digest_of([code]) == before


def test_the_versions_of_all_detectors_end_with_it():
    policy = Policy.parse(
        "version: 1\naccuracy_mode: fast\ndetectors: [{name: mine, entity: X, regex: 'x[0-9]'}]\n"
    )
    versions = build_detectors(policy).versions
    assert {"pattern", "dictionary", "custom.mine", "ner.fast"} <= versions.keys()
    assert all(version.endswith(f"+{revision()}") for version in versions.values())
