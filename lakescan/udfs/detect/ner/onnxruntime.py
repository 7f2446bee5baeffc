"""The network: token ids in, one row of label scores a token out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lakescan.errors import MissingDependencyError, UsageError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Ints = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

_IDS, _MASK, _TYPES = "input_ids", "attention_mask", "token_type_ids"

#: Warnings of onnxruntime about a model are its author's to read.
_ERRORS_ONLY = 3

_CUDA, _CPU = "CUDAExecutionProvider", "CPUExecutionProvider"
#: Begins or ends the name of every operator that an 8-bit network has.
_EIGHT_BIT = b"QuantizeLinear"

#: onnxruntime makes one node of a sum and the norm after it; that node sums a row number by number
#: and takes some five times as long as the two.
_NOT_FASTER = ["SkipLayerNormFusion"]

#: Tokens of the trial that shows whether texts influence each other.
_TRIAL = 12


class Network:
    """An ONNX token classifier; each call runs on the thread that makes it.

    On the CPU, but for networks in 16 or 32 bits where onnxruntime's GPU build finds a GPU.

    Args:
        path: the ONNX file.

    Raises:
        MissingDependencyError: ``onnxruntime`` is not installed.
        UsageError: the file is no token classifier.
    """

    def __init__(self, path: Path) -> None:
        self._session = _session(path)
        self._inputs = {each.name for each in self._session.get_inputs()}
        if _IDS not in self._inputs or self._inputs - {_IDS, _MASK, _TYPES}:
            names = ", ".join(sorted(self._inputs))
            raise UsageError(f"{path} is no token classifier: it wants {names}")

    def run(self, ids: Ints, types: Ints) -> Scores:
        """Scores [texts, tokens, labels] before the softmax.

        Args:
            ids: [texts, tokens]; all texts are equally long, so that nothing is padded.
            types: the same shape.
        """
        given = {_IDS: ids, _TYPES: types}
        fed = {name: np.ones_like(ids) if name == _MASK else given[name] for name in self._inputs}
        return np.asarray(self._session.run(None, fed)[0], dtype=np.float32)

    def is_batch_free(self, vocabulary: int) -> bool:
        """Whether a text's scores are the same, to the last bit, whatever is read beside it.

        They are not where activations are quantized by the range of the whole batch
        (``DynamicQuantizeLinear``), as in most 8-bit exports.

        Args:
            vocabulary: its size: a trial is made with tokens from all over it.
        """
        ids = np.linspace(0, vocabulary - 1, 2 * _TRIAL).astype(np.int64).reshape(2, _TRIAL)
        types = np.zeros_like(ids)
        together = self.run(ids, types)
        alone = [self.run(ids[i : i + 1], types[i : i + 1]) for i in range(2)]
        return bool(np.array_equal(together, np.concatenate(alone)))


def execution_providers(path: Path, available: Sequence[str]) -> list[str]:
    """What may run a network, best first.

    8-bit networks stay on the CPU: onnxruntime has no kernels of ``MatMulInteger`` and its kin for
    CUDA, and would copy each layer's values back and forth.

    Args:
        path: the ONNX file.
        available: what this build of onnxruntime offers.
    """
    if _CUDA not in available or _EIGHT_BIT in path.read_bytes():
        return [_CPU]
    return [_CUDA, _CPU]


def _session(path: Path) -> InferenceSession:
    try:
        import onnxruntime
    except ImportError:
        raise MissingDependencyError("onnxruntime", "ner") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    try:
        available = onnxruntime.get_available_providers()
        if (providers := execution_providers(path, available))[0] == _CUDA:
            onnxruntime.preload_dlls()  # CUDA's libraries, where they came as packages
        return onnxruntime.InferenceSession(
            str(path), options, providers=providers, disabled_optimizers=_NOT_FASTER
        )
    except Exception as error:
        if not type(error).__module__.startswith("onnxruntime"):
            raise
        raise UsageError(f"{path} cannot be loaded as ONNX: {type(error).__name__}") from None
