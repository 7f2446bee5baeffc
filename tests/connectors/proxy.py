"""Between a client and a server: hands bytes on, and breaks connections as a test wants it.

A program of its own, told by lines on standard input (``down``, ``up``, ``cut N``, ``slow N``),
since pyarrow's GCS client asks for the position of a stream with the interpreter's lock held: a
proxy in the same process would wait for that lock.
"""

from __future__ import annotations

import contextlib
import re
import socket
import sys
import threading
import time

#: What is handed on at once, so that a slow connection trickles.
_PIECE = 8192


class Proxy:
    """The state of the connection."""

    def __init__(self, port: int, *, renamed: bool) -> None:
        self.target = ("127.0.0.1", port)
        # A server that tells buckets by the host's name must be called by its own.
        self.host = f"127.0.0.1:{port}".encode() if renamed else None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.down = False
        self.cut: int | None = None
        self.pace: int | None = None
        self.refused = 0

    def accept(self) -> None:
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client: socket.socket) -> None:
        if self.down:
            self.refused += 1
            client.close()
            return
        with client, socket.create_connection(self.target) as server:
            threading.Thread(target=self.ask, args=(client, server), daemon=True).start()
            self.answer(server, client)

    def ask(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if self.down:
                    break
                if self.host is not None:
                    data = re.sub(rb"(?i)(?<=\nhost: )127\.0\.0\.1:\d+", self.host, data, count=1)
                server.sendall(data)
        shut(client, server)

    def answer(self, server: socket.socket, client: socket.socket) -> None:
        sent = 0
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if self.down:
                    break
                if self.cut is not None and sent + len(data) > self.cut:
                    client.sendall(data[: max(0, self.cut - sent)])
                    break
                for start in range(0, len(data), _PIECE):
                    piece = data[start : start + _PIECE]
                    client.sendall(piece)
                    sent += len(piece)
                    if self.pace is not None:
                        time.sleep(len(piece) / self.pace)
        shut(client, server)


def shut(*sockets: socket.socket) -> None:
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def main() -> None:
    proxy = Proxy(int(sys.argv[1]), renamed=sys.argv[2] == "renamed")
    threading.Thread(target=proxy.accept, daemon=True).start()
    print(proxy.listener.getsockname()[1], flush=True)
    for line in sys.stdin:
        command, _, number = line.strip().partition(" ")
        if command == "cut":
            proxy.cut = int(number) if number else None
        elif command == "slow":
            proxy.pace = int(number) if number else None
        elif command in ("down", "up"):
            proxy.down = command == "down"
        print(proxy.refused, flush=True)


if __name__ == "__main__":
    main()
