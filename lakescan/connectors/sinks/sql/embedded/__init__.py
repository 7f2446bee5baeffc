"""Databases that are a file, as sinks: staged in a folder beside it, committed by one transaction.

`sink` keeps the promise, `writing` is what a commit does in a file, `sqlite` and `duckdb` how.
"""
