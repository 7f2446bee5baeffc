"""Characters that stand for plainer ones: a no-break space for a blank, a full-width 4 for a 4.

Word processors, web pages and East Asian keyboards write them; a number written so is that number.
One code point stands for one, so that findings in the plain string are findings in the other.
"""

from __future__ import annotations

import polars as pl

#: Blanks of Unicode's category Zs, and its hyphens and dashes that numbers are grouped with.
_BLANKS = "\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
_DASHES = "\u2010\u2011\u2012\u2013\u2212\ufe63"
#: ASCII as East Asian keyboards write it, as wide as an ideograph.
_WIDE = {chr(0xFF01 + place): chr(0x21 + place) for place in range(94)}
#: Decimal digits of other scripts, by their zero: Arabic, Persian, Devanagari, Bengali, Thai.
_DIGITS = {
    chr(ord(zero) + digit): str(digit)
    for zero in "\u0660\u06f0\u0966\u09e6\u0e50"
    for digit in range(10)
}
_PLAIN = dict.fromkeys(_BLANKS, " ") | dict.fromkeys(_DASHES, "-") | _WIDE | _DIGITS


def plain(series: pl.Series) -> pl.Series:
    """The strings with plainer characters; the series itself where none has others."""
    if not series.str.contains_any(list(_PLAIN)).any():
        return series
    return series.str.replace_many(list(_PLAIN), list(_PLAIN.values()))
