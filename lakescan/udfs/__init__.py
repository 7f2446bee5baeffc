"""What is done to an Arrow batch, knowing no engine and no storage.

`detect` finds, `classify` folds findings into column profiles and verdicts, `anonymize` rewrites.
"""
