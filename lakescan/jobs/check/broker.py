"""Whether Kafka's brokers let us in, and do what a scan or a stream asks of them."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from lakescan.connectors import Dataset, ReadRequest, Selection, discover, read
from lakescan.connectors.kafka.address import Address
from lakescan.connectors.kafka.broker import Broker
from lakescan.connectors.kafka.listing import Listing
from lakescan.connectors.kafka.refusals import UntrustedError
from lakescan.connectors.kafka.settings import client_properties
from lakescan.errors import LakeError, NotFoundError
from lakescan.jobs.check.model import Outcome, Step
from lakescan.jobs.check.network import is_local, reach

#: Names of the group and the transactions that are tried; a prefix of what a stream uses.
_NAME = "lakescan.check"
#: Seconds for a connection, and for what comes right after a handshake.
_SECONDS, _MOMENT = 3.0, 0.3


def ask_broker(uri: str, storage: Mapping[str, str], *, writing: bool) -> Iterator[Step]:
    """Reach a broker, shake hands, log in, look at the topic and at one message.

    Args:
        uri: as a scan has it.
        storage: connection properties.
        writing: try what a stream needs, too: a consumer group, and a transaction without messages.
    """
    address = Address.parse(uri)
    yield from _reached(address)
    properties = client_properties(address.brokers, storage)
    if _protocol(properties).endswith("SSL"):
        yield _shaken(address, properties)
    broker = Broker(address.brokers, storage)
    with broker.consumer(address.uri) as consumer:
        try:
            listing = Listing.of(broker, consumer, address.topic, address.uri)
        except NotFoundError as error:
            yield from _let_in(address, properties)
            yield _failed("topic", error)
            return
        except UntrustedError as error:
            yield _failed("tls", error)
            return
        except LakeError as error:
            yield _failed("credentials", error)
            return
        yield from _let_in(address, properties)
        refused = next((e for e in listing.topics.values() if isinstance(e, LakeError)), None)
        if refused is not None:
            yield _failed("topic", refused)
            return
        many = sum(len(each) for each in listing.topics.values() if isinstance(each, tuple))
        yield Step("topic", Outcome.OK, _counted(len(listing.topics), many))
    yield _message(replace(address, topic=next(iter(listing.topics))), storage)
    if writing:
        with broker.member(address.uri, _NAME) as consumer:
            consumer.list_topics(timeout=5)
        with broker.producer(address.uri, _NAME):
            yield Step("write", Outcome.OK, "a transaction could begin")


def _reached(address: Address) -> Iterator[Step]:
    """The steps to the first broker that answers; those of the last one where none does."""
    found: list[Step] = []
    for one in address.brokers.split(","):
        found = [step for step in reach(f"kafka://{one}") if step.name != "tls"]
        if all(step.outcome is not Outcome.FAILED for step in found):
            break
    yield from found


def _protocol(properties: Mapping[str, str]) -> str:
    return properties.get("security.protocol", "plaintext").upper()


def _first(address: Address) -> tuple[str, int]:
    """Host and port of the first broker."""
    parts = urlsplit(f"kafka://{address.brokers.partition(',')[0]}")
    return parts.hostname or "", parts.port or 0


def _shaken(address: Address, properties: Mapping[str, str]) -> Step:
    """Shake hands with the first broker: the client itself seldom says why it failed."""
    host, port = _first(address)
    try:
        context = ssl.create_default_context(cafile=properties.get("ssl.ca.location"))
        if "ssl.certificate.location" in properties:
            context.load_cert_chain(
                properties["ssl.certificate.location"],
                properties.get("ssl.key.location"),
                properties.get("ssl.key.password", ""),
            )
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "no PEM"
        told = f"a certificate's file cannot be read: {why}"
        hint = "check ssl.ca.location, ssl.certificate.location and ssl.key.location"
        return Step("tls", Outcome.FAILED, told, hint)
    try:
        with (
            socket.create_connection((host, port), _SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=host) as secured,
        ):
            secured.settimeout(_MOMENT)
            # Who misses our certificate says so, or hangs up, only now (RFC 8446, 4.4.2.4).
            with contextlib.suppress(TimeoutError):
                if not secured.recv(1):
                    return _unknown(host)
            return Step("tls", Outcome.OK, f"{secured.version()}, the certificate holds")
    except ssl.SSLCertVerificationError as error:
        hint = "set ssl.ca.location; name the broker as its certificate does"
        return Step("tls", Outcome.FAILED, f"{host}: {error.verify_message}", hint)
    except (OSError, ValueError) as error:
        if "CERTIFICATE" in str(getattr(error, "reason", "")).upper():
            return _unknown(host)
        hint = "does the broker speak TLS at this port? set security.protocol as it does"
        return Step("tls", Outcome.FAILED, f"{host}: no TLS ({type(error).__name__})", hint)


def _unknown(host: str) -> Step:
    hint = "set ssl.certificate.location and ssl.key.location"
    return Step("tls", Outcome.FAILED, f"{host}: asks for a client certificate that it knows", hint)


def _let_in(address: Address, properties: Mapping[str, str]) -> Iterator[Step]:
    protocol = _protocol(properties)
    if not protocol.endswith("SSL") and not is_local(_first(address)[0]):
        hint = "set security.protocol to SSL or SASL_SSL"
        yield Step("tls", Outcome.NOTED, "the connection is not encrypted", hint)
    if protocol.startswith("SASL"):
        how = properties.get("sasl.mechanism") or properties.get("sasl.mechanisms", "")
        yield Step("credentials", Outcome.OK, f"{properties.get('sasl.username', '')} by {how}")
    elif "ssl.certificate.location" in properties:
        yield Step("credentials", Outcome.OK, "a client certificate")
    else:
        yield Step("credentials", Outcome.OK, "none are asked for")


def _message(address: Address, storage: Mapping[str, str]) -> Step:
    """Read one message."""
    for found in discover(address.uri, Selection(storage=storage)):
        if not isinstance(found, Dataset):
            raise found.error
        for split in found.splits[:1]:
            rows = sum(
                batch.num_rows for batch in read(split, ReadRequest(max_rows=1, storage=storage))
            )
            if rows:
                return Step("read", Outcome.OK, f"a message of {address.topic}")
    return Step("read", Outcome.NOTED, f"{address.topic} holds no message")


def _counted(topics: int, partitions: int) -> str:
    def word(number: int, what: str) -> str:
        return f"{number} {what}{'' if number == 1 else 's'}"

    return f"{word(topics, 'topic')}, {word(partitions, 'partition')}"


def _failed(name: str, error: LakeError) -> Step:
    return Step(name, Outcome.FAILED, error.message, error.hint)
