"""Names, places, firms and dates in text, found by a token classifier.

`ModelFolder` is a model on disk; `NerDetector` runs it behind the `Detector` protocol. What it
needs (``onnxruntime``, ``tokenizers``) is imported with the first text that could hold anything.
"""

from lakescan.udfs.detect.ner.choice import model_detector, shipped_folder
from lakescan.udfs.detect.ner.detector import NerDetector
from lakescan.udfs.detect.ner.folder import ModelFolder

__all__ = ["ModelFolder", "NerDetector", "model_detector", "shipped_folder"]
