"""A schema registry that knows one schema, as its REST API is documented."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def schema_registry(number: int, schema: object, login: str = "") -> Iterator[str]:
    """The address of one that answers ``GET /schemas/ids/{number}``, to those who have the login."""

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            expected = f"Basic {base64.b64encode(login.encode()).decode()}" if login else None
            if self.headers["Authorization"] != expected:
                self.send_error(401)
            elif self.path == f"/schemas/ids/{number}":
                body = json.dumps({"schema": json.dumps(schema)}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)
            else:
                self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
