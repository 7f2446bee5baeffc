"""Values that a policy says are never to be reported."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from lakescan.policy import Policy, compile_regex
from lakescan.udfs.arrays import to_numpy
from lakescan.udfs.detect.findings import chosen, names_of
from lakescan.udfs.detect.values import Values


def without_allowed(findings: pa.Table, values: Values, policy: Policy) -> pa.Table:
    """The findings whose text no rule allows.

    Args:
        findings: a table of `FINDINGS_SCHEMA`.
        values: what they were found in.
        policy: with the rules.
    """
    rules = policy.allow
    if not rules or not findings.num_rows:
        return findings
    starts = pl.Series(to_numpy(findings["start"]))
    sizes = pl.Series(to_numpy(findings["end"])) - starts
    texts = values.series.gather(to_numpy(findings["row"]))
    frame = pl.DataFrame({"text": texts, "start": starts, "size": sizes})
    found = frame.select(pl.col("text").str.slice(pl.col("start"), pl.col("size")))["text"]
    names, codes = names_of(findings, "entity")
    entities = np.array(names)[codes]
    lower = found.str.to_lowercase()
    allowed = np.zeros(len(found), np.bool_)
    for rule in rules:
        hit = lower.is_in([word.lower() for word in rule.words]).to_numpy().copy()
        if rule.regex is not None:
            regex = compile_regex(rule.regex)
            distinct = {t: regex.fullmatch(t) is not None for t in found.unique().to_list()}
            hit |= np.array([distinct[t] for t in found.to_list()])
        if rule.entities:
            meant = [each for each in names if policy.means(rule.entities, each)]
            hit &= np.isin(entities, meant)
        allowed |= hit
    return chosen(findings, np.flatnonzero(~allowed)) if allowed.any() else findings
