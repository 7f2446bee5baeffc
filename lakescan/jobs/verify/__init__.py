"""``verify``: an anonymized lake held against its source.

`pairs` finds which file became which, `compare` reads two files side by side, `task` does it on a
worker, `job` adds up. Only fingerprints under a key of the run leave a worker.
"""
