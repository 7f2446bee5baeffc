"""For people inside Spark: DataFrames and catalog tables, and functions for SQL.

`classify` says what the columns of a DataFrame hold, `anonymize` gives the same DataFrame without
the people in it, `register` adds SQL functions. Whole lakes go through ``engine="spark"``.
"""

from lakescan.spark.anonymization import anonymize
from lakescan.spark.classification import classify
from lakescan.spark.functions import register

__all__ = ["anonymize", "classify", "register"]
