"""What stands in a target beside the data: all below ``_lakescan/``, which readers pass over.

_lakescan/manifest.json               what was committed last: written on a condition, the commit
_lakescan/RUN/begun.json              a run that began, and on top of which manifest
_lakescan/RUN/outcome.json            commit or abort, whichever came first
_lakescan/RUN/staged/UNIT-ATTEMPT     the bytes of one output, by one worker
_lakescan/RUN/receipts/UNIT.json      the attempt that counts
_lakescan/RUN/tables/TABLE.json       a lake table among the outputs
_lakescan/RUN/published.json          every output of the run has its name: the run is over
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

import orjson

from lakescan.connectors.sinks.model import Committed, Staged, Target, Unfinished
from lakescan.connectors.storage import Storage, storage_for
from lakescan.connectors.storage.lookup import absolute
from lakescan.errors import ChangedSourceError, CorruptFileError, NotFoundError

FOLDER = "_lakescan"
_LAYOUT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """A committed state of the target.

    Args:
        run_id: the run that made it.
        files: every output of it and of earlier runs that still counts: path -> the run's.
        staged: this run's outputs.
        removed: paths of earlier outputs that go.
        metadata: the run's.
        mode: the run's.
        tables: lake tables among the outputs, by their folders, with what their commit needs.
        layout: version of the layout.
        token: storage's version of the manifest; empty before it is stored.
    """

    run_id: str
    files: Mapping[str, str]
    staged: tuple[Staged, ...]
    removed: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    mode: str = "create"
    tables: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    layout: int = _LAYOUT
    token: str = ""

    def to_json(self) -> bytes:
        """As it is stored."""
        value = asdict(self)
        del value["token"]
        return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)

    @property
    def committed(self) -> Committed:
        """What a commit returns."""
        return Committed(
            self.run_id,
            self.token,
            len(self.staged),
            sum(one.rows for one in self.staged),
            sum(one.bytes for one in self.staged),
        )


def staged_of(value: Mapping[str, object]) -> Staged:
    """What was written of a `Staged`."""
    return Staged(**cast("dict[str, Any]", value))


def committed_of(value: Mapping[str, object]) -> Committed:
    """What was written of a `Committed`."""
    return Committed(**cast("dict[str, Any]", value))


class TargetState:
    """The target's folder of one run.

    Args:
        target: the run's.
    """

    def __init__(self, target: Target) -> None:
        self.root = absolute(target.uri).rstrip("/")
        self.run = target.run_id
        self.target = target
        self.storage: Storage = storage_for(self.root, target.storage)

    def at(self, path: str) -> str:
        """The URI of a path in the target."""
        return f"{self.root}/{path}"

    def own(self, name: str) -> str:
        """The path of a file of this run."""
        return f"{FOLDER}/{self.run}/{name}"

    def manifest(self) -> Manifest | None:
        """What was committed last; None before a first commit."""
        uri = self.at(f"{FOLDER}/manifest.json")
        for _ in range(8):
            try:
                token = self.storage.stat(uri).version
                value = cast("dict[str, Any]", self._json(uri))
                if self.storage.stat(uri).version != token:
                    continue  # replaced in between: bytes and token must be of one version
            except NotFoundError:
                return None
            if value.get("layout") != _LAYOUT:
                raise CorruptFileError(
                    f"{uri}: layout {value.get('layout')}, this lakescan knows {_LAYOUT}", uri=uri
                )
            staged = tuple(staged_of(one) for one in value["staged"])
            return Manifest(
                value["run_id"],
                value["files"],
                staged,
                tuple(value["removed"]),
                value["metadata"],
                value.get("mode", "create"),
                value.get("tables", {}),
                token=token,
            )
        raise ChangedSourceError(f"{uri}: is written again and again", uri=uri)

    def write_manifest(self, manifest: Manifest, base: str) -> str:
        """Put the manifest on top of ``base``; its version.

        Raises:
            ChangedSourceError: ``base`` is no longer what stands there.
        """
        uri = self.at(f"{FOLDER}/manifest.json")
        data = manifest.to_json()
        if base:
            return self.storage.write_bytes(uri, data, if_match=base)
        return self.storage.write_bytes(uri, data, if_absent=True)

    def once(self, name: str, value: Mapping[str, object]) -> dict[str, object]:
        """Write a small file of this run unless it is there; what counts is returned."""
        uri = self.at(self.own(name))
        data = orjson.dumps(value)
        try:
            self.storage.write_bytes(uri, data, if_absent=True)
        except ChangedSourceError:
            return self._json(uri)
        return dict(value)

    def small(self, name: str) -> dict[str, object] | None:
        """A small file of this run; None where there is none."""
        try:
            return self._json(self.at(self.own(name)))
        except NotFoundError:
            return None

    def receipts(self) -> Iterator[Staged]:
        """The units that are staged."""
        for file in self.storage.list(self.at(self.own("receipts/"))):
            with contextlib.suppress(NotFoundError):
                yield staged_of(self._json(file.uri))

    def unfinished(self, base: str) -> Unfinished | None:
        """The run that began last, on top of ``base``, and did not write down how it ended.

        One that began on top of another state is over: it cannot be committed any more.
        """
        for own, begun in self._begun():
            outcome = own.small("outcome.json")
            aborted = outcome is not None and outcome["outcome"] == "abort"
            if _base(begun) == base and not aborted:
                told = cast("Mapping[str, str]", begun.get("metadata", {}))
                return Unfinished(own.run, told)
        return None

    def clear_up(self, base: str) -> None:
        """Remove what runs left that began on top of another state than ``base``."""
        for own, begun in list(self._begun()):
            if own.run != self.run and _base(begun) != base:
                own.once("outcome.json", {"outcome": "abort"})
                own.clean()

    def _begun(self) -> Iterator[tuple[TargetState, Mapping[str, object]]]:
        """Runs of this target that are not over, the latest first, and what they began with."""
        found = [
            (file.modified, file.uri)
            for file in self.storage.list(self.at(f"{FOLDER}/"))
            if file.uri.endswith("/begun.json")
        ]
        for _, uri in sorted(found, reverse=True):
            own = TargetState(replace(self.target, run_id=uri.rsplit("/", 2)[1]))
            begun = own.small("begun.json")
            # A scan's run, which may lie beside it, is none that a sink began.
            if begun is not None and "base" in begun:
                yield own, begun

    def tables(self) -> dict[str, dict[str, object]]:
        """The lake tables that were noted, by their folders in the target."""
        found = {}
        for file in self.storage.list(self.at(self.own("tables/"))):
            note = self._json(file.uri)
            found[str(note["path"])] = note
        return found

    def clean(self) -> None:
        """Remove what the run wrote down, but for how it ended.

        Nothing else: another driver may be about to say how it ended.
        """
        for folder in ("staged/", "receipts/", "tables/"):
            for file in list(self.storage.list(self.at(self.own(folder)))):
                self.storage.delete(file.uri)
        self.storage.delete(self.at(self.own("begun.json")))

    def _json(self, uri: str) -> dict[str, object]:
        try:
            value: dict[str, object] = orjson.loads(self.storage.read_bytes(uri))
        except orjson.JSONDecodeError as error:
            raise CorruptFileError(f"{uri}: is none of lakescan's", uri=uri) from error
        return value


def _base(begun: Mapping[str, object]) -> str:
    """On top of what a run began; in place, a file's version stands behind it."""
    return str(begun["base"]).partition("\n")[0]
