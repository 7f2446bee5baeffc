"""The vendors' contracts, one module each (or a folder), on the service's one detection core.

Each module's docstring says what its vendor's documents leave open, and what was chosen.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter

from lakescan.service.adapters import data_curation, presidio, private_ai, protegrity, zenguard
from lakescan.service.core import Core

CONTRACTS: tuple[Callable[[Core], APIRouter], ...] = (
    presidio.routes,
    protegrity.routes,
    private_ai.routes,
    zenguard.routes,
    data_curation.routes,
)
