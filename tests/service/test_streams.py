"""Large tables and lines of texts: they come and go piece by piece, and memory stays as it was."""

from __future__ import annotations

import io
import json
import socket
import time

import psutil
import pyarrow as pa
import pytest

LINES = {"content-type": "application/x-ndjson"}
CSV = {"content-type": "text/csv"}
MIB = 1 << 20
HEAD = (
    b"POST /v1/classify HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/csv\r\n"
    b"content-length: %d\r\n\r\n"
)


@pytest.fixture(scope="module")
def server(servers, tmp_path_factory):
    """A service whose temporary files can be looked at."""
    folder = tmp_path_factory.mktemp("temporary")
    started = servers(
        "--accuracy-mode", "patterns", "--max-stream", str(24 * MIB), TMPDIR=str(folder)
    )
    started.folder = folder
    return started


def connected(server):
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), 60)


def settled(server):
    """Nothing of a body is left, once its request is over."""
    end = time.monotonic() + 60
    while any(server.folder.glob("lakescan-*")) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(server.folder.glob("lakescan-*"))


def table(rows):
    yield b"id,name,email\n"
    for first in range(0, rows, 1000):
        yield b"".join(
            b"%d,Ann Smith,ann%d@example.com\n" % (n, n) for n in range(first, first + 1000)
        )


def test_lines_of_texts_are_answered_line_by_line(client):
    texts = ["Call Ann on 202-555-0142", "", "nothing", "a@example.com \U0001f600 b@example.com"]
    lines = [
        json.dumps(texts[0]),
        json.dumps({"text": texts[1], "id": 7}),
        "",
        *map(json.dumps, texts[2:]),
    ]
    answer = client.post("/v1/detect", content="\n".join(lines), headers=LINES)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    results = [json.loads(line)["findings"] for line in answer.text.splitlines()]
    assert results == [
        each["findings"]
        for each in client.post("/v1/detect", json={"texts": texts}).json()["results"]
    ]
    some = client.post(
        "/v1/detect", params={"entities": "EMIAL"}, content=json.dumps(texts[3]), headers=LINES
    )
    assert some.status_code == 422, "an unknown entity is told before anything is read"


def test_a_line_that_is_wrong_is_told_in_its_place(client):
    lines = b'{"text": "a@example.com"}\n{"text": 5}\n{\n"b@example.com"\n"\xff"'
    answer = client.post("/v1/detect", content=lines, headers=LINES).text.splitlines()
    told = [json.loads(each) for each in answer]
    assert [list(each) for each in told] == [
        ["findings"],
        ["error"],
        ["error"],
        ["findings"],
        ["error"],
    ]
    assert [each["findings"][0]["end"] for each in (told[0], told[3])] == [13, 13]


def test_many_texts_keep_memory_flat(server):
    """Twenty MiB of lines: answered in order, the process grows by a few."""
    process = psutil.Process(server.process.pid)
    filler = "x" * 900

    def lines(number):
        for n in range(number):
            yield json.dumps({"text": f"{filler} number {n}: a{n}@example.com"}).encode() + b"\n"

    with server.client() as client:
        assert client.post("/v1/detect", content=b"".join(lines(50)), headers=LINES).is_success
        before = process.memory_info().rss
        count = 0
        with client.stream("POST", "/v1/detect", content=lines(20_000), headers=LINES) as answer:
            assert answer.status_code == 200
            for count, line in enumerate(answer.iter_lines(), 1):
                (found,) = json.loads(line)["findings"]
                assert found["end"] - found["start"] == len(f"a{count - 1}@example.com")
        assert count == 20_000
        grown = process.memory_info().rss - before
    assert grown < 48 * MIB, f"{grown >> 20} MiB"
    settled(server)


def test_a_table_longer_than_any_body_is_classified_and_anonymized(server):
    """Over the limit of bodies (10 MiB), in pieces of unknown length."""
    rows = 400_000
    with server.client() as client:
        report = client.post("/v1/classify", content=table(rows), headers=CSV, timeout=300)
        assert report.status_code == 200, report.text
        (dataset,) = report.json()["datasets"]
        assert (dataset["uri"], dataset["rows"]) == ("-", rows)
        assert str(server.folder) not in report.text
        (email,) = [each for each in dataset["columns"] if each["column"] == "email"]
        assert email["classifications"][0]["entity"] == "EMAIL_ADDRESS"
        assert email["classifications"][0]["rows_hit"] == rows

        with client.stream(
            "POST", "/v1/anonymize", content=table(rows), headers=CSV, timeout=300
        ) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/csv")
            lines = list(answer.iter_lines())
        assert len(lines) == rows + 1
        assert lines[0] == "id,name,email"
        assert all("@" not in line for line in lines)
        refused = client.post(
            "/v1/anonymize", content=table(200_000), headers=CSV | {"accept": "application/json"}
        )
        assert refused.status_code == 413
    settled(server)


def test_arrow_comes_and_goes_as_arrow(server):
    many = pa.table({"mail": [f"ann{n}@example.com" for n in range(100_000)], "n": range(100_000)})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, many.schema) as writer:
        writer.write_table(many, max_chunksize=10_000)
    kind = {"content-type": "application/vnd.apache.arrow.stream"}
    with server.client() as client:
        answer = client.post("/v1/anonymize", content=sink.getvalue(), headers=kind, timeout=300)
    assert answer.status_code == 200, answer.text
    with pa.ipc.open_stream(answer.content) as reader:
        made = reader.read_all()
    assert made["n"].equals(many["n"])
    assert made["mail"].unique().to_pylist() == ["<EMAIL_ADDRESS>"]
    settled(server)


def test_a_stream_has_a_limit_too_and_leaves_nothing(server):
    piece = b"1,Ann Smith,ann@example.com\n" * 4000

    def too_long():
        for _ in range(24 * MIB // len(piece) + 1):
            yield piece

    with server.client() as client:
        assert client.post("/v1/classify", content=too_long(), headers=CSV).status_code == 413
        assert client.post("/v1/detect", json={"texts": ["x" * (11 * MIB)]}).status_code == 413
    with connected(server) as plain:
        plain.sendall(HEAD % (24 * MIB + 1))
        assert plain.recv(100).startswith(b"HTTP/1.1 413"), "before it comes"
    settled(server)


def test_a_client_that_leaves_leaves_nothing(server):
    with connected(server) as gone:
        gone.sendall(HEAD % (20 * MIB) + b"a,b\n" * (1 << 20))
        end = time.monotonic() + 60
        while not any(server.folder.glob("lakescan-*/body")) and time.monotonic() < end:
            time.sleep(0.02)
        assert any(server.folder.glob("lakescan-*/body")), "what has come lies in a file"
    settled(server)
