"""The sink of files: see `Sink` for the promise, `state` for what it leaves in the target."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pyarrow as pa

from lakescan.connectors.model import Dataset
from lakescan.connectors.sinks.files.bundle import bundled
from lakescan.connectors.sinks.files.delta import check_base
from lakescan.connectors.sinks.files.plan import plan_files
from lakescan.connectors.sinks.files.publish import SUCCESS, publish, told_of
from lakescan.connectors.sinks.files.stage import stage_file
from lakescan.connectors.sinks.files.state import FOLDER, Manifest, TargetState
from lakescan.connectors.sinks.model import (
    Committed,
    Mode,
    Origin,
    OutputUnit,
    Staged,
    Target,
    Transaction,
    Unfinished,
)
from lakescan.connectors.sinks.writers import WRITABLE
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES
from lakescan.errors import ChangedSourceError, UnknownNameError, UsageError

_log = logging.getLogger(__name__)


class FileSink:
    """Writes files; each appears whole, under its name, after the commit."""

    schemes = STORAGE_SCHEMES

    def begin(self, target: Target) -> Transaction:
        """Begin a run, or go on with it."""
        if target.format is not None and target.format not in WRITABLE:
            raise UnknownNameError("format to write", target.format, WRITABLE)
        if not target.run_id or "/" in target.run_id:
            raise UsageError(f"{target.run_id!r} names no run")
        state = TargetState(target)
        done = state.small("published.json")
        if done is not None:
            return Transaction(target, "", told_of(done, state.root))
        manifest = state.manifest()
        if manifest is not None:
            before = publish(_of_run(state, target, manifest.run_id), manifest)
            if manifest.run_id == target.run_id:
                return Transaction(target, manifest.token, before)
        outcome = state.small("outcome.json")
        if outcome is not None and outcome["outcome"] == "abort":
            raise UsageError(f"run {target.run_id} was aborted", hint="begin one of another name")
        base = manifest.token if manifest is not None else ""
        begun = state.small("begun.json")
        if begun is None:
            if target.mode is Mode.CREATE and _taken(state):
                raise UsageError(
                    f"{state.root}: something stands there",
                    hint="name an empty folder, or choose the mode replace or update",
                    uri=state.root,
                )
            begun = state.once("begun.json", {"base": base, "metadata": dict(target.metadata)})
        return Transaction(target, str(begun["base"]))

    def plan(
        self, transaction: Transaction, dataset: Dataset, origin: Origin
    ) -> Iterator[OutputUnit]:
        """One unit for each file of the source, or for each split of what is no file."""
        return plan_files(transaction.target, dataset, origin)

    def staged(self, transaction: Transaction) -> Iterator[Staged]:
        """The receipts of the run."""
        yield from TargetState(transaction.target).receipts()

    def kept(self, transaction: Transaction) -> Mapping[str, Staged]:
        """Files of the last commit that are as large as they were, and not younger than it."""
        state = TargetState(transaction.target)
        manifest = state.manifest()
        if manifest is None or manifest.token != transaction.base:
            return {}
        last = _of_run(state, transaction.target, manifest.run_id)
        over = state.storage.stat(last.at(last.own("published.json"))).modified
        outputs = {state.at(one.output): one for one in manifest.staged if one.made}
        found = {}
        for file in state.storage.list(f"{state.root}/"):
            one = outputs.get(file.uri)
            if one is not None and file.size == one.bytes and file.modified <= over:
                found[one.made] = replace(one, location="")
        return found

    def stage(
        self, transaction: Transaction, unit: OutputUnit, batches: Iterable[pa.RecordBatch]
    ) -> Staged:
        """Write one file under the run's hidden prefix."""
        return stage_file(TargetState(transaction.target), unit, batches)

    def commit(self, transaction: Transaction, staged: Iterable[Staged]) -> Committed:
        """Put the manifest, then give the files their names."""
        target = transaction.target
        state = TargetState(target)
        done = state.small("published.json")
        if done is not None:
            return told_of(done, state.root)
        before = state.manifest()
        if before is not None and before.run_id == target.run_id:
            return publish(state, before)
        if (before.token if before is not None else "") != transaction.base:
            raise _overtaken(state)
        outputs = _distinct(bundled(state, _distinct(staged)))
        if state.once("outcome.json", {"outcome": "commit"})["outcome"] != "commit":
            raise ChangedSourceError(f"{state.root}: run {target.run_id} was aborted")
        tables = state.tables()
        if target.mode is Mode.IN_PLACE:
            for path, note in tables.items():
                check_base(state.at(path).rstrip("/"), note, target.storage)
        manifest = _manifest(target, outputs, before, tables)
        token = _put(state, manifest, transaction.base)
        if token is not None:
            return publish(state, replace(manifest, token=token))
        # Another driver of this run was first: its manifest is what counts.
        other = state.manifest()
        if other is None or other.run_id != target.run_id:
            raise _overtaken(state)
        return publish(state, other)

    def abort(self, transaction: Transaction) -> None:
        """Remove what the run staged."""
        state = TargetState(transaction.target)
        if state.small("published.json") is not None:
            return
        manifest = state.manifest()
        if manifest is not None and manifest.run_id == state.run:
            return
        outcome = state.once("outcome.json", {"outcome": "abort"})
        base = manifest.token if manifest is not None else ""
        if outcome["outcome"] == "commit" and base == transaction.base:
            raise ChangedSourceError(
                f"{state.root}: run {state.run} is being committed", uri=state.root
            )
        state.clean()
        _log.info("run %s: what it staged is removed", state.run)

    def recorded(self, target: Target) -> Mapping[str, str]:
        """What the last commit left in the manifest."""
        manifest = TargetState(target).manifest()
        return {} if manifest is None else manifest.metadata

    def unfinished(self, target: Target) -> Unfinished | None:
        """The latest run that began, or one that was committed and whose files lack their names."""
        state = TargetState(target)
        manifest = state.manifest()
        if manifest is not None:
            last = _of_run(state, target, manifest.run_id)
            if last.small("published.json") is None:
                return Unfinished(manifest.run_id, manifest.metadata)
        return state.unfinished("" if manifest is None else manifest.token)


