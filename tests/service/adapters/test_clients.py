"""Other products' own Python clients, as their registry has them, with another address."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CLIENTS = Path(sys.prefix) / "clients"
pytestmark = pytest.mark.skipif(
    not (CLIENTS / ".ready").exists(), reason="the clients are not installed: make setup-clients"
)

#: Only the address that the client has built in is exchanged.
ZENGUARD = """
import json, sys
from zenguard import Credentials, Detector, ZenGuard, ZenGuardConfig

client = ZenGuard(ZenGuardConfig(Credentials(sys.argv[2])))
client._backend = sys.argv[1]
try:
    print(json.dumps(client.detect([Detector.PII], sys.argv[3])))
except RuntimeError as error:
    print(json.dumps(str(error)))
"""
#: It takes its addresses from DISCOVER_URL and TRANSFORM_URL.
PROTEGRITY = """
import json, sys
from protegrity_developer_python import configure, discover, find_and_redact

configure(enable_logging=False)
found = discover(sys.argv[1])
redacted = find_and_redact(sys.argv[1])
configure(method="mask")
print(json.dumps([found, redacted, find_and_redact(sys.argv[1])]))
"""


def run(code, *arguments, **variables):
    plain = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**plain, "PYTHONPATH": str(CLIENTS), **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_zenguards(server):
    prompt = "My credit card number is 1234-5679-1234-1234 and my name is John Smith."
    told = run(ZENGUARD, server.url, "a-key", prompt)
    assert told["is_detected"] is True
    assert told["extra"]["sanitized_message"] == (
        "My credit card number is CREDIT_CARD_1 and my name is NAME_1."
    )


def test_zenguards_with_a_wrong_key(guarded):
    assert "unexpected status code: 401" in run(ZENGUARD, guarded.url, "wrong", "Hello")


def test_protegritys(server):
    prefix = f"{server.url}/pty/data-discovery/v1.1"
    found, redacted, masked = run(
        PROTEGRITY,
        "You can reach Dave Elliot by phone 203-555-1286",
        DISCOVER_URL=f"{prefix}/classify",
        TRANSFORM_URL=f"{prefix}/transform/label",
    )
    places = {name: groups[0]["location"] for name, groups in found.items()}
    assert places == {
        "PERSON": {"start_index": 14, "end_index": 25},
        "PHONE_NUMBER": {"start_index": 35, "end_index": 47},
    }
    assert redacted == "You can reach [PERSON] by phone [PHONE_NUMBER]"
    assert masked == "You can reach ########### by phone ############"
