"""The Iceberg sink: files beside the catalog's tables, which one commit of each table shows.

`schema` makes the table's columns, `commit` its snapshot; what a run stages lies where the sink of
files has it, so a run that dies is finished, or begun again, as there.
"""
