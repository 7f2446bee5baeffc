"""Has the model read the samples of a table's columns, all in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from lakescan.udfs.arrays import to_numpy
from lakescan.udfs.classify.header.header import Header, read_header
from lakescan.udfs.classify.header.madeup import is_made_up
from lakescan.udfs.classify.profile.masking import mask
from lakescan.udfs.classify.profile.profile import ColumnProfile
from lakescan.udfs.classify.profile.readings import Read, Reading, Readings
from lakescan.udfs.classify.profile.sampling import ValueSample
from lakescan.udfs.classify.profile.searching import Detects
from lakescan.udfs.classify.profile.worth import worth_reading
from lakescan.udfs.detect.findings import names_of
from lakescan.udfs.detect.values import Values


def with_readings(
    detectors: Detects,
    profiles: Sequence[ColumnProfile],
    samples: Sequence[ValueSample | None],
) -> tuple[ColumnProfile, ...]:
    """The profiles with what the model reads where that may tell something new.

    Args:
        detectors: with a model.
        profiles: of all columns.
        samples: of their values; None for columns that have none to be read.
    """
    wanted = {}
    for place, (profile, sample) in enumerate(zip(profiles, samples, strict=True)):
        header = Header() if is_made_up(profile.path) else read_header(profile.path)
        if sample is not None and worth_reading(
            header, sample.texts, profile.hits, profile.filled, alone=len(profiles) == 1
        ):
            wanted[place] = sample
    if not wanted:
        return tuple(profiles)
    parts = [sample.fitting() for sample in wanted.values()]
    values = Values(pl.concat([part.texts.rename("") for part in parts], rechunk=True))
    read = iter(_read(detectors, values, np.concatenate([part.clipped for part in parts])))
    told = list(profiles)
    for place, part in zip(wanted, parts, strict=True):
        sizes = part.texts.str.len_chars().to_list()
        entries = [
            Reading(number, rows, size, next(read))
            for number, rows, size in zip(
                part.hashes.tolist(), part.rows.tolist(), sizes, strict=True
            )
        ]
        readings = Readings.of(detectors.reader, detectors.reads, part.limit, entries)
        told[place] = replace(profiles[place], readings=readings)
    return tuple(told)


def _read(detectors: Detects, values: Values, clipped: np.ndarray) -> list[tuple[Read, ...]]:
    """For each value its surest finding of each entity."""
    findings = detectors.read(values)
    best: list[dict[str, Read]] = [{} for _ in range(len(values))]
    names, codes = names_of(findings, "entity")
    rows = to_numpy(findings["row"])
    starts, ends = to_numpy(findings["start"]), to_numpy(findings["end"])
    scores = np.rint(to_numpy(findings["score"]).astype(np.float64) * 1000).astype(np.int64)
    whole = values.whole(rows, starts, ends) & ~clipped[rows]
    for place in np.lexsort((starts, rows)).tolist():
        row, entity = int(rows[place]), names[codes[place]]
        text = str(values.series[row])[int(starts[place]) : int(ends[place])]
        mine = Read(entity, int(scores[place]), bool(whole[place]), mask(text))
        before = best[row].get(entity)
        if before is None or mine.score > before.score:
            whole_too = mine.whole or (before is not None and before.whole)
            best[row][entity] = mine._replace(whole=whole_too)
    return [tuple(found[entity] for entity in sorted(found)) for found in best]
