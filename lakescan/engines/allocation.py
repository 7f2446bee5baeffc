"""How a worker's process keeps memory: it needs the same megabytes again for the next batch."""

from __future__ import annotations

import ctypes

#: Of glibc's ``mallopt`` (malloc.h): free memory at the top of the heap that is kept, and the size
#: from which a block is mapped by itself, which 32 MiB is the most that may be asked for.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES, _MAPPED_BYTES = 128 << 20, 32 << 20


def keep_freed_memory() -> None:
    """Have glibc reuse freed blocks; by default each larger one is mapped anew, page by page.

    That takes a tenth of a scan's time. Other C libraries are left as they are.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)
        mallopt(_M_MMAP_THRESHOLD, _MAPPED_BYTES)