def _overtaken(state: TargetState) -> ChangedSourceError:
    return ChangedSourceError(
        f"{state.root}: another run was committed since this one began", uri=state.root
    )


def _put(state: TargetState, manifest: Manifest, base: str) -> str | None:
    """Commit: the manifest's version, or None where ``base`` is no longer what stands there."""
    try:
        return state.write_manifest(manifest, base)
    except ChangedSourceError:
        return None


def _of_run(state: TargetState, target: Target, run_id: str) -> TargetState:
    return state if run_id == state.run else TargetState(replace(target, run_id=run_id))


def _taken(state: TargetState) -> bool:
    """Whether anything but our own folder stands in the target."""
    ours = (state.at(f"{FOLDER}/"), state.at(SUCCESS))
    return any(not file.uri.startswith(ours) for file in state.storage.list(f"{state.root}/"))


def _distinct(staged: Iterable[Staged]) -> tuple[Staged, ...]:
    """One of each unit, in order of the outputs.

    Raises:
        UsageError: two units have the same output.
    """
    units = {one.unit: one for one in staged}
    outputs: dict[str, Staged] = {}
    for one in units.values():
        if one.output in outputs:
            raise UsageError(f"{one.output}: is written twice", hint="write to two targets")
        outputs[one.output] = one
    return tuple(outputs[name] for name in sorted(outputs))


def _manifest(
    target: Target,
    staged: tuple[Staged, ...],
    before: Manifest | None,
    tables: Mapping[str, Mapping[str, object]],
) -> Manifest:
    """The state after the commit; of a lake table's files, its own tools clear the old ones up."""
    files = dict(before.files) if before is not None else {}
    written = {one.output: target.run_id if one.location else files[one.output] for one in staged}
    removed: tuple[str, ...] = ()
    if target.mode in (Mode.CREATE, Mode.REPLACE):
        lakes = (
            () if before is None else tuple(f"{path}/" if path else "" for path in before.tables)
        )
        gone = files.keys() - written.keys()
        removed = tuple(sorted(path for path in gone if not lakes or not path.startswith(lakes)))
        files = {}
    return Manifest(
        target.run_id, files | written, staged, removed, target.metadata, target.mode.value, tables
    )
