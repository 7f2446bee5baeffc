"""Who is let in: scopes, tokens of an issuer, and how much a caller may ask."""

from __future__ import annotations

import http.server
import json
import os
import pickle
import threading
import time
from datetime import UTC, datetime
from typing import ClassVar

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from lakescan.errors import UsageError
from lakescan.service.callers import SCOPES, USUAL, Caller
from lakescan.service.jwt import TokenRules
from lakescan.service.keys import KeyRing
from lakescan.service.rates import Rates

TEXTS = {"texts": ["card 4111 1111 1111 1111"]}
ISSUER = "https://login.example.com/"


# --- keys -----------------------------------------------------------------------------------------


def test_a_key_has_the_usual_scopes_or_its_own(tmp_path):
    file = tmp_path / "keys"
    file.write_text("a\nb scopes=reveal,jobs name=team-b\nc expires=2020-01-01 scopes=detect\n")
    ring = KeyRing.of_file(file)
    assert ring.caller("a").scopes == USUAL
    assert ring.caller("b") == Caller("team-b", frozenset({"reveal", "jobs"}))
    assert ring.caller("c") is None
    assert ring.caller("c", datetime(2019, 1, 1, tzinfo=UTC)).scopes == {"detect"}
    assert ring.caller(None) is None
    assert ring.caller("a").name.startswith("key-")


@pytest.mark.parametrize(
    "line",
    ["a scopes=everything", "a scopes", "a name=x name=y", "a until=2027-01-01", "sha256:00"],
)
def test_a_line_that_says_nothing_is_refused(tmp_path, line):
    (tmp_path / "keys").write_text(line)
    with pytest.raises(UsageError, match="line 1"):
        KeyRing.of_file(tmp_path / "keys")


def test_a_file_that_became_wrong_lets_nobody_in_and_says_so(tmp_path, caplog):
    file = tmp_path / "keys"
    file.write_text("first-key\n")
    ring = KeyRing.of_file(file)
    file.write_text("first-key\nsecond-key until=2027-01-01\n")
    assert ring.caller("first-key") is None
    (said,) = caplog.messages
    assert "keys, line 2: no key" in said
    assert "second-key" not in said
    file.write_text("second-key\n")
    assert ring.caller("second-key") is not None


def test_a_file_that_changes_twice_in_one_tick_of_the_clock_is_read_twice(tmp_path):
    file = tmp_path / "keys"
    file.write_text("first-key\n")
    ring = KeyRing.of_file(file)
    at = file.stat().st_mtime_ns
    file.write_text("second-key\n")
    os.utime(file, ns=(at, at))
    assert ring.caller("first-key") is None
    assert ring.caller("second-key") is not None


def test_a_ring_tells_no_key():
    ring = KeyRing.of_keys(["very-secret"])
    assert "very-secret" not in repr(ring)
    assert b"very-secret" not in pickle.dumps(ring)
    assert pickle.loads(pickle.dumps(ring)).caller("very-secret") == ring.caller("very-secret")


# --- scopes on the wire ---------------------------------------------------------------------------

WANTED = {
    "/v1/detect": "detect",
    "/v1/classify": "detect",
    "/v1/anonymize": "anonymize",
    "/v1/reveal": "reveal",
    "/v1/jobs": "jobs",
    "/analyze": "detect",
    "/anonymize": "anonymize",
    "/deanonymize": "anonymize",
    "/deidentify_text": "anonymize",
    "/v1/detect/pii": "detect",
    "/presign": "detect",
    "/pty/data-discovery/v1.1/classify": "detect",
    "/pty/data-discovery/v1.1/transform/label": "anonymize",
}


