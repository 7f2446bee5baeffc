"""``--version``: what made a verdict."""

from __future__ import annotations

from collections.abc import Iterator

from lakescan import __version__

#: How detectors that run a model are called.
_MODEL = "ner"


def version_lines() -> Iterator[str]:
    """One line for lakescan, each detector and each model."""
    from lakescan.jobs.accuracy import decided
    from lakescan.policy import Policy
    from lakescan.udfs.detect import build_detectors

    yield f"lakescan {__version__}"
    policy = decided(Policy.default())
    versions = sorted(build_detectors(policy).versions.items())
    models = [(name, version) for name, version in versions if name.startswith(_MODEL)]
    for name, version in versions:
        if (name, version) not in models:
            yield f"detector {name} {version}"
    for name, version in models or [("none", "installed")]:
        yield f"model {name} {version}"
    yield f"accuracy mode {policy.accuracy_mode}"
