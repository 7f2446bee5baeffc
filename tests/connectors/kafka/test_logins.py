"""Logins, TLS and rights, through a door of TLS and SASL in front of a real broker."""

from __future__ import annotations

import pytest
from brokers import TansuBroker
from guarded_broker import (
    EVENT_HUBS,
    USERS,
    Authority,
    Door,
    GuardedBroker,
    server_context,
)

from lakescan.connectors import Dataset, ReadRequest, Selection, discover, read
from lakescan.connectors.kafka.settings import client_properties
from lakescan.errors import CredentialError, LakeError, NotFoundError, UsageError
from lakescan.jobs.check.job import check

pytestmark = pytest.mark.kafka


@pytest.fixture
def told(monkeypatch, authority):
    """Tell the environment a login."""

    def tell(user: str = "ann", password: str | None = None, **more: str) -> None:
        monkeypatch.setenv("KAFKA_SASL_USERNAME", user)
        monkeypatch.setenv("KAFKA_SASL_PASSWORD", USERS[user] if password is None else password)
        monkeypatch.setenv("KAFKA_SSL_CA_LOCATION", str(authority.path))
        for name, value in more.items():
            monkeypatch.setenv(name, value)

    return tell


@pytest.fixture
def hasty(monkeypatch):
    """Give up sooner on what is not there."""
    for module in ("listing", "broker", "offsets"):
        monkeypatch.setattr(f"lakescan.connectors.kafka.{module}.PATIENCE", 3.0)


def values(uri: str, storage: dict[str, str] | None = None) -> list[object]:
    (found,) = discover(uri, Selection(storage=storage or {}))
    assert isinstance(found, Dataset), found
    return [
        row["value"]
        for split in found.splits
        for batch in read(split, ReadRequest(storage=storage or {}))
        for row in batch.to_pylist()
    ]


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
def test_a_login_from_the_environment(guarded_broker, told, mechanism):
    uri = guarded_broker.uri(guarded_broker.topic([{"value": "x"}]))
    told(KAFKA_SASL_MECHANISM=mechanism)
    assert values(uri) == ["x"]


def test_a_login_by_reference(guarded_broker, authority, monkeypatch, tmp_path):
    uri = guarded_broker.uri(guarded_broker.topic([{"value": "x"}]))
    (tmp_path / "password").write_text(USERS["ann"] + "\n")
    storage = {
        "kafka.sasl.username": "ann",
        "kafka.sasl.password": f"secret://file{tmp_path}/password",
        "kafka.ssl.ca.location": str(authority.path),
    }
    assert values(uri, storage) == ["x"]
    with pytest.raises(UsageError, match="by reference") as caught:
        values(uri, storage | {"kafka.sasl.password": USERS["ann"]})
    assert USERS["ann"] not in str(caught.value)


def test_a_login_by_file(guarded_broker, authority, monkeypatch, tmp_path):
    uri = guarded_broker.uri(guarded_broker.topic([{"value": "x"}]))
    file = tmp_path / "client.properties"
    monkeypatch.setenv("PASSWORD_OF_ANN", USERS["ann"])
    file.write_text(
        "security.protocol=SASL_SSL\nsasl.mechanism=PLAIN\nsasl.username=ann\n"
        f"sasl.password=secret://env/PASSWORD_OF_ANN\nssl.ca.location={authority.path}\n"
    )
    monkeypatch.setenv("LAKESCAN_KAFKA_CONFIG", str(file))
    assert values(uri) == ["x"]


def test_event_hubs_by_connection_string(guarded_broker, authority, monkeypatch):
    uri = guarded_broker.uri(guarded_broker.topic([{"value": "x"}]))
    monkeypatch.setenv("KAFKA_SSL_CA_LOCATION", str(authority.path))
    monkeypatch.setenv("EVENTHUBS_CONNECTION_STRING", EVENT_HUBS)
    assert values(uri) == ["x"]
    # Another cluster is not told it.
    assert "sasl.password" not in client_properties("broker.example.com:9093", {})
    with pytest.raises(UsageError, match="none of these brokers"):
        monkeypatch.setenv("MINE", EVENT_HUBS)
        storage = {"eventhubs.connection_string": "secret://env/MINE"}
        client_properties("broker.example.com:9093", storage)


