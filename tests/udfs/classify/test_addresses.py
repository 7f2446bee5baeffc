"""Columns of addresses: of nobody, until their queries name somebody."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("every", [1, 10, 97])
def test_addresses_that_carry_persons_are_personal(judge, every):
    pages = [
        f"https://example.com/u?email=user{n}@example.org" if n % every == 0 else
        f"https://example.com/u?page={n}&day=2024-05-{n % 28 + 1:02d}"
        for n in range(97)
    ]  # fmt: skip
    found = judge({"ref": pages})["ref"]
    told = {each.entity: each.rows_hit for each in found.classifications}
    assert told == {"URL": 97, "EMAIL_ADDRESS": len(range(0, 97, every))}
    assert found.sensitive


def test_addresses_with_days_and_numbers_are_addresses(judge):
    pages = [f"https://example.com/u?id={7 * n}&day=2024-05-{n % 28 + 1:02d}" for n in range(97)]
    found = judge({"ref": pages})["ref"]
    assert [each.entity for each in found.classifications] == ["URL"]
    assert not found.sensitive


def test_addresses_with_a_password_are_secrets(judge):
    remotes = [f"https://bot{n}:h7Kq93bz{n}@git.example.com/x.git" for n in range(40)]
    found = judge({"remote": remotes})["remote"]
    assert [each.entity for each in found.classifications] == ["CONNECTION_STRING"]
    assert found.sensitive
