"""What addresses of pages carry."""

from __future__ import annotations

import pytest

from lakescan.policy import Policy
from lakescan.udfs.detect import Values, build_detectors

SHOP = "https://shop.example.com/u"
TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3

CARRIED = [
    (f"{SHOP}?email=ann@example.org&x=1", ["EMAIL_ADDRESS ann@example.org"]),
    (f"{SHOP}?email=ann%40example.org", ["EMAIL_ADDRESS ann%40example.org"]),
    (f"{SHOP}?a=1&t={TOKEN}#b", [f"GITHUB_TOKEN {TOKEN}"]),
    (f"{SHOP}?ssn=123-45-6789", ["US_SSN 123-45-6789"]),
    (f"{SHOP}?to=a@example.org&cc=b@example.org",
     ["EMAIL_ADDRESS a@example.org", "EMAIL_ADDRESS b@example.org"]),
]  # fmt: skip


@pytest.mark.parametrize("frame", ["{}", "GET {} 200", "({})"])
@pytest.mark.parametrize(("address", "carried"), CARRIED)
def test_what_an_address_carries_is_told_and_the_address_around_it(text, frame, address, carried):
    told = text(frame.format(address))
    assert [f"{entity} {words}" for entity, words in told if entity != "URL"] == carried
    assert "".join(words for _, words in told) == address


@pytest.mark.parametrize(
    ("path", "carried"),
    [("/u/ann@example.org", ["ann@example.org"]), ("users/a.b@example.org/cv", ["a.b@example.org"]),
     ("s3://bucket/ann@example.org/x", ["ann@example.org"]),
     ("ann@example.org/bob@example.org", ["ann@example.org", "bob@example.org"]),
     ("pkg/name@1.2.3", []), ("ssh://git@github.com/acme/x", [])],
)  # fmt: skip
def test_an_address_that_is_a_step_of_a_path_is_told(text, path, carried):
    for frame in ("{}", "GET {} 200"):
        told = text(frame.format(path))
        assert [words for entity, words in told if entity == "EMAIL_ADDRESS"] == carried


@pytest.mark.parametrize(
    "address",
    [f"{SHOP}?page=2&day=2024-05-06", f"{SHOP}?id=550e8400-e29b-41d4-a716-446655440000",
     f"{SHOP}/ann#top", "http://203.0.113.7/admin?x=1", f"{SHOP}/status/4111111111111111"],
)  # fmt: skip
def test_an_address_that_names_nobody_is_one(text, address):
    assert text(f"see {address} now") == [("URL", address)]


@pytest.mark.parametrize(
    ("address", "entity"),
    [("https://bob:h7Kq93bzX@git.example.com/x.git", "CONNECTION_STRING"),
     ("https://hooks.slack.com/services/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", "SLACK_WEBHOOK"),
     (f"{SHOP}?sv=2022-11-02&se=2026-01-01&sr=b&sp=r&sig={'aB3' * 14}%3D&x=1", "AZURE_STORAGE_KEY")],
)  # fmt: skip
def test_an_address_that_is_a_secret_is_told_as_one(text, address, entity):
    assert text(f"see {address} now") == [(entity, address)]


def test_under_another_rule_an_address_is_as_long_as_it_is():
    longest = build_detectors(Policy.model_validate({"conflicts": "longest"}))
    longest.setup()
    found = longest.detect_texts(Values.of([f"see {SHOP}?email=ann@example.org"])).to_pylist()
    assert [each["entity"] for each in found] == ["URL"]
