"""The program starts at once: what is heavy waits until a command needs it."""

import importlib.util
import subprocess
import sys

HEAVY = (
    "pyarrow",
    "numpy",
    "polars",
    "pydantic",
    "jinja2",
    "boto3",
    "ray",
    "rich.console",
    "lakescan.policy",
)


def test_nothing_heavy_is_imported_before_a_command_needs_it():
    script = (
        "import sys, lakescan.cli; print(*[name for name in sys.argv[1:] if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, *HEAVY], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == ""


def test_a_scan_does_not_load_pandas_only_because_it_is_there(tmp_path):
    lake = tmp_path / "lake" / "year=2026"
    lake.mkdir(parents=True)
    rows = [f"{n},user{n}@example.org" for n in range(40)]
    (lake / "ragged.csv").write_text("\n".join(["id,email", *rows, "40,a@example.org,more"]))
    script = (
        "import sys, lakescan; result = lakescan.scan(sys.argv[1], output=sys.argv[2]);"
        "assert result.value.rows_scanned == 41;"
        "print('pandas' in sys.modules)"
    )
    assert importlib.util.find_spec("pandas"), "else this shows nothing"
    result = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "lake", tmp_path / "run"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "False"
