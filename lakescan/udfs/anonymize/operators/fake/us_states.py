"""The United States: each state, and what lies in it, becomes one other state.

So a city, a state and a postal code that fit together still do, in whatever columns, tables and
runs they stand, without any of them knowing the others.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from lakescan.udfs.anonymize.operators.fake.digits import digits_after
from lakescan.udfs.anonymize.operators.fake.draw import Draw

#: The first three digits of postal codes (USPS, Domestic Mail Manual, L002), by state.
_PREFIXES = """
AL 350-352 354-369|AK 995-999|AZ 850-853 855-857 859-860 863-865|AR 716-729
CA 900-908 910-928 930-961|CO 800-816|CT 060-062 064-069|DE 197-199|DC 200 202-205
FL 320-342 344 346-347 349|GA 300-319 398-399
HI 967-968|ID 832-838|IL 600-620 622-629|IN 460-479|IA 500-516 520-528|KS 660-662 664-679
KY 400-418 420-427|LA 700-701 703-708 710-714|ME 039-049|MD 206-212 214-219|MA 010-027 055
MI 480-499|MN 550-551 553-567|MS 386-397|MO 630-631 633-641 644-658|MT 590-599|NE 680-681 683-693
NV 889-891 893-895 897-898|NH 030-038|NJ 070-089|NM 870-871 873-875 877-884|NY 005 063 100-149
NC 270-289|ND 580-588|OH 430-459|OK 730-731 734-741 743-749|OR 970-979|PA 150-196|RI 028-029
SC 290-299|SD 570-577|TN 370-385|TX 733 750-799 885|UT 840-847|VT 050-054 056-059|VA 201 220-246
WA 980-986 988-994|WV 247-268|WI 530-532 534-535 537-549|WY 820-831
"""
_NAMES = """
AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware
DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa
KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota
MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey
NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon
PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah
VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming
"""
#: Digits of a postal code that tell the state.
_PREFIX = 3
ZIP = r"^(\d{5})(-?\d{4})?$"


def other_state(codes: pl.Series, draw: Draw) -> pl.Series:
    """For each two-letter code another state's; null for what is none. All states are permuted."""
    table = draw.kept("states", lambda: _turned(draw))
    return codes.str.to_uppercase().replace_strict(table, default=None, return_dtype=pl.String)


def _turned(draw: Draw) -> dict[str, str]:
    """Every state and the next in an order that the key gives: none is its own."""
    codes = pl.Series(sorted(_prefixes()))
    order = codes.gather(np.argsort(draw.numbers(codes, "state"), kind="stable")).to_list()
    return dict(zip(order, [*order[1:], order[0]], strict=True))


def state(texts: pl.Series, draw: Draw) -> pl.Series:
    """The other state's code for a code, its name for a name; null for what is neither."""
    names = _names()
    lower = texts.str.strip_chars().str.to_lowercase()
    named = lower.replace_strict(
        {name.lower(): code for code, name in names.items()}, default=None, return_dtype=pl.String
    )
    made = other_state(named, draw).replace_strict(names, default=None, return_dtype=pl.String)
    coded = other_state(texts.set(~texts.str.contains("^[A-Z]{2}$"), None), draw)
    return pl.select(pl.coalesce(coded, made)).to_series()


def state_of_zip(texts: pl.Series) -> pl.Series:
    """The code of the state that a postal code is of; null for what is none."""
    prefixes = {prefix: code for code, some in _prefixes().items() for prefix in some}
    first = texts.set(~texts.str.contains(ZIP), None).str.slice(0, _PREFIX)
    return first.replace_strict(prefixes, default=None, return_dtype=pl.String)


def zip_code(texts: pl.Series, draw: Draw) -> pl.Series:
    """A postal code of the other state, in the same form; null for what is no such code.

    Codes of one region stay in one region, so that tables grouped by three digits keep groups; in
    it they are permuted. Two regions may become one: states have not equally many.
    """
    texts = texts.str.strip_chars()
    codes = other_state(state_of_zip(texts), draw)
    at = np.flatnonzero(codes.is_not_null().to_numpy())
    out = pl.Series([None], dtype=pl.String).extend_constant(None, len(texts) - 1)
    if not at.size:
        return out
    some, where = texts.gather(at), codes.gather(at).to_list()
    drawn = draw.numbers(some.str.slice(0, _PREFIX), "region")
    pools = [_prefixes()[code] for code in where]
    first = [pool[int(n) % len(pool)] for pool, n in zip(pools, drawn.tolist(), strict=True)]
    rest = some.str.slice(_PREFIX)
    digits = digits_after(some.str.replace("-", ""), _PREFIX, draw, "zip")
    made = pl.DataFrame({"first": first, "rest": rest, "digits": digits.str.slice(_PREFIX)})
    dashed = pl.col("rest").str.contains("-")
    tail = pl.when(dashed).then(
        pl.col("digits").str.slice(0, 2) + "-" + pl.col("digits").str.slice(2)
    )
    return out.scatter(
        at, made.select((pl.col("first") + tail.otherwise(pl.col("digits"))).alias("made"))["made"]
    )


@lru_cache(maxsize=1)
def _prefixes() -> dict[str, tuple[str, ...]]:
    """The first digits of each state's postal codes."""
    found = {}
    for entry in _PREFIXES.replace("\n", "|").split("|"):
        code, *ranges = entry.split() or [""]
        some: list[str] = []
        for each in ranges:
            low, _, high = each.partition("-")
            some += [f"{number:03d}" for number in range(int(low), int(high or low) + 1)]
        if code:
            found[code] = tuple(some)
    return found


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The states' names by code."""
    found = {}
    for entry in _NAMES.strip().replace("\n", "|").split("|"):
        code, _, name = entry.partition(" ")
        found[code] = name
    return found
