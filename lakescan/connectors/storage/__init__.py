"""Where bytes lie: local files and object stores behind one Protocol.

The connectors read through it, and the run ledger writes through it. `storage_for` finds the
backend by a URI's scheme.
"""

from __future__ import annotations

from lakescan.connectors.storage.lookup import storage_for
from lakescan.connectors.storage.protocol import FileObject, Storage

__all__ = ["FileObject", "Storage", "storage_for"]
