"""A server that keeps what catalogs keep, and takes only what their published schemas allow.

No product stands behind it: paths, bodies and answers are those that DataHub, OpenMetadata and
OpenLineage's HTTP transport document. It is a real server on 127.0.0.1, with real connections.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

TOKEN = "tok-7f3a9c51e2"

_TEXT = {"type": "string", "minLength": 1}
_PATCH = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["op", "path"],
        "properties": {"op": {"enum": ["add", "remove", "test"]}, "path": {"pattern": "^/"}},
        "additionalProperties": {},
    },
}
#: ``MetadataChangeProposal`` as ``ingestProposal`` takes it.
_PROPOSAL = {
    "type": "object",
    "required": ["proposal"],
    "additionalProperties": False,
    "properties": {
        "proposal": {
            "type": "object",
            "required": ["entityType", "entityUrn", "changeType", "aspectName", "aspect"],
            "additionalProperties": False,
            "properties": {
                "entityType": {"enum": ["tag", "dataset"]},
                "entityUrn": {"pattern": "^urn:li:(tag|dataset):"},
                "changeType": {"enum": ["UPSERT", "PATCH"]},
                "aspectName": {"enum": ["tagProperties", "editableSchemaMetadata"]},
                "aspect": {
                    "type": "object",
                    "required": ["value", "contentType"],
                    "additionalProperties": False,
                    "properties": {"value": _TEXT, "contentType": _TEXT},
                },
            },
        }
    },
}
#: ``createClassification.json``, ``createTag.json`` and ``type/tagLabel.json`` of OpenMetadata.
_CREATED = {
    "classifications": {
        "type": "object",
        "required": ["name", "description"],
        "additionalProperties": False,
        "properties": {
            "name": _TEXT,
            "description": _TEXT,
            "mutuallyExclusive": {"type": "boolean"},
        },
    },
    "tags": {
        "type": "object",
        "required": ["name", "description", "classification"],
        "additionalProperties": False,
        "properties": {
            "name": _TEXT,
            "description": _TEXT,
            "displayName": _TEXT,
            "classification": _TEXT,
        },
    },
}
_LABEL = {
    "type": "object",
    "required": ["tagFQN", "source", "labelType", "state"],
    "properties": {
        "tagFQN": _TEXT,
        "source": {"enum": ["Classification", "Glossary"]},
        "labelType": {"enum": ["Manual", "Propagated", "Automated", "Derived", "Generated"]},
        "state": {"enum": ["Suggested", "Confirmed"]},
    },
}
#: What ``OpenLineage.json`` (2-0-2) asks of a run event.
_EVENT = {
    "type": "object",
    "required": ["eventTime", "producer", "schemaURL", "run", "job"],
    "properties": {
        "eventTime": {"pattern": r"^\d{4}-\d\d-\d\dT"},
        "eventType": {"enum": ["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]},
        "run": {"required": ["runId"]},
        "job": {"required": ["namespace", "name"]},
        "inputs": {"items": {"required": ["namespace", "name"]}},
    },
}


class CatalogServer:
    """What the catalogs hold, and every request that came.

    Args:
        url: of the server.
    """

    def __init__(self) -> None:
        self.url = ""
        self.events: list[dict] = []
        self.tags: dict[str, dict] = {}
        self.fields: dict[str, dict[str, dict]] = {}  # DataHub: dataset -> field -> tags by URN
        self.created: dict[str, dict[str, dict]] = {"classifications": {}, "tags": {}}
        self.tables: dict[str, dict] = {}  # OpenMetadata: by fully qualified name
        self.requests: list[tuple[str, str]] = []
        self.failures: list[tuple[int, dict[str, str]]] = []  # answers before it does anything
        self.meddling: list = []  # what others do, after a table was read

    def get(self, path: str) -> tuple[int, object]:
        if path.startswith("/aspects/"):
            fields = self.fields.get(unquote(path.removeprefix("/aspects/")))
            if fields is None:
                return 404, {"message": "no such aspect"}
            told = [{"fieldPath": name, **rest} for name, rest in fields.items()]
            aspect = {"com.linkedin.schema.EditableSchemaMetadata": {
                "editableSchemaFieldInfo": [
                    {**f, "globalTags": {"tags": [*f["globalTags"].values()]}} for f in told
                ]
            }}  # fmt: skip
            return 200, {"version": 0, "aspect": aspect}
        table = self.tables.get(unquote(path.removeprefix("/api/v1/tables/name/")))
        if table is None:
            return 404, {"code": 404, "message": "table instance not found"}
        seen = json.loads(json.dumps(table))
        if self.meddling:
            self.meddling.pop()(table)
        return 200, seen

    def post(self, path: str, body: object) -> tuple[int, object]:
        if path == "/api/v1/lineage":
            jsonschema.validate(body, _EVENT)
            self.events.append(body)
            return 201, None
        jsonschema.validate(body, _PROPOSAL)
        one = body["proposal"]
        value = json.loads(one["aspect"]["value"])
        if one["aspectName"] == "tagProperties":
            self.tags[one["entityUrn"]] = value
            return 200, {"value": one["entityUrn"]}
        jsonschema.validate(value, _PATCH)
        fields = self.fields.setdefault(one["entityUrn"], {})
        for change in value:
            _, _, field, _, _, tag = change["path"].split("/")
            field = field.replace("~1", "/").replace("~0", "~")
            tags = fields.setdefault(field, {"globalTags": {}})["globalTags"]
            if change["op"] == "add":
                assert change["value"] == {"tag": tag}
                tags[tag] = change["value"]
            else:
                del tags[tag]
        return 200, {"value": one["entityUrn"]}

    def put(self, path: str, body: object) -> tuple[int, object]:
        kind = path.removeprefix("/api/v1/")
        jsonschema.validate(body, _CREATED[kind])
        self.created[kind][body["name"]] = body
        return 200, body

    def patch(self, path: str, body: object) -> tuple[int, object]:
        jsonschema.validate(body, _PATCH)
        (table,) = (t for t in self.tables.values() if path == f"/api/v1/tables/{t['id']}")
        changed = json.loads(json.dumps(table))
        for change in body:
            *parents, last = [p.replace("~1", "/") for p in change["path"].split("/")[1:]]
            place = changed
            for part in parents:
                place = place[int(part)] if isinstance(place, list) else place[part]
            if change["op"] == "test":
                if place[int(last) if isinstance(place, list) else last] != change["value"]:
                    return 412, {"code": 412, "message": "a test of the patch does not hold"}
            elif change["op"] == "remove":
                del place[int(last)]
            elif last == "-":
                jsonschema.validate(change["value"], _LABEL)
                place.append(change["value"])
            else:
                jsonschema.validate(change["value"], {"items": _LABEL})
                place[last] = change["value"]
        table.clear()
        table.update(changed)
        return 200, table


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        catalog = self.server.catalog
        path = urlsplit(self.path).path
        catalog.requests.append((self.command, self.path))
        data = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers: dict[str, str] = {}
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            said = f"no such token: {self.headers.get('authorization')}"
            status, answer = 401, {"message": said}
        elif catalog.failures:
            status, headers = catalog.failures.pop(0)
            answer = {"message": "not now"}
        else:
            try:
                method = getattr(catalog, self.command.lower())
                status, answer = method(path, json.loads(data)) if data else method(path)
            except (jsonschema.ValidationError, AssertionError, KeyError) as error:
                status, answer = 422, {"message": f"{type(error).__name__}: {error}"[:200]}
        body = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = _serve  # noqa: N815 - the names that http.server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    catalog: CatalogServer


@pytest.fixture
def catalog(monkeypatch) -> Iterator[CatalogServer]:
    monkeypatch.setenv("CATALOG_TOKEN", TOKEN)
    monkeypatch.setattr("lakescan.integrations.catalogs.client._FIRST_PAUSE", 0.01)
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.catalog = CatalogServer()
        server.catalog.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.catalog
        finally:
            server.shutdown()
            thread.join()
