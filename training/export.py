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
#: onnxruntime's own operators, each of which does what takes several of ONNX's, in fewer passes.
FUSED = "com.microsoft"


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
    """The model in full precision: inputs int64 [B, T] as BERT names them, output `logits`.

    Texts that are read together are equally long, so nothing is padded and no mask is asked for.
    """
    state = {name: value.detach().float().numpy() for name, value in model.state_dict().items()}
    g, shape = Graph(), model.shape

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
    thirds = g.weight("thirds", np.array([shape.hidden] * 3, np.int64))
    for n in range(shape.layers):
        at = f"layers.{n}"
        qkv = linear(x, f"{at}.qkv")
        parts = [f"{at}.q", f"{at}.k", f"{at}.v"]
        g.nodes.append(helper.make_node("Split", [qkv, thirds], parts, axis=-1))
        mixed = g.add("MultiHeadAttention", *parts, num_heads=shape.heads, domain=FUSED)
        x = norm(g.add("Add", x, linear(mixed, f"{at}.merge")), f"{at}.norm1")
        wide = g.add("Gelu", linear(x, f"{at}.widen"), domain=FUSED)
        x = norm(g.add("Add", x, linear(wide, f"{at}.narrow")), f"{at}.norm2")
    logits = linear(x, "head")
    g.nodes.append(helper.make_node("Identity", [logits], ["logits"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "token_type_ids")
    ]
    output = helper.make_tensor_value_info(
        "logits", TensorProto.FLOAT, ["batch", "length", shape.labels]
    )
    graph = helper.make_graph(g.nodes, "lakescan", inputs, [output], g.tensors)
    sets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    made = helper.make_model(graph, opset_imports=sets, producer_name="lakescan")
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
            # What comes out of onnxruntime's own operators has no type that could be inferred.
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )
