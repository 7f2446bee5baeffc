"""Passports and driving licences, whose numbers have a form and seldom a check digit."""

from __future__ import annotations

from lakescan.udfs.detect.pattern import Pattern
from lakescan.udfs.detect.patterns.numbers import Number, all_patterns

_LICENCE = ("driv", "licen[cs]e", "führerschein", "permis", "permiso", "licencia", "carnet")

_PASSENGER = Pattern(
    # A passenger's name as reservation systems write it (IATA Resolution 830d): the surname, a
    # slash, the given names, the title.
    entity="PERSON",
    name="passenger_name",
    regex="[A-Za-z]{2,24}(?:[ -][A-Za-z]{2,24})?/[A-Za-z]{2,24}(?: [A-Za-z]{1,20}){0,2} ?"
    "(?:MRS?|MS|MISS|MSTR|CHD|INF|DR|Mrs?|Ms|Miss|Mstr|Dr)",
    score=0.85,
    search=False,
)

_TRAVEL_DOCUMENT = Pattern(
    # What airlines send ahead of a passenger's document (IATA Reservations Interline Message
    # Procedures, SSR DOCS): kind, issuer, number, nationality, birth, sex, expiry, names.
    entity="PASSPORT",
    name="passport_docs",
    regex="(?:(?:SSR )?DOCS [A-Z0-9]{2} ?[A-Z]{2}[0-9]{1,2}/)?P/[A-Z]{2,3}/[0-9A-Z]{5,12}/[A-Z]{2,3}"
    "/[0-9]{2}[A-Z]{3}[0-9]{2}/(?:MI?|FI?|X|U)/[0-9]{2}[A-Z]{3}[0-9]{2}(?:/[A-Z -]{1,40}){1,3}",
    score=0.95,
    gate="P/[A-Z]{2,3}/",
)

_NUMBERS = all_patterns(
    Number("AT_PASSPORT", "at_passport", ("reisepass", "passport"), bare="[A-Z][0-9]{7}"),
    Number("ES_PASSPORT", "es_passport", ("pasaporte", "passport"), bare="[A-Z]{3}[0-9]{6}[A-Z]?"),
    Number("FR_PASSPORT", "fr_passport", ("passeport", "passport"), bare="[0-9]{2}[A-Z]{2}[0-9]{5}"),
    # No letter O; the last of nine is a digit.
    Number("NL_PASSPORT", "nl_passport", ("paspoort", "passport"),
           bare="[A-NP-Z]{2}[0-9A-NP-Z]{6}[0-9]"),
    Number("ZA_PASSPORT", "za_passport", ("passport",), bare="[ADMT][0-9]{8}"),
    Number("KR_PASSPORT", "kr_passport", ("여권", "passport"), bare="[MSRODG][0-9]{8}"),
    Number("PH_PASSPORT", "ph_passport", ("passport",), bare="P[0-9]{7}[A-Z]"),
    # Ontario and Quebec write the surname's letter first, and groups.
    Number("CA_DRIVER_LICENSE", "ca_driver_license", _LICENCE,
           bare="[A-Z][0-9]{4}[ -][0-9]{5}[ -][0-9]{5}|[A-Z][0-9]{4}-[0-9]{6}-[0-9]{2}"),
    Number("AU_DRIVER_LICENSE", "au_driver_license", _LICENCE, bare="[0-9]{8}"),
    # Annex to the FeV: four of the office, five of the holder, a check digit, the copy.
    Number("DE_FUEHRERSCHEIN", "de_fuehrerschein", _LICENCE,
           bare="[A-Z][0-9]{2}[0-9A-Z]{6}[0-9][0-9A-Z]"),
    Number("KR_DRIVER_LICENSE", "kr_driver_license", ("면허", "driv"),
           bare="[0-9]{2}-[0-9]{2}-[0-9]{6}-[0-9]{2}"),
    Number("ZA_DRIVER_LICENSE", "za_driver_license", _LICENCE, bare="[0-9]{8}[0-9A-Z]{3}[A-Z]"),
    # Number of Permis (France, before 2013): département, month, serial.
    Number("DRIVER_LICENSE", "fr_driver_license", ("permis",), bare="[0-9]{12}"),
)  # fmt: skip

PATTERNS = (_PASSENGER, _TRAVEL_DOCUMENT, *_NUMBERS)
