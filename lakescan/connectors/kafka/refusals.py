"""What brokers complain of, as our errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakescan.connectors.kafka.settings import CONFIG_VARIABLE
from lakescan.errors import (
    ChangedSourceError,
    CredentialError,
    LakeError,
    NotFoundError,
    TerminalError,
    TransientError,
)

if TYPE_CHECKING:
    from confluent_kafka import KafkaError

_HINT = f"check the broker's address, and the properties in ${CONFIG_VARIABLE}"
#: Why a cluster refuses us: calls only say that they waited in vain.
_REFUSALS = frozenset({"_AUTHENTICATION", "SASL_AUTHENTICATION_FAILED", "_SSL",
                       "UNSUPPORTED_SASL_MECHANISM", "ILLEGAL_SASL_STATE"})  # fmt: skip
#: Another producer of the name, or another member of the group, has taken over.
FENCED = frozenset({"PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH", "_FENCED", "FENCED_INSTANCE_ID"})
#: The group has given our partitions to others meanwhile.
REBALANCED = frozenset({"ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "REBALANCE_IN_PROGRESS",
                        "STALE_MEMBER_EPOCH"})  # fmt: skip
_DENIED = {
    "TOPIC_AUTHORIZATION_FAILED": "the ACLs Describe and Read on a topic that is read, Describe "
    "and Write on one that is written",
    "GROUP_AUTHORIZATION_FAILED": "the ACL Read on the consumer group",
    "CLUSTER_AUTHORIZATION_FAILED": "the ACL IdempotentWrite on the cluster",
    "TRANSACTIONAL_ID_AUTHORIZATION_FAILED": "the ACLs Describe and Write on the transactional id",
}


class UntrustedError(CredentialError):
    """No TLS connection comes about: not with this port, certificate or authority."""


class Refusals:
    """Remembers what a client was told in the background."""

    def __init__(self) -> None:
        self._refused: KafkaError | None = None

    def note(self, error: KafkaError) -> None:
        """Take an error that belongs to no call."""
        if error.name() in _REFUSALS:
            self._refused = error

    def error(self, uri: str, error: KafkaError) -> LakeError:
        """Our error for one of Kafka's."""
        name = error.name()
        refused = error if name in _REFUSALS else self._refused
        if refused is not None:
            return _refusal(uri, refused)
        if name in _DENIED:
            hint = f"the login needs {_DENIED[name]}"
            return CredentialError(f"{uri}: refused ({name})", hint=hint, uri=uri)
        if name in ("UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"):
            return NotFoundError(f"{uri}: no such topic", uri=uri)
        if name in ("OFFSET_OUT_OF_RANGE", "_AUTO_OFFSET_RESET"):
            hint = "whoever reads a topic has to be quicker than its retention"
            return ChangedSourceError(f"{uri}: messages expired meanwhile", hint=hint, uri=uri)
        if name in FENCED:
            hint = "give each process an --instance of its own; one that was replaced is to end"
            return TerminalError(
                f"{uri}: another process of this name took over ({name})", hint=hint, uri=uri
            )
        if name == "_RESOLVE":
            hint = "check the spelling of the host, and this machine's DNS"
            return TransientError(f"{uri}: no such host", hint=hint, uri=uri)
        return TransientError(f"{uri}: the broker does not answer ({name})", hint=_HINT, uri=uri)


def _refusal(uri: str, error: KafkaError) -> CredentialError:
    """What a login or a handshake failed for, from the client's own words."""
    name, words = error.name(), error.str().lower()
    if name != "_SSL":
        hint = f"check user, password and sasl.mechanism ($KAFKA_SASL_USERNAME, ${CONFIG_VARIABLE})"
        return CredentialError(f"{uri}: the login is refused ({name})", hint=hint, uri=uri)
    why, hint = "no TLS connection", "does the broker speak TLS at this port?"
    if "certificate required" in words or "bad certificate" in words:
        why, hint = (
            "the broker asks for a client certificate that it trusts",
            "set ssl.certificate.location and ssl.key.location",
        )
    elif "verif" in words:
        why, hint = (
            "the broker's certificate is not trusted",
            "set ssl.ca.location ($KAFKA_SSL_CA_LOCATION); name the broker as its certificate does",
        )
    return UntrustedError(f"{uri}: {why} ({name})", hint=hint, uri=uri)
