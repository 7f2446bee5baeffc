"""Registration plates: short, and alike in form to many other codes, so mere shapes."""

from __future__ import annotations

from lakescan.udfs.detect.patterns.numbers import Number, all_patterns

#: What plates are called.
WORDS = ("plate", "kennzeichen", "immatriculation", "plaque", "matr[ií]cula", "targa", "kenteken",
          "placa", "plaka", "tablica", "registration", "车牌", "ナンバー", "번호판")  # fmt: skip
#: Spanish and Dutch plates have no vowels, lest they spell something.
_B = "[BCDFGHJ-NPR-TV-Z]"

PATTERNS = all_patterns(
    Number("DE_KFZ", "de_kfz", (*WORDS, "fahrzeug", "auto", "pkw", "lkw"), bare="[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2} ?[1-9][0-9]{0,3}[EH]?"),
    Number("TR_LICENSE_PLATE", "tr_plate", WORDS,
           bare="(?:0[1-9]|[1-7][0-9]|8[01]) ?[A-PR-VYZ]{1,3} ?[0-9]{2,5}"),
    Number("NG_VEHICLE_REGISTRATION", "ng_plate", WORDS, bare="[A-Z]{3}[- ]?[0-9]{3}[A-Z]{2}"),
    Number("ZA_LICENSE_PLATE", "za_plate", WORDS,
           bare="C[A-Z]{1,2} ?[0-9]{3}[- ][0-9]{3}|[A-Z]{3} ?[0-9]{3} ?(?:GP|NW|MP|NC|FS|EC|L)"),
    Number("LICENSE_PLATE", "fr_plate", WORDS,
           bare="[A-HJ-NP-TV-Z]{2}[- ]?[0-9]{3}[- ]?[A-HJ-NP-TV-Z]{2}"),
    Number("LICENSE_PLATE", "es_plate", WORDS, bare=f"[0-9]{{4}}[- ]?{_B}{{3}}"),
    Number("LICENSE_PLATE", "nl_plate", WORDS,
           bare=f"[0-9]{{1,2}}-{_B}{{2,3}}-[0-9]{{1,2}}|{_B}{{1,3}}-[0-9]{{2,3}}-{_B}{{1,2}}"),
    # Regulation on vehicle registration: two digits at least, of which a make's model has none.
    Number("LICENSE_PLATE", "pl_plate", (*WORDS, "rejestr", "rej", "samoch", "pojazd", "auto"),
           bare="[A-Z]{2,3} (?:[0-9]{4}[0-9A-Z]|[0-9]{3}[A-Z]{2}|[0-9][A-Z][0-9]{2,3}|[A-Z][0-9]{3}"
           "|[0-9]{2}[A-Z]{1,2}[0-9]?|[0-9][A-Z]{2}[0-9]{1,2}|[A-Z]{2}[0-9]{2})"),
    Number("LICENSE_PLATE", "br_plate", WORDS, bare="[A-Z]{3}-?[0-9][0-9A-J][0-9]{2}"),
    Number("LICENSE_PLATE", "us_plate", WORDS,
           bare="[0-9][A-Z]{3}[0-9]{3}|[A-Z]{3}[- ][0-9]{4}|[0-9]{3}[- ][A-Z]{3}"),
    Number("LICENSE_PLATE", "cn_plate", WORDS, bare="[\u4e00-\u9fff][A-Z]·?[0-9A-Z]{5,6}"),
)  # fmt: skip
