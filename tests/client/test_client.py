"""The client, both kinds, against real servers: a good one, and one that has bad days."""

from __future__ import annotations

import asyncio
import http.server
import inspect
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from decimal import Decimal
from typing import ClassVar

import pytest
from ports import free_port

import lakescan
from lakescan.client import (
    AsyncClient,
    Client,
    Operator,
    Retrying,
    ServiceBusyError,
    ServiceRefusedError,
)
from lakescan.errors import CredentialError, MissingDependencyError, UsageError

QUICK = Retrying(attempts=4, first=0.01, longest=2.0)


class Closing:
    """A `Client` for each call, closed after it."""

    def __init__(self, *arguments, **options):
        self._arguments, self._options = arguments, options

    def __getattr__(self, name):
        def call(*arguments, **options):
            with Client(*self._arguments, **self._options) as client:
                return getattr(client, name)(*arguments, **options)

        return call


class Blocking:
    """An `AsyncClient` that is called like a `Client`."""

    def __init__(self, *arguments, **options):
        self._arguments, self._options = arguments, options

    def __getattr__(self, name):
        def call(*arguments, **options):
            async def main():
                async with AsyncClient(*self._arguments, **self._options) as client:
                    return await getattr(client, name)(*arguments, **options)

            return asyncio.run(main())

        return call


KINDS = pytest.mark.parametrize("kind", [Closing, Blocking])


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """`lakescan serve` with keys, a keyring and jobs."""
    from lakescan.jobs.keys import new_keyring

    folder = tmp_path_factory.mktemp("service")
    (folder / "ring.yaml").write_text(new_keyring("one"))
    (folder / "ring.yaml").chmod(0o600)
    (folder / "keys").write_text("all scopes=detect,anonymize,reveal,jobs\nfew scopes=detect\n")
    (folder / "lake").mkdir()
    (folder / "lake" / "a.csv").write_text("email\nann@example.com\nbob@example.com\n")
    port = free_port()
    command = [
        sys.executable, "-m", "lakescan", "serve", "--port", str(port), "--accuracy-mode", "patterns",
        "--keys-file", str(folder / "keys"), "--key", f"file:{folder / 'ring.yaml'}", "--quiet",
        "--audit", str(folder / "audit"), "--runs", str(folder / "runs"), "--engine", "local",
        "--source", str(folder / "lake"),
    ]  # fmt: skip
    clean = {k: v for k, v in os.environ.items() if not k.startswith("LAKESCAN_")}
    process = subprocess.Popen(command, env=clean)
    url = f"http://127.0.0.1:{port}"
    with Client(url, "all", retrying=Retrying(attempts=60, first=0.5, longest=1.0)) as client:
        client.policies()  # it is retried until the service is there
    yield url, folder
    process.terminate()
    assert process.wait(60) == 0


@KINDS
def test_texts_are_read_and_changed_and_revealed(service, kind):
    client = kind(service[0], "all")
    text = "Call Añn on 202-555-0142"
    found = client.detect([text, ""])
    assert [(f.start, f.end, f.entity) for f in found[0]] == [
        (f.start, f.end, f.entity) for f in lakescan.detect(text, accuracy_mode="patterns")
    ]
    assert found[1] == []
    made = client.anonymize([text], operators={"PHONE_NUMBER": Operator("encrypt")})
    assert made[0].replacements[0].operator == "encrypt"
    assert "202-555" not in made[0].text
    assert client.reveal([made[0].text], "case 1") == [text]


@KINDS
def test_tables_are_classified_and_changed(service, kind):
    client = kind(service[0], "all")
    rows = [{"email": "ann@example.com", "n": 1}, {"email": "bob@example.com", "n": 2}]
    for table in (rows, b"email,n\nann@example.com,1\nbob@example.com,2\n"):
        report = client.classify(table)
        best = report["datasets"][0]["columns"][0]["classifications"][0]
        assert best["entity"] == "EMAIL_ADDRESS"
    made = client.anonymize_rows(rows, operators={"*": Operator("mask", {"keep_first": 1})})
    assert [row["n"] for row in made.rows] == [1, 2]
    assert made.rows[0]["email"].startswith("a**@")
    assert [each.operator for each in made.columns] == ["mask", "keep"]


