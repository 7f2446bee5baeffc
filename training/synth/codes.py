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
