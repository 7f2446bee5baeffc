"""The Ray engine: the only place that imports Ray, and only when it is used.

`engine` runs units, `staff` is its actors and `actor` what they do, `cluster` finds or starts Ray.
"""
