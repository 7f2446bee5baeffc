"""Why: the evidence behind a column's verdict or a text's findings, and what was outvoted.

`model` has the values, `contract` makes JSON of them, `terminal` tables.
"""
