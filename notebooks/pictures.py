"""The notebooks' pictures of a scan: where personal data is, how sure, how much of each column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import polars as pl

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lakescan import ScanResult, Verification

#: One colour a domain, readable on white and by the colour-blind.
COLOURS = {"PII": "#0f6079", "PHI": "#6d3aa0", "PCI": "#b36b00", "SECRET": "#b3123f"}


def _best(result: ScanResult) -> pl.DataFrame:
    """The best entity of every sensitive column, with a short name of its table."""
    return (
        result.to_polars()
        .filter(pl.col("sensitive") & (pl.col("rank") == 0))
        .with_columns(
            table=pl.col("uri").str.strip_chars_end("/").str.extract(r"([^/]+)$"),
            column=pl.col("column").fill_null("(text)"),
        )
    )


def where(result: ScanResult) -> Figure:
    """Tables down, categories across, darker for more columns of the kind."""
    counts = _best(result).group_by("table", "category").len()
    tables = sorted(counts["table"].unique(), reverse=True)
    categories = sorted(counts["category"].unique())
    columns = {(table, category): count for table, category, count in counts.iter_rows()}
    cells = [[columns.get((table, kind), 0) for kind in categories] for table in tables]
    figure, axes = plt.subplots(figsize=(8, 0.35 * len(tables) + 1.6), layout="constrained")
    axes.pcolormesh(cells, cmap="Blues", edgecolors="white", linewidth=2, vmin=0, vmax=4)
    for y, row in enumerate(cells):
        for x, count in enumerate(row):
            if count:
                dark = "white" if count > 2 else "#10262e"
                axes.text(x + 0.5, y + 0.5, str(count), ha="center", va="center", color=dark)
    axes.set_yticks([y + 0.5 for y in range(len(tables))], tables)
    axes.set_xticks(
        [x + 0.5 for x in range(len(categories))], categories, rotation=35, ha="right", fontsize=8
    )
    axes.tick_params(length=0)
    axes.set_title("Sensitive columns, by table and kind", loc="left")
    axes.spines[:].set_visible(False)
    return figure


def _inside(result: ScanResult) -> pl.DataFrame:
    """For each column, the most frequent of what prose holds: the prose itself is in no row."""
    within = result.to_polars().filter((pl.col("type_hint") == "FREE_TEXT") & (pl.col("rank") > 0))
    return within.group_by("uri", "index").agg(
        pl.col("entity", "prevalence", "interval_low", "interval_high")
        .sort_by("prevalence")
        .last()
        .name.suffix("_inside")
    )


def how_sure(result: ScanResult, table: str) -> Figure:
    """A table's columns: the confidence as a dot, the prevalence as a bar with its interval."""
    bounds = ("prevalence", "interval_low", "interval_high")
    rows = (
        _best(result)
        .filter(pl.col("table") == table)
        .join(_inside(result), on=["uri", "index"], how="left")
        .with_columns(
            pl.concat_str("entity", pl.lit(", "), "entity_inside").fill_null(pl.col("entity")),
            *(pl.coalesce(f"{bound}_inside", bound).alias(bound) for bound in bounds),
        )
        .sort("confidence")
    )
    names = [
        f"{column}  {entity}" for column, entity in rows.select("column", "entity").iter_rows()
    ]
    colours = [COLOURS.get(domain, "#50676f") for domain in rows["domain"]]
    share = rows["prevalence"]
    error = [(share - rows["interval_low"]).clip(0), (rows["interval_high"] - share).clip(0)]
    figure, axes = plt.subplots(figsize=(8, 0.32 * len(names) + 1.2), layout="constrained")
    axes.barh(names, share, xerr=error, color=colours, alpha=0.3, ecolor="#50676f", height=0.6)
    axes.scatter(rows["confidence"], names, color=colours, zorder=3)
    axes.set_xlim(0, 1.04)
    axes.set_xlabel("bar: share of the rows, with its 95 % interval · dot: confidence")
    axes.set_title(table, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def before_and_after(checked: Verification) -> Figure:
    """Column by column: values that told a person before, and how many of them are left."""
    columns = [column for column in checked.columns if column.originals]
    tables = [column.table.rstrip("/").rsplit("/", 1)[-1] for column in columns]
    names = [f"{table}: {c.column}" for table, c in zip(tables, columns, strict=True)]
    figure, axes = plt.subplots(figsize=(8, 0.3 * len(names) + 1.2), layout="constrained")
    bars = axes.barh(names, [c.originals for c in columns], color="#b9dbe4", label="before")
    axes.barh(names, [c.found for c in columns], color="#b01657", label="left after")
    # In figures too: a column of three values has no bar to be seen beside one of thousands.
    told = [f"{column.originals:,} → {column.found:,}" for column in columns]
    axes.bar_label(bars, told, padding=4, fontsize=8)
    axes.margins(x=0.14)
    axes.set_xlabel("different values that tell a person, before → left after")
    axes.set_title("Before and after", loc="left")
    axes.legend(frameon=False, loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
    return figure
