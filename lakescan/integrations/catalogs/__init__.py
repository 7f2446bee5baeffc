"""What a run found, for a data catalog: tags of columns, and how each catalog names a table.

`export` writes what a catalog reads. Nothing in it is a value, masked or not.
"""

from lakescan.integrations.catalogs.export import CATALOGS, Export, export
from lakescan.integrations.catalogs.naming import Names

__all__ = ["CATALOGS", "Export", "Names", "export"]
