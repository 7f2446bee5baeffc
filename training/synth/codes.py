"""What looks like personal data and is not: product codes, versions, counts, measures."""

from __future__ import annotations

import random

from training.synth.lexicon import own
from training.synth.pieces import Piece, Pieces
from training.synth.places import digits

CODES = (
    "SKU-####",
    "SCN-###",
    "ABC-##-?#",
    "??-####-??",
    "v#.#.#",
    "#.##.#",
    "978-#-##-######-#",
    "Rev. ?",
    "0x########",
    "RFC ####",
    "ISO ####",
    "WO-#####",
    "INV-2###-####",
    "PO####",
    "#####-##?",
    "BA###",
    "LH ###",
    "AA####",
    "Model ?###",
    "Error ###",
    "HTTP ###",
    "Build ####",
    "Form ###-?",
    "section #(?)",
    "§ ##",
    "Art. #",
    "Article ##",
    "No. ###",
    "#### kWh",
    "### mg",
    "## kg",
    "### km",
    "#.#%",
    "##%",
    "### x ###",
    "##:##:##:##",
    "TICKET-####",
    "JIRA-###",
    "CVE-20##-#####",
    "Room ###",
    "Gate ?##",
    "Platform #",
    "Chapter #",
    "page ##",
    "Size ##",
    "lot ####?",
    "batch ?-###",
    "SN ######",
    "part no. ##-####",
    "case ##/####",
    "nos. ####/##",
    "Line ###",
    "#-#",
)


def code(rng: random.Random) -> Pieces:
    return [Piece(digits(rng, rng.choice(CODES)))]


def order(rng: random.Random) -> Pieces:
    """A number of a thing, not of a person."""
    return [
        Piece(
            digits(
                rng,
                rng.choice(
                    (
                        "######",
                        "#######",
                        "###-#######-#######",
                        "##########",
                        "ORD-#####",
                        "#####",
                        "??#######",
                        "RMA####",
                        "W######",
                    )
                ),
            )
        )
    ]


def count(rng: random.Random) -> Pieces:
    n = rng.choice(
        (
            rng.randint(0, 9),
            rng.randint(10, 99),
            rng.randint(100, 9999),
            rng.randint(10_000, 9_999_999),
        )
    )
    return [Piece(rng.choice((f"{n}", f"{n:,}", f"{n}.{rng.randint(0, 9)}", f"{n}")))]


def product(rng: random.Random) -> Pieces:
    return [Piece(rng.choice(own("products")))]


def uuid(rng: random.Random) -> Pieces:
    return [
        Piece(
            "-".join(
                "".join(rng.choice("0123456789abcdef") for _ in range(n)) for n in (8, 4, 4, 4, 12)
            )
        )
    ]


def hexa(rng: random.Random) -> Pieces:
    return [
        Piece("".join(rng.choice("0123456789abcdef") for _ in range(rng.choice((7, 8, 32, 40)))))
    ]


def device(rng: random.Random) -> Pieces:
    """IMEI, MAC address, user agent, wallet: of no kind that is learnt here."""
    pairs = [f"{rng.randint(0, 255):02x}" for _ in range(6)]
    pool = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789"
    forms = (
        digits(rng, "###############"),
        digits(rng, "##-######-######-#"),
        ":".join(pairs),
        "-".join(pairs).upper(),
        "0x" + "".join(rng.choice("0123456789abcdef") for _ in range(40)),
        rng.choice(("1", "3", "bc1q")) + "".join(rng.choice(pool) for _ in range(33)),
        digits(rng, "????") + rng.choice(("DEFF", "FRPP", "GB2L", "US33", "NL2A")),
        digits(rng, "Mozilla/5.0 (Windows NT ##.0; Win64; x64)"),
        digits(rng, "\\[-##.#####, ##.#####]").replace("\\", ""),
    )
    return [Piece(rng.choice(forms))]


def term(rng: random.Random) -> Pieces:
    """What fields are called, and other words with capitals that name nobody and no place."""
    return [Piece(rng.choice(own("terms")))]


def heading(rng: random.Random) -> Pieces:
    """What stands over a part of a text; in the case that headings come in."""
    found = rng.choice(own("headings"))
    r = rng.random()
    if r < 0.2:
        return [Piece(found.upper())]
    return [Piece(found.capitalize() if r < 0.4 else found.lower() if r < 0.45 else found)]


def password(rng: random.Random) -> Pieces:
    word = rng.choice(own("handle_words"))
    sign = rng.choice("!@#$%&*?")
    forms = (
        f"{word.capitalize()}{rng.randint(1, 999)}{sign}",
        f"{word}{rng.choice(own('handle_words'))}{rng.randint(10, 99)}",
        "".join(
            rng.choice("abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRST23456789!@#$%^&*_")
            for _ in range(rng.randint(8, 14))
        ),
    )
    return [Piece(rng.choice(forms), "PASSWORD")]
