"""Objects and maps whose keys are persons: the keys are found, treated and revealed."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lakescan

MAILS = [f"ann.miller{n}@example.org" for n in range(60)]
ROWS = [
    {"id": n, "access": {MAILS[n]: {"level": "read"}, MAILS[-n]: {"level": "all"}}}
    for n in range(1, 30)
]
KINDS = {
    "jsonl": ("access.$.{key}", "access.$.{}.level"),
    "csv": ("access.$.{key}", "access.$.{}.level"),
    "parquet": ("access.{key}", "access.{}.level"),
}


def write(path):
    if path.suffix == ".parquet":
        level = pa.struct([("level", pa.string())])
        maps = [list(row["access"].items()) for row in ROWS]
        columns = {"id": [row["id"] for row in ROWS], "access": maps}
        kinds = [("id", pa.int64()), ("access", pa.map_(pa.string(), level))]
        pq.write_table(pa.table(columns, pa.schema(kinds)), path)
    elif path.suffix == ".csv":
        texts = (json.dumps(row["access"]).replace('"', '""') for row in ROWS)
        lines = (f'{n},"{text}"\n' for n, text in enumerate(texts, 1))
        path.write_text("id,access\n" + "".join(lines))
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def told(path):
    if path.suffix == ".parquet":
        return [{**row, "access": dict(row["access"])} for row in pq.read_table(path).to_pylist()]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    lines = (line.split(",", 1) for line in path.read_text().splitlines()[1:])
    return [
        {"id": int(n), "access": json.loads(text[1:-1].replace('""', '"'))} for n, text in lines
    ]


@pytest.mark.parametrize("form", KINDS)
def test_keys_are_found_treated_and_revealed(tmp_path, form, monkeypatch):
    monkeypatch.setenv("THE_KEY", "7b" * 32)
    source = write(tmp_path / f"t.{form}")
    report = lakescan.classify(source).value.datasets[0]
    found = {column.column: column for column in report.columns}
    key, below = KINDS[form]
    assert found[key].classifications[0].entity == "EMAIL_ADDRESS"
    assert not found[below].classifications
    assert not any("@" in column.column for column in report.columns)
    policy = lakescan.Policy.parse("{accuracy_mode: patterns, anonymize: {default: encrypt}}")
    lakescan.anonymize(source, tmp_path / "safe", policy, key="env:THE_KEY")
    made = tmp_path / "safe" / source.name
    assert b"@example.org" not in made.read_bytes()
    assert [[access["level"] for access in row["access"].values()] for row in told(made)] == [
        ["read", "all"]
    ] * len(ROWS)
    audit = lakescan.Audit(str(tmp_path / "audit.jsonl"), "a test")
    lakescan.reveal(tmp_path / "safe", tmp_path / "back", audit, key="env:THE_KEY")
    assert told(tmp_path / "back" / source.name) == ROWS
