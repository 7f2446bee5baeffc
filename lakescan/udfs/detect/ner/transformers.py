"""A Hugging Face token classifier as it was trained: weights of PyTorch, read by transformers."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from lakescan.errors import MissingDependencyError, UsageError

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

Ints = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]

#: What a folder's weights are called, the first that is there. Those of several files have an
#: index. No pickles (``pytorch_model.bin``): to load one is to run what it holds.
WEIGHTS: Final = ("model.safetensors", "model.safetensors.index.json")

#: Packages whose own errors say that a folder is not what it should be.
_THEIRS = ("safetensors", "transformers", "huggingface_hub")

_MASK, _TYPES = "attention_mask", "token_type_ids"


class TransformersNetwork:
    """A token classifier that transformers knows; on a GPU where PyTorch finds one.

    Nothing is downloaded, and no code that comes with a model is run.

    Args:
        path: the weights, in a folder with ``config.json``.

    Raises:
        MissingDependencyError: ``transformers`` or ``torch`` is not installed.
        UsageError: the folder is no token classifier.
    """

    def __init__(self, path: Path) -> None:
        self._model = _loaded(path.parent)
        taken = inspect.signature(self._model.forward).parameters
        self._inputs = [name for name in (_MASK, _TYPES) if name in taken]

    def run(self, ids: Ints, types: Ints) -> Scores:
        """Scores [texts, tokens, labels] before the softmax; see `Network.run`."""
        import torch

        given = {_MASK: np.ones_like(ids), _TYPES: types}
        with torch.inference_mode():
            fed = {name: self._tensor(given[name]) for name in self._inputs}
            told = self._model(input_ids=self._tensor(ids), **fed).logits
        return np.asarray(told.float().cpu().numpy(), dtype=np.float32)

    def is_batch_free(self, vocabulary: int) -> bool:
        """No: PyTorch picks its kernels by the size of a batch, and with them the last bits.

        Args:
            vocabulary: its size.
        """
        assert vocabulary
        return False

    def _tensor(self, values: Ints) -> torch.Tensor:
        import torch

        return torch.from_numpy(values).to(self._model.device)


def _loaded(folder: Path) -> PreTrainedModel:
    try:
        import torch
        import transformers
    except ImportError as error:
        raise MissingDependencyError(error.name or "transformers", "transformers") from None
    try:
        with _without_progress():
            model = transformers.AutoModelForTokenClassification.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, use_safetensors=True
            )
    except Exception as error:
        known = isinstance(error, OSError | ValueError | KeyError | RuntimeError)
        if not known and not type(error).__module__.startswith(_THEIRS):
            raise
        raise UsageError(
            f"{folder} cannot be loaded by transformers: {type(error).__name__}",
            hint="it needs a token classifier's config.json and model.safetensors",
        ) from None
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    return model.eval()


@contextmanager
def _without_progress() -> Iterator[None]:
    """Keeps a progress bar of theirs out of a command's, as long as it lasts."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
