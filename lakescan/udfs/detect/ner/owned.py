"""What a strict form or a check decides, a model has no say in."""

from __future__ import annotations

from functools import cache

from lakescan import entities

#: Categories of which every instance has a form that can be checked.
_CATEGORIES = frozenset(
    "EMAIL_ADDRESS URL IP_ADDRESS MAC_ADDRESS UUID CRYPTO_ADDRESS SOCIAL_SECURITY_ID".split()
)
_ENTITIES = frozenset(["CREDIT_CARD", "IBAN", "BIC"])


@cache
def is_owned(entity: str) -> bool:
    """Whether patterns and checksums alone decide about an entity."""
    return entity in _ENTITIES or (
        entities.is_known(entity) and entities.entity(entity).category in _CATEGORIES
    )
