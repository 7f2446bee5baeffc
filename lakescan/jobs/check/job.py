"""The steps of a preflight, in the order in which a scan would meet them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from lakescan.connectors import connector_for, storage_for
from lakescan.connectors.kafka.address import SCHEME as KAFKA
from lakescan.connectors.storage.lookup import STORAGE_SCHEMES, absolute, scheme_of
from lakescan.errors import LakescanError
from lakescan.jobs.check.broker import ask_broker
from lakescan.jobs.check.model import CheckReport, Outcome, Step
from lakescan.jobs.check.network import reach
from lakescan.jobs.check.store import ask, write
from lakescan.jobs.check.tables import ask_tables


def check(
    uri: str, storage: Mapping[str, str] | None = None, *, writing: bool = False
) -> CheckReport:
    """Try what a scan of ``uri`` needs, and say what is wrong.

    Args:
        uri: as a scan is given it.
        storage: connection properties.
        writing: whether to write and remove an object, too, as a sink or a run folder needs.
    """
    given = storage or {}
    steps: list[Step] = []
    part = "source"
    started = time.monotonic()
    try:
        for step in _steps(uri, given, writing=writing):
            now = time.monotonic()
            steps.append(
                Step(step.name, step.outcome, step.detail, step.hint, round(now - started, 3))
            )
            part, started = _after(step.name), now
            if step.outcome is Outcome.FAILED:
                break
    except LakescanError as error:
        seconds = round(time.monotonic() - started, 3)
        steps.append(Step(part, Outcome.FAILED, error.message, error.hint, seconds))
    return CheckReport(uri, tuple(steps))


def _after(name: str) -> str:
    """The step that fails if the next thing does: they come in this order."""
    order = ("source", "name", "connect", "tls", "credentials", "list", "read", "write")
    following = {"source": "credentials", "connect": "credentials", "tls": "credentials",
                 "topic": "read"}  # fmt: skip
    if name in following:
        return following[name]
    return order[min(order.index(name) + 1, len(order) - 1)] if name in order else "write"


def _steps(uri: str, storage: Mapping[str, str], *, writing: bool) -> Iterator[Step]:
    connector = connector_for(uri)
    scheme = scheme_of(uri)
    if scheme == KAFKA:
        yield Step("source", Outcome.OK, f"{scheme}://, read by {type(connector).__name__}")
        yield from ask_broker(uri, storage, writing=writing)
        return
    if scheme not in STORAGE_SCHEMES:
        yield Step("source", Outcome.OK, f"{scheme}://, read by {type(connector).__name__}")
        yield from ask_tables(uri, connector, storage)
        return
    backend = storage_for(uri, storage)
    address = backend.address(uri)
    yield Step("source", Outcome.OK, address or absolute(uri))
    if address is not None:
        yield from reach(address)
    yield from ask(backend, uri)
    if writing:
        yield write(backend, absolute(uri))
