"""``/v1/anonymize`` and ``/v1/reveal``."""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
import pytest

TEXT = "Añn 😀 called 202-555-0142 from ann@example.com, then 202-555-0142 again"
CSV = "name,phone,note\n" + "".join(
    f"{name},202-555-014{n},row {n}\n"
    for n, name in enumerate(["Ann Smith", "Bob Jones", "Eve Brown"])
)


@pytest.fixture(scope="module")
def keyed(servers, tmp_path_factory):
    """With a keyring, an audit file, another policy, and keys of several scopes."""
    folder = tmp_path_factory.mktemp("keyed")
    from lakescan.jobs.keys import new_keyring

    (folder / "ring.yaml").write_text(new_keyring("first"))
    (folder / "ring.yaml").chmod(0o600)
    (folder / "strict.yaml").write_text(
        "anonymize:\n  rules:\n  - {entities: [PHONE_NUMBER], operator: redact}\n"
        "entities: {disable: [EMAIL_ADDRESS]}\n"
    )
    (folder / "keys").write_text(
        "plain-key\nsee-key scopes=reveal,anonymize name=officer\nlook-key scopes=detect\n"
    )
    server = servers(
        "--accuracy-mode", "patterns", "--key", f"file:{folder / 'ring.yaml'}",
        "--audit", str(folder / "audit.jsonl"), "--keys-file", str(folder / "keys"),
        "--named-policy", f"strict={folder / 'strict.yaml'}",
    )  # fmt: skip
    server.audit = folder / "audit.jsonl"
    return server


def asker(server, key="plain-key"):
    return server.client(headers={"x-api-key": key})


def changed(client, **body):
    answer = client.post("/v1/anonymize", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_replacements_stand_where_they_are_said_to(keyed):
    operators = {"PHONE_NUMBER": {"operator": "token"}, "*": {"operator": "mask"}}
    with asker(keyed) as client:
        result = changed(client, texts=[TEXT, ""], operators=operators)["results"]
    first, empty = result
    assert empty == {"text": "", "replacements": []}
    assert len(first["replacements"]) == 3
    at = new_at = 0
    for each in first["replacements"]:
        assert TEXT[at : each["start"]] == first["text"][new_at : each["new_start"]]
        at, new_at = each["end"], each["new_end"]
    assert TEXT[at:] == first["text"][new_at:]
    told = {each["entity"]: each["operator"] for each in first["replacements"]}
    assert told == {"PHONE_NUMBER": "token", "EMAIL_ADDRESS": "mask"}
    phones = [e for e in first["replacements"] if e["entity"] == "PHONE_NUMBER"]
    tokens = {first["text"][e["new_start"] : e["new_end"]] for e in phones}
    assert len(tokens) == 1, "equal values stay equal"
    assert "202-555" not in first["text"]


def test_the_more_exact_choice_wins_and_the_policy_has_the_rest(keyed):
    text = "ann@example.com, 202-555-0142"
    chosen = {"EMAIL_ADDRESS": {"operator": "replace", "options": {"text": "@"}}}
    with asker(keyed) as client:
        one = changed(client, texts=[text], operators=chosen)["results"][0]["text"]
        other = changed(client, texts=[text], policy="strict")["results"][0]["text"]
    assert one == "@, <PHONE_NUMBER>"
    assert other == "ann@example.com, "


def test_numbered_markers_count_within_each_text(keyed):
    operators = {"*": {"operator": "replace", "options": {"text": "[{entity}]", "numbered": True}}}
    text = "a@example.com b@example.com a@example.com"
    with asker(keyed) as client:
        results = changed(client, texts=[text, text], operators=operators)["results"]
    assert [each["text"] for each in results] == [
        "[EMAIL_ADDRESS_1] [EMAIL_ADDRESS_2] [EMAIL_ADDRESS_1]"
    ] * 2


def test_rows_come_back_as_rows(keyed):
    rows = [{"name": "Ann Smith", "phone": "202-555-0142", "n": 1}]
    rows.append({"name": "Bob Jones", "phone": None, "n": 2})
    operators = {"PHONE_NUMBER": {"operator": "mask"}}
    with asker(keyed) as client:
        value = changed(client, rows=rows, operators=operators)
    assert value["rows"][0] == {"name": "<PERSON>", "phone": "***-***-****", "n": 1}
    assert value["rows"][1]["phone"] is None
    assert [e["operator"] for e in value["columns"]] == ["replace", "mask", "keep"]


def test_a_csv_comes_back_as_a_csv_or_with_what_was_done(keyed):
    chosen = json.dumps({"PERSON": {"operator": "redact", "options": {"text": "-"}}})
    kind = {"content-type": "text/csv"}
    with asker(keyed) as client:
        answer = client.post(
            "/v1/anonymize", content=CSV, headers=kind, params={"operators": chosen}
        )
        told = client.post(
            "/v1/anonymize", content=CSV, headers=kind | {"accept": "application/json"}
        ).json()
    assert answer.headers["content-type"].startswith("text/csv")
    made = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["name"] for row in made] == ["-"] * 3
    assert [row["phone"] for row in made] == ["<PHONE_NUMBER>"] * 3
    assert [row["note"] for row in made] == ["row 0", "row 1", "row 2"]
    assert told["table"].startswith("name,phone,note\n<PERSON>,")


