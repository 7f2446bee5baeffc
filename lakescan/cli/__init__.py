"""The commands: parse, call the public API, print. No logic.

Nothing heavy is imported before a command needs it: ``lakescan --help`` answers at once.
"""

from __future__ import annotations

from lakescan.cli.app import main

__all__ = ["main"]
