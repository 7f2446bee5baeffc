"""Dates, times, spans of time, ages, sums of money, in many languages and notations."""

from __future__ import annotations

import datetime as dt
import random

from training.synth.lexicon import own
from training.synth.pieces import Piece, Pieces
from training.synth.streets import ordinal

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio "
    "julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno "
    "luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho "
    "julho agosto setembro outubro novembro dezembro",
    "pl": "stycznia lutego marca kwietnia maja czerwca "
    "lipca sierpnia września października listopada grudnia",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
}
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
DAY_PARTS = ("morning", "night", "afternoon", "evening")
NUMERIC = {
    "en": (
        "{m}/{d}/{y}",
        "{m:02}/{d:02}/{y}",
        "{d:02}/{m:02}/{y}",
        "{y}-{m:02}-{d:02}",
        "{m}/{d}/{s:02}",
        "{d}-{m}-{y}",
        "{m:02}-{d:02}-{y}",
        "{y}/{m:02}/{d:02}",
        "{d:02}.{m:02}.{y}",
        "{y}{m:02}{d:02}",
    ),
    "xx": (
        "{d:02}.{m:02}.{y}",
        "{d:02}/{m:02}/{y}",
        "{d}.{m}.{y}",
        "{y}-{m:02}-{d:02}",
        "{d}/{m}/{y}",
        "{d:02}-{m:02}-{y}",
    ),
}
NUMBER = "two three four five six seven eight nine ten twelve fifteen twenty".split()


def day(rng: random.Random, first: int = 1950, last: int = 2026) -> dt.date:
    return dt.date(first, 1, 1) + dt.timedelta(days=rng.randrange((last - first) * 365))


def written(rng: random.Random, when: dt.date, language: str) -> str:
    """A full date in one of the ways people write it."""
    d, m, y = when.day, when.month, when.year
    if rng.random() < 0.42:
        form = rng.choice(NUMERIC["en" if language == "en" else "xx"])
        return form.format(d=d, m=m, y=y, s=y % 100)
    month = MONTHS.get(language, MONTHS["en"]).split()[m - 1]
    if language == "en":
        short, week = month[:3], DAYS[when.weekday()]
        return rng.choice(
            (
                f"{month} {d}, {y}",
                f"{month} {d}, {y}",
                f"{d} {month} {y}",
                f"{d} {month} {y}",
                f"{short} {d}, {y}",
                f"{d} {short} {y}",
                f"{d}-{short}-{y}",
                f"{d}-{short}-{y % 100:02}",
                f"{week}, {month} {d}, {y}",
                f"{ordinal(d)} {month} {y}",
                f"{month} {ordinal(d)}, {y}",
                f"the {ordinal(d)} of {month} {y}",
                f"{ordinal(d)} of {month}, {y}",
                f"{short}. {d}, {y}",
                f"{month} {d} {y}",
                f"{week} {d} {month} {y}",
                f"{d:02} {short.upper()} {y}",
                f"{ordinal(d)} day of {month}, {y}",
            )
        )
    if language in ("es", "pt"):
        return f"{d} de {month} {'de' if rng.random() < 0.9 else 'del'} {y}"
    if language in ("de", "da"):
        return f"{d}. {month} {y}"
    if language == "fr" and d == 1:
        return f"1er {month} {y}"
    return f"{d} {month} {y}"


