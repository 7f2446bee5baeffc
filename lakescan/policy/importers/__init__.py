"""Policies out of other tools' configurations: Presidio's registry, Google DLP's templates.

What a policy cannot say is told in notes, thing by thing.
"""

from lakescan.policy.importers.imported import Imported, Source, import_policy

__all__ = ["Imported", "Source", "import_policy"]
