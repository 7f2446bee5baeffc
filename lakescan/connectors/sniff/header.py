"""Whether the first row of a table names its columns."""

from __future__ import annotations

import re
from collections import Counter

from lakescan.connectors.sniff.shapes import TYPED, shape

#: Words that head columns and are rarely a value of one, in the larger European languages.
_HEAD_WORDS = frozenset(
    """id key code no nr num number name names first last middle full user username login email mail
    phone tel telephone mobile fax date time timestamp datetime year month day age sex gender dob
    birth address addr street city town state county country zip zipcode postcode postal region lat
    latitude lon lng longitude url link title description desc text comment comments note notes
    type category class status flag count total sum amount price cost value rate score rank qty
    quantity size length width height weight color colour group company organization department job
    role occupation ssn iban account card currency created updated modified start end from to index
    nom prenom prénom adresse ville pays sexe naissance téléphone telefon vorname nachname strasse
    straße stadt ort land plz geburtsdatum geschlecht nombre apellido apellidos direccion dirección
    ciudad pais país sexo fecha nacimiento telefono teléfono cognome indirizzo città nascita
    naam achternaam voornaam adres plaats geboortedatum endereço cidade nome sobrenome""".split()
)
_TOKEN = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
#: A year heads a column of a pivot table.
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Names of columns are short; prose is not.
_LONGEST_NAME = 60


def sniff_header(rows: list[list[str]], columns: int) -> bool:
    """Decide from the first records, each column voting.

    A column votes for a header where its values share a shape that its first cell has not, or
    where that cell is a word that heads columns; against one where the first cell looks like the
    values below or is one of them.
    """
    if len(rows) < 2:
        return bool(rows) and _names_only(rows[0])
    head, body = rows[0], [row for row in rows[1:] if len(row) == columns] or rows[1:]
    votes = [
        _vote(cell, [row[i] for row in body if i < len(row)])
        for i, cell in enumerate(head[:columns])
    ]
    names = [cell.strip() for cell in head if cell.strip()]
    if not names:
        return False
    repeated = len(names) - len(set(names))
    score = sum(votes) - repeated
    if columns > 1 and not any(shape(name) in TYPED for name in names):
        score += 0.5
    return score > 0


def _names_only(head: list[str]) -> bool:
    """A lone row is a header if its cells are words that head columns."""
    return all(_head_words(cell) for cell in head if cell.strip()) and any(map(str.strip, head))


def _vote(cell: str, values: list[str]) -> float:
    """One column's vote, from -1 (a value like the others) to 1 (clearly a name)."""
    name = cell.strip()
    filled = [value.strip() for value in values if shape(value) != "empty"]
    if not name or not filled:
        return 0.0
    kind = shape(name)
    usual, count = Counter(map(shape, filled)).most_common(1)[0]
    if kind in TYPED:
        year = _YEAR.fullmatch(name) and not any(map(_YEAR.fullmatch, filled[:20]))
        return 0.5 if year else (-1.0 if usual in TYPED else -0.5)
    named = _head_words(name)
    if name in filled and not named:
        return -1.0
    if len(name) > _LONGEST_NAME:
        return -0.5
    if named or (usual in TYPED and count >= 0.8 * len(filled)):
        return 1.0
    if usual == "code" and kind == "code":
        return -0.5
    return 0.1 if "_" in name or _CAMEL.search(name) else 0.0


def _head_words(name: str) -> bool:
    """Whether a word of the name heads columns."""
    words = _TOKEN.findall(_CAMEL.sub(" ", name).replace("_", " ").lower())
    return bool(words) and len(words) <= 6 and any(word in _HEAD_WORDS for word in words)
