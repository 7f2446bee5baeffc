"""The public names, and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import lakescan

PUBLIC = [
    "AnonymizeResult",
    "Audit",
    "Budget",
    "EngineOptions",
    "Evaluation",
    "Finding",
    "Findings",
    "LakescanError",
    "Output",
    "Policy",
    "RekeyResult",
    "Rekeying",
    "Resampling",
    "RevealResult",
    "ScanResult",
    "Selection",
    "StreamResult",
    "Streaming",
    "Verification",
    "Watch",
    "WorkerNeeds",
    "Writing",
    "__version__",
    "anonymize",
    "classify",
    "detect",
    "detect_column",
    "evaluate",
    "explain",
    "explain_text",
    "rekey",
    "reveal",
    "scan",
    "stream",
    "verify",
]


def test_the_public_names_are_these_and_all_exist():
    assert lakescan.__all__ == PUBLIC
    assert all(hasattr(lakescan, name) for name in PUBLIC)
    assert dir(lakescan) == sorted(PUBLIC)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = lakescan.nothing_of_that_name


def test_importing_lakescan_imports_nothing_heavy():
    code = "import sys, lakescan; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"polars", "pyarrow", "ray", "numpy", "pydantic", "boto3", "pandas", "rich", "typer"}
    assert heavy.isdisjoint(ran.stdout.split())


def test_scanning_a_csv_imports_neither_ray_nor_boto3(tmp_path):
    (tmp_path / "a.csv").write_text("email\na@example.com\n")
    code = "import sys, lakescan; lakescan.scan(sys.argv[1]); print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert {"ray", "boto3", "pandas", "onnxruntime", "tokenizers"}.isdisjoint(ran.stdout.split())
