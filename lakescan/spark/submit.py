"""The application that ``spark-submit`` is given: lakescan's command line, on that Spark.

    spark-submit [options] "$(python -m lakescan.spark.submit)" scan s3://bucket/prefix

Run by ``python -m`` with no arguments it prints its own path.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Run the command line with Spark as its engine, or print where this file is."""
    here = Path(__file__).resolve()
    if len(sys.argv) == 1:
        print(here)  # noqa: T201 - the answer
        return
    # Spark puts this file's folder first, where modules are called as those of others are.
    sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != here.parent]
    os.environ.setdefault("LAKESCAN_ENGINE", "spark")
    from lakescan.cli import main as lakescan

    lakescan()


if __name__ == "__main__":
    main()
