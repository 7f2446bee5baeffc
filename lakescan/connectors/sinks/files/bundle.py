"""Files that have several outputs in them: sheets of a workbook, members of a zip archive.

Each is staged by itself. The commit puts them together before it is one: a bundle then is a file
like any other, and appears whole. Bytes pass through the driver, a chunk or a row at a time.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import zipfile
from collections.abc import Iterable, Sequence
from functools import partial
from typing import IO, cast

import pyarrow as pa

from lakescan.connectors.sinks.files.state import TargetState
from lakescan.connectors.sinks.model import Staged
from lakescan.connectors.sinks.writers.compression import compressed
from lakescan.connectors.sinks.writers.workbook import staged_sheet, write_workbook

#: Between the name of a file and what is in it.
INSIDE = "!/"
_ARCHIVE = ".zip"
_BUNDLE = re.compile(r"(?i)\.(?:zip|xlsx(?:\.(?:gz|gzip|bz2|zst))?)!/")
_CHUNK_BYTES = 1 << 20


def is_bundle(path: str) -> bool:
    """Whether a file has outputs in it, by its name."""
    return bool(_BUNDLE.search(f"{path}{INSIDE}"))


def bundled(state: TargetState, staged: Iterable[Staged]) -> tuple[Staged, ...]:
    """The outputs as files: what lies in one file is put into it, innermost first.

    Args:
        state: of the run.
        staged: one a unit.
    """
    found = list(staged)
    while (deepest := max(map(_depth, found), default=0)) > 0:
        parts: dict[str, list[Staged]] = {}
        rest = []
        for one in found:
            if _depth(one) == deepest:
                parts.setdefault(_split(one.output)[0], []).append(one)
            else:
                rest.append(one)
        found = rest + [_made(state, output, group) for output, group in parts.items()]
    return tuple(found)


def _depth(one: Staged) -> int:
    return len(_BUNDLE.findall(one.output))


def _split(output: str) -> tuple[str, str]:
    """The innermost bundle that an output lies in, and its name there."""
    *_, last = _BUNDLE.finditer(output)
    return output[: last.end() - len(INSIDE)], output[last.end() :]


def _made(state: TargetState, output: str, parts: Sequence[Staged]) -> Staged:
    """One file of its parts, where no reader looks."""
    told = "\n".join([output, *sorted(part.unit for part in parts)])
    unit = hashlib.sha256(told.encode()).hexdigest()[:32]
    location = state.own(f"staged/{unit}-{secrets.token_hex(4)}")
    with state.storage.writing(state.at(location)) as stream:
        if output.lower().endswith(_ARCHIVE):
            _archive(state, stream, parts)
        else:
            _workbook(state, stream, parts)
    stored = state.storage.stat(state.at(location))
    rows = sum(part.rows for part in parts)
    return Staged(unit, output, location, rows, stored.size, stored.version)


def _workbook(state: TargetState, stream: pa.NativeFile, parts: Sequence[Staged]) -> None:
    sheets = [staged_sheet(partial(state.storage.open, state.at(part.location))) for part in parts]
    packed = compressed(stream, sheets[0].compression)
    write_workbook(packed, sheets)
    if packed is not stream:
        packed.close()


def _archive(state: TargetState, stream: pa.NativeFile, parts: Sequence[Staged]) -> None:
    with zipfile.ZipFile(cast("IO[bytes]", stream), "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(parts, key=lambda one: one.output):
            name = _split(part.output)[1]
            with (
                state.storage.open(state.at(part.location)) as file,
                archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member,
            ):
                while chunk := file.read(_CHUNK_BYTES):
                    member.write(chunk)