@KINDS
def test_a_large_table_goes_from_file_to_file(service, kind, tmp_path):
    """Longer than any other body may be; it never is in memory as a whole."""
    client = kind(service[0], "all")
    source, target = tmp_path / "people.csv", tmp_path / "people-anonymized.csv"
    rows = 11 * 2**20 // len("123456,ann@example.com\n")
    with source.open("w") as file:
        file.write("n,email\n")
        file.writelines(f"{n},ann@example.com\n" for n in range(100_000, 100_000 + rows))
    target.write_text("what was there before")
    report = client.classify(source)
    assert report["datasets"][0]["rows"] == rows
    client.anonymize_file(source, target, operators={"EMAIL_ADDRESS": Operator("mask")})
    lines = target.read_text().splitlines()
    assert len(lines) == rows + 1
    assert lines[0] == "n,email"
    assert lines[1].startswith("100000,")
    assert "ann" not in lines[1]
    with pytest.raises(ServiceRefusedError):
        client.anonymize_file(source, target, "image/png")
    assert sorted(each.name for each in tmp_path.iterdir()) == [target.name, source.name]
    assert len(target.read_text().splitlines()) == rows + 1, "a refusal changes no file"


def test_any_number_of_texts_is_read_some_at_a_time(service):
    drawn = []

    def texts():
        for n in range(2500):
            drawn.append(n)
            yield f"mail a{n}@example.com"

    with Client(service[0], "all") as client:
        found = client.detect_many(texts())
        first = next(found)
        assert len(drawn) < 1100, "the others are not drawn yet"
        assert [each.entity for each in first] == ["EMAIL_ADDRESS"]
        ends = [first[0].end, *(each[0].end for each in found)]
    assert ends == [len(f"mail a{n}@example.com") for n in range(2500)]

    async def main():
        async with AsyncClient(service[0], "all") as client:
            return [each[0].end async for each in client.detect_many(texts())]

    assert asyncio.run(main()) == ends


@KINDS
def test_a_job_is_submitted_awaited_and_read(service, kind):
    url, folder = service
    client = kind(url, "all")
    job = client.submit([str(folder / "lake")])
    assert not job.ended
    done = client.wait(job.id, timeout=120)
    assert done.status == "complete"
    assert done.totals["columns"] == 1
    assert client.results(job.id)["datasets"][0]["columns"][0]["sensitive"]
    assert job.id in [each.id for each in client.jobs()]
    with pytest.raises(ServiceRefusedError, match="ended") as refused:
        client.cancel(job.id)
    assert refused.value.status == 409


@KINDS
def test_the_catalog_is_read(service, kind):
    client = kind(service[0], "few")
    assert set(client.policies()) == {"default"}
    assert {"entity", "category"} <= set(client.entities()[0])


@KINDS
def test_a_key_that_does_not_do_is_a_credential_error(service, kind):
    with pytest.raises(CredentialError, match="not valid"):
        kind(service[0], "wrong").detect(["x"])
    with pytest.raises(CredentialError, match="anonymize"):
        kind(service[0], "few").anonymize(["x"])
    with pytest.raises(ServiceRefusedError, match="EMAIL_ADDRESS"):
        kind(service[0], "all").detect(["x"], entities=["EMIAL_ADDRESS"])


def test_a_client_tells_no_key():
    assert "secret-key" not in repr(Client("http://127.0.0.1:1", "secret-key"))
    for url in ("", "ftp://x", "localhost:8000"):
        with pytest.raises(UsageError):
            Client(url)


class Moody(http.server.BaseHTTPRequestHandler):
    """Answers as it is told to, one after the other; then well."""

    protocol_version = "HTTP/1.1"
    moods: ClassVar[list] = []
    asked: ClassVar[list] = []

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.asked.append(time.monotonic())
        mood = self.moods.pop(0) if self.moods else 200
        if mood == "drop":
            self.close_connection = True
            return
        status, headers = mood if isinstance(mood, tuple) else (mood, {})
        data = json.dumps({"results": [{"findings": []}], "error": "not now", "texts": []}).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def moody():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Moody) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        Moody.asked.clear()
        Moody.moods.clear()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@KINDS
