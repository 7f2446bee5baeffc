"""Ways to ask detectors and read their findings."""

from __future__ import annotations

import pytest

from lakescan.policy import Policy
from lakescan.udfs.detect import Values, build_detectors


@pytest.fixture(scope="session")
def detectors():
    shipped = build_detectors(Policy.default())
    shipped.setup()
    return shipped


@pytest.fixture(scope="session")
def cell(detectors):
    """What one whole cell is: {detector: entity}."""

    def ask(value):
        found = detectors.detect(Values.of([value])).to_pylist()
        bare = value.strip()
        return {f["detector"]: f["entity"] for f in found if value[f["start"] : f["end"]] == bare}

    return ask


@pytest.fixture(scope="session")
def text(detectors):
    """What is found in a text: [(entity, words)]."""

    def ask(value):
        found = detectors.detect_texts(Values.of([value])).to_pylist()
        return [(f["entity"], value[f["start"] : f["end"]]) for f in found]

    return ask
