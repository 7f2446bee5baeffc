"""Writes a `Small` as ONNX: matrices in full precision, word vectors in 8 bits with a scale each.

A net of this size gains nothing from 8-bit matrices, and in full precision a text's scores do not
depend on what is read beside it, so that the product may read many texts at once.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from training.export import IR, OPSET, Graph
from training.small import Small

#: Where a text has ended, no attention goes.
PENALTY = -1e4


class Writer:
    """The graph of one model, part by part; names of values go in and out."""

    def __init__(self, model: Small) -> None:
        self.model, self.graph = model.eval(), Graph()
        self.state = {n: v.detach().float().numpy() for n, v in model.state_dict().items()}

    def integers(self, name: str, *values: int) -> str:
        return self.graph.weight(name, np.array(values, np.int64))

    def linear(self, x: str, name: str) -> str:
        """[tokens, in] -> [tokens, out]."""
        weight = self.graph.weight(f"{name}.weight", self.state[f"{name}.weight"].T.copy())
        bias = self.graph.weight(f"{name}.bias", self.state[f"{name}.bias"])
        return self.graph.add("Gemm", x, weight, bias)

    def apart(self, x: str, name: str, *sizes: int) -> str:
        """[tokens, ...] -> [texts, tokens of each, *sizes]."""
        last = self.integers(name, *sizes)
        shape = self.graph.add("Concat", self.graph.add("Shape", "input_ids"), last, axis=0)
        return self.graph.add("Reshape", x, shape)

    def norm(self, x: str, name: str) -> str:
        """Layer norm in matrix products: the runtime's own sums a row one number at a time."""
        add, weight, hidden = self.graph.add, self.graph.weight, self.model.shape.hidden
        mean = weight(f"{name}.mean", np.full((hidden, 1), 1 / hidden, np.float32))
        centred = add("Sub", x, add("MatMul", x, mean))
        spread = add("MatMul", add("Mul", centred, centred), mean)
        eps = weight(f"{name}.eps", np.float32(self.model.shape.eps))
        unit = add("Div", centred, add("Sqrt", add("Add", spread, eps)))
        scaled = add("Mul", unit, weight(f"{name}.weight", self.state[f"{name}.weight"]))
        return add("Add", scaled, weight(f"{name}.bias", self.state[f"{name}.bias"]))

    def words(self) -> str:
        """Word vectors out of a table of bytes."""
        full = self.state["words.weight"]
        scale = np.maximum(np.abs(full).max(1, keepdims=True), 1e-6) / 127
        table = np.clip(np.round(full / scale), -127, 127).astype(np.int8)
        rows = self.graph.add("Gather", self.graph.weight("words.weight", table), "input_ids")
        scales = self.graph.weight("words.scale", scale.astype(np.float32))
        found = self.graph.add("Cast", rows, to=TensorProto.FLOAT)
        return self.graph.add("Mul", found, self.graph.add("Gather", scales, "input_ids"))

    def near(self, x: str, mask: str, name: str, reach: int) -> str:
        add = self.graph.add
        pads = self.integers(f"{name}.pads", 0, reach, 0, 0, reach, 0)
        each = self.apart(x, f"{name}.size", self.model.shape.hidden)
        padded = add("Pad", add("Mul", each, mask), pads)
        zero, last = self.integers(f"{name}.zero", 0), self.integers(f"{name}.last", -2 * reach)
        first = self.integers(f"{name}.first", 2 * reach)
        one, end = self.integers(f"{name}.one", 1), self.integers(f"{name}.end", 2**62)
        before = add("Slice", padded, zero, last, one)
        after = add("Slice", padded, first, end, one)
        beside = add("Flatten", add("Concat", before, each, after, axis=-1), axis=2)
        seen = add("Relu", self.linear(beside, f"{name}.widen"))
        return add("Add", x, self.linear(seen, f"{name}.narrow"))

    def far(self, x: str, mask: str) -> str:
        shape, add = self.model.shape, self.graph.add
        size = shape.hidden // shape.heads
        hidden = add("Sub", mask, self.graph.weight("unit", np.float32(1)))
        hidden = add("Mul", hidden, self.graph.weight("penalty", np.float32(-PENALTY)))
        # [B, T, 1] -> [B, 1, 1, T]
        penalty = add("Reshape", hidden, self.integers("row", 0, 1, 1, -1))
        thirds = self.integers("thirds", *[shape.hidden] * 3)
        parts = ["far.q", "far.k", "far.v"]
        x = self.norm(x, "far.norm1")
        qkv = self.linear(x, "far.qkv")
        self.graph.nodes.append(helper.make_node("Split", [qkv, thirds], parts, axis=-1))
        q, k, v = (self.apart(part, f"{part}.size", shape.heads, size) for part in parts)
        scale = self.graph.weight("scale", np.float32(size**-0.5))
        q = add("Transpose", add("Mul", q, scale), perm=[0, 2, 1, 3])
        k, v = add("Transpose", k, perm=[0, 2, 3, 1]), add("Transpose", v, perm=[0, 2, 1, 3])
        weights = add("Softmax", add("Add", add("MatMul", q, k), penalty), axis=-1)
        mixed = add("Transpose", add("MatMul", weights, v), perm=[0, 2, 1, 3])
        mixed = add("Reshape", mixed, self.integers("join", -1, shape.hidden))
        x = add("Add", x, self.linear(mixed, "far.merge"))
        wide = add("Relu", self.linear(x, "far.widen"))
        return self.norm(add("Add", x, self.linear(wide, "far.narrow")), "far.norm2")

    def write(self) -> onnx.ModelProto:
        """The whole graph: inputs int64 [B, T] as BERT names them, output `logits`."""
        add, shape = self.graph.add, self.model.shape
        axis = self.integers("axis", 2)
        mask = add("Unsqueeze", add("Cast", "attention_mask", to=TensorProto.FLOAT), axis)
        table = self.graph.weight("cases.weight", self.state["cases.weight"])
        cases = add("Gather", table, "token_type_ids")
        x = add("Flatten", add("Add", self.words(), cases), axis=2)
        x = self.near(x, mask, "near1", self.model.near1.reach)
        x = self.near(self.far(x, mask), mask, "near2", self.model.near2.reach)
        logits = self.apart(self.linear(x, "head"), "labels", shape.labels)
        self.graph.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask", "token_type_ids")
        ]
        sizes = ["batch", "length", shape.labels]
        output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, sizes)
        parts = self.graph.nodes, "lakescan", inputs, [output], self.graph.tensors
        made = helper.make_model(
            helper.make_graph(*parts),
            opset_imports=[helper.make_opsetid("", OPSET)],
            producer_name="lakescan",
        )
        made.ir_version = IR
        onnx.checker.check_model(made)
        return made


def export(model: Small, path: Path) -> None:
    """Write ``model`` to ``path``."""
    onnx.save(Writer(model).write(), path)