def date(rng: random.Random, language: str) -> Pieces:
    """A day, month, year, weekday or word for one; English also names holidays and seasons."""
    r = rng.random()
    when = day(rng)
    if r < 0.6:
        return [Piece(written(rng, when, language), "DATE")]
    months = MONTHS.get(language, MONTHS["en"]).split()
    month, d, y = months[when.month - 1], when.day, when.year
    if language != "en":
        if language in ("de", "da"):
            near = f"{d}. {month}"
        else:
            near = f"{d} de {month}" if language in ("es", "pt") else f"{d} {month}"
        words = rng.sample(own(f"relative_{language}"), 3) if language != "da" else []
        return [Piece(rng.choice((f"{month} {y}", str(y), near, *words)), "DATE")]
    if r < 0.72:
        return [
            Piece(
                rng.choice(
                    (
                        f"{month} {y}",
                        f"{month} {d}",
                        f"{d} {month}",
                        f"{month[:3]} {d}",
                        f"{month} {ordinal(d)}",
                        f"the {ordinal(d)} of {month}",
                        f"{month[:3]} {y}",
                        f"{d}/{when.month}",
                        f"{month}, {y}",
                        month,
                    )
                ),
                "DATE",
            )
        ]
    if r < 0.84:
        return [
            Piece(
                rng.choice(
                    (
                        str(y),
                        str(y),
                        str(y),
                        f"Q{rng.randint(1, 4)} {y}",
                        f"the {y // 10 * 10}s",
                        f"early {y}",
                        f"late {y}",
                        f"mid-{y}",
                        f"{y}-{y % 100 + 1:02}",
                        f"fiscal {y}",
                        f"FY{y}",
                        f"the summer of {y}",
                        f"{y}/{y % 100 + 1:02}",
                    )
                ),
                "DATE",
            )
        ]
    if r < 0.92:
        return [
            Piece(
                rng.choice(
                    (
                        DAYS[when.weekday()],
                        DAYS[when.weekday()],
                        DAYS[when.weekday()][:3],
                        f"last {DAYS[when.weekday()]}",
                        f"next {DAYS[when.weekday()]}",
                        f"{DAYS[when.weekday()]} {rng.choice(DAY_PARTS)}",
                    )
                ),
                "DATE",
            )
        ]
    return [Piece(rng.choice(own("relative_en")), "DATE")]


def birth(rng: random.Random, language: str) -> Pieces:
    when = day(rng, 1930, 2015)
    text = written(rng, when, language) if rng.random() < 0.9 else str(when.year)
    return [Piece(text, "DATE_OF_BIRTH")]


def duration(rng: random.Random, language: str) -> Pieces:
    n = (
        rng.choice((*NUMBER, *map(str, range(2, 40))))
        if language == "en"
        else str(rng.randint(2, 40))
    )
    if language == "en":
        units = ("years", "months", "days", "weeks", "hours", "minutes", "decades")
        unit = rng.choice(units)
        forms = (
            f"{n} {unit}",
            f"{n} {unit}",
            f"more than {n} {unit}",
            f"a {unit[:-1]}",
            f"one {unit[:-1]}",
            f"about {n} {unit}",
            f"{n}-{unit[:-1]}",
            f"{n} {unit} and {rng.choice(NUMBER)} months",
        )
        return [
            Piece(rng.choice(forms), "DATE" if not unit.startswith(("hour", "minute")) else "TIME")
        ]
    units = {
        "de": ("Jahre", "Monate", "Tage", "Wochen"),
        "fr": ("ans", "mois", "jours", "semaines"),
        "es": ("años", "meses", "días", "semanas"),
        "it": ("anni", "mesi", "giorni", "settimane"),
        "nl": ("jaar", "maanden", "dagen", "weken"),
        "pt": ("anos", "meses", "dias", "semanas"),
        "pl": ("lat", "miesięcy", "dni", "tygodni"),
        "sv": ("år", "månader", "dagar", "veckor"),
        "da": ("år", "måneder", "dage", "uger"),
    }
    return [Piece(f"{n} {rng.choice(units[language])}", "DATE")]


def time(rng: random.Random) -> Pieces:
    h, m, s = rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)
    half = h % 12 or 12
    forms = (
        f"{h:02}:{m:02}",
        f"{h}:{m:02}",
        f"{half}:{m:02} {'AM' if h < 12 else 'PM'}",
        f"{half} {'a.m.' if h < 12 else 'p.m.'}",
        f"{half}{'am' if h < 12 else 'pm'}",
        f"{half}:{m:02}{'am' if h < 12 else 'pm'}",
        f"{h:02}:{m:02}:{s:02}",
        f"{half} o'clock",
        "noon",
        "midnight",
        f"{h:02}h{m:02}",
    )
    return [Piece(rng.choice(forms), "TIME")]


