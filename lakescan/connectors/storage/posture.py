"""How a bucket is protected: reported beside what was found in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Posture:
    """What the store says of a bucket or container.

    Args:
        uri: the bucket.
        public: ``yes`` (everyone may read some of it), ``no``, or ``unknown`` (we may not see).
        encryption: how objects are encrypted at rest by default; ``none``, ``unknown``.
        versioning: ``on`` (old versions are kept, with what they hold), ``off``, ``unknown``.
    """

    uri: str
    public: str = "unknown"
    encryption: str = "unknown"
    versioning: str = "unknown"
