"""The file sink: local folders and object stores.

`plan` makes outputs of datasets, `stage` writes one under the run's hidden prefix, `state` is what
stands in the target's `_lakescan/` folder, `publish` gives staged files their names, `sink` puts
them together.
"""
