"""Writes an `Encoder` as an int8 ONNX model, the graph built by hand (no tracer, no surprises)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.encoder import Encoder

OPSET = 17
IR = 8


class Graph:
    """Collects nodes and weights; `add` returns the name of a node's only output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, **attributes: object) -> str:
        output = f"{operator}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def weight(self, name: str, value: object) -> str:
        self.tensors.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def linear(self, x: str, name: str, weight: object, bias: object) -> str:
        product = self.add("MatMul", x, self.weight(f"{name}.weight", weight))
        return self.add("Add", product, self.weight(f"{name}.bias", bias))


def graph_of(model: Encoder) -> onnx.ModelProto:
    """The model in full precision: inputs int64 [B, T] as BERT names them, output `logits`."""
    state = {name: value.detach().float().numpy() for name, value in model.state_dict().items()}
    g, shape = Graph(), model.shape
    size = shape.hidden // shape.heads

    def norm(x: str, name: str) -> str:
        scale = g.weight(f"{name}.weight", state[f"{name}.weight"])
        shift = g.weight(f"{name}.bias", state[f"{name}.bias"])
        return g.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-12)

    def linear(x: str, name: str) -> str:
        return g.linear(x, name, state[f"{name}.weight"].T.copy(), state[f"{name}.bias"])

    one = g.weight("one", np.array([1], np.int64))
    zero = g.weight("zero", np.array([0], np.int64))
    two = g.weight("two", np.array([2], np.int64))
    length = g.add("Slice", g.add("Shape", "input_ids"), one, two)
    words = g.add("Gather", g.weight("words.weight", state["words.weight"]), "input_ids")
    cases = g.add("Gather", g.weight("cases.weight", state["cases.weight"]), "token_type_ids")
    places = g.add("Slice", g.weight("places.weight", state["places.weight"]), zero, length, zero)
    x = norm(g.add("Add", g.add("Add", words, cases), places), "norm")
    seen = g.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = g.add("Sub", g.weight("unit", np.float32(1)), seen)
    penalty = g.add("Mul", hidden, g.weight("penalty", np.float32(-1e4)))
    axes = g.weight("axes", np.array([1, 2], np.int64))
    penalty = g.add("Unsqueeze", penalty, axes)
    split = g.weight("split", np.array([0, 0, shape.heads, size], np.int64))
    join = g.weight("join", np.array([0, 0, shape.hidden], np.int64))
    thirds = g.weight("thirds", np.array([shape.hidden] * 3, np.int64))
    scale = g.weight("scale", np.float32(size**-0.5))
    half = g.weight("half", np.float32(0.5))
    root = g.weight("root", np.float32(2**-0.5))
    for n in range(shape.layers):
        at = f"layers.{n}"
        qkv = linear(x, f"{at}.qkv")
        parts = [f"{at}.q", f"{at}.k", f"{at}.v"]
        g.nodes.append(helper.make_node("Split", [qkv, thirds], parts, axis=-1))
        q, k, v = (g.add("Reshape", part, split) for part in parts)
        q = g.add("Transpose", g.add("Mul", q, scale), perm=[0, 2, 1, 3])
        k, v = g.add("Transpose", k, perm=[0, 2, 3, 1]), g.add("Transpose", v, perm=[0, 2, 1, 3])
        weights = g.add("Softmax", g.add("Add", g.add("MatMul", q, k), penalty), axis=-1)
        mixed = g.add("Transpose", g.add("MatMul", weights, v), perm=[0, 2, 1, 3])
        merged = linear(g.add("Reshape", mixed, join), f"{at}.merge")
        x = norm(g.add("Add", x, merged), f"{at}.norm1")
        wide = linear(x, f"{at}.widen")
        gate = g.add(
            "Add", g.add("Erf", g.add("Mul", wide, root)), g.weight(f"{at}.unit", np.float32(1))
        )
        wide = g.add("Mul", g.add("Mul", wide, gate), half)
        x = norm(g.add("Add", x, linear(wide, f"{at}.narrow")), f"{at}.norm2")
    logits = linear(x, "head")
    g.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    output = helper.make_tensor_value_info(
        "logits", TensorProto.FLOAT, ["batch", "length", shape.labels]
    )
    graph = helper.make_graph(g.nodes, "lakescan", inputs, [output], g.tensors)
    made = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="lakescan"
    )
    made.ir_version = IR
    onnx.checker.check_model(made)
    return made


def export(model: Encoder, path: Path) -> None:
    """Write ``model`` to ``path``: weights of matrices and embeddings as int8, a scale a column."""
    with TemporaryDirectory() as scratch:
        full = Path(scratch, "full.onnx")
        onnx.save(graph_of(model.eval()), full)
        quantize_dynamic(
            full,
            path,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            extra_options={"MatMulConstBOnly": True},
        )
