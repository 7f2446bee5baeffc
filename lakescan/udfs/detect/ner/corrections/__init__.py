"""Mended in what a model read: where names begin and end, what is none, what was read over."""
