"""Whether a service can be reached: its name, its port, its certificate."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from lakescan.jobs.check.model import Outcome, Step

#: Seconds for a connection: who takes longer will fail under load.
_SECONDS = 3.0
_PORTS = {"http": 80, "https": 443}


def reach(url: str) -> Iterator[Step]:
    """Look the host of a URL up, connect, and shake hands where it is ``https``.

    Stops after a step that failed. Behind an HTTP proxy nothing is tried: the proxy does it all.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or _PORTS.get(parts.scheme, 0)
    if not host or not port:
        return
    proxy = _proxy(parts.scheme, host)
    if proxy:
        yield Step("connect", Outcome.OK, f"{host} through the proxy that {proxy} names")
        return
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield Step(
            "name",
            Outcome.FAILED,
            f"{host}: {reason}",
            "check the spelling of the host, account or region, and this machine's DNS",
        )
        return
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    yield Step("name", Outcome.OK, f"{host} is {', '.join(addresses[:2])}")
    yield from _connected(host, port, parts.scheme)


def _connected(host: str, port: int, scheme: str) -> Iterator[Step]:
    try:
        connection = socket.create_connection((host, port), _SECONDS)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        hint = "check the port, firewalls and private endpoints"
        if scheme in _PORTS:
            hint += "; behind a proxy set HTTPS_PROXY"
        yield Step("connect", Outcome.FAILED, f"{host}:{port}: {reason}", hint)
        return
    with connection:
        yield Step("connect", Outcome.OK, f"{host}:{port} answers")
        if scheme == "https":
            yield _handshake(connection, host)
        elif not is_local(host):
            yield Step(
                "tls",
                Outcome.NOTED,
                "the connection is not encrypted",
                "use an https endpoint outside of this machine",
            )


def _handshake(connection: socket.socket, host: str) -> Step:
    context = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE") or None)
    try:
        with context.wrap_socket(connection, server_hostname=host) as secured:
            return Step("tls", Outcome.OK, f"{secured.version()}, the certificate holds")
    except ssl.SSLCertVerificationError as error:
        return Step(
            "tls",
            Outcome.FAILED,
            f"{host}: {error.verify_message}",
            "trust the authority that signed it (SSL_CERT_FILE, AWS_CA_BUNDLE), or check the host",
        )
    except (OSError, ValueError) as error:
        return Step(
            "tls",
            Outcome.FAILED,
            f"{host}: no TLS ({type(error).__name__})",
            "is the endpoint an http:// one, or another service?",
        )


def _proxy(scheme: str, host: str) -> str | None:
    """The variable that sends us through a proxy."""
    from urllib.request import proxy_bypass

    if is_local(host) or proxy_bypass(host):
        return None
    names = (f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY")
    return next((name for name in names if os.environ.get(name)), None)


def is_local(host: str) -> bool:
    """Whether a host is this machine, by its name."""
    return host == "localhost" or host.startswith("127.") or host == "::1"
