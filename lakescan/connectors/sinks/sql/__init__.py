"""Databases as sinks: rows are staged beside the tables, and one transaction shows them all.

`servers` stages in tables of the server, `embedded` in files beside a database that is a file;
`blueprint` says how a table is made, `designs` where that comes from.
"""
