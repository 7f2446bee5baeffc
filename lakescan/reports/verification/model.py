"""The report of a verify job as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """One column that was to be changed.

    Args:
        column: its path; empty in a table without names.
        entity: what it held.
        operator: what was done to it; ``spans`` where texts were searched.
        cells: cells of the source that hold something.
        same: of these, how many are the same in the same row of the output (not counted for
            operators that may leave a value as it is: generalize, truncate, noise).
        originals: different values of the source that tell a person (fingerprints; words alone
            do not).
        found: of these, how many stand anywhere in the output.
        found_in: where, at most eight places.
        nulls_before, nulls_after: how many cells are null.
    """

    table: str
    column: str
    entity: str
    operator: str
    cells: int
    same: int
    originals: int
    found: int
    found_in: tuple[str, ...]
    nulls_before: int
    nulls_after: int

    @property
    def leaks(self) -> int:
        """Values that should have gone."""
        return self.same + self.found


@dataclass(frozen=True, slots=True)
class TableCheck:
    """One table.

    Args:
        rows_before, rows_after: how many.
        differences: of the schema, and what is missing; empty if all is as it was.
    """

    table: str
    rows_before: int
    rows_after: int
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JoinCheck:
    """Two columns that join tables.

    Args:
        left, right: ``table: column``.
        before, after: rows of the join.
        operators: what was done to the left and to the right; empty where a column stayed.
    """

    left: str
    right: str
    before: int
    after: int
    operators: tuple[str, str] = ("", "")

    @property
    def why(self) -> str:
        """Why it has other rows than before, and what would keep them; empty if it has the same."""
        if self.before == self.after:
            return ""
        left, right = (each or "nothing" for each in self.operators)
        if left != right:
            return f"{left} on one side, {right} on the other: one operator and domain for both"
        if left in ("null", "drop"):
            return f"{left} takes values away: token, encrypt or fpe would keep the join"
        if self.after < self.before:
            return f"{left} made equal values different: one domain for both would keep the join"
        return f"{left} made different values equal: token, encrypt or fpe would keep the join"


@dataclass(frozen=True, slots=True)
class Combination:
    """Some columns together.

    Args:
        columns: their paths.
        k: the size of the smallest group of rows that are alike in them.
        unique: rows that are alone.
    """

    columns: tuple[str, ...]
    k: int
    unique: int


@dataclass(frozen=True, slots=True)
class Diversity:
    """What is learnt of a person whose group of rows is known.

    Args:
        column: holds what nobody should learn.
        l: the fewest different values of a group (distinct l-diversity); null is one of them.
        exposed: rows of groups that have one value only: who finds the group knows it.
    """

    column: str
    l: int  # noqa: E741 - its name everywhere
    exposed: int


@dataclass(frozen=True, slots=True)
class Step:
    """A column to be made coarser.

    Args:
        column: its path.
        advice: what suits it.
        k, unique: at best, once it and the columns before it tell nothing any more.
    """

    column: str
    advice: str
    k: int
    unique: int


@dataclass(frozen=True, slots=True)
class RiskCheck:
    """How far rows of the output stand out by what is known of people elsewhere.

    Args:
        columns: the quasi-identifiers: age, birth, gender, place, origin, profession, or as asked.
        k: the size of the smallest group of rows that are alike in them (k-anonymity).
        unique: rows that are alone.
        rows: of the table.
        worst: the columns whose values tell most rows apart, the most telling first.
        combinations: of one column, two, three: by which most rows are alone.
        diversity: of each column of confidential values: of medicine, amounts, or as asked.
        steps: what to make coarser until no row is alone; empty where none is.
    """

    table: str
    columns: tuple[str, ...]
    k: int
    unique: int
    rows: int
    worst: tuple[str, ...]
    combinations: tuple[Combination, ...] = ()
    diversity: tuple[Diversity, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """A whole comparison.

    Args:
        status: ``clean``, ``leaking`` or ``different`` (no leak, but a table is not what it was).
    """

    status: str
    target: str
    source: str
    policy_hash: str
    seconds: float
    leaks: int
    columns: tuple[ColumnCheck, ...]
    tables: tuple[TableCheck, ...]
    joins: tuple[JoinCheck, ...]
    risks: tuple[RiskCheck, ...]

    def _repr_html_(self) -> str:
        from lakescan.reports.cards.verified import verified_card

        return verified_card(self)
