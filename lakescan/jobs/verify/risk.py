"""How far rows stand out by what is known of people elsewhere, and what is then learnt of them.

k-anonymity: P. Samarati, L. Sweeney, "Protecting privacy when disclosing information" (1998).
Distinct l-diversity: A. Machanavajjhala and others, "l-diversity: privacy beyond k-anonymity"
(2007), definition 1 as it is counted there in section 4.1.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from lakescan.jobs.verify.fingerprints import Prints
from lakescan.reports.verification.model import Combination, Diversity, RiskCheck, Step

#: The column that counts rows; no path is empty.
_ROWS = ""
#: Combinations of so many columns are tried, of the most telling so many, and so many are told.
_TOGETHER, _TRIED, _TOLD = 3, 8, 3


def grouped(columns: Mapping[str, Prints], rows: int) -> pl.DataFrame:
    """Rows that are alike in some columns, counted.

    Args:
        columns: fingerprints of the values of each row.
        rows: how many there are.
    """
    frame = pl.DataFrame(
        {**{path: pl.Series(prints) for path, prints in columns.items()},
         _ROWS: pl.repeat(1, rows, dtype=pl.Int64, eager=True)}
    )  # fmt: skip
    return _counted(frame, list(columns))


def together(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The same of several parts; of a column that one lacks, its rows have one value."""
    some = list(parts)
    paths = list(dict.fromkeys(path for part in some for path in part.columns if path != _ROWS))
    return _counted(pl.concat(some, how="diagonal"), paths)


def risk_of(
    table: str,
    groups: pl.DataFrame,
    quasi: Sequence[str],
    confidential: Sequence[str],
    advice: Mapping[str, str],
) -> RiskCheck:
    """How far the rows of a table stand out.

    Args:
        table: its name.
        groups: its rows, as `grouped` counts them.
        quasi: columns by which a row may be known.
        confidential: columns of what nobody should learn.
        advice: what may be done to each of ``quasi``.
    """
    unique, k = _alone(groups, quasi)
    without = {
        path: _alone(groups, [other for other in quasi if other != path])[0] for path in quasi
    }
    worst = tuple(sorted(quasi, key=lambda path: (without[path], path)))
    return RiskCheck(
        table=table,
        columns=tuple(quasi),
        k=k,
        unique=unique,
        rows=int(groups[_ROWS].sum()),
        worst=worst,
        combinations=_combinations(groups, worst[:_TRIED]),
        diversity=tuple(_diversity(groups, quasi, path) for path in confidential),
        steps=_steps(groups, quasi, advice, unique),
    )


def _counted(frame: pl.DataFrame, paths: Sequence[str]) -> pl.DataFrame:
    if not paths:
        return frame.select(pl.col(_ROWS).sum())
    return frame.group_by(paths).agg(pl.col(_ROWS).sum())


def _alone(groups: pl.DataFrame, paths: Sequence[str]) -> tuple[int, int]:
    """Rows that are alone by some columns, and the size of the smallest group."""
    sizes = _counted(groups, paths)[_ROWS]
    return int((sizes == 1).sum()), int(sizes.min() or 0)  # type: ignore[arg-type]


def _combinations(groups: pl.DataFrame, paths: Sequence[str]) -> tuple[Combination, ...]:
    """Of one column, two, three: those by which most rows are alone."""
    found: list[Combination] = []
    for size in range(1, min(_TOGETHER, len(paths) - 1) + 1):
        same = []
        for some in itertools.combinations(sorted(paths), size):
            unique, k = _alone(groups, some)
            same.append(Combination(some, k, unique))
        same.sort(key=lambda each: (-each.unique, each.k, each.columns))
        found += same[:_TOLD]
    return tuple(found)


def _diversity(groups: pl.DataFrame, quasi: Sequence[str], path: str) -> Diversity:
    each = _counted(groups, [*dict.fromkeys((*quasi, path))])
    by = [other for other in quasi if other != path]
    told = (
        each.group_by(by).agg(values=pl.len(), rows=pl.col(_ROWS).sum())
        if by
        else each.select(values=pl.len(), rows=pl.col(_ROWS).sum())
    )
    exposed = int(told.filter(pl.col("values") == 1)["rows"].sum())
    least = int(told["values"].min() or 0) if len(each) else 0  # type: ignore[arg-type]
    return Diversity(path, least, exposed)


def _steps(
    groups: pl.DataFrame, quasi: Sequence[str], advice: Mapping[str, str], unique: int
) -> tuple[Step, ...]:
    """Columns to make coarser, the one first that spares most, until no row is alone."""
    left, steps = list(quasi), []
    while unique and left:
        tried = {path: _alone(groups, [each for each in left if each != path]) for path in left}
        best = min(left, key=lambda path: (tried[path][0], -tried[path][1], path))
        left.remove(best)
        unique, k = tried[best]
        steps.append(Step(best, advice.get(best, ""), k, unique))
    return tuple(steps)