def stamp(rng: random.Random) -> Pieces:
    """A machine's time stamp; date and time are two entities unless they are written as one."""
    when, h, m, s = day(rng, 2005), rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59)
    clock = f"{h:02}:{m:02}:{s:02}"
    r = rng.random()
    if r < 0.35:
        return [
            Piece(f"{when}T{clock}{rng.choice(('Z', '+00:00', '.123Z', '+02:00', ''))}", "DATE")
        ]
    if r < 0.6:
        return [
            Piece(str(when), "DATE"),
            Piece(" "),
            Piece(clock + rng.choice(("", "", ",123", ".004511")), "TIME"),
        ]
    if r < 0.75:
        return [
            Piece(when.strftime("%d/%b/%Y"), "DATE"),
            Piece(":"),
            Piece(clock, "TIME"),
            Piece(" +0000"),
        ]
    if r < 0.9:
        return [Piece(when.strftime("%b %d"), "DATE"), Piece(" "), Piece(clock, "TIME")]
    return [
        Piece(when.strftime("%a, %d %b %Y"), "DATE"),
        Piece(" "),
        Piece(clock, "TIME"),
        Piece(" +0000"),
    ]


AGES = {
    "en": (
        "{n}",
        "{n}",
        "{n} years old",
        "{n}-year-old",
        "{n} years of age",
        "{n} yo",
        "{n} y/o",
        "{n} months old",
        "{n}yr old",
        "{n} year old",
    ),
    "de": ("{n} Jahre alt", "{n}", "{n} Jahre"),
    "fr": ("{n} ans", "{n}"),
    "es": ("{n} años", "{n}"),
    "it": ("{n} anni", "{n}"),
    "nl": ("{n} jaar oud", "{n} jaar", "{n}"),
    "pt": ("{n} anos", "{n}"),
    "pl": ("{n} lat", "{n}"),
    "sv": ("{n} år", "{n}"),
    "da": ("{n} år", "{n}"),
}


def age(rng: random.Random, language: str) -> Pieces:
    n = rng.randint(1, 101)
    return [Piece(rng.choice(AGES.get(language, AGES["en"])).format(n=n), "AGE")]


def bare_age(rng: random.Random) -> Pieces:
    return [Piece(str(rng.randint(1, 101)), "AGE")]


def money(rng: random.Random, language: str) -> Pieces:
    n = rng.choice((rng.randint(1, 99), rng.randint(100, 9999), rng.randint(10_000, 990_000)))
    cents = f"{n:,}.{rng.randint(0, 99):02}"
    if language == "en":
        forms = (
            f"${cents}",
            f"${n:,}",
            f"${n}",
            f"£{n:,}",
            f"€{cents}",
            f"USD {n:,}",
            f"{n:,} dollars",
            f"${n / 10:.1f} million",
            f"{n} euros",
            f"EUR {cents}",
            f"{cents} USD",
            f"£{n / 10:.1f}m",
            f"Rs. {n:,}",
            f"{n} EUR",
            f"${rng.randint(1, 90)} billion",
            f"{n} bucks",
        )
    else:
        point = f"{n:,}".replace(",", ".") + f",{rng.randint(0, 99):02}"
        forms = (
            f"{point} €",
            f"{n} Euro" if language == "de" else f"{n} euros",
            f"€ {point}",
            f"{point} EUR",
            f"{n} €",
        )
        forms += {
            "pt": (f"R$ {point}",),
            "pl": (f"{point} zł", f"{n} złotych"),
            "sv": (f"{n} kr", f"{n} kronor"),
            "da": (f"{n} kr.",),
        }.get(language, ())
    return [Piece(rng.choice(forms), "AMOUNT")]
