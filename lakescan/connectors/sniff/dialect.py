"""Which delimiter and quote a delimited file uses, and how many columns that makes.

Every candidate parses the sample. One that gives rows of one length, of cells with a recognizable
shape, wins: the pattern and type scores of van den Burg, Nazabal and Sutton, "Wrangling messy CSV
files by detecting row and type patterns" (2019), section 3, simplified.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lakescan.connectors.sniff.shapes import shape

#: Delimiters that rarely stand inside values, best first.
_STRONG = (",", "\t", ";", "|", "\x01", "\x1f", "^", "~")
#: Those that also stand inside values: taken only on the evidence of `_mixed`.
_WEAK = (" ", ":")
#: Share of rows that must have the usual length, for strong and weak delimiters.
_STRONG_SHARE, _WEAK_SHARE = 0.7, 0.97
#: With the file's name on its side a delimiter needs only this share.
_NAMED_SHARE = 0.4
#: Those that stand in sentences, each with a space behind it. Lines that are words to such a share
#: where spaces cut them, or that have so many words a clause, are prose.
_IN_PROSE = (",", ";")
_PROSE_WORDS, _PROSE_CLAUSE = 0.5, 3
#: Shapes that a line of several values never has as a whole (numbers do: 1,5 may be two).
_ATOMS = frozenset({"date", "time", "email", "url", "address", "uuid"})
_SAMPLE_ROWS, _TYPED_ROWS, _TYPED_CELLS = 200, 40, 32
#: Text that is parsed once for each candidate; more only where it holds few lines.
_SAMPLE_CHARS, _FEW_LINES = 32 << 10, 20


@dataclass(frozen=True, slots=True)
class Dialect:
    """How to cut records into cells.

    Args:
        delimiter: one character; empty for one value a line.
        quote: ``"``, ``'`` or empty for none.
        escape: a backslash or empty.
        columns: the usual number of cells.
        space: whether white space follows delimiters.
    """

    delimiter: str
    quote: str
    escape: str
    columns: int
    space: bool = False

    def rows(self, text: str, most: int) -> list[list[str]]:
        """Parse up to ``most`` records of a text; blank lines are left out."""
        lines = text.splitlines(keepends=True) if not self.delimiter else text.split("\n")
        if not self.delimiter:
            return [[line.strip("\r\n")] for line in lines if line.strip()][:most]
        reader = csv.reader(
            (line + "\n" for line in lines),
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            escapechar=self.escape or None,
            skipinitialspace=self.space,
        )
        rows = []
        try:
            for row in reader:
                if row and (len(row) > 1 or row[0].strip()):
                    rows.append(row)
                    if len(rows) == most:
                        break
        except csv.Error:
            pass  # a field over the module's limit: the rows before it are sample enough
        return rows


def sniff_dialect(text: str, preferred: str = "", known: dict[str, str] | None = None) -> Dialect:
    """Find the dialect of a sample.

    Args:
        text: the start of a file, cut after a whole line, lines ending in LF.
        preferred: the delimiter that the file's name suggests.
        known: ``delimiter``, ``quote`` and ``escape`` where the caller gives them.
    """
    known = known or {}
    end = text.rfind("\n", 0, _SAMPLE_CHARS) + 1
    if len(text) > _SAMPLE_CHARS and text.count("\n", 0, end) > _FEW_LINES:
        text = text[:end]
    text = _uncommented(text)
    if "delimiter" not in known and _whole_lines(text):
        return _single(text, known)
    delimiters = (known["delimiter"],) if "delimiter" in known else (*_STRONG, *_WEAK)
    best: tuple[float, Dialect] | None = None
    whole: list[list[str]] = []
    for delimiter in delimiters:
        if not delimiter or delimiter not in text:
            continue
        score, dialect = _quoted(text, delimiter, known)
        least = _WEAK_SHARE if delimiter in _WEAK else _STRONG_SHARE
        if delimiter in (preferred, known.get("delimiter")):
            least = _NAMED_SHARE
        rows = dialect.rows(text, _SAMPLE_ROWS)
        regularity = _regularity(rows, dialect.columns)
        weak = delimiter in _WEAK and delimiter != preferred
        if (
            dialect.columns < 2
            or regularity < least
            or (weak and not _better(rows, dialect, whole))
        ):
            continue
        if not whole and regularity == 1.0:
            whole = rows
        score *= 1.25 if delimiter == preferred else 1.0
        if best is None or score > best[0]:
            best = score, dialect
    if best:
        return best[1]
    if known.get("delimiter"):
        return _quoted(text, known["delimiter"], known)[1]
    return _single(text, known)


def is_prose(text: str, dialect: Dialect) -> bool:
    """Whether sentences happen to have as many spaces, or commas, as each other.

    Args:
        text: as `sniff_dialect` takes it.
        dialect: what that made of it.
    """
    rows = dialect.rows(text, _SAMPLE_ROWS)
    if dialect.delimiter in _WEAK:
        kinds = [_commonest(map(shape, column)) for column in zip(*rows, strict=False)]
        return kinds.count("word") >= _PROSE_WORDS * len(kinds)
    if dialect.delimiter not in _IN_PROSE or re.search(rf"{dialect.delimiter}\S", text):
        return False
    cells = [cell.split() for row in rows for cell in row]
    return sum(map(len, cells)) >= _PROSE_CLAUSE * len(cells)


def _commonest(kinds: Iterable[str]) -> str:
    return Counter(kinds).most_common(1)[0][0]


def _uncommented(text: str) -> str:
    """The text after comment lines at its head, where there is any."""
    rest = text
    while rest.startswith("#"):
        rest = rest.partition("\n")[2]
    return rest or text


def _whole_lines(text: str) -> bool:
    """Whether lines are values by themselves that have delimiters inside, such as dates."""
    lines = [line for line in text.split("\n") if line.strip()][:_TYPED_ROWS]
    whole = sum(shape(line.strip('"')) in _ATOMS for line in lines)
    return bool(lines) and whole >= 0.9 * len(lines)


def _single(text: str, known: dict[str, str]) -> Dialect:
    """One value a line; quotes count where most lines stand in them."""
    lines = [line.strip() for line in text.split("\n") if line.strip()][:_SAMPLE_ROWS]
    wrapped = sum(len(x) > 1 and x[0] == x[-1] == '"' for x in lines)
    quote = known.get("quote", '"' if lines and wrapped > len(lines) / 2 else "")
    return Dialect("," if quote else "", quote, "", 1)


def _quoted(text: str, delimiter: str, known: dict[str, str]) -> tuple[float, Dialect]:
    """The best quote for one delimiter, and its score."""
    escape = known.get("escape", "\\" if _escapes(text) else "")
    quotes = [known["quote"]] if "quote" in known else ['"', ""]
    if "quote" not in known and f"'{delimiter}'" in text:
        quotes.append("'")
    spaced = delimiter != " " and text.count(f'{delimiter} "') > text.count(f'{delimiter}"')
    best: tuple[float, Dialect] = (-1.0, Dialect(delimiter, quotes[0], escape, 1))
    for quote in quotes:
        draft = Dialect(delimiter, quote, escape if quote else "", 1, spaced and bool(quote))
        rows = draft.rows(text, _SAMPLE_ROWS)
        columns = _usual(rows)
        score = _regularity(rows, columns) ** 2 * (0.2 + _typed(rows)) * (1 - 0.5 / max(columns, 1))
        if not quote and _wrapped(rows):
            score *= 0.5
        if score > best[0] + 1e-9:
            dialect = Dialect(delimiter, quote, draft.escape, columns, draft.space)
            best = score, dialect
    return best


def _escapes(text: str) -> bool:
    """Whether quotes inside quotes are written with a backslash."""
    return text.count('\\"') > text.count('""')


def _usual(rows: list[list[str]]) -> int:
    """The commonest row length; the longer of equals."""
    counts = Counter(map(len, rows))
    return max(counts, key=lambda n: (counts[n], n)) if counts else 1


def _regularity(rows: list[list[str]], columns: int) -> float:
    """Share of rows of the usual length."""
    return sum(len(row) == columns for row in rows) / max(len(rows), 1)


def _typed(rows: list[list[str]]) -> float:
    """Share of cells with a shape."""
    cells = [cell for row in rows[:_TYPED_ROWS] for cell in row[:_TYPED_CELLS]]
    return sum(shape(cell) != "text" for cell in cells) / max(len(cells), 1)


def _wrapped(rows: list[list[str]]) -> bool:
    """Whether what was read without quotes mostly has them around.

    Around one cell, or around several of a row: a quoted value that the delimiter stands in.
    """
    starts = whole = 0
    for row in rows[:100]:
        for place, cell in enumerate(row):
            if cell.lstrip().startswith('"'):
                starts += 1
                whole += len(cell.strip()) > 1 and cell.rstrip().endswith('"')
                whole += _closed(cell, row[place + 1 :])
    return whole > starts * 0.8 and starts > 0


def _closed(cell: str, rest: list[str]) -> bool:
    """Whether a quote that a cell opens is closed by a later one of its row."""
    if '"' in cell.strip()[1:]:
        return False
    ends = next((later.rstrip() for later in rest if '"' in later), "")
    return ends.count('"') == 1 and ends.endswith('"')


def _better(rows: list[list[str]], dialect: Dialect, whole: list[list[str]]) -> bool:
    """Whether a weak delimiter makes columns, and tears nothing that another one leaves whole.

    Args:
        rows: as the weak one cuts them.
        dialect: with it.
        whole: rows of one length that another delimiter makes; empty where none does.
    """
    if not _mixed(rows, dialect.columns):
        return False
    even = _regularity(rows, dialect.columns) == 1.0
    return not whole or (even and _atoms(rows) >= _atoms(whole))


def _atoms(rows: list[list[str]]) -> int:
    return sum(shape(cell) in _ATOMS for row in rows[:_TYPED_ROWS] for cell in row[:_TYPED_CELLS])


def _mixed(rows: list[list[str]], columns: int) -> bool:
    """Whether a weak delimiter makes columns of unlike, stable shapes.

    Grouped digits, names and addresses of hardware also split evenly, but into like parts.
    """
    if columns < 4 or len(rows) < 3:
        return False
    regular = [row for row in rows if len(row) == columns]
    kinds = set()
    for index in range(columns):
        counts = Counter(shape(row[index]) for row in regular)
        kind, count = counts.most_common(1)[0]
        if count >= 0.8 * len(regular):
            kinds.add(kind)
    words = any(" " in cell or "/" in cell for row in regular[:50] for cell in row)
    return len(kinds - {"empty"}) >= 3 or (len(kinds - {"empty"}) >= 2 and words)
