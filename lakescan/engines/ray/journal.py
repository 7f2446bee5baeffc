"""The journal that counts deaths: which units were begun and never ended."""

from __future__ import annotations

import contextlib
import uuid


class Journal:
    """Counts how often units were begun whose worker died; picklable.

    It is kept among the keys and values of the cluster's control store (GCS), which every worker
    is connected to: an actor would be one more process to wait for. At most one worker has a unit
    at a time, so that no two count the same one.
    """

    def __init__(self) -> None:
        self._namespace = f"lakescan-{uuid.uuid4().hex}"

    def begin(self, index: int, ended: int | None) -> int:
        """Note that ``index`` begins, and ``ended`` before it did end.

        Returns:
            How often ``index`` was begun, this time included.
        """
        from ray.experimental.internal_kv import (
            _internal_kv_del,
            _internal_kv_get,
            _internal_kv_put,
        )

        if ended is not None:
            _internal_kv_del(str(ended), namespace=self._namespace)
        tries = int(_internal_kv_get(str(index), namespace=self._namespace) or 0) + 1
        _internal_kv_put(str(index), str(tries), overwrite=True, namespace=self._namespace)
        return tries

    def forget(self) -> None:
        """Leave nothing of it in the cluster."""
        from ray.exceptions import RayError
        from ray.experimental.internal_kv import _internal_kv_del

        with contextlib.suppress(RayError):  # the cluster is gone, and the journal with it
            _internal_kv_del("", del_by_prefix=True, namespace=self._namespace)
