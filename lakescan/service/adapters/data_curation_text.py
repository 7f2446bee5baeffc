"""What happens to a document's text beside its PII: normalized before, cut into chunks after."""

from __future__ import annotations

import re

#: One character for one, so that offsets stay.
_QUOTATIONS = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2039": "'", "\u203a": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u00ab": '"', "\u00bb": '"',
})  # fmt: skip
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
#: A paragraph's or a sentence's end, with the white space after it.
_END = re.compile(r"\n\s*\n|(?<=[.!?])\s+")


def normalized(text: str, *, quotations: bool, dashes: bool) -> str:
    """The text with plain quotation marks and hyphens; as long as before."""
    if quotations:
        text = text.translate(_QUOTATIONS)
    return text.translate(_DASHES) if dashes else text


def chunks(text: str, size: int) -> list[str]:
    """The text in pieces of about ``size`` characters; together they are the text.

    A piece is longer where a sentence is: none is cut, and so no mask is.
    """
    ends = [match.end() for match in _END.finditer(text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    cut: list[str] = []
    start = last = 0
    for end in ends:
        if end - start > size and last > start:
            cut.append(text[start:last])
            start = last
        last = end
    if last > start:
        cut.append(text[start:last])
    return cut
