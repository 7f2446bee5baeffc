"""The verbs: each plans, runs on an engine, reduces and commits.

`scan` is the big one; `detect` looks at a text or an array, `classify` at one file. `ledger` keeps
what a run has done, so that it can go on or be repeated cheaply.
"""
