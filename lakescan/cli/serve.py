"""``lakescan serve``."""

from __future__ import annotations

import logging
import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from lakescan.cli import options
from lakescan.cli.anonymize import KeyOption
from lakescan.errors import UsageError

if TYPE_CHECKING:
    from lakescan.policy import Policy
    from lakescan.service.jobs.rules import JobRules
    from lakescan.service.jwt import TokenRules
    from lakescan.service.settings import Settings

_CALLERS = "Authentication"
_LIMITS = "Limits"
_JOBS = "Scan jobs"
_RAY = "Ray Serve"


class Where(StrEnum):
    """What runs the service."""

    HERE = "here"
    RAY = "ray"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 picks a free one.")] = 8000,
    policy: options.PolicyOption = None,
    named_policy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FILE", help="Another policy that requests can select by name. Repeatable."
        ),
    ] = None,
    accuracy: options.AccuracyOption = None,
    key: KeyOption = None,
    audit: Annotated[
        str,
        typer.Option(metavar="FILE", help="Audit log of who revealed what and why."),
    ] = "",
    keys_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            rich_help_panel=_CALLERS,
            help="File of API keys, one per line, reloaded when it changes. Default: "
            "$LAKESCAN_API_KEYS.",
        ),
    ] = None,
    issuer: Annotated[
        str | None,
        typer.Option(metavar="URL", rich_help_panel=_CALLERS, help="Trusted issuer of JWTs."),
    ] = None,
    audience: Annotated[
        str,
        typer.Option(metavar="NAME", rich_help_panel=_CALLERS, help="Required audience of JWTs."),
    ] = "lakescan",
    jwks: Annotated[
        str,
        typer.Option(
            metavar="URL|FILE", rich_help_panel=_CALLERS, help="Public keys of the issuer."
        ),
    ] = "",
    scope_claim: Annotated[
        str,
        typer.Option(metavar="NAME", rich_help_panel=_CALLERS, help="Claim that holds the scopes."),
    ] = "scope",
    origins: Annotated[
        list[str] | None,
        typer.Option(
            "--cors-origin",
            metavar="ORIGIN",
            rich_help_panel=_CALLERS,
            help="Allowed CORS origin. Repeatable.",
        ),
    ] = None,
    tls_certificate: Annotated[
        str | None, typer.Option(metavar="FILE", help="TLS certificate chain.")
    ] = None,
    tls_key: Annotated[str | None, typer.Option(metavar="FILE", help="TLS private key.")] = None,
    workers: Annotated[
        int,
        typer.Option(min=1, help="Threads for short texts; more than one seldom helps."),
    ] = 1,
    processes: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Processes for short texts, each with its own model."
        ),
    ] = 0,
    max_body: Annotated[
        int,
        typer.Option(min=1, metavar="BYTES", rich_help_panel=_LIMITS, help="Maximum body size."),
    ] = 10 << 20,
    max_stream: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="BYTES",
            rich_help_panel=_LIMITS,
            help="Maximum size of streamed bodies (CSV, JSON Lines, Arrow).",
        ),
    ] = 1 << 30,
    stream_timeout: Annotated[
        float,
        typer.Option(
            min=0.1,
            metavar="SECONDS",
            rich_help_panel=_LIMITS,
            help="Time limit of a streamed body.",
        ),
    ] = 3600.0,
    connections: Annotated[
        int, typer.Option(min=1, rich_help_panel=_LIMITS, help="Open connections per address.")
    ] = 500,
    timeout: Annotated[
        float,
        typer.Option(
            min=0.1, metavar="SECONDS", rich_help_panel=_LIMITS, help="Time limit of one request."
        ),
    ] = 60.0,
    rate: Annotated[
        float | None,
        typer.Option(
            min=0.01, metavar="N", rich_help_panel=_LIMITS, help="Requests per second and caller."
        ),
    ] = None,
    burst: Annotated[
        int, typer.Option(min=1, rich_help_panel=_LIMITS, help="Requests at once per caller.")
    ] = 20,
    grace: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            rich_help_panel=_LIMITS,
            help="Time after SIGTERM during which requests are still accepted.",
        ),
    ] = 0.0,
    runs: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", rich_help_panel=_JOBS, help="Folder for the runs of jobs."),
    ] = None,
    uploads: Annotated[
        str,
        typer.Option(
            metavar="URI",
            rich_help_panel=_JOBS,
            help="Folder or bucket for Data Curation documents that several services share.",
        ),
    ] = "",
    source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URI", rich_help_panel=_JOBS, help="Prefix that jobs may read. Repeatable."
        ),
    ] = None,
    engine: options.EngineOption = options.EngineName.AUTO,
    address: options.AddressOption = None,
    jobs: Annotated[
        int, typer.Option(min=1, rich_help_panel=_JOBS, help="Maximum jobs at once.")
    ] = 1,
    on: Annotated[
        Where,
        typer.Option(rich_help_panel=_RAY, help="Run in this process or on Ray (see --address)."),
    ] = Where.HERE,
    replicas: Annotated[
        str,
        typer.Option(metavar="FEWEST:MOST", rich_help_panel=_RAY, help="Number of replicas."),
    ] = "1:4",
    quiet: options.QuietOption = False,
) -> None:
    """Serve detection over HTTP: a native API, a web page and five other products' APIs.

    Without API keys, only requests from this machine are served. On SIGTERM or Ctrl-C, finishes
    the open requests and exits with 0.
    """
    if accuracy is options.Accuracy.PATTERNS:
        # Handing out small columns to threads costs more than it saves; a model has use for them.
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from lakescan.service import server

    server.check_installed()
    from lakescan.jobs.keys import key_uri
    from lakescan.service import settings as given

    if (tls_certificate is None) != (tls_key is None):
        raise UsageError("TLS needs both a certificate and its key")
    keys = given.keys_from(file=keys_file)
    tokens = _tokens(issuer, audience, jwks, scope_claim)
    rules = options.asked_policy(policy, accuracy, quiet=quiet)
    settings: Settings = given.Settings(
        policy=rules,
        policies=_named(named_policy or [], accuracy),
        keys=keys,
        tokens=tokens,
        rate=rate,
        burst=burst,
        key=key_uri(key, rules.anonymize.key),
        audit=audit,
        uploads=options.absolute(uploads) if uploads else "",
        jobs=_jobs(runs, source or [], engine.value, address, jobs),
        workers=workers,
        processes=processes,
        connections=connections,
        body_bytes=max_body,
        stream_bytes=max_stream,
        stream_seconds=stream_timeout,
        seconds=timeout,
        origins=tuple(origins or ()),
        clean_input=given.clean_input_from(),
        zenguard=given.zenguard_from(),
        loopback=given.check_host(host, guarded=bool(keys) or tokens is not None),
    )
    _log_to_standard_error(quiet=quiet)
    if on is Where.RAY:
        from lakescan.engines.options import EngineOptions
        from lakescan.service.ray_serve import Replicas, serve_on_ray

        if tls_certificate is not None:
            raise UsageError("on Ray, TLS is for whatever stands before its proxy")
        if processes:
            raise UsageError("on Ray, --replicas read; --processes is for one machine")
        how = EngineOptions("ray", address=address)
        serve_on_ray(host, port, settings, how, Replicas.parse(replicas))
        return
    certificate = None
    if tls_certificate is not None and tls_key is not None:
        certificate = (tls_certificate, tls_key)
    server.serve(host, port, settings, certificate=certificate, grace=grace)


