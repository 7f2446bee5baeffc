"""``python -m lakescan``."""

from __future__ import annotations

from lakescan.cli import main

if __name__ == "__main__":
    main()
