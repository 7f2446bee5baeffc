"""AWS Glue tables: LF-Tags of Lake Formation on columns, as the requests of its API.

``create_lf_tags`` holds arguments of ``CreateLFTag``, ``update_lf_tags`` of ``UpdateLFTag`` (the
values that one request has no room for), ``add_lf_tags`` of ``AddLFTagsToResource``,
``remove_lf_tags`` of ``RemoveLFTagsFromResource``.
"""

from __future__ import annotations

from collections.abc import Iterator

from lakescan.integrations.catalogs.model import FieldTags, TableTags
from lakescan.reports.contract import Json

#: Of a list of tag values, the most that a request takes (``TagValueList`` of the API's model).
_MOST = 50


def plan(tables: tuple[TableTags, ...], gone: tuple[TableTags, ...] = ()) -> dict[str, Json]:
    """The requests, in the order in which they are made.

    Args:
        tables: in whose columns something was found.
        gone: whose columns were told of before, and hold nothing any more.
    """
    values: dict[str, set[str]] = {}
    for table in tables:
        for column in table.columns:
            for key, value in _tags(column).items():
                values.setdefault(key, set()).add(value)
    known = {key: sorted(found) for key, found in values.items()}
    return {
        "create_lf_tags": [
            {"TagKey": key, "TagValues": [*found[:_MOST]]} for key, found in known.items()
        ],
        "update_lf_tags": [
            {"TagKey": key, "TagValuesToAdd": [*found[place : place + _MOST]]}
            for key, found in known.items()
            for place in range(_MOST, len(found), _MOST)
        ],
        "add_lf_tags": [*_requests(tables)],
        "remove_lf_tags": [*_requests(gone)],
    }


def _requests(tables: tuple[TableTags, ...]) -> Iterator[Json]:
    for table in tables:
        for column in table.columns:
            yield {
                "Resource": {
                    "TableWithColumns": {
                        "DatabaseName": table.name[0],
                        "Name": table.name[1],
                        "ColumnNames": [column.path[0]],
                    }
                },
                "LFTags": [
                    {"TagKey": key, "TagValues": [value]} for key, value in _tags(column).items()
                ],
            }


def _tags(column: FieldTags) -> dict[str, str]:
    return {
        "lakescan_entity": column.entity,
        "lakescan_domain": column.domain,
        "lakescan_sensitive": "true" if column.sensitive else "false",
    }
