"""A broker behind a door of our own: TLS, logins by SASL, and topics that a user may not see.

The broker speaks neither TLS nor SASL. The door does, as Kafka's protocol guide has it (api 17 and
36), and passes on what comes after a login. It answers ApiVersions itself, capped to versions whose
layout is plain, and rewrites Metadata (version 4 at most) for who may not see a topic.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
import ssl
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pytest
from brokers import TansuBroker
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ports import free_port

METADATA, API_VERSIONS, HANDSHAKE, AUTHENTICATE = 3, 18, 17, 36
TOPIC_DENIED, LOGIN_FAILED, NO_SUCH_MECHANISM, NO_SUCH_VERSION = 29, 58, 33, 35
MECHANISMS = ("PLAIN", "SCRAM-SHA-256")
EVENT_HUBS = "Endpoint=sb://localhost/;SharedAccessKeyName=listen;SharedAccessKey=Zm9vYmFy"
USERS = {"ann": "ann-secret", "guest": "guest-secret", "$ConnectionString": EVENT_HUBS}


class Authority:
    """Signs certificates."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        made = self._signed(self._name, self._key.public_key(), authority=True)
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str) -> tuple[str, str]:
        """A certificate for this machine: its file, and its key's."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._signed(subject, key.public_key(), authority=False)
        paths = self._folder / f"{name}.crt", self._folder / f"{name}.key"
        paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return str(paths[0]), str(paths[1])

    def _signed(self, subject, key, *, authority: bool) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        here = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(here), critical=False)
            .sign(self._key, hashes.SHA256())
        )


@dataclass
class Door:
    """Who comes in.

    Args:
        context: TLS; None for none.
        login: whether one is asked for.
        hidden: user -> topics that are refused to them.
    """

    context: ssl.SSLContext | None = None
    login: bool = True
    hidden: dict[str, set[str]] = field(default_factory=dict)


class GuardedBroker(TansuBroker):
    """A broker that is reached through a door."""

    def __init__(self, log: Path, door: Door, properties: dict[str, str]) -> None:
        self.address = f"localhost:{free_port()}"
        self.listening = f"127.0.0.1:{free_port()}"
        self.door = door
        self.properties = MappingProxyType(properties)
        self._log = log
        self._topics = 0
        self._process = self._started()
        self._loop = asyncio.new_event_loop()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._open.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        super().stop()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        port = int(self.address.rpartition(":")[2])
        start = asyncio.start_server(self._guest, "127.0.0.1", port, ssl=self.door.context)
        server = self._loop.run_until_complete(start)
        self._open.set()
        self._loop.run_forever()
        server.close()
        while guests := asyncio.all_tasks(self._loop):
            for guest in guests:
                guest.cancel()
            self._loop.run_until_complete(asyncio.gather(*guests, return_exceptions=True))
        self._loop.close()

    async def _guest(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        quiet = (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError, asyncio.CancelledError)
        with contextlib.suppress(*quiet):
            host, port = self.listening.split(":")
            inner_reader, inner_writer = await asyncio.open_connection(host, int(port))
            try:
                visit = _Visit(self.door, reader, writer, inner_reader, inner_writer)
                await visit.run()
            finally:
                inner_writer.close()
                writer.close()


class _Visit:
    """One connection."""

    def __init__(self, door, reader, writer, inner_reader, inner_writer) -> None:
        self._door = door
        self._reader, self._writer = reader, writer
        self._inner_reader, self._inner_writer = inner_reader, inner_writer
        self._user = ""
        self._scram: _Scram | None = None
        self._mechanism = ""

    async def run(self) -> None:
        known = not self._door.login
        while True:
            frame = await _frame(self._reader)
            api, version, number = struct.unpack_from(">hhi", frame)
            body = _after_client(frame)
            if api == API_VERSIONS:
                answer = await self._versions(number, version)
            elif api == HANDSHAKE:
                answer = self._handshake(body)
            elif api == AUTHENTICATE:
                answer, known = self._authenticated(body, version)
            elif not known:
                return
            else:
                answer = await self._passed_on(frame)
                if api == METADATA:
                    answer = self._censored(answer, version)
            self._writer.write(_packed(struct.pack(">i", number) + answer))
            await self._writer.drain()
            if api == AUTHENTICATE and answer[:2] != b"\0\0":
                return

    async def _passed_on(self, frame: bytes) -> bytes:
        self._inner_writer.write(_packed(frame))
        await self._inner_writer.drain()
        return (await _frame(self._inner_reader))[4:]

    async def _versions(self, number: int, version: int) -> bytes:
        asked = struct.pack(">hhih", API_VERSIONS, 0, number, -1)
        told = await self._passed_on(asked)
        (count,) = struct.unpack_from(">i", told, 2)
        known = {}
        for place in range(count):
            api, low, high = struct.unpack_from(">hhh", told, 6 + 6 * place)
            known[api] = (low, high)
        known[METADATA] = (known[METADATA][0], min(4, known[METADATA][1]))
        known |= {HANDSHAKE: (0, 1), AUTHENTICATE: (0, 1)}
        error = NO_SUCH_VERSION if version > 2 else 0
        rows = b"".join(struct.pack(">hhh", api, *each) for api, each in sorted(known.items()))
        rest = struct.pack(">i", 0) if 0 < version <= 2 else b""
        return struct.pack(">hi", error, len(known)) + rows + rest

    def _handshake(self, body: bytes) -> bytes:
        self._mechanism, _ = _text(body, 0)
        self._scram = None
        error = 0 if self._mechanism in MECHANISMS else NO_SUCH_MECHANISM
        names = b"".join(struct.pack(">h", len(m)) + m.encode() for m in MECHANISMS)
        return struct.pack(">hi", error, len(MECHANISMS)) + names

    def _authenticated(self, body: bytes, version: int) -> tuple[bytes, bool]:
        (size,) = struct.unpack_from(">i", body)
        given = body[4 : 4 + size]
        if self._mechanism == "PLAIN":
            _, user, password = given.decode().split("\0")
            told: bytes | None = b"" if USERS.get(user) == password else None
            done = told is not None
            self._user = user
        else:
            self._scram = self._scram or _Scram()
            told, done = self._scram.step(given.decode())
            self._user = self._scram.user
        life = struct.pack(">q", 0) if version else b""
        if told is None:
            why = b"Authentication failed"
            return struct.pack(">hh", LOGIN_FAILED, len(why)) + why + struct.pack(
                ">i", 0
            ) + life, False
        return struct.pack(">hhi", 0, -1, len(told)) + told + life, done

    def _censored(self, answer: bytes, version: int) -> bytes:
        """The same with some topics refused; the layout of Metadata 1 to 4."""
        hidden = self._door.hidden.get(self._user)
        if not hidden:
            return answer
        place = 4 if version >= 3 else 0
        (brokers,) = struct.unpack_from(">i", answer, place)
        place += 4
        for _ in range(brokers):
            _, place = _text(answer, place + 4)
            _, place = _text(answer, place + 4)
        if version >= 2:
            _, place = _text(answer, place)
        place += 4
        (topics,) = struct.unpack_from(">i", answer, place)
        made, place = answer[: place + 4], place + 4
        for _ in range(topics):
            start = place
            name, place = _text(answer, place + 2)
            after_name = place
            (partitions,) = struct.unpack_from(">i", answer, place + 1)
            place += 5
            for _ in range(partitions):
                place += 10
                for _ in range(2):
                    (many,) = struct.unpack_from(">i", answer, place)
                    place += 4 + 4 * many
            if name in hidden:
                made += struct.pack(">h", TOPIC_DENIED) + answer[start + 2 : after_name + 1]
                made += struct.pack(">i", 0)
            else:
                made += answer[start:place]
        return made + answer[place:]


class _Scram:
    """The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677)."""

    def __init__(self) -> None:
        self.user = ""
        self._said: list[str] = []
        self._salt = secrets.token_bytes(16)

    def step(self, given: str) -> tuple[bytes | None, bool]:
        """The answer, None for a refusal; and whether the user is known now."""
        if not self._said:
            bare = given.partition(",,")[2]
            fields = dict(part.split("=", 1) for part in bare.split(","))
            self.user = fields["n"]
            salt = base64.b64encode(self._salt).decode()
            answer = f"r={fields['r']}{secrets.token_hex(8)},s={salt},i=4096"
            self._said = [bare, answer]
            return answer.encode(), False
        without, _, proof = given.rpartition(",p=")
        message = ",".join([*self._said, without]).encode()
        salted = hashlib.pbkdf2_hmac(
            "sha256", USERS.get(self.user, secrets.token_hex()).encode(), self._salt, 4096
        )
        client = _mac(salted, b"Client Key")
        signature = _mac(hashlib.sha256(client).digest(), message)
        expected = bytes(a ^ b for a, b in zip(client, signature, strict=True))
        if not hmac.compare_digest(expected, base64.b64decode(proof)):
            return None, False
        return b"v=" + base64.b64encode(_mac(_mac(salted, b"Server Key"), message)), True


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


async def _frame(reader: asyncio.StreamReader) -> bytes:
    (size,) = struct.unpack(">i", await reader.readexactly(4))
    return await reader.readexactly(size)


def _packed(body: bytes) -> bytes:
    return struct.pack(">i", len(body)) + body


def _after_client(frame: bytes) -> bytes:
    _, place = _text(frame, 8)
    return frame[place:]


def _text(data: bytes, place: int) -> tuple[str, int]:
    (size,) = struct.unpack_from(">h", data, place)
    place += 2
    return data[place : place + max(0, size)].decode("utf-8", "replace"), place + max(0, size)


def server_context(authority: Authority, *, mutual: bool = False) -> ssl.SSLContext:
    """TLS of a server that the authority vouches for; mutual: so it asks of its clients."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("broker"))
    if mutual:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.path)
    return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "authority")


@pytest.fixture(scope="session")
def guarded_broker(
    authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GuardedBroker]:
    """A broker with TLS and logins."""
    properties = {
        "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN", "sasl.username": "ann",
        "sasl.password": USERS["ann"], "ssl.ca.location": str(authority.path),
    }  # fmt: skip
    log = tmp_path_factory.mktemp("guarded") / "log"
    running = GuardedBroker(log, Door(server_context(authority)), properties)
    yield running
    running.stop()
