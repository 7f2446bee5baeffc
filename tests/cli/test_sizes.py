"""Sizes as people write them."""

from __future__ import annotations

import pytest
import typer

from lakescan.cli.sizes import size


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [
        ("1024", 1024),
        ("1.5kb", 1500),
        ("2 GiB", 2 << 30),
        ("500MB", 500_000_000),
        ("3TB", 3 * 10**12),
    ],
)
def test_sizes(text, bytes_):
    assert size(text) == bytes_


@pytest.mark.parametrize("text", ["", "much", "-3GB", "12 parsecs"])
def test_no_sizes(text):
    with pytest.raises(typer.BadParameter, match="no size"):
        size(text)
