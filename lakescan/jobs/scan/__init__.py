"""``scan``: URIs -> plan of work units -> partial profiles -> verdicts -> report.

`plan` lists and cuts, `task` is what a worker does with a unit, `fold` merges what workers bring,
`judge` makes reports of merged profiles, `job` ties them together around the ledger.
"""
