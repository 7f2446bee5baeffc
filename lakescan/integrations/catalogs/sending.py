"""A run's tags handed to a catalog that has a REST interface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lakescan.errors import UnknownNameError
from lakescan.integrations import datahub_rest, openlineage, openlineage_columns, openmetadata_rest
from lakescan.integrations.catalogs.client import CatalogClient
from lakescan.integrations.catalogs.export import named_tables
from lakescan.integrations.catalogs.model import Sent
from lakescan.integrations.catalogs.naming import Names
from lakescan.reports.anonymization.model import AnonymizeReport
from lakescan.reports.model import ScanReport

#: Catalogs that take tags by HTTP.
SENDABLE = ("openlineage", "datahub", "openmetadata")


@dataclass(frozen=True, slots=True)
class Target:
    """A catalog that runs somewhere.

    Args:
        catalog: one of `SENDABLE`.
        url: of its server, without the path of an interface.
        key: a reference to the token that it asks for: ``secret://env/NAME``; None for none.
    """

    catalog: str
    url: str
    key: str | None = None


def send(report: ScanReport, target: Target, names: Names | None = None) -> Sent:
    """Tag the catalog's columns with what was found.

    Tags of others stay. Of a run that is complete, tags of ours that a scanned column no longer
    deserves go; a partial run removes none, since it may not have seen what they stand for.

    Args:
        report: what was found.
        target: which catalog.
        names: what datasets are called there.

    Raises:
        UnknownNameError: that catalog takes nothing by HTTP.
        UsageError: it can name none of the datasets, or the address is none.
        CredentialError: it refuses us.
        TransientError: it does not answer, after several tries.
        TerminalError: it does not take what was sent.
    """
    if target.catalog not in SENDABLE:
        raise UnknownNameError("catalog to send to", target.catalog, SENDABLE)
    tables, left = named_tables(report, target.catalog, names)
    whole = report.status == "complete"
    senders: dict[str, Callable[[CatalogClient], Sent]] = {
        "openlineage": lambda client: openlineage.post(client, report, tables),
        "datahub": lambda client: datahub_rest.send(client, tables, whole=whole),
        "openmetadata": lambda client: openmetadata_rest.send(client, tables, whole=whole),
    }
    headers = datahub_rest.HEADERS if target.catalog == "datahub" else None
    with CatalogClient(target.url, target.key, headers) as client:
        sent = senders[target.catalog](client)
    return Sent(sent.tables, sent.added, sent.removed, sent.unknown, left)


def send_lineage(report: AnonymizeReport, target: Target) -> None:
    """Tell OpenLineage's server which column of an anonymize run became which. Errors as `send`."""
    with CatalogClient(target.url, target.key, None) as client:
        openlineage_columns.post(client, report)
