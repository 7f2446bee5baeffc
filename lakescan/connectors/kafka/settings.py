"""The client's properties: where they come from, and the logins among them.

Later ones go before earlier ones: the file that ``LAKESCAN_KAFKA_CONFIG`` names, the environment
(``KAFKA_SASL_PASSWORD`` is ``sasl.password``), connection properties (``kafka.sasl.password``).
Any value may be a reference, ``secret://env/NAME`` or ``secret://file/PATH``; it is resolved here,
where the connection is made.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from lakescan.connectors.secrets import resolve_secret
from lakescan.errors import UsageError

#: A file of librdkafka's properties, one ``name=value`` a line, as for Kafka's own tools.
CONFIG_VARIABLE = "LAKESCAN_KAFKA_CONFIG"
#: The connection string of an Event Hubs namespace; also a connection property.
EVENT_HUBS_VARIABLE = "EVENTHUBS_CONNECTION_STRING"
EVENT_HUBS_PROPERTY = "eventhubs.connection_string"
#: Connection properties with this prefix are librdkafka's.
PREFIX = "kafka."
#: What the environment may say: ``KAFKA_`` and the name, points as underscores.
_FROM_ENVIRONMENT = (
    "security.protocol",
    "sasl.mechanism",
    "sasl.username",
    "sasl.password",
    "ssl.ca.location",
    "ssl.certificate.location",
    "ssl.key.location",
    "ssl.key.password",
)
#: What no command line may hold.
_SECRET = frozenset({"sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem"})
_REFERENCE = "secret://"
#: User name of Event Hubs' Kafka endpoint when it logs in by connection string.
_EVENT_HUBS_USER = "$ConnectionString"


def client_properties(brokers: str, storage: Mapping[str, str]) -> dict[str, str]:
    """All that was said of how to reach some brokers, secrets resolved.

    Args:
        brokers: ``host:port``, comma-separated.
        storage: connection properties; of these ``kafka.*`` and ``eventhubs.connection_string``.

    Raises:
        UsageError: the file cannot be read, or a secret stands where only a reference may.
        CredentialError: a reference leads nowhere.
    """
    given = {k.removeprefix(PREFIX): v for k, v in storage.items() if k.startswith(PREFIX)}
    for name in sorted(_SECRET & given.keys()):
        if not given[name].startswith(_REFERENCE):
            raise UsageError(
                f"{PREFIX}{name} is given by reference, never by value",
                hint="write secret://env/NAME or secret://file/absolute/path",
            )
    found = _from_file() | _from_environment() | given
    found = {name: _resolved(value) for name, value in found.items()}
    return _secured(_event_hubs(brokers, storage) | found)


def _secured(found: dict[str, str]) -> dict[str, str]:
    """With the protocol that follows from the rest, where none is named."""
    if "security.protocol" in found:
        return found
    if "sasl.username" in found:
        found = {"sasl.mechanism": "PLAIN", **found, "security.protocol": "SASL_SSL"}
    elif any(name.startswith("ssl.") and name.endswith(".location") for name in found):
        found = {**found, "security.protocol": "SSL"}
    return found


def _event_hubs(brokers: str, storage: Mapping[str, str]) -> dict[str, str]:
    """The login of an Event Hubs namespace, if the brokers are that namespace's."""
    reference = storage.get(EVENT_HUBS_PROPERTY)
    text = resolve_secret(reference) if reference else os.environ.get(EVENT_HUBS_VARIABLE)
    if not text:
        return {}
    text = _resolved(text)
    found = re.search(r"(?:^|;)\s*Endpoint\s*=\s*sb://([^/;]+)", text, re.IGNORECASE)
    hosts = {broker.rpartition(":")[0].lower() for broker in brokers.split(",")}
    if found is None or found[1].lower() not in hosts:
        if reference is None and found is not None:
            return {}  # the variable is for another cluster, which we do not tell it
        raise UsageError(
            "the connection string is none of these brokers' namespace",
            hint="kafka://NAMESPACE.servicebus.windows.net:9093/EVENTHUB",
        )
    return {
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "PLAIN",
        "sasl.username": _EVENT_HUBS_USER,
        "sasl.password": text,
    }


def _resolved(value: str) -> str:
    return resolve_secret(value) if value.startswith(_REFERENCE) else value


def _from_environment() -> dict[str, str]:
    names = {name: f"KAFKA_{name.upper().replace('.', '_')}" for name in _FROM_ENVIRONMENT}
    return {name: os.environ[key] for name, key in names.items() if os.environ.get(key)}


def _from_file() -> dict[str, str]:
    path = os.environ.get(CONFIG_VARIABLE)
    if not path:
        return {}
    try:
        lines = Path(path).read_text("utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{CONFIG_VARIABLE}: {path} cannot be read: {error.strerror}") from None
    pairs = (line.partition("=") for line in lines if line.strip() and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}
