"""Requests that schemathesis makes of the OpenAPI document: a real server answers as it says."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

from lakescan.service.application import create_app

# Bodies that it does not make by itself: lines as any text, Arrow as any bytes.
schemathesis.serializer.alias(["application/jsonl", "application/x-ndjson"], "text/plain")
schemathesis.serializer.alias(
    ["application/vnd.apache.arrow.file", "application/vnd.apache.arrow.stream"],
    "application/octet-stream",
)
schema = schemathesis.openapi.from_dict(create_app().openapi())
#: What Presidio's contract answers with 500, and nothing else may.
PRESIDIO = {
    "No text provided",
    "No language provided",
    "No matching recognizers were found to serve the request.",
}


@schema.parametrize()
@settings(
    max_examples=4,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
)
def test_answers_are_as_documented(case, server):
    response = case.call(base_url=server.url)
    if response.status_code >= 500:
        assert response.status_code == 500
        assert response.json()["error"] in PRESIDIO
    case.validate_response(
        response,
        checks=[
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_headers_conformance,
            checks.response_schema_conformance,
        ],
    )
