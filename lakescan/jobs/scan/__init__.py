"""``scan``: URIs -> plan of work units -> partial profiles -> verdicts -> report.

`plan` lists and cuts, `task` is what a worker does with a unit, `fold` merges what workers bring,
`judge` makes reports of merged profiles, `running` ties them together around the
ledger, and `job` is what is called.
"""
