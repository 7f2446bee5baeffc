"""What Airflow asks of a provider: which connection types and operators there are."""

from __future__ import annotations

_PACKAGE = "lakescan.integrations.airflow"
_NAME = "lakescan"
_OPERATORS = ("anonymize", "scan", "verify")


def get_provider_info() -> dict[str, object]:
    """The entry point ``apache_airflow_provider``; by Airflow's ``provider_info.schema.json``."""
    return {
        "package-name": _NAME,
        "name": _NAME,
        "description": "Find and remove personal data in data lakes.",
        "integrations": [{"integration-name": _NAME, "external-doc-url": "", "tags": ["software"]}],
        "operators": [
            {
                "integration-name": _NAME,
                "python-modules": [f"{_PACKAGE}.{name}" for name in _OPERATORS],
            }
        ],
        "sensors": [{"integration-name": _NAME, "python-modules": [f"{_PACKAGE}.gate"]}],
        "hooks": [{"integration-name": _NAME, "python-modules": [f"{_PACKAGE}.hook"]}],
        "triggers": [{"integration-name": _NAME, "python-modules": [f"{_PACKAGE}.trigger"]}],
        "connection-types": [
            {
                "connection-type": "lakescan",
                "hook-name": _NAME,
                "hook-class-name": f"{_PACKAGE}.hook.LakescanHook",
            }
        ],
    }
