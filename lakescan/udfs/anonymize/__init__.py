"""Rewrites what was found: operators over distinct values, on whole cells or spans inside prose.

One operator a module of `operators`, found by `build_operator`; `Rewriter` applies a plan to
record batches.
"""
