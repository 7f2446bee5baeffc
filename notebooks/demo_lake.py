"""The lake that the notebooks look at: made-up people, made on the spot by the demo's own maker."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "demo"))

from build_lake import build


def make() -> Path:
    """A lake in a fresh temporary folder: twelve tables and texts, one file cut off on purpose."""
    root = Path(tempfile.mkdtemp(prefix="lakescan-notebook-")) / "lake"
    build(root)
    return root
