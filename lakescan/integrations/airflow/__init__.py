"""lakescan in Airflow 3: operators, a sensor that holds gates, a connection, a trigger.

Each name is loaded when it is first asked for: Airflow is in the environments that run it only.
"""

from __future__ import annotations

from importlib import import_module

from lakescan.errors import MissingDependencyError

_HOMES = {
    "LakescanAnonymizeOperator": "anonymize",
    "LakescanGateSensor": "gate",
    "LakescanHook": "hook",
    "LakescanJobTrigger": "trigger",
    "LakescanScanOperator": "scan",
    "LakescanVerifyOperator": "verify",
}

__all__ = [
    "LakescanAnonymizeOperator",
    "LakescanGateSensor",
    "LakescanHook",
    "LakescanJobTrigger",
    "LakescanScanOperator",
    "LakescanVerifyOperator",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = import_module(f"{__name__}.{_HOMES[name]}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "airflow":
            raise
        raise MissingDependencyError("apache-airflow", "airflow") from None
    return getattr(module, name)
