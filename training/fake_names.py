"""Makes the names that `fake` draws from: lakescan/udfs/anonymize/operators/fake/names.parquet.

usage: python training/fake_names.py [OUTPUT.parquet]

Needs ``pip install faker polars``. The names are those of Faker's person providers, (c) Daniele
Faraglia and contributors, MIT licence; lower case, by locale and kind.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

OUTPUT = Path(__file__).parents[1] / "lakescan/udfs/anonymize/operators/fake/names.parquet"
#: In the order in which a name that several have is looked up.
LOCALES = (
    "en_US de_DE fr_FR es_ES it_IT pt_BR nl_NL pl_PL cs_CZ sv_SE da_DK no_NO fi_FI hu_HU ro_RO "
    "tr_TR vi_VN id_ID en_IN ru_RU uk_UA bg_BG el_GR he_IL ar_AA fa_IR hi_IN th_TH zh_CN ja_JP "
    "ko_KR ka_GE hy_AM"
).split()
#: Faker's attributes, first that exists, by kind.
KINDS = {
    "female": ("first_names_female", "first_female_names", "first_names"),
    "male": ("first_names_male", "first_male_names", "first_names"),
    "last": ("last_names", "last_names_male", "last_names_unisex"),
}
#: At most so many of each locale and kind: what is told apart is told by more digits.
MOST = 600


def words(provider: object, attributes: Iterable[str]) -> Iterator[str]:
    """The words of the first attribute that there is."""
    for attribute in attributes:
        found = getattr(provider, attribute, None)
        if found:
            for item in found:
                # Japanese names come with how they are spoken.
                text = item[0] if isinstance(item, tuple | list) else str(item)
                yield " ".join(text.lower().split())
            return


def main(output: Path) -> None:
    rows = []
    for locale in LOCALES:
        module = importlib.import_module(f"faker.providers.person.{locale}")
        for kind, attributes in KINDS.items():
            plain = [
                word
                for word in dict.fromkeys(words(module.Provider, attributes))
                if word and all(c.isalpha() or ord(c) >= 0x300 for c in word)
            ]
            rows += [(locale, kind, word) for word in plain[:MOST]]
    frame = pl.DataFrame(rows, schema=["locale", "kind", "word"], orient="row")
    frame = frame.with_columns(pl.col("locale", "kind").cast(pl.Categorical))
    frame.write_parquet(output, compression="zstd", compression_level=19)
    counts = frame.group_by("locale").len().sort("locale")
    print(counts.rows(), output.stat().st_size)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT)
