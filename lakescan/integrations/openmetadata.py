"""OpenMetadata: classification tags of columns.

The shapes are those of its published schemas: ``CreateClassification``, ``CreateTag`` and
``TagLabel``. ``PII.Sensitive`` and ``PII.None`` are tags that every OpenMetadata has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lakescan.integrations.catalogs.model import FieldTags, TableTags
from lakescan.reports.catalog import about
from lakescan.reports.contract import Json

CLASSIFICATION = "lakescan"
_PII = "PII."
_QUOTED = re.compile(r'[."]')


def plan(tables: tuple[TableTags, ...]) -> dict[str, Json]:
    """What is to be there: the classification, its tags, and each column's labels."""
    entities = sorted({e for table in tables for field in table.fields for e in field.entities})
    return {
        "classifications": [
            {
                "name": CLASSIFICATION,
                "description": "What lakescan found in a column.",
                "mutuallyExclusive": False,
            }
        ],
        "tags": [
            {
                "name": entity,
                "classification": CLASSIFICATION,
                "displayName": about(entity).title,
                "description": about(entity).description,
            }
            for entity in entities
        ],
        "tables": [
            {
                "fullyQualifiedName": qualified(table.name),
                "columns": [
                    {
                        "fullyQualifiedName": qualified((*table.name, *field.path)),
                        "path": list(field.path),
                        "tags": labels(field),
                    }
                    for field in table.fields
                ],
            }
            for table in tables
            if table.fields
        ],
    }


def qualified(parts: Iterable[str]) -> str:
    """A fully qualified name: parts with a dot or a quote in them are quoted."""
    return ".".join(
        '"' + part.replace('"', '\\"') + '"' if _QUOTED.search(part) else part for part in parts
    )


def labels(field: FieldTags) -> list[Json]:
    """A column's tags."""
    pii = f"{_PII}Sensitive" if field.sensitive else f"{_PII}None"
    return [_label(pii), *(_label(f"{CLASSIFICATION}.{entity}") for entity in field.entities)]


def _label(name: str) -> Json:
    return {
        "tagFQN": name,
        "source": "Classification",
        "labelType": "Automated",
        "state": "Confirmed",
    }
