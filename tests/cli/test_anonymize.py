"""`lakescan anonymize`, `reveal` and `keys`, as a user calls them."""

from __future__ import annotations

import json

import pytest

POLICY = """
anonymize:
  rules:
    - {entities: EMAIL_ADDRESS, operator: encrypt}
"""


KEY = {"LAKESCAN_KEY": bytes(range(32)).hex()}


@pytest.fixture
def run(lakescan):
    """The program with a key in its environment."""
    return lambda *arguments: lakescan(*arguments, env=KEY)


@pytest.fixture
def shop(tmp_path):
    rows = "".join(f"{n},ann{n}@shop.com\n" for n in range(40))
    (tmp_path / "people.csv").write_text("id,email\n" + rows)
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


def test_there_and_back(shop, run):
    done = run(
        "anonymize", "people.csv", "--to", "out", "--policy", "policy.yaml", "--report", "r.json"
    )
    assert done.returncode == 0, done.stderr
    assert "1 column in 1 table changed, 40 rows written to out" in done.stdout
    assert "ann7@shop.com" not in (shop / "out/people.csv").read_text()
    assert (
        json.loads((shop / "r.json").read_text())["tables"][0]["columns"][1]["operator"]
        == "encrypt"
    )
    done = run(
        "reveal", "out", "--to", "back", "--audit", "audit.jsonl", "--reason", "asked by Ann"
    )
    assert done.returncode == 0, done.stderr
    assert (shop / "back/people.csv").read_bytes() == (shop / "people.csv").read_bytes()


def test_a_dry_run_shows_masked_samples(shop, run):
    done = run("anonymize", "people.csv", "--dry-run", "--policy", "policy.yaml")
    assert done.returncode == 0
    assert "Nothing was written" in done.stdout
    assert "a***@s***.com" in done.stdout
    assert "ann0@shop.com" not in done.stdout
    assert not (shop / "out").exists()


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["people.csv"], "nowhere to write"),
        (["people.csv", "--to", "out", "--dry-run"], "more than one place"),
        (["people.csv", "--to", "out", "--key", "0123456789abcdef"], "never given itself"),
        (["people.csv", "--to", "out", "--key", "file:nothing.yaml"], "no key file"),
    ],
)
def test_what_makes_no_sense_is_told(shop, run, arguments, said):
    done = run("anonymize", *arguments, "--policy", "policy.yaml")
    assert done.returncode in (2, 3)
    assert said in done.stderr
    assert "0123456789abcdef" not in done.stderr


def test_a_new_keyring_is_one_and_shows_no_key(shop, run):
    made = run("keys", "new", "--id", "2026").stdout
    path = shop / "key.yaml"
    path.write_text(made)
    path.chmod(0o644)
    assert "others may read" in run("keys", "show", "--key", "file:key.yaml").stderr
    path.chmod(0o600)
    shown = run("keys", "show", "--key", "file:key.yaml").stdout
    assert shown == "2026 (in use)\n"


def test_a_new_keyring_is_its_owners_alone_and_never_written_over(shop, run):
    done = run("keys", "new", "--id", "2027", "--to", "ring.yaml")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert (shop / "ring.yaml").stat().st_mode & 0o777 == 0o600
    assert run("keys", "show", "--key", "file:ring.yaml").stdout == "2027 (in use)\n"
    before = (shop / "ring.yaml").read_bytes()
    again = run("keys", "new", "--to", "ring.yaml")
    assert (again.returncode, (shop / "ring.yaml").read_bytes()) == (2, before)
    assert "never written over" in again.stderr


def test_columns_are_counted_each_once(shop, run):
    """Those inside of structs each, and one that holds several entities once."""
    note = "please call her on +1 202 555 01{0} or write to b{0}@x.org before noon"
    rows = (
        {"who": {"id": n, "mail": f"a{n}@x.org"}, "note": note.format(n)} for n in range(10, 40)
    )
    (shop / "notes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("anonymize", "notes.jsonl", "--to", "out", "--accuracy-mode", "patterns")
    assert "jsonl, 30 rows, 3 columns" in done.stdout, done.stderr


def test_a_rule_for_a_column_that_no_table_has_is_told(shop, run):
    (shop / "slip.yaml").write_text(
        POLICY + "    - {column: emial, operator: drop}\n    - {column: id, operator: keep}\n"
    )
    for place in (["--to", "out"], ["--dry-run"]):
        done = run("anonymize", "people.csv", *place, "--policy", "slip.yaml")
        assert done.returncode == 0, done.stderr
        told = [line for line in done.stderr.splitlines() if "anonymize.rules" in line]
        assert len(told) == 1
        assert "anonymize.rules[1]: Notice: no table has a column 'emial'" in told[0]
