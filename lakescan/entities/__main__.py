"""``python -m lakescan.entities``: print the catalog's page (docs/entities.md)."""

from __future__ import annotations

import sys

from lakescan.entities.page import catalog_page

if __name__ == "__main__":
    sys.stdout.write(catalog_page())
