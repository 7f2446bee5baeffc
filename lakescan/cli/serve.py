"""``lakescan serve``."""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated

import typer

from lakescan.cli import options
from lakescan.errors import UsageError

_LIMITS = "Limits"


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for a free one.")] = 8000,
    policy: options.PolicyOption = None,
    accuracy: options.AccuracyOption = None,
    keys_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="API keys, one a line; read again when it changes. Else $LAKESCAN_API_KEYS.",
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(min=1, help="Threads that read short texts; more than one seldom helps."),
    ] = 1,
    max_body: Annotated[
        int, typer.Option(min=1, metavar="BYTES", rich_help_panel=_LIMITS, help="Longest body.")
    ] = 10 << 20,
    timeout: Annotated[
        float,
        typer.Option(min=0.1, metavar="SECONDS", rich_help_panel=_LIMITS, help="For one request."),
    ] = 60.0,
    origins: Annotated[
        list[str] | None,
        typer.Option(
            "--cors-origin", metavar="ORIGIN", help="A web page's origin that may call. Repeatable."
        ),
    ] = None,
    tls_certificate: Annotated[
        str | None, typer.Option(metavar="FILE", help="A certificate chain, for TLS.")
    ] = None,
    tls_key: Annotated[
        str | None, typer.Option(metavar="FILE", help="The certificate's key.")
    ] = None,
    quiet: options.QuietOption = False,
) -> None:
    """Serve detection over HTTP: a native API, and five vendors' contracts.

    Without API keys only this machine is served. Ends on SIGTERM or Ctrl-C, once the requests in
    work are answered.
    """
    if accuracy is options.Accuracy.PATTERNS:
        # Handing out small columns to threads costs more than it saves; a model has use for them.
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from lakescan.service import server

    server.check_installed()
    from lakescan.service.settings import (
        Settings,
        check_host,
        clean_input_from,
        keys_from,
        zenguard_from,
    )

    if (tls_certificate is None) != (tls_key is None):
        raise UsageError("TLS needs both a certificate and its key")
    keys = keys_from(file=keys_file)
    settings = Settings(
        policy=options.asked_policy(policy, accuracy, quiet=quiet),
        keys=keys,
        workers=workers,
        body_bytes=max_body,
        seconds=timeout,
        origins=tuple(origins or ()),
        clean_input=clean_input_from(),
        zenguard=zenguard_from(),
        loopback=check_host(host, keys),
    )
    _log_to_standard_error(quiet=quiet)
    certificate = None
    if tls_certificate is not None and tls_key is not None:
        certificate = (tls_certificate, tls_key)
    server.serve(host, port, settings, certificate=certificate)


def _log_to_standard_error(*, quiet: bool) -> None:
    """Access lines are JSON and nothing else; what uvicorn says comes as text."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING if quiet else logging.INFO)
