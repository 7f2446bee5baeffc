"""Column profiles: what a scan counts, measures and samples of a column, in parts that merge."""
