"""Word lists: whole cells looked up in all lists at once, and names of persons put together.

``lists/*.txt`` are written by hand, ``generated.parquet`` is made by ``training/dictionaries.py``;
README.md says where every word comes from.
"""

from lakescan.udfs.detect.dictionaries.detector import DictionaryDetector

__all__ = ["DictionaryDetector"]
