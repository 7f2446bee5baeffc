"""The native API."""

from __future__ import annotations

import concurrent.futures
import io

import jsonschema
import pyarrow as pa
import pytest

import lakescan

ROWS = b'{"name": "Ann Smith", "phone": "202-555-0142"}, {"name": "Bob Jones", "phone": "202-555-0143"}'
CSV = "name,phone\nAnn Smith,202-555-0142\nBob Jones,202-555-0143\nEve Brown,202-555-0144\n"


def test_detect_answers_as_the_library_does(client):
    texts = ["Call Ann on 202-555-0142", "", "Añn 😀 paid by 4111 1111 1111 1111", "nothing here"]
    results = client.post("/v1/detect", json={"texts": texts}).json()["results"]
    for text, result in zip(texts, results, strict=True):
        found = [(f["start"], f["end"], f["entity"], f["detector"]) for f in result["findings"]]
        assert found == [(f.start, f.end, f.entity, f.detector) for f in lakescan.detect(text)]


def test_answers_do_not_depend_on_who_asks_beside(client, server):
    texts = [f"Ann Smith{'e' * n}, card 4111 1111 1111 1111, a{n}@example.com" for n in range(40)]
    alone = [client.post("/v1/detect", json={"texts": [t]}).json()["results"][0] for t in texts]

    def ask(text):
        with server.client() as other:
            return other.post("/v1/detect", json={"texts": [text]}).json()["results"][0]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, texts)) == alone


def test_detect_looks_for_some_entities_or_categories(client):
    body = {"texts": ["ann@example.com, 202-555-0142"], "entities": ["EMAIL_ADDRESS"]}
    found = client.post("/v1/detect", json=body).json()["results"][0]["findings"]
    assert [f["entity"] for f in found] == ["EMAIL_ADDRESS"]
    unknown = client.post("/v1/detect", json=body | {"entities": ["EMIAL_ADDRESS"]})
    assert unknown.status_code == 422
    assert "did you mean 'EMAIL_ADDRESS'" in unknown.json()["error"]


def test_what_is_found_as_something_wider_is_found_by_its_own_name(client):
    body = {"texts": ["Fax: +49 30 901820, ann@example.com"], "entities": ["FAX_NUMBER"]}
    found = client.post("/v1/detect", json=body).json()["results"][0]["findings"]
    assert [each["entity"] for each in found] == ["PHONE_NUMBER"]


def test_detect_leaves_out_what_is_not_sure_enough(client):
    body = {"texts": ["ann@example.com, 202-555-0142"], "min_score": 0.95}
    found = client.post("/v1/detect", json=body).json()["results"][0]["findings"]
    assert [f["entity"] for f in found] == ["EMAIL_ADDRESS"]


