"""The work unit of a scan, and what it leaves: a partial result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import orjson
import pyarrow as pa

from lakescan.connectors.model import Split
from lakescan.errors import LakescanError
from lakescan.udfs.classify import ColumnProfile

#: What a byte in storage becomes in memory, about: for engines that ask how much work there is.
_EXPANSION = {"parquet": 3, "orc": 4, "avro": 2, "excel": 8}
_COMPRESSED = 4
#: A row that is sampled, about.
_ROW_BYTES = 1024
_CODEC = pa.Codec("zstd", 3)


@dataclass(frozen=True, slots=True)
class Basis:
    """All that a partial result depends on besides the bytes themselves.

    Args:
        policy: the policy's hash.
        versions: names of detectors, models and record layouts, with their versions.
        bounds: how much of a split is read.
    """

    policy: str
    versions: tuple[tuple[str, str], ...]
    bounds: tuple[int | None, int | None]

    def unit_id(self, split: Split, columns: tuple[str, ...] | None) -> str:
        """Name the work on ``split``: equal for equal bytes read in the same way, in any run."""
        parts = [split.token, self.policy, repr(self.versions), repr(self.bounds), repr(columns)]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ScanUnit:
    """One split to be read and profiled.

    Args:
        id: see `Basis.unit_id`.
        dataset: place of its dataset in the plan.
        split: what to read.
        columns: top-level columns to read; None for all.
        max_rows: of the split; None for all.
        max_row_groups: of the split; None for all.
        reads: values of a column that a model may read; None for as many as the policy says. No
            part of the id: samples of any size merge.
    """

    id: str
    dataset: int
    split: Split
    columns: tuple[str, ...] | None = None
    max_rows: int | None = None
    max_row_groups: int | None = None
    reads: int | None = None

    @property
    def weight(self) -> int:
        """Bytes to be decoded, about."""
        split = self.split
        factor = _EXPANSION.get(split.format.name, 1)
        if split.format.compression:
            factor = _COMPRESSED
        weight = split.size * factor
        return weight if self.max_rows is None else min(weight, self.max_rows * _ROW_BYTES)

    @property
    def range(self) -> str:
        """What of the object it is, as `SplitReport.range` has it."""
        split = self.split
        if split.unit == "file":
            return ""
        return f"{split.unit}:{split.start}-{'' if split.stop is None else split.stop}"


@dataclass(frozen=True, slots=True)
class Partial:
    """What a unit leaves: counts and sketches of its columns, packed; never a value.

    Args:
        unit: the unit's id.
        rows: rows read.
        profiles: `pack_profiles` of its columns.
        damage: what of the split could not be read as it stands, though the rest was.
    """

    unit: str
    rows: int
    profiles: bytes
    damage: LakescanError | None = None


def pack_profiles(profiles: Iterable[ColumnProfile]) -> bytes:
    """Profiles as compressed JSON, led by its length: 8 bytes, little endian."""
    text = orjson.dumps([profile.to_record() for profile in profiles])
    packed: bytes = _CODEC.compress(text, asbytes=True)
    return len(text).to_bytes(8, "little") + packed


def unpack_profiles(data: bytes) -> tuple[ColumnProfile, ...]:
    """Read what `pack_profiles` wrote."""
    size = int.from_bytes(data[:8], "little")
    text = _CODEC.decompress(data[8:], decompressed_size=size, asbytes=True)
    return tuple(ColumnProfile.from_record(record) for record in orjson.loads(text))
