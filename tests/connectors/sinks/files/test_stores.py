"""A driver that dies at any change, on every store: the old state or the new one, and a way on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

import pytest

from lakescan.connectors import storage_for

if TYPE_CHECKING:
    from conftest import Store

    from lakescan.connectors import Storage

OUTPUTS = {"a.csv", "b.jsonl", "p/day=2024-01-01/part-0.parquet"}


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing is tidied up after it."""


@contextmanager
def dying(storage: Storage, changes: int) -> Iterator[None]:
    """Let nothing more change in the store after so many changes."""
    lock, count = Lock(), [0]
    patched = pytest.MonkeyPatch()

    def guarded(name: str) -> None:
        original = getattr(type(storage), name)

        def call(self: Storage, *args: object, **options: object) -> object:
            with lock:
                count[0] += 1
                if count[0] > changes:
                    raise Killed
            return original(self, *args, **options)

        patched.setattr(type(storage), name, call)

    for name in ("write_bytes", "writing", "move", "delete"):
        guarded(name)
    try:
        yield
    finally:
        patched.undo()


def seen(storage: Storage, root: str) -> dict[str, bytes]:
    """What a reader finds: names that do not begin with ``_``."""
    names = {file.uri.removeprefix(f"{root}/"): file.uri for file in storage.list(f"{root}/")}
    return {name: storage.read_bytes(uri) for name, uri in names.items() if name[0] != "_"}


def test_a_driver_that_dies_at_any_change(store: Store, copy: Callable) -> None:
    storage = storage_for(store.root)
    whole = f"{store.root}/whole"
    copy(to=whole).go()
    expected = seen(storage, whole)
    assert expected.keys() == OUTPUTS
    died = 0
    for changes in range(0, 30, 1 if store.name == "local" else 5):
        out = f"{store.root}/out{changes}"
        try:
            with dying(storage, changes):
                copy(to=out).go()
        except Killed:
            died += 1
            if not storage.exists(f"{out}/_lakescan/manifest.json"):
                assert seen(storage, out) == {}
        assert copy(to=out).go().rows == 200
        assert seen(storage, out) == expected
    assert died >= 4