def arrow(write) -> bytes:
    table = pa.table({"name": ["Ann Smith", "Bob Jones"], "phone": ["202-555-0142"] * 2})
    sink = io.BytesIO()
    with write(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


@pytest.mark.parametrize(
    "kind, data",
    [
        ("text/csv", CSV.encode()),
        ("text/csv; charset=utf-8", CSV.encode()),
        ("application/json", b'{"rows": [' + ROWS + b"]}"),
        ("application/x-ndjson", ROWS.replace(b"}, {", b"}\n{")),
        ("application/vnd.apache.arrow.stream", arrow(pa.ipc.new_stream)),
        ("application/vnd.apache.arrow.file", arrow(pa.ipc.new_file)),
    ],
)
def test_classify_reads_tables_in_five_forms(client, kind, data):
    report = client.post("/v1/classify", content=data, headers={"content-type": kind})
    assert report.status_code == 200, report.text
    columns = report.json()["datasets"][0]["columns"]
    told = {c["column"]: c["classifications"][0]["category"] for c in columns}
    assert told == {"name": "PERSON", "phone": "PHONE_NUMBER"}
    assert "Ann" not in report.text


@pytest.mark.parametrize(
    "kind, data, status",
    [
        ("application/json", b'{"rows": 1}', 400),
        ("application/json", b'{"rows": [1]}', 400),
        ("application/json", b'{"rows": [', 400),
        ("application/vnd.apache.arrow.file", b"ARROW1\0\0nonsense", 422),
        ("application/vnd.apache.arrow.stream", arrow(pa.ipc.new_stream)[:-24], 422),
        ("image/png", b"x", 415),
        ("text/csv", b"", 400),
    ],
)
def test_classify_refuses_what_is_no_table(client, kind, data, status):
    refused = client.post("/v1/classify", content=data, headers={"content-type": kind})
    assert refused.status_code == status, refused.text
    assert set(refused.json()) == {"error"}


PATHS = ["/v1/detect", "/analyze", "/deidentify_text", "/v1/detect/pii", "/presign", "/anonymize"]
BAD_BODIES = [b"", b"{", b"[1]", b'"x"', b"null", b'{"texts": 1}', b'{"texts": [1]}', b'{"texts": ["\xff"]}', b"\xff\xfe{\x00", b'{"texts": []}',
              b'{"texts": ["x"], "min_score": NaN}', b'{"texts": ["x"], "more": 1}',
              b"[" * 100_000]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_refusal_says_what_to_send(client, path):
    """What a curl without a header sends, a body that was forgotten, one that was cut off."""
    status = 400 if path == "/v1/detect/pii" else 415
    plain = client.post(path, content=b"{}", headers={"x-api-key": "any", "content-type": FORM})
    assert (plain.status_code, "application/json" in plain.text) == (status, True)
    sent = {"x-api-key": "any", "content-type": "application/json"}
    empty = client.post(path, content=b"", headers=sent)
    assert (empty.status_code, "Field required" in empty.text) == (400, False)
    assert client.post(path, content=b'{"text": "a', headers=sent).status_code == 400


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("data", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_body_that_is_wrong_gets_a_clear_refusal(client, path, data):
    headers = {"content-type": "application/json", "x-api-key": "any"}
    answer = client.post(path, content=data, headers=headers)
    if path == "/analyze" and answer.status_code == 500:
        assert answer.json() == {"error": "No text provided"}  # the contract's word for it
    elif path == "/presign" and answer.status_code == 200:
        assert set(answer.json()) == {
            "job_id",
            "put_url",
            "get_url",
        }  # a document whose text comes later
    else:
        refused(answer)


def refused(answer):
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["error"]


@pytest.mark.parametrize("path", PATHS)
def test_half_a_character_breaks_nothing(client, path):
    data = rb'{"texts": ["\ud800"], "text": "\ud800", "language": "en", "messages": ["\ud800"],'
    data += rb' "markdown": {"output": "\ud800"}, "analyzer_results": []}'
    headers = {"content-type": "application/json", "x-api-key": "any"}
    assert client.post(path, content=data, headers=headers).status_code in (200, 400, 422)


@pytest.mark.parametrize(
    "kind, data",
    [
        ("application/json", rb'{"rows": [{"a\u0000b": "x"}]}'),
        ("text/csv", b"a\x00b,c\nx,y\n"),
    ],
)
def test_nul_in_a_columns_name_breaks_nothing(client, kind, data):
    answer = client.post("/v1/classify", content=data, headers={"content-type": kind})
    assert answer.status_code in (200, 422)


def test_the_catalog_is_there(client):
    every = client.get("/v1/entities").json()
    assert {"US_SSN", "IBAN", "PERSON"} <= {each["entity"] for each in every}
    assert client.get("/v1/entities/ssn").status_code in (200, 404)
    assert client.get("/v1/entities/US_SSN").json()["category"] == "SOCIAL_SECURITY_ID"
    assert client.get("/v1/entities/NONSENSE").status_code == 404


def test_a_policy_is_checked_and_reads_no_file_of_the_server(client):
    good = client.post("/v1/policies/check", content="version: 1\n").json()
    assert good["correct"]
    assert good["problems"] == []
    bad = client.post("/v1/policies/check", content="entities:\n  enabel: [X]\n").json()
    assert bad["problems"] == [
        {
            "path": "entities.enabel",
            "message": "unknown key",
            "hint": "did you mean 'enable'?",
            "line": 2,
        }
    ]
    nosy = "detectors:\n  - {name: a, entity: B, words_file: /etc/passwd}\n"
    told = client.post("/v1/policies/check", content=nosy).json()
    assert not told["correct"]
    assert "may not read" in told["problems"][0]["message"]
    assert client.post("/v1/policies/check", content=b"\xff").status_code == 400


def test_the_policy_that_is_served_can_be_read(client):
    text = client.get("/v1/policy").text
    assert lakescan.Policy.parse(text).hash == lakescan.Policy.default().hash


def test_the_openapi_document_is_whole(client):
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {
        "/v1/detect",
        "/v1/classify",
        "/analyze",
        "/deidentify_text",
        "/v1/detect/pii",
        "/presign",
    } <= set(document["paths"])
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("summary"), (method, path)
            if method in ("post", "put") and not path.endswith(("/cancel", "/resume")):
                assert operation["requestBody"]["content"], (method, path)
                assert "413" in operation["responses"]
                assert ("401" in operation["responses"]) == (operation.get("security") != [])


def test_answers_are_as_the_openapi_document_says(client):
    document = client.get("/openapi.json").json()
    name = {"$ref": "#/components/schemas/DetectResponse"}
    schema = name | {"components": document["components"]}
    value = client.post("/v1/detect", json={"texts": ["Call Ann on 202-555-0142"]}).json()
    jsonschema.validate(value, schema)