@pytest.mark.usefixtures("hasty")
def test_what_is_wrong_with_a_login_is_told_apart(
    guarded_broker, told, monkeypatch, tmp_path, authority
):
    topic = guarded_broker.topic([{"value": "x"}])
    uri = guarded_broker.uri(topic)

    def refusal() -> str:
        with pytest.raises(LakeError) as caught:
            values(uri)
        assert not any(secret in str(caught.value) for secret in USERS.values())
        return f"{caught.value.kind}: {caught.value}"

    told(password="wrong")
    assert "Credential: " in refusal()
    assert "the login is refused" in refusal()
    told(KAFKA_SASL_MECHANISM="SCRAM-SHA-512")
    assert "the login is refused" in refusal()
    monkeypatch.delenv("KAFKA_SASL_MECHANISM")
    told()
    monkeypatch.setenv("KAFKA_SSL_CA_LOCATION", str(Authority(tmp_path, "other").path))
    assert "certificate is not trusted" in refusal()


@pytest.mark.usefixtures("hasty")
def test_a_topic_that_one_may_not_see(guarded_broker, told):
    topic = guarded_broker.topic([{"value": "x"}])
    guarded_broker.door.hidden["guest"] = {topic}
    told("guest")
    with pytest.raises(CredentialError, match=r"TOPIC_AUTHORIZATION_FAILED.*Describe and Read"):
        values(guarded_broker.uri(topic))
    told("ann")
    assert values(guarded_broker.uri(topic)) == ["x"]


@pytest.mark.usefixtures("hasty")
def test_client_certificates(authority, tmp_path, monkeypatch):
    certificate, key = authority.issue("client")
    properties = {
        "security.protocol": "SSL", "ssl.ca.location": str(authority.path),
        "ssl.certificate.location": certificate, "ssl.key.location": key,
    }  # fmt: skip
    door = Door(server_context(authority, mutual=True), login=False)
    running = GuardedBroker(tmp_path / "log", door, properties)
    try:
        uri = running.uri(running.topic([{"value": "x"}]))
        monkeypatch.setenv("KAFKA_SSL_CA_LOCATION", str(authority.path))
        with pytest.raises(LakeError, match=r"client certificate|does not answer"):
            values(uri)
        assert "asks for a client certificate" in steps(uri)["tls"]
        monkeypatch.setenv("KAFKA_SSL_CERTIFICATE_LOCATION", certificate)
        monkeypatch.setenv("KAFKA_SSL_KEY_LOCATION", key)
        assert values(uri) == ["x"]
    finally:
        running.stop()


# ------------------------------------------------------------------------------------- preflight


def steps(uri: str) -> dict[str, str]:
    report = check(uri)
    return {step.name: f"{step.outcome}: {step.detail} ({step.hint})" for step in report.steps} | {
        "passed": str(report.passed)
    }


@pytest.mark.usefixtures("hasty")
def test_the_preflight_says_what_is_wrong(guarded_broker, broker: TansuBroker, told, monkeypatch):
    topic = guarded_broker.topic([{"value": "x"}])
    uri = guarded_broker.uri(topic)
    told()
    fine = steps(uri)
    assert fine["passed"] == "True"
    assert list(fine)[:7] == ["source", "name", "connect", "tls", "credentials", "topic", "read"]
    assert "1 partition" in fine["topic"]
    told(password="wrong")
    assert steps(uri)["credentials"].startswith("failed: ")
    told()
    assert steps(guarded_broker.uri("nowhere"))["topic"].startswith("failed: ")
    guarded_broker.door.hidden["guest"] = {topic}
    told("guest")
    assert "Describe and Read" in steps(uri)["topic"]
    assert "no-such-host" in steps("kafka://no-such-host.invalid:9092/x")["name"]
    assert steps("kafka://localhost:9/x")["connect"].startswith("failed: ")
    # TLS to a port that speaks none.
    told()
    plain = broker.topic([{"value": "x"}])
    assert steps(broker.uri(plain))["tls"].startswith("failed: ")
    for name in ("USERNAME", "PASSWORD"):
        monkeypatch.delenv(f"KAFKA_SASL_{name}")
    monkeypatch.delenv("KAFKA_SSL_CA_LOCATION")
    assert steps(broker.uri(plain))["passed"] == "True"


def test_a_missing_topic_and_a_missing_right_are_no_time_outs(broker):
    with pytest.raises(NotFoundError):
        values(broker.uri("not-here"))