def test_an_arrow_table_keeps_its_types(keyed):
    table = pa.table(
        {"email": ["a@example.com", "b@example.com"], "n": pa.array([1, 2], pa.int16())}
    )
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    kind = {"content-type": "application/vnd.apache.arrow.file"}
    with asker(keyed) as client:
        answer = client.post("/v1/anonymize", content=sink.getvalue(), headers=kind)
    made = pa.ipc.open_file(answer.content).read_all()
    assert made.schema.types == table.schema.types
    assert made["email"].to_pylist() == ["<EMAIL_ADDRESS>"] * 2


@pytest.mark.parametrize(
    "body, status, said",
    [
        ({"texts": ["x"], "rows": [{}]}, 422, "either texts or rows"),
        ({}, 422, "either texts or rows"),
        ({"texts": ["x"], "operators": {"PERSON": {"operator": "musk"}}}, 422, "did you mean 'mask'"),
        ({"texts": ["x"], "operators": {"PRESON": {"operator": "mask"}}}, 422, "'PERSON'"),
        ({"texts": ["x"], "operators": {"PERSON": {"operator": "drop"}}}, 422, "cannot work on texts"),
        ({"texts": ["x"], "operators": {"PERSON": {"operator": "truncate"}}}, 422, "length"),
        ({"texts": ["x"], "operators": {"PERSON": {"operator": "mask", "options": {"a": 1}}}}, 422, "a:"),
        ({"texts": ["x"], "policy": "strikt"}, 422, "did you mean 'strict'"),
        ({"rows": [{"a": 1}], "entities": ["PERSON"]}, 422, "is for texts"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(keyed, body, status, said):
    with asker(keyed) as client:
        answer = client.post("/v1/anonymize", json=body)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["error"]


def test_an_operator_that_needs_a_key_wants_one(client):
    body = {"texts": ["ann@example.com"], "operators": {"*": {"operator": "token"}}}
    answer = client.post("/v1/anonymize", json=body)
    assert answer.status_code == 422
    assert "needs a key" in answer.json()["error"]


def test_operators_tell_what_they_promise(client):
    facts = {each["operator"]: each for each in client.get("/v1/operators").json()}
    assert facts["encrypt"]["reversible"]
    assert facts["token"]["keyed"]
    assert facts["noise"]["for_texts"]
    assert not facts["drop"]["for_texts"]
    assert "keep_last" in facts["mask"]["options"]


# --- reveal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operator, options",
    [("encrypt", {}), ("encrypt", {"mode": "gcm-siv"}), ("fpe", {})],
)
def test_what_was_hidden_comes_back_for_who_may_see_it(keyed, operator, options):
    words = ["ann@example.com", "4111 1111 1111 1111"]
    chosen = {"*": {"operator": operator, "options": options}}
    with asker(keyed, "see-key") as client:
        hidden = changed(client, texts=words, operators=chosen)["results"]
        texts = [each["text"] for each in hidden]
        assert set(texts).isdisjoint(words)
        body = {"texts": texts, "operator": operator, "reason": "case 1"}
        value = client.post("/v1/reveal", json=body).json()
    assert value == {"texts": words, "changed": 2}


def test_whoever_reveals_is_on_record_and_no_value_is(keyed):
    text = "write to eve@example.com"
    with asker(keyed, "see-key") as client:
        hidden = changed(client, texts=[text], operators={"*": {"operator": "encrypt"}})
        texts = [hidden["results"][0]["text"]]
        body = {"texts": texts, "reason": "case 4711"}
        value = client.post("/v1/reveal", json=body, headers={"x-request-id": "seen-1"}).json()
    assert value["texts"] == [text]
    lines = [json.loads(line) for line in keyed.audit.read_text().splitlines()]
    mine = [line for line in lines if line["request_id"] == "seen-1"]
    assert [line["event"] for line in mine] == ["reveal.begin", "reveal.end"]
    assert {(line["caller"], line["reason"]) for line in mine} == {("officer", "case 4711")}
    assert "eve@" not in keyed.audit.read_text()
    assert "eve@" not in keyed.log.read_text()


def test_what_no_key_opens_stays_as_it_is(keyed):
    with asker(keyed, "see-key") as client:
        body = {"texts": ["lks1.first.c3V_kIYCCa2pK-cvr_MJjleqdj5K.", "plain"], "reason": "r"}
        assert client.post("/v1/reveal", json=body).json() == {"texts": body["texts"], "changed": 0}


def test_nothing_is_revealed_without_the_scope_or_a_reason(keyed, client):
    body = {"texts": ["x"], "reason": "r"}
    with asker(keyed) as other:
        assert other.post("/v1/reveal", json=body).status_code == 403
    with asker(keyed, "see-key") as other:
        assert other.post("/v1/reveal", json=body | {"reason": " "}).status_code == 422
    assert client.post("/v1/reveal", json=body).status_code == 403, "on an open service, too"
