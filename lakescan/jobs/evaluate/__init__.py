"""``evaluate``: predictions held against gold labels, of spans in texts or of whole columns.

`labels` harmonizes names, `texts` and `columns` read what is compared, `spans` and `verdicts`
count, `tally` turns counts into scores with intervals, `job` puts them together.
"""
