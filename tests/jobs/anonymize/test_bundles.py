"""A folder with a workbook and an archive: anonymized, verified, and brought back."""

from __future__ import annotations

import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook
from workbooks import workbook

import lakescan

POLICY = """
accuracy_mode: patterns
anonymize:
  rules:
    - {entities: EMAIL_ADDRESS, operator: encrypt, domain: mail}
"""


@pytest.fixture
def folder(people, tmp_path):
    root = tmp_path / "lake"
    root.mkdir()
    book = workbook(
        ("Staff", [["email", "number"], *([one["email"], one["customer_id"]] for one in people)]),
        ("Assets", [["tag", "price"], *([f"t{i}", i / 4] for i in range(20))]),
        ("Clients", [["client", "e-mail"], *([str(i), p["email"]] for i, p in enumerate(people))]),
    )
    (root / "book.xlsx").write_bytes(book)
    with zipfile.ZipFile(root / "all.zip", "w") as packed:
        mails = "".join(f"{one['customer_id']},{one['email']}\n" for one in people)
        packed.writestr("crm/mails.csv", "customer_id,email\n" + mails)
        packed.writestr("book.xlsx", book)
    return root


def sheets(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def members(path):
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_nobody_is_left_and_everybody_comes_back(folder, key, people, tmp_path):
    policy = lakescan.Policy.parse(POLICY)
    clean, back = tmp_path / "clean", tmp_path / "back"
    done = lakescan.anonymize(folder, clean, policy, engine="local")
    assert (done.status, done.value.rows) == ("complete", 5 * len(people) + 40)
    before, after = (sheets((root / "book.xlsx").read_bytes()) for root in (folder, clean))
    assert list(after) == list(before)
    assert after["Assets"] == before["Assets"]
    for name, place in (("Staff", 0), ("Clients", 1)):
        assert after[name][0] == before[name][0]
        hidden = {row[place] for row in after[name][1:]}
        assert len(hidden) == len(people)
        assert not hidden & {one["email"] for one in people}
        kept = [row[1 - place] for row in after[name]]
        assert kept == [row[1 - place] for row in before[name]]
    packed = members(clean / "all.zip")
    assert sheets(packed["book.xlsx"]) == after
    # One domain: the same address is the same everywhere.
    mails = [line.split(",")[1] for line in packed["crm/mails.csv"].decode().split()[1:]]
    assert mails == [row[0] for row in after["Staff"][1:]]
    assert lakescan.verify(clean, against=folder, policy=policy, engine="local").leaks == 0
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    lakescan.reveal(clean, back, audit, engine="local")
    assert sheets((back / "book.xlsx").read_bytes()) == before
    assert (
        members(back / "all.zip")["crm/mails.csv"] == members(folder / "all.zip")["crm/mails.csv"]
    )