def _named(texts: list[str], accuracy: options.Accuracy | None) -> dict[str, Policy]:
    """The policies that requests may name.

    Raises:
        UsageError: one is not NAME=FILE.
    """
    found = {}
    for text in texts:
        name, equals, path = text.partition("=")
        if not (name and equals and path):
            raise UsageError("--named-policy takes NAME=FILE", hint="such as strict=strict.yaml")
        found[name] = options.asked_policy(path, accuracy, quiet=True)
    return found


def _tokens(issuer: str | None, audience: str, jwks: str, claim: str) -> TokenRules | None:
    from lakescan.service.jwt import TokenRules

    if issuer is None:
        return None
    if not jwks:
        raise UsageError("--issuer needs --jwks", hint="the address of the issuer's public keys")
    return TokenRules(issuer, audience, jwks, claim)


def _jobs(
    runs: str | None, sources: list[str], engine: str, address: str | None, at_once: int
) -> JobRules | None:
    from lakescan.engines.options import EngineOptions
    from lakescan.service.jobs.rules import JobRules

    if runs is None:
        return None
    how = EngineOptions(engine, address=address)
    return JobRules(options.absolute(runs), tuple(sources), how, at_once)


def _log_to_standard_error(*, quiet: bool) -> None:
    """Access lines are JSON and nothing else; what uvicorn says comes as text."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING if quiet else logging.INFO)
