"""What each list is evidence for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordList:
    """A list and what a whole cell found in it says.

    Args:
        name: of the list; the detector is ``dictionary.<name>``.
        entity: what the cell is.
        score: certainty for one cell alone; a column of them is judged by its profile.
        weak: the same for a word that also means something else.
    """

    name: str
    entity: str
    score: float
    weak: float = 0.2


#: Scores stay below the default threshold where a single word in a text proves nothing.
WORD_LISTS = (
    WordList("first_name", "FIRST_NAME", 0.45),
    WordList("last_name", "LAST_NAME", 0.4),
    WordList("title", "TITLE", 0.5),
    WordList("gender", "GENDER", 0.5, 0.3),
    WordList("city", "CITY", 0.45),
    WordList("county", "COUNTY", 0.45),
    WordList("state", "STATE", 0.5, 0.3),
    WordList("state_code", "STATE", 0.3),
    WordList("country", "COUNTRY", 0.6, 0.3),
    WordList("country_code", "COUNTRY", 0.3),
    WordList("country_code2", "COUNTRY", 0.3),
    WordList("nationality", "NATIONALITY", 0.5),
    WordList("ethnicity", "ORIGIN", 0.45),
    WordList("religion", "RELIGION", 0.5),
    WordList("politics", "POLITICAL_AFFILIATION", 0.45),
    WordList("language", "LANGUAGE", 0.4),
    WordList("occupation", "OCCUPATION", 0.45),
    WordList("organization", "ORGANIZATION", 0.45),
    WordList("month", "DATE_TIME", 0.45, 0.3),
    WordList("weekday", "DATE_TIME", 0.45, 0.3),
    WordList("currency_code", "CURRENCY_CODE", 0.4),
    WordList("currency_name", "CURRENCY_NAME", 0.5),
    WordList("card_issuer", "CREDIT_CARD_ISSUER", 0.5),
    WordList("zodiac", "ZODIAC_SIGN", 0.4),
    WordList("blood_type", "BLOOD_TYPE", 0.45),
    WordList("physical", "PHYSICAL_ATTRIBUTE", 0.45),
    WordList("condition", "CONDITION", 0.55),
    WordList("drug", "DRUG", 0.55),
    WordList("procedure", "MEDICAL_PROCESS", 0.5),
    WordList("injury", "INJURY", 0.5),
)
