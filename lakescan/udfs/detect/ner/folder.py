"""A model on disk: a folder with its network, ``tokenizer.json`` and ``config.json``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import orjson

from lakescan.errors import UsageError
from lakescan.udfs.detect.ner.transformers import WEIGHTS

_CONFIG, _TOKENIZER = "config.json", "tokenizer.json"

#: Where exporters put the network, the first that is there; last what they export.
_NETWORKS = (
    "model.onnx",
    "onnx/model.onnx",
    "onnx/model_quantized.onnx",
    "model_quantized.onnx",
    *WEIGHTS,
)

#: Families whose positions begin at 2, so that two fewer tokens fit.
_OFFSET_POSITIONS = frozenset(["roberta", "xlm-roberta", "camembert", "xlm-roberta-xl"])

#: Longer windows cost more than they tell: attention grows with their square.
_LONGEST = 512
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Second:
    """A model that is asked beside another, of the same tokens and labels.

    Args:
        folder: it.
        weight: of what it says, 0 to 1; the rest is the first one's.
    """

    folder: ModelFolder
    weight: float


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """What a folder's ``config.json`` says; picklable, nothing is loaded.

    Args:
        path: the folder.
        network: the ONNX file, or transformers' weights.
        name: the model's own name.
        version: its version and eight digits of the network's SHA-256.
        labels: of its outputs, in their order.
        max_tokens: of one window, special tokens included.
        cases: whether ``token_type_ids`` carry each token's case.
        lean: what is taken from the score of "nothing", as a logarithm: its power says how many
            false alarms a miss is worth.
        second: what is asked beside it.
    """

    path: Path
    network: Path
    name: str
    version: str
    labels: tuple[str, ...]
    max_tokens: int
    cases: bool
    lean: float = 0.0
    second: Second | None = None

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's file."""
        return self.path / _TOKENIZER

    @property
    def is_exported(self) -> bool:
        """Whether the network is ONNX; else transformers reads it."""
        return self.network.name not in WEIGHTS

    @classmethod
    def read(cls, path: Path) -> ModelFolder:
        """Read a folder of ours, or a Hugging Face token classifier, exported to ONNX or not.

        Raises:
            UsageError: a file is missing or says too little.
        """
        network = next((path / name for name in _NETWORKS if (path / name).is_file()), None)
        missing = [name for name in (_CONFIG, _TOKENIZER) if not (path / name).is_file()]
        if network is None or missing:
            lacks = missing or [_NETWORKS[0]]
            raise UsageError(
                f"{path} is no model folder: no {lacks[0]}",
                hint="it needs model.onnx or model.safetensors, tokenizer.json and config.json",
            )
        try:
            config = orjson.loads((path / _CONFIG).read_bytes())
        except orjson.JSONDecodeError:
            raise UsageError(f"{path / _CONFIG} is not JSON") from None
        labels = _labels(config)
        if not labels:
            raise UsageError(
                f"{path / _CONFIG} names no labels",
                hint='it needs "labels", or "id2label" as Hugging Face writes it',
            )
        second = _second(path, config, labels)
        version = f"{config.get('version', 0)}-{_digest(network)}"
        return cls(
            path=path,
            network=network,
            name=str(config.get("name") or path.name),
            version=f"{version}+{second.folder.version}" if second else version,
            labels=labels,
            max_tokens=_max_tokens(config),
            cases=bool(config.get("cases", False)),
            lean=float(config.get("lean", 0)),
            second=second,
        )


def _second(path: Path, config: dict[str, object], labels: tuple[str, ...]) -> Second | None:
    given = config.get("second")
    if not isinstance(given, dict):
        return None
    folder = ModelFolder.read(path / str(given["folder"]))
    if folder.labels != labels:
        raise UsageError(f"{folder.path} has other labels than {path}, beside which it is asked")
    return Second(folder, float(given["weight"]))


def _labels(config: object) -> tuple[str, ...]:
    if not isinstance(config, dict):
        return ()
    ours = config.get("labels")
    if isinstance(ours, list):
        return tuple(str(label) for label in ours)
    theirs = config.get("id2label")
    if isinstance(theirs, dict):
        return tuple(str(theirs[key]) for key in sorted(theirs, key=int))
    return ()


def _max_tokens(config: dict[str, object]) -> int:
    given = config.get("max_tokens")
    if not isinstance(given, int):
        positions = config.get("max_position_embeddings")
        given = positions if isinstance(positions, int) else _LONGEST
        if config.get("model_type") in _OFFSET_POSITIONS:
            given -= 2
    return max(_SHORTEST, min(given, _LONGEST))


def _digest(network: Path) -> str:
    with network.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:8]
