"""Presidio's names of entities: which of ours a request asks for, and which name a finding has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from lakescan import entities as catalog
from lakescan.service.adapters.vocabulary import entities_of, label_of

_VENDOR = "presidio"
#: Telephone numbers of one country: its code, and whether they are mobile ones; None for any.
_NUMBERS: Mapping[str, tuple[str, bool | None]] = {
    "PH_MOBILE_NUMBER": ("PH", True),
    "TR_PHONE_NUMBER": ("TR", None),
    "ZA_MOBILE_NUMBER": ("ZA", True),
    "ZA_TELEPHONE_NUMBER": ("ZA", False),
}


def name_of(entity: str) -> str:
    """Presidio's name of an entity of ours; our own where it has none."""
    return label_of(_VENDOR, entity) or entity


@lru_cache(maxsize=1)
def supported() -> tuple[str, ...]:
    """All names."""
    return tuple(dict.fromkeys(name_of(each.name) for each in catalog.all_entities()))


@lru_cache(maxsize=1)
def unusual() -> frozenset[str]:
    """Our entities that are told only where the request names them."""
    return entities_of(_VENDOR, frozenset({"ORGANIZATION"}))


@lru_cache(maxsize=64)
def wanted(names: frozenset[str]) -> frozenset[str]:
    """Our entities behind Presidio's names, behind our own, and those of the policy's own."""
    ours = {catalog.canonical(name) if catalog.is_known(name) else name for name in names}
    return entities_of(_VENDOR, names).union(ours, _finer(names))


def name_asked(entity: str, value: str, names: frozenset[str]) -> str | None:
    """The name that a finding is told under; None if the request asks for none that it has.

    What is asked for by our own name (`IBAN`) has that. A telephone number has its country's name
    where that is asked for and the number fits. What else has a name of its own at Presidio but is
    found here as something wider (`MEDICAL_HISTORY`) has that name where the wider one is not asked
    for.

    Args:
        entity: found.
        value: what was found.
        names: that the request asks for; none for all.
    """
    name = name_of(entity)
    finer = _finer(names).get(entity)
    if finer is None:
        return entity if entity in names and name not in names else name
    asked = name in names or entity in names
    for each in finer:
        if _fits(value, each) if each in _NUMBERS else not asked:
            return each
    return name if asked else None


@lru_cache(maxsize=64)
def _finer(names: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Names that are asked for, by the entity of ours that they are found as."""
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(names):
        if catalog.is_known(name) and name_of(name) == name:
            wider = catalog.entity(name).found_as
            if wider is not None:
                found[wider] = (*found.get(wider, ()), name)
    return found


def _fits(value: str, name: str) -> bool:
    """Whether a telephone number fits the plan of the name's country (libphonenumber's)."""
    import phonenumbers as plans

    region, mobile = _NUMBERS[name]
    try:
        number = plans.parse(value, region)
    except plans.NumberParseException:
        return False
    if not plans.is_valid_number_for_region(number, region):
        return False
    kinds = plans.PhoneNumberType
    is_mobile = plans.number_type(number) in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)
    return mobile is None or is_mobile is mobile
