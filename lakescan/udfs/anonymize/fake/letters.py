"""The letters of names and codes, by kind: vowels become vowels, so that it can be spoken."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import polars as pl

from lakescan.udfs.anonymize.fake.roster import names
from lakescan.udfs.anonymize.fake.spelling import Letters

#: Small letters of one kind a word; those beyond ASCII only with others that Latin-1 has, or none.
_KINDS = (
    "aeiou bcdfghjklmnpqrstvwxyz áàâäéèêëíìîïóòôöúùûüãõåæø çðñþý"
    " ăąāęěėēīįőōűůūǎĕĭŏŭų ćčďđģķļłńňņřśšşșťţțźżžğľĺŕŵŷ"
    " аеиоуыэюяё бвгджзклмнпрстфхцчшщйьъ іїєў ґћђџљњјѓќ"
    " αεηιουω άέήίόύώ βγδζθκλμνξπρστφχψ"
    " אבגדהוזחטיכלמנסעפצקרשת ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    " աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցփքօֆ აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
    " कखगघचछजझटठडढतथदधनपफबभमयरलवशषसह กขคฆงจฉชซญฎฏฐณดตถทธนบปผฝพฟภมยรลวศษสหอฮ"
    " あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわ"
    " アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ"
).split()
_CODES = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
#: Hangul: a syllable is one of 399 beginnings and one of 28 ends, which stays.
_HANGUL, _BEGINNINGS, _ENDS = 0xAC00, 399, 28
_LAST_VIETNAMESE = 0x1EF9


@lru_cache(maxsize=1)
def name_letters() -> Letters:
    """Of names, in lower case."""
    return Letters([*_KINDS, *_more()])


@lru_cache(maxsize=1)
def code_letters() -> Letters:
    """Of anything: digits, and ASCII letters of either case."""
    return Letters(_CODES)


def strange(words: pl.Series) -> pl.Series:
    """Which lower-case words have letters that `name_letters` does not have."""
    return words.str.contains(_strange())


def _more() -> Iterator[str]:
    beginnings = range(_HANGUL, _HANGUL + _BEGINNINGS * _ENDS, _ENDS)
    for end in range(_ENDS):
        yield "".join(chr(first + end) for first in beginnings)
    vietnamese = map(chr, range(0x1EA1, _LAST_VIETNAMESE + 1))
    yield "".join(c for c in vietnamese if c.islower() and len(c.upper()) == 1)
    # Chinese characters as they stand in names.
    asian = names().filter(pl.col("locale").is_in(["zh_CN", "ja_JP"]))["word"]
    yield "".join(sorted({c for word in asian for c in word if "\u4e00" <= c <= "\u9fff"}))


@lru_cache(maxsize=1)
def _strange() -> str:
    """A pattern of every letter that is of no kind; the German sharp s has no other, and stays."""
    kinds = "".join(["ß", *_KINDS, *_more()])
    return rf"[\p{{L}}--[{kinds}]]"
