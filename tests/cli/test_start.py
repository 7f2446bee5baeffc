"""The program starts at once: what is heavy waits until a command needs it."""

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
