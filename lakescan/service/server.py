"""Running the service with uvicorn, until it is told to end."""

from __future__ import annotations

import importlib.util
import ssl
from pathlib import Path

from lakescan.errors import MissingDependencyError, UsageError
from lakescan.service.settings import Settings, check_host

#: What the service stands on, each with the name to import.
_PACKAGES = {
    "fastapi": "fastapi",
    "uvicorn": "uvicorn",
    "prometheus-client": "prometheus_client",
    "confusable-homoglyphs": "confusable_homoglyphs",
}
#: Idle connections are closed after so many seconds.
_KEEP_ALIVE = 30
#: Connections beyond so many are refused.
_CONNECTIONS = 2000


def check_installed() -> None:
    """Make sure that the extra ``serve`` is there.

    Raises:
        MissingDependencyError: it is not.
    """
    for package, name in _PACKAGES.items():
        if importlib.util.find_spec(name) is None:
            raise MissingDependencyError(package, "serve")


def serve(
    host: str,
    port: int,
    settings: Settings,
    *,
    certificate: tuple[str, str] | None,
    grace: float = 0.0,
) -> None:
    """Serve until SIGTERM or SIGINT; requests in work are answered before the end.

    Args:
        host: the address to listen on.
        port: 0 for any that is free.
        settings: how to behave.
        certificate: paths of a certificate chain and its key, for TLS.
        grace: seconds between the signal, from when on the service says that it is not ready, and
            the last connection that is taken: whoever sends requests needs to see it.

    Raises:
        MissingDependencyError: the extra ``serve`` is not installed.
        UsageError: the address can be reached by others and nobody must say who they are; or the
            certificate or its key is none.
    """
    check_installed()
    check_host(host, guarded=settings.guarded)
    if certificate is not None:
        _check_certificate(*certificate)
    import uvicorn

    from lakescan.service.application import create_app
    from lakescan.service.connections import Connection
    from lakescan.service.draining import DrainingServer

    class Bounded(Connection):
        most = settings.connections

    chain, key = certificate or (None, None)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Bounded,
        ws="none",
        log_config=None,
        access_log=False,  # the gate has its own, without paths and queries
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=int(settings.seconds),
        limit_concurrency=_CONNECTIONS,
        ssl_certfile=chain,
        ssl_keyfile=key,
    )
    DrainingServer(config, app.state.core, grace).run()


def _check_certificate(chain: str, key: str) -> None:
    """Make sure that TLS can begin, and that what is wrong is named."""
    for option, path in (("--tls-certificate", chain), ("--tls-key", key)):
        try:
            with Path(path).open("rb"):
                pass
        except OSError as error:
            raise UsageError(f"{option} {path}: {error.strerror}") from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(chain, key, password="")
    except (ssl.SSLError, ValueError, OSError):
        raise UsageError(
            f"{chain} and {key} are no certificate and its key",
            hint="both in PEM; the key without a passphrase",
        ) from None
