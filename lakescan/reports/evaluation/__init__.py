"""How right predictions are: the figures of an evaluation, and the forms they are shown in.

`model` has the values, `rendering` makes a table, JSON or Markdown of them.
"""
