from __future__ import annotations

import pytest


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("LAKESCAN_KEY", bytes(range(32)).hex())
