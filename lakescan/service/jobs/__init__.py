"""Scan jobs of the service: processes of their own, told about by their run folders.

`rules` says what jobs may do, `records` reads and writes what stands in the folders, `office` runs
them, and `worker` is what runs in a job's process.
"""
