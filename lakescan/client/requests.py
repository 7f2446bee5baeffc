"""Each call of the service, as a request to be sent and a way to read its answer.

The clients differ in how they wait, and in nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import orjson

from lakescan.client.results import (
    Anonymized,
    AnonymizedRows,
    ColumnChange,
    Document,
    Found,
    JobStatus,
    Operator,
    anonymized_of,
    filled,
    job_of,
)
from lakescan.errors import UsageError

T = TypeVar("T")

#: Texts of one request, and about so many characters of them.
_TEXTS, _CHARACTERS = 1000, 1 << 20

Rows = Sequence[Mapping[str, object]]
Operators = Mapping[str, Operator]


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """A request.

    Args:
        method, path: of HTTP.
        read: makes the result of the answer's JSON.
        body: JSON, or None.
        content: bytes instead of JSON, or a file that is sent piece by piece; with their type.
        target: where the answer is written to, whole or not at all; None for JSON.
        query: parameters.
        repeatable: whether it may be sent again where nobody knows if it was done.
    """

    method: str
    path: str
    read: Callable[[Any], T]
    body: Mapping[str, object] | None = None
    content: tuple[bytes | Path, str] | None = None
    target: Path | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True


def detect(
    texts: Sequence[str],
    entities: Sequence[str] | None,
    min_score: float,
    policy: str | None,
) -> Request[list[list[Found]]]:
    """Findings of each text."""
    body = {
        "texts": _listed(texts),
        "entities": entities,
        "min_score": min_score,
        "policy": policy,
    }
    return Request(
        "POST",
        "/v1/detect",
        lambda value: [
            [filled(Found, each) for each in result["findings"]] for result in value["results"]
        ],
        _without_none(body),
    )


def anonymize(
    texts: Sequence[str], operators: Operators | None, policy: str | None
) -> Request[list[Anonymized]]:
    """Texts without the people in them."""
    body = {"texts": _listed(texts), "operators": _operators(operators), "policy": policy}
    return Request(
        "POST",
        "/v1/anonymize",
        lambda value: anonymized_of(value["results"]),
        _without_none(body),
    )


def anonymize_rows(
    rows: Rows, operators: Operators | None, policy: str | None
) -> Request[AnonymizedRows]:
    """Rows without the people in them."""
    body = {"rows": list(rows), "operators": _operators(operators), "policy": policy}
    return Request("POST", "/v1/anonymize", _rows, _without_none(body))


def reveal(texts: Sequence[str], reason: str, domains: Sequence[str] | None) -> Request[list[str]]:
    """What encrypt hid. Each call is a line on record, so it is sent once."""
    body = {"texts": _listed(texts), "reason": reason, "domains": domains}
    return Request(
        "POST",
        "/v1/reveal",
        lambda value: list(value["texts"]),
        _without_none(body),
        repeatable=False,
    )


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Texts in as many requests as they take."""
    _no_text(texts)
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == _TEXTS or size + len(text) > _CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def anonymize_file(
    source: Path,
    target: Path,
    content_type: str,
    operators: Operators | None,
    policy: str | None,
) -> Request[None]:
    """A table without the people in it, from file to file."""
    query = {} if policy is None else {"policy": policy}
    if operators is not None:
        query["operators"] = orjson.dumps(_operators(operators)).decode()
    return Request(
        "POST",
        "/v1/anonymize",
        lambda _: None,
        content=(source, content_type),
        query=query,
        target=target,
    )


def classify(
    table: bytes | Path | Rows, content_type: str, policy: str | None
) -> Request[Document]:
    """What a table's columns hold."""
    query = {} if policy is None else {"policy": policy}
    if isinstance(table, bytes | Path):
        return Request("POST", "/v1/classify", _plain, content=(table, content_type), query=query)
    return Request("POST", "/v1/classify", _plain, {"rows": list(table)}, query=query)


def submit(
    sources: Sequence[str], policy: str | None, engine: str | None, sample_rows: int | None
) -> Request[JobStatus]:
    """Start a scan. Sent twice it would be two."""
    body = {
        "sources": list(sources),
        "policy": policy,
        "engine": engine,
        "sample_rows": sample_rows,
    }
    return Request("POST", "/v1/jobs", job_of, _without_none(body), repeatable=False)


def jobs(limit: int) -> Request[list[JobStatus]]:
    """The latest jobs."""
    return Request(
        "GET",
        "/v1/jobs",
        lambda value: [job_of(each) for each in value],
        query={"limit": str(limit)},
    )


def job(name: str) -> Request[JobStatus]:
    """How a job is."""
    return Request("GET", f"/v1/jobs/{name}", job_of)


def cancel(name: str) -> Request[JobStatus]:
    """End a job."""
    return Request("POST", f"/v1/jobs/{name}/cancel", job_of, {}, repeatable=False)


def resume(name: str) -> Request[JobStatus]:
    """Go on with a job."""
    return Request("POST", f"/v1/jobs/{name}/resume", job_of, {}, repeatable=False)


def results(name: str) -> Request[Document]:
    """What a job found."""
    return Request("GET", f"/v1/jobs/{name}/results", _plain)


def entities() -> Request[list[Document]]:
    """All that can be found."""
    return Request("GET", "/v1/entities", list)


def policies() -> Request[dict[str, str]]:
    """The policies that requests may name, with their hashes."""
    return Request(
        "GET", "/v1/policies", lambda value: {each["policy"]: each["hash"] for each in value}
    )


def _listed(texts: Sequence[str]) -> list[str]:
    """Texts as a body has them."""
    _no_text(texts)
    return list(texts)


def _no_text(texts: object) -> None:
    """Refuse one text, which Python would take for a list of its letters, with nothing in any."""
    if isinstance(texts, str):
        raise UsageError("texts are a list, and this is one text", hint="put it in brackets")


def _plain(value: Document) -> Document:
    return value


def _rows(value: Any) -> AnonymizedRows:
    changes = tuple(filled(ColumnChange, each) for each in value["columns"])
    return AnonymizedRows(tuple(value["rows"]), changes)


def _operators(given: Operators | None) -> dict[str, object] | None:
    return None if given is None else {name: each.to_json() for name, each in given.items()}


def _without_none(body: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if value is not None}
