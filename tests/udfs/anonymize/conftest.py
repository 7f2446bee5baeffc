from __future__ import annotations

import pyarrow as pa
import pytest

from lakescan import entities
from lakescan.udfs.anonymize.keys import Keyring
from lakescan.udfs.anonymize.operators.lookup import build_operator
from lakescan.udfs.anonymize.operators.protocol import Cells

RING = Keyring({"k1": bytes(range(32)), "k2": bytes(range(32, 64))}, "k1")


@pytest.fixture(scope="session")
def keyring():
    return RING


@pytest.fixture(scope="session")
def ready():
    """An operator that is set up: ``ready("mask", keep_last=4)``."""

    def make(name, domain="d", key_id=None, **options):
        operator = build_operator(name, options)
        operator.setup(RING.domain(domain, key_id) if operator.traits.keyed else None)
        return operator

    return make


@pytest.fixture(scope="session")
def run():
    """What an operator makes of texts, or of values of another type."""

    def apply(operator, values, entity="PERSON", kind=None, subjects=None, reveal=False):
        array = pa.array(values, kind or pa.large_string())
        category = entities.entity(entity).category if entities.is_known(entity) else entity
        whose = None if subjects is None else pa.array(subjects, pa.large_string())
        cells = Cells(array, entity, category, whose)
        done = operator.reveal(cells) if reveal else operator.apply(cells)
        assert len(done.values) == len(array)
        made = done.values.to_pylist()
        if done.unfit is None:
            return made
        return [None if bad else one for one, bad in zip(made, done.unfit, strict=True)]

    return apply
