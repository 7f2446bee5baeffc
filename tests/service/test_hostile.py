"""What slow, big and shapeless clients meet: a clear 4xx each, and others are served meanwhile."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time

import httpx

SECRET = "4111 1111 1111 1111"
TEXTS = {"texts": [f"card {SECRET}"]}


def test_a_body_that_is_too_long_is_refused_before_it_is_read(client, server):
    assert client.post("/v1/detect", content=b"x" * (11 << 20)).status_code == 413
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 30) as plain:
        plain.sendall(
            b"POST /v1/detect HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999999\r\n\r\n"
        )
        assert plain.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_without_a_length_is_counted_as_it_comes(client):
    def stream():
        for _ in range(24):
            yield b"x" * (1 << 19)

    with contextlib.suppress(httpx.WriteError):  # it may close the connection on us
        assert client.post("/v1/detect", content=stream()).status_code == 413
    assert client.get("/healthz").status_code == 200


def test_a_compressed_body_is_not_unpacked(client):
    bomb = gzip.compress(b" " * (20 << 20))
    refused = client.post("/v1/detect", content=bomb, headers={"content-encoding": "gzip"})
    assert refused.status_code == 415


def test_a_slow_client_and_a_big_body_hold_nobody_up(guarded):
    host, port = guarded.url.removeprefix("http://").split(":")
    key = {"x-api-key": "first-key"}
    big = " ".join(f"Ann Smith {n} Main Street, card {SECRET}." for n in range(40_000))
    done = []

    def long():
        with guarded.client(headers=key) as other:
            done.append(other.post("/v1/detect", json={"texts": [big]}).status_code)

    with contextlib.ExitStack() as slow:
        for _ in range(20):
            each = slow.enter_context(socket.create_connection((host, int(port)), 30))
            each.sendall(
                b"POST /v1/detect HTTP/1.1\r\nhost: localhost\r\nx-api-key: first-key\r\n"
                b"content-length: 100\r\n\r\n{"
            )
        thread = threading.Thread(target=long)
        thread.start()
        with guarded.client(headers=key) as client:
            while guarded.in_work(client) < 22 and thread.is_alive():
                time.sleep(0.01)
            for _ in range(3):
                assert client.post("/v1/detect", json=TEXTS).status_code == 200
        before = list(done)
        thread.join()
    assert (before, done) == ([], [200]), "short questions were answered while the long one ran"


def test_a_body_that_never_comes_is_given_up(servers):
    server = servers("--accuracy-mode", "patterns", "--timeout", "1")
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 60) as slow:
        slow.sendall(b"POST /v1/detect HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{")
        assert slow.recv(100).startswith(b"HTTP/1.1 408")


def plain_socket(server):
    host, port = server.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), 60)


def test_a_head_that_never_ends_is_given_up(guarded):
    with (
        plain_socket(guarded) as nothing,
        plain_socket(guarded) as slow,
        plain_socket(guarded) as second,
    ):
        second.sendall(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        answer = b""
        while not answer.endswith(b"}"):
            answer += second.recv(4096)
        assert answer.startswith(b"HTTP/1.1 200")
        second.sendall(b"GET /hea")
        for letter in b"GET /healthz":
            slow.sendall(bytes([letter]))
            time.sleep(0.05)
        for each in (nothing, slow, second):
            assert each.recv(4096).startswith(b"HTTP/1.1 408")
            assert each.recv(4096) == b"", "and the connection is closed"


def test_a_head_that_is_too_long_is_refused(guarded):
    with plain_socket(guarded) as plain:
        with contextlib.suppress(ConnectionError):
            plain.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n")
            for n in range(2000):
                plain.sendall(b"x-filler-%d: %s\r\n" % (n, b"y" * 500))
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = plain.recv(4096)
        assert answer == b"" or answer.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400"))
    with guarded.client() as client:
        assert client.get("/healthz").status_code == 200


def test_a_body_that_pauses_is_given_up_long_before_its_time(guarded):
    with plain_socket(guarded) as slow:
        slow.sendall(
            b"POST /v1/detect HTTP/1.1\r\nhost: localhost\r\nx-api-key: first-key\r\n"
            b"content-length: 9\r\n\r\n{"
        )
        slow.settimeout(45)  # a request's whole time is 60
        assert slow.recv(100).startswith(b"HTTP/1.1 408")


def test_one_address_cannot_take_all_connections(servers):
    server = servers("--accuracy-mode", "patterns", "--connections", "10")
    neighbour = httpx.HTTPTransport(local_address="127.0.0.2")
    with contextlib.ExitStack() as open_ones:
        many = [open_ones.enter_context(plain_socket(server)) for _ in range(12)]
        assert many[-1].recv(100).startswith(b"HTTP/1.1 429")
        with server.client(transport=neighbour) as client:
            assert client.post("/v1/detect", json=TEXTS).status_code == 200
    end = time.monotonic() + 60
    while True:  # the server learns a little later than we that they are gone
        with server.client() as client:
            if client.get("/healthz").status_code == 200:
                break
        assert time.monotonic() < end, "once they are gone, there is room"


def test_what_is_refused_stays_in_no_memory(servers):
    import psutil

    server = servers("--accuracy-mode", "patterns")
    process = psutil.Process(server.process.pid)
    big = b"x" * (1 << 20)

    def body():
        for _ in range(100):
            yield big

    def hostile(client):
        json_type = {"content-type": "application/json"}
        with contextlib.suppress(httpx.TransportError):  # closed while we send
            assert client.post("/v1/detect", content=body()).status_code == 413
        for data, headers, status in (
            (b'{"texts": ["a', json_type, 400),
            (b"\xff\xfe{}", json_type, 400),
            (b'{"texts": 5}', json_type, 422),
            (gzip.compress(big * 20), {"content-encoding": "gzip"}, 415),
        ):
            assert client.post("/v1/detect", content=data, headers=headers).status_code == status

    with server.client() as client:
        hostile(client)
        before = process.memory_info().rss
        for _ in range(10):
            hostile(client)
            assert client.post("/v1/detect", json=TEXTS).status_code == 200
        grown = process.memory_info().rss - before
    assert grown < 64 << 20, f"{grown >> 20} MiB"
