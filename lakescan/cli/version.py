"""``--version``: what made a verdict."""

from __future__ import annotations

from collections.abc import Iterator

from lakescan import __version__


def version_lines() -> Iterator[str]:
    """One line for lakescan, each model and each detector."""
    from lakescan.policy import Policy
    from lakescan.udfs.detect import build_detectors

    yield f"lakescan {__version__}"
    for name, version in sorted(build_detectors(Policy.default()).versions.items()):
        yield f"{name} {version}"
