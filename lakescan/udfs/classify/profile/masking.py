"""Previews of values that show their shape and hide them."""

from __future__ import annotations

import re

#: A preview is cut after so many characters.
MAX_LENGTH = 40

_EMAIL = re.compile(r"([^@\s])[^@\s]*@([^@\s.])[^@\s]*?(\.[A-Za-z]{2,6})?")
_RUN = re.compile(r"[^\W_]+")

#: So many letters and digits are needed before any of them is shown.
_MIN_SHOWN = 6
#: With so many digits (an account, a card), the last four are shown, as receipts do.
_LONG_NUMBER = 12


def mask(text: str) -> str:
    """A preview of one finding: ``j***@e***.com``, ``***-**-89``, ``M*** S***``.

    Separators stay. An e-mail address keeps the first character of its two parts and the top-level
    domain; a number its last two digits (four where it has twelve or more); words their first
    letter. What has fewer than six letters and digits is masked whole.
    """
    text = " ".join(text.split())[: 4 * MAX_LENGTH]
    match = _EMAIL.fullmatch(text)
    if match:
        return f"{match[1]}***@{match[2]}***{match[3] or ''}"
    shown = sum(map(str.isalnum, text))
    digits = sum(map(str.isdigit, text))
    if shown < _MIN_SHOWN:
        masked = _RUN.sub("***", text)
    elif 2 * digits >= shown:
        masked = _mask_number(text, digits)
    else:
        masked = _RUN.sub(lambda run: run[0][0] + "***" if run[0][0].isalpha() else "***", text)
    return masked if len(masked) <= MAX_LENGTH else masked[: MAX_LENGTH - 1] + "…"


def _mask_number(text: str, digits: int) -> str:
    keep = 4 if digits >= _LONG_NUMBER else 2
    out: list[str] = []
    for character in reversed(text):
        if character.isalnum():
            show = character.isdigit() and keep > 0
            keep -= 1
            out.append(character if show else "*")
        else:
            out.append(character)
    return "".join(reversed(out))
