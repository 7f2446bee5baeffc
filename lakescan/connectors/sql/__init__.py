"""Databases: a URI becomes tables, a table ranges of its key, a range Arrow batches.

`connector` is the door; `dialects` holds what differs from one database to the next, `catalog`
lists tables, `splits` cuts them, `reading` fetches.
"""
