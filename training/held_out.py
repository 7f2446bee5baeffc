"""How well a model reads the lines of the corpora that a run kept back (``--held-out``)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import torch
from tokenizers import Tokenizer

from training.corpora import CORPORA, apart, read
from training.encoder import Encoder as Network
from training.examples import SILENT, Encoder, Example, Sets
from training.feed import Batch
from training.labels import LABELS, ORGANIZATION, PERSON, PLACE
from training.small import Small

#: Windows read together.
BATCH = 64
KINDS = {e: n for n, kind in enumerate((PERSON, PLACE, ORGANIZATION), 1) for e in kind}
#: Of each label: 1 person, 2 place, 3 body, 0 anything else.
KIND = torch.tensor([KINDS.get(label[2:], 0) for label in LABELS])


def scores(model: Network | Small, tokenizer: str, data: Path, window: int) -> dict[str, float]:
    """Token F1 over persons, places and bodies, by corpus."""
    device = next(model.parameters()).device
    found = {}
    for corpus in CORPORA:
        sets = Sets()
        encoder = Encoder(Tokenizer.from_str(tokenizer), sets, window)
        _, lines = apart(read(data, None, corpus))
        windows = [w for line in lines for w in encoder(Example(line.text, line.spans))]
        table = torch.from_numpy(sets.table())
        # A set of one kind's labels only is that kind; any other is none.
        kinds = torch.stack([(table & (kind == KIND)).any(1) == table.any(1) for kind in (1, 2, 3)])
        counts: Counter[str] = Counter()
        windows.sort(key=lambda w: len(w.ids))
        for at in range(0, len(windows), BATCH):
            batch = Batch.of(windows[at : at + BATCH], table.numpy()).to(device)
            with torch.no_grad():
                said = KIND[model(batch.ids, batch.mask, batch.cases).argmax(-1).cpu()]
            heard = batch.targets.cpu() != SILENT
            true = torch.where(kinds.any(0), kinds.int().argmax(0) + 1, 0)[
                batch.targets.cpu()[heard]
            ]
            said = said[heard]
            counts["hit"] += int(((said == true) & (true > 0)).sum())
            counts["said"] += int((said > 0).sum())
            counts["true"] += int((true > 0).sum())
        found[corpus.name] = 2 * counts["hit"] / max(1, counts["said"] + counts["true"])
    return found
