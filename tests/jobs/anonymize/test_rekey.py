"""An anonymized lake under another key: what an anonymization under that key gives, and no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import lakescan
from lakescan.errors import NotFoundError, UnknownNameError, UsageError

REVERSIBLE = """
accuracy_mode: patterns
anonymize:
  default: encrypt
  rules:
    - {entities: EMAIL_ADDRESS, operator: encrypt, domain: mail}
    - {entities: US_SSN, operator: fpe}
    - {entities: CREDIT_CARD, operator: fpe, options: {keep_first: 6, checksum: luhn}}
    - {entities: DATE_OF_BIRTH, operator: keep}
"""
LEAVE = lakescan.Rekeying(one_way="leave")
KEYS = {"a": bytes(range(32)).hex(), "b": bytes(range(32, 64)).hex()}


@pytest.fixture
def keyring(monkeypatch):
    """Put a keyring in place: ``keyring("a")`` has both keys, and uses one."""

    def put(primary, *ids):
        keys = {name: KEYS[name] for name in ids or KEYS}
        monkeypatch.setenv("LAKESCAN_KEY", json.dumps({"primary": primary, "keys": keys}))

    return put


@pytest.fixture
def audit(tmp_path):
    return lakescan.Audit(str(tmp_path / "audit.jsonl"), "the key is old")


def run(source, target, policy, **more):
    rules = lakescan.Policy.parse(policy)
    return lakescan.anonymize(source, target, rules, engine="local", **more)


def files(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and "_lakescan" not in path.parts and not path.name.startswith("_")
    }


def test_it_is_what_an_anonymization_under_the_new_key_gives(
    lake, keyring, audit, tmp_path, read_tables
):
    keyring("a")
    run(lake, tmp_path / "old", REVERSIBLE)
    keyring("b")
    run(lake, tmp_path / "new", REVERSIBLE)
    assert files(tmp_path / "old") != files(tmp_path / "new")
    done = lakescan.rekey(
        tmp_path / "old", tmp_path / "again", audit, rekeying=LEAVE, engine="local"
    )
    # Social security numbers inside texts would be left; there are none.
    assert (done.key_id, done.left) == ("b", ("tickets.jsonl: text (fpe in texts)",))
    assert {column.key_id for column in done.columns} == {"a"}
    assert files(tmp_path / "again") == files(tmp_path / "new")
    entries = [json.loads(line) for line in Path(audit.path).read_text().splitlines()]
    assert [entry["event"] for entry in entries] == ["rekey.begin", "rekey.end"]
    assert {(entry["reason"], entry["to_key_id"]) for entry in entries} == {("the key is old", "b")}
    assert "@" not in json.dumps(entries)
    keyring("b", "b")  # the old key is gone for good
    lakescan.reveal(tmp_path / "again", tmp_path / "back", audit, engine="local")
    for old, back in zip(read_tables(lake), read_tables(tmp_path / "back"), strict=True):
        assert back.drop("payload", strict=False).equals(old.drop("payload", strict=False))


def test_the_same_run_again_does_nothing_and_another_has_nothing_to_do(
    lake, keyring, audit, tmp_path
):
    keyring("a")
    run(lake, tmp_path / "old", REVERSIBLE)
    keyring("b")
    writing = lakescan.Writing(run_id="rotation")
    for _ in range(2):
        done = lakescan.rekey(
            tmp_path / "old",
            tmp_path / "new",
            audit,
            rekeying=LEAVE,
            engine="local",
            writing=writing,
        )
        assert done.rows == 120 + 500 + 90
    with pytest.raises(NotFoundError, match="nothing here is under another key than b"):
        lakescan.rekey(tmp_path / "new", tmp_path / "more", audit, rekeying=LEAVE, engine="local")
    assert not (tmp_path / "more").exists()


def test_random_ciphertexts_stay_random_and_what_was_taken_out_stays_out(keyring, audit, tmp_path):
    (tmp_path / "in").mkdir()
    rows = ["email,ssn", *(f"ann{n}@mail.com,{200 + n}-12-{1000 + n}" for n in range(40))]
    (tmp_path / "in/people.csv").write_text("\n".join([*rows, "x@mail.com,12\u0660", ""]))
    policy = """
accuracy_mode: patterns
anonymize:
  rules:
    - {column: email, operator: encrypt, options: {mode: gcm-siv}}
    - {column: ssn, entities: US_SSN, operator: fpe}
"""
    keyring("a")
    run(tmp_path / "in", tmp_path / "old", policy)
    keyring("b")
    lakescan.rekey(tmp_path / "old", tmp_path / "new", audit, engine="local")
    old, new = ((tmp_path / side / "people.csv").read_text() for side in ("old", "new"))
    assert old.count("lks1.a.") == new.count("lks1.b.") == 41
    assert "lks1.a." not in new
    assert old.splitlines()[-1].endswith(",<US_SSN>")
    assert new.splitlines()[-1].endswith(",<US_SSN>")
    keyring("b", "b")
    lakescan.reveal(tmp_path / "new", tmp_path / "back", audit, engine="local")
    back = (tmp_path / "back/people.csv").read_text().splitlines()
    assert back[:-1] == rows
    assert back[-1] == "x@mail.com,<US_SSN>"


def test_what_no_key_brings_back_is_refused_or_left(lake, keyring, audit, tmp_path):
    policy = REVERSIBLE + "    - {entities: PHONE_NUMBER, operator: token}\n"
    keyring("a")
    run(lake, tmp_path / "old", policy)
    keyring("b")
    with pytest.raises(UsageError, match=r"crm/customers.csv: phone \(token\)"):
        lakescan.rekey(tmp_path / "old", tmp_path / "new", audit, engine="local")
    assert not (tmp_path / "new").exists()
    done = lakescan.rekey(tmp_path / "old", tmp_path / "new", audit, rekeying=LEAVE, engine="local")
    assert "crm/customers.csv: phone (token)" in done.left
    record = json.loads((tmp_path / "new/_lakescan/manifest.json").read_text())
    about = json.loads(record["metadata"]["lakescan.anonymized"])
    ids = {
        (each["table"], each["column"]): {one.get("key_id") for one in each["treatments"]}
        for each in about
    }
    assert ids["crm/customers.csv", "phone"] == {"a"}
    assert ids["crm/customers.csv", "email"] == {"b"}


def test_a_key_that_is_not_there_and_in_place_are_refused(lake, keyring, audit, tmp_path):
    keyring("a", "a")
    with pytest.raises(UnknownNameError, match="key id"):
        lakescan.rekey(lake, tmp_path / "new", audit, rekeying=lakescan.Rekeying("b"))
    with pytest.raises(UsageError, match="in place"):
        lakescan.rekey(lake, lake, audit, writing=lakescan.Writing("in_place"))
    with pytest.raises(UnknownNameError, match="refuse"):
        lakescan.Rekeying(one_way="drop")