@pytest.fixture(scope="module")
def scoped(servers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scoped")
    (folder / "keys").write_text("".join(f"k-{scope} scopes={scope}\n" for scope in SCOPES))
    return servers("--accuracy-mode", "patterns", "--keys-file", str(folder / "keys"))


@pytest.mark.parametrize("path", WANTED)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_of_another_scope_lets_nobody_in(scoped, path, scope):
    with scoped.client(headers={"x-api-key": f"k-{scope}"}) as client:
        status = client.post(path, json={"text": "x"}).status_code
    assert (status == 403) == (WANTED[path] != scope)
    assert status != 401


def test_any_key_may_read_the_catalog_and_the_counters(scoped):
    with scoped.client(headers={"x-api-key": "k-jobs"}) as client:
        for path in ("/v1/entities", "/v1/policies", "/v1/operators", "/anonymizers", "/metrics"):
            assert client.get(path).status_code == 200, path


# --- tokens ---------------------------------------------------------------------------------------

RSA, OTHER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CURVE = ec.generate_private_key(ec.SECP256R1())


def jwk(key, name):
    algorithm = jwt.algorithms.RSAAlgorithm if key is not CURVE else jwt.algorithms.ECAlgorithm
    return json.loads(algorithm.to_jwk(key.public_key())) | {"kid": name, "use": "sig"}


def token(key=RSA, name="one", algorithm="RS256", **claims):
    value = {
        "iss": ISSUER,
        "aud": "lakescan",
        "sub": "ann@example.com",
        "exp": time.time() + 300,
        "scope": "openid lakescan:detect lakescan:anonymize",
    }
    value = {name: each for name, each in (value | claims).items() if each is not None}
    return jwt.encode(value, key, algorithm, headers={"kid": name} if name else None)


class Issuer(http.server.BaseHTTPRequestHandler):
    keys: ClassVar = [jwk(RSA, "one")]
    asked: ClassVar = 0

    def do_GET(self):
        type(self).asked += 1
        data = json.dumps({"keys": self.keys}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def issuer():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/keys"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def trusting(servers, issuer):
    return servers(
        "--accuracy-mode", "patterns", "--issuer", ISSUER, "--jwks", issuer,
        LAKESCAN_API_KEYS="plain-key",
    )  # fmt: skip


def status(server, credential, path="/v1/detect"):
    with server.client(headers={"authorization": f"Bearer {credential}"}) as client:
        return client.post(path, json=TEXTS).status_code


def test_a_token_lets_in_where_its_scopes_do(trusting):
    assert status(trusting, token()) == 200
    assert status(trusting, token(), "/v1/anonymize") == 200
    assert status(trusting, token(), "/v1/jobs") == 403
    assert status(trusting, token(scope=None)) == 403
    assert status(trusting, token(scope=["lakescan.detect"])) == 200
    assert status(trusting, token(name=None)) == 200, "there is only one key"
    assert status(trusting, "plain-key") == 200, "keys let in beside tokens"


def forged():
    """Signed with the public key as if it were a shared secret."""
    header = {"alg": "HS256", "typ": "JWT", "kid": "one"}
    import base64
    import hmac

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    claims = jwt.decode(token(), options={"verify_signature": False})
    head = part(header) + b"." + part(claims)
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = base64.urlsafe_b64encode(hmac.digest(public, head, "sha256")).rstrip(b"=")
    return (head + b"." + signed).decode()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: token(exp=time.time() - 300),
        lambda: token(exp=None),
        lambda: token(iss="https://evil.example.com/"),
        lambda: token(aud="another"),
        lambda: token(aud=None),
        lambda: token(nbf=time.time() + 300),
        lambda: token(key=OTHER),
        lambda: token(key=OTHER, name="two"),
        lambda: token(key=CURVE, algorithm="ES256"),
        lambda: token()[:-6] + "AAAAAA",
        lambda: jwt.encode({"iss": ISSUER, "aud": "lakescan", "exp": 9e9}, "", "none"),
        forged,
        lambda: "a.b.c",
        lambda: "..",
    ],
)
def test_a_token_that_is_not_to_be_trusted_lets_nobody_in(trusting, wrong):
    assert status(trusting, wrong()) == 401


def test_who_sends_made_up_tokens_makes_us_fetch_nothing(trusting):
    before = Issuer.asked
    for n in range(5):
        status(trusting, token(key=OTHER, name=f"made-up-{n}"))
    assert Issuer.asked <= before + 1


def test_the_subject_of_a_token_is_in_no_log(trusting):
    for _ in range(2):  # a line is written after its answer, and before the next is looked at
        assert status(trusting, token()) == 200
    log = trusting.log.read_text()
    assert '"caller":"token-' in log
    assert "ann@example.com" not in log


def test_an_issuers_keys_may_come_from_a_file(servers, tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [jwk(CURVE, "c")]}))
    server = servers(
        "--accuracy-mode", "patterns", "--issuer", ISSUER, "--jwks", str(tmp_path / "keys.json"),
        "--audience", "lake",
    )  # fmt: skip
    good = token(key=CURVE, name="c", algorithm="ES256", aud=["lake", "other"])
    assert status(server, good) == 200
    assert status(server, token()) == 401
    with server.client() as client:
        assert client.post("/v1/detect", json=TEXTS).status_code == 401


def test_keys_come_by_no_open_road():
    for jwks in ("http://login.example.com/keys", "ftp://x/keys"):
        with pytest.raises(UsageError, match="https"):
            TokenRules(ISSUER, "lakescan", jwks)


# --- rates ----------------------------------------------------------------------------------------


def test_a_bucket_gives_what_is_in_it_and_fills_up_again():
    now = [0.0]
    rates = Rates(2.0, 3, lambda: now[0])
    assert [rates.wait("a") for _ in range(3)] == [0, 0, 0]
    assert rates.wait("a") == pytest.approx(0.5)
    assert rates.wait("b") == 0, "each has their own"
    now[0] = 0.5
    assert [rates.wait("a") == 0 for _ in range(2)] == [True, False]
    now[0] = 100.0
    assert [rates.wait("a") == 0 for _ in range(4)] == [True, True, True, False]


def test_who_asks_too_much_is_told_when_to_come_again(servers):
    server = servers(
        "--accuracy-mode", "patterns", "--rate", "0.05", "--burst", "3",
        LAKESCAN_API_KEYS="one,two",
    )  # fmt: skip

    def ask(key):
        with server.client(headers={"x-api-key": key}) as client:
            return client.post("/v1/detect", json=TEXTS)

    assert [ask("one").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert 1 <= int(ask("one").headers["retry-after"]) <= 20
    assert ask("two").status_code == 200
    with server.client() as client:
        assert client.get("/readyz").status_code == 200
