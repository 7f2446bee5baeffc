"""Three tables in three formats: made-up values join as the real ones did."""

from __future__ import annotations

import io

import polars as pl
from rich.console import Console

import lakescan
from lakescan.reports.verification.rendering import print_verification

MADE_UP = "accuracy_mode: patterns\nanonymize: {default: fake}"


def counted(tables):
    """Rows of each join, and of each table with itself by name and card."""
    customers, orders, tickets = tables
    flat = orders.with_columns(
        email=pl.col("buyer").struct["email"], name=pl.col("buyer").struct["name"]
    ).select("customer_id", "email", "name", "card")
    payload = tickets.with_columns(phone=pl.col("payload").str.extract(r'"phone": *"([^"]+)"'))
    return {
        "id": customers.with_columns(pl.col("customer_id").cast(pl.Int64))
        .join(flat, on="customer_id")
        .height,
        "customers' orders": customers.join(flat, on="email").height,
        "customers' tickets": customers.join(tickets, on="email").height,
        "orders' tickets": flat.join(tickets, on="email").height,
        "phones": customers.join(payload.select("phone").drop_nulls(), on="phone").height,
        "cards": flat.join(flat, on="card").height,
        "names": flat.join(flat, on="name").height,
        "same names": customers.join(customers, on="name").height,
    }


def test_every_join_has_the_rows_that_it_had(lake, key, tmp_path, read_tables):
    policy = lakescan.Policy.parse(MADE_UP)
    lakescan.anonymize(lake, tmp_path / "out", policy, engine="local")
    before, after = counted(read_tables(lake)), counted(read_tables(tmp_path / "out"))
    assert after == before
    assert min(before.values()) >= 45
    report = lakescan.verify(tmp_path / "out", lake, policy, engine="local")
    assert (report.status, report.leaks) == ("clean", 0)
    assert len(report.joins) >= 4
    assert all(join.before == join.after and not join.why for join in report.joins)


def test_verify_says_which_operator_broke_a_join(lake, key, tmp_path):
    policy = lakescan.Policy.parse(
        "accuracy_mode: patterns\nanonymize: {rules: [{entities: PHONE_NUMBER, operator: mask},"
        " {entities: EMAIL_ADDRESS, operator: token, path: 'crm/*', domain: crm},"
        " {entities: EMAIL_ADDRESS, operator: token}]}"
    )
    lakescan.anonymize(lake, tmp_path / "out", policy, engine="local")
    report = lakescan.verify(tmp_path / "out", lake, policy, engine="local")
    told = {(join.left, join.right): join.why for join in report.joins}
    phones = told["crm/customers.csv: phone", "tickets.jsonl: payload.phone"]
    assert phones.startswith("mask made different values equal")
    text = io.StringIO()
    print_verification(report, Console(file=text, width=300))
    assert phones in text.getvalue()
    mails = told["crm/customers.csv: email", "tickets.jsonl: email"]
    assert mails == "token made equal values different: one domain for both would keep the join"
