"""Lake tables: which of the files below a folder, or behind a catalog, are the table now.

`delta` reads Delta's log, `iceberg` an Iceberg catalog. Their data files are read like any others.
"""
