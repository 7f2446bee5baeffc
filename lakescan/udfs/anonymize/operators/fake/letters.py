"""The letters of names and codes, by kind: vowels become vowels, so that it can be spoken."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import polars as pl

from lakescan.udfs.anonymize.operators.fake.roster import names
from lakescan.udfs.anonymize.operators.fake.spelling import Letters

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
#: Hangul: a syllable is one of 399 beginnings (19 consonants, 21 vowels) and one of 28 ends, which
#: stays. Those with a doubled consonant or a rare vowel are of their own kind.
_HANGUL, _BEGINNINGS, _VOWELS, _ENDS = 0xAC00, 399, 21, 28
_DOUBLED, _PLAIN = frozenset({1, 4, 8, 10, 13}), frozenset({0, 1, 4, 5, 6, 8, 13, 18, 20})
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
    plain = [n // _VOWELS not in _DOUBLED and n % _VOWELS in _PLAIN for n in range(_BEGINNINGS)]
    for end in range(_ENDS):
        for kind in (True, False):
            some = [n for n in range(_BEGINNINGS) if plain[n] is kind]
            yield "".join(chr(_HANGUL + n * _ENDS + end) for n in some)
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