def test_what_passes_is_tried_again(moody, kind):
    Moody.moods += [429, 502, "drop"]
    assert kind(moody, retrying=QUICK).detect(["x"]) == [[]]
    assert len(Moody.asked) == 4


@KINDS
def test_a_service_that_says_when_is_listened_to(moody, kind):
    Moody.moods += [(503, {"retry-after": "1"})]
    assert kind(moody, retrying=QUICK).detect(["x"]) == [[]]
    assert Moody.asked[1] - Moody.asked[0] >= 1
    Moody.moods += [(429, {"retry-after": "3600"})]
    with pytest.raises(ServiceBusyError, match="not now"):
        kind(moody, retrying=QUICK).detect(["x"])


@KINDS
def test_it_gives_up_after_some_attempts(moody, kind):
    Moody.moods += [503] * 9
    with pytest.raises(ServiceBusyError) as busy:
        kind(moody, retrying=QUICK).detect(["x"])
    assert busy.value.status == 503
    assert len(Moody.asked) == 4


@KINDS
def test_a_fault_of_the_service_is_told_and_one_of_a_proxy_before_it_passes(moody, kind):
    Moody.moods += [500, 500]
    assert kind(moody, retrying=QUICK).detect(["x"]) == [[]]
    Moody.moods += [(500, {"x-request-id": "1"})]
    with pytest.raises(ServiceRefusedError, match="not now"):
        kind(moody, retrying=QUICK).detect(["x"])


@KINDS
def test_what_may_have_been_done_is_not_sent_twice(moody, kind):
    for mood in ("drop", 500, 502, 504):
        Moody.asked.clear()
        Moody.moods[:] = [mood]
        with pytest.raises(ServiceBusyError):
            kind(moody, retrying=QUICK).reveal(["x"], "why")
        assert len(Moody.asked) == 1
    Moody.moods[:] = [503]
    assert kind(moody, retrying=QUICK).reveal(["x"], "why") == [], "nothing was done"


@KINDS
def test_nobody_there_is_a_busy_error(kind):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(ServiceBusyError, match="does not answer"):
            kind(url, retrying=QUICK).detect(["x"])


def test_pauses_grow_up_to_their_bound():
    retrying = Retrying(attempts=10, first=1.0, longest=4.0)
    for attempt, bound in enumerate([1, 2, 4, 4, 4], 1):
        pauses = [retrying.pause(attempt, None) for _ in range(50)]
        assert all(0 <= pause <= bound for pause in pauses)
        assert len(set(pauses)) > 1, "clients do not come back together"
    assert retrying.pause(10, None) is None


def test_both_clients_know_the_same_calls():
    def calls(kind):
        return {
            name: [str(each) for each in inspect.signature(call).parameters.values()]
            for name, call in vars(kind).items()
            if not name.startswith("_") and callable(call)
        }

    assert calls(Client) == calls(AsyncClient)


def test_without_httpx_it_says_what_to_install(monkeypatch):
    for name in [n for n in sys.modules if n.startswith("lakescan.client.") or n == "httpx"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "httpx", None)
    import lakescan.client as package

    with pytest.raises(MissingDependencyError, match="httpx"):
        package.Client  # noqa: B018


@pytest.mark.parametrize("kind", [Client, Blocking])
def test_one_text_is_not_taken_for_a_list_of_letters(kind):
    client = kind("http://127.0.0.1:1")
    for call in (client.detect, client.anonymize, lambda text: client.reveal(text, "why")):
        with pytest.raises(UsageError, match="texts are a list"):
            call("Call Ann on 202-555-0142")


def test_many_texts_are_not_the_letters_of_one():
    with Client("http://127.0.0.1:1") as client, pytest.raises(UsageError, match="are a list"):
        next(client.detect_many("Call Ann on 202-555-0142"))


@pytest.mark.parametrize("value", ["secret \ud800", Decimal("4111.5"), 2**70, object()])
def test_what_json_has_no_word_for_is_a_usage_error_without_the_value(value):
    with Client("http://127.0.0.1:1") as client:
        for call in (lambda: client.detect([value]), lambda: client.classify([{"a": value}])):
            with pytest.raises(UsageError, match="cannot be sent as JSON") as caught:
                call()
            assert not re.search("secret|4111|1180591", str(caught.value))
