"""What a run found, for a data catalog: tags of columns, and how each catalog names a table.

`export` writes what a catalog reads, `send` hands it to one that runs. Nothing in it is a value,
masked or not.
"""

from lakescan.integrations.catalogs.export import CATALOGS, Export, export
from lakescan.integrations.catalogs.model import Sent
from lakescan.integrations.catalogs.naming import Names
from lakescan.integrations.catalogs.sending import SENDABLE, Target, send, send_lineage
from lakescan.integrations.openlineage_columns import lineage

__all__ = [
    "CATALOGS",
    "SENDABLE",
    "Export",
    "Names",
    "Sent",
    "Target",
    "export",
    "lineage",
    "send",
    "send_lineage",
]
