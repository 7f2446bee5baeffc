"""The Spark engine: units through ``mapInArrow``, dead letters for failures.

`engine` runs units in jobs, `stage` is what Spark's Python workers do, `session` finds or starts
Spark, `waves` cuts the work into jobs.
"""
