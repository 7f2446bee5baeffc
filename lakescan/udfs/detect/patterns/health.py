"""Identifiers and codes of health care."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.us import dea
from lakescan.udfs.detect.pattern import Pattern

_L = "[AC-HJKMNP-RT-Y]"

PATTERNS = (
    Pattern(
        entity="US_DEA",
        name="us_dea",
        regex="[ABCDEFGHJKLMNPRSTUX][A-Z9][0-9]{7}",
        score=0.8,
        validate=dea,
        weak=0.2,
        context=("dea", "medical license", "prescriber", "certificate"),
    ),
    Pattern(
        # CMS, "Understanding the MBI": eleven places, no S L O I B Z.
        entity="US_MBI",
        name="us_mbi",
        regex=rf"[1-9]{_L}[0-9AC-HJKMNP-RT-Y][0-9]-?{_L}[0-9AC-HJKMNP-RT-Y][0-9]-?{_L}{{2}}[0-9]{{2}}",
        score=0.7,
        context=("mbi", "medicare", "beneficiary"),
    ),
)
