"""Findings that overlap: which of them is told, and by which rule."""
