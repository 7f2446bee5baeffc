"""The Ray engine: the only place that imports Ray, and only when it is used.

`engine` runs units through Ray Data, `stage` is what its actors do, `cluster` finds or starts Ray.
"""
