"""Which model answers to which accuracy mode."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from lakescan.errors import MissingDependencyError, PolicyError, UsageError
from lakescan.policy import AccuracyMode, Policy
from lakescan.udfs.detect.ner.detector import NerDetector
from lakescan.udfs.detect.ner.folder import ModelFolder
from lakescan.udfs.detect.protocol import Detector

#: What a model of ours or of ONNX needs.
_RUNTIME = ("onnxruntime", "tokenizers")

_SPACY = "spacy:"


@cache
def shipped_folder(mode: str) -> ModelFolder | None:
    """The model that lakescan ships for ``fast`` or ``standard``, if it is installed."""
    place = Path(str(files("lakescan.udfs.detect.ner").joinpath("models", mode)))
    return ModelFolder.read(place) if (place / "config.json").is_file() else None


def missing_runtime() -> str | None:
    """The first package of the ``ner`` extra that is not installed."""
    return next((name for name in _RUNTIME if find_spec(name) is None), None)


def default_mode() -> AccuracyMode:
    """``standard`` where its model and the ``ner`` extra are installed, else ``patterns``."""
    if missing_runtime() is None and shipped_folder("standard") is not None:
        return "standard"
    return "patterns"


def model_detector(policy: Policy) -> Detector | None:
    """The detector that reads, for the policy's accuracy mode; None for ``patterns``.

    Raises:
        MissingDependencyError: the mode needs packages that are not installed.
        PolicyError: the mode's model is not there, or is not what the policy says of it.
    """
    mode = policy.accuracy_mode or "patterns"
    if mode == "patterns":
        return None
    asked = policy.ner.model
    if mode == "high":
        if asked is None:
            raise PolicyError(
                "accuracy mode high needs a model",
                path="ner.model",
                hint="a folder with a token classifier, or spacy:NAME",
            )
        if asked.startswith(_SPACY):
            from lakescan.udfs.detect.ner.spacy import SpacyDetector

            return SpacyDetector(asked.removeprefix(_SPACY), policy.ner.labels)
    if (package := missing_runtime()) is not None:
        raise MissingDependencyError(package, "ner")
    folder = _folder(asked) if mode == "high" and asked else shipped_folder(mode)
    if folder is None:
        raise UsageError(
            f"no {mode} model is shipped with this lakescan",
            hint="choose from patterns, high with a model of your own",
        )
    return NerDetector(f"ner.{mode}", folder, policy.ner.labels if mode == "high" else None)


def _folder(asked: str) -> ModelFolder:
    try:
        return ModelFolder.read(Path(asked))
    except UsageError as error:
        raise PolicyError(error.message, path="ner.model", hint=error.hint) from None
