"""Dates and times, birth dates in text, ages."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.dates import ymd
from lakescan.udfs.detect.pattern import VERSION, Edge, Pattern

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_MON = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_D, _M, _Y = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:1[6-9]|20|21)[0-9]{2}"
_D2, _M2 = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|1[0-2])"
_Y2 = rf"(?:{_Y}|[0-9]{{2}})"
_TIME = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?(?: ?[ap]\.?m\.?)?"
_ZONE = r"(?: ?(?:Z|UTC|GMT|[+-][01][0-9]:?[0-5][0-9]))?"
_CLOCK = rf"(?:(?:T|,? ){_TIME}{_ZONE})?"
#: Words before the day of a birth.
_BORN = (
    "née? le|date de naissance|geboren|geb\\.|geburtsdatum|nacid[oa]|fecha de nacimiento|nat[oa] il"
    "|data di nascita|nascid[oa]|data de nascimento|urodzon[ya]|data urodzenia|geboortedatum"
    "|född|födelsedatum|født|fødselsdato|syntynyt|narozena?|datum narození|született|născută?"
    "|(?:née?|nat[oa]|nacid[oa]|nascid[oa]|geboren|geb\\.|urodzon[ya]) (?:ad?|à|en|em|in|w|te)"
    " [^\n.;:0-9]{2,30},? (?:le|il|el|em|am|op|dnia)"
)
_BORN_AT = (
    "(?:née?|nat[oa]|nacid[oa]|nascid[oa]|geboren|urodzon[ya]|född|født) (?:ad?|à|en|em|in|w|te|i)"
)
#: "The company was born on 2004-05-06": what is founded has no birthday.
_FOUNDED = (
    "(?:company|firm|startup|start-up|brand|business|studio|agency|organi[sz]ation|product|project|app"
    "|platform|idea|band|club|team)(?: was| were)? (?:re-?)?born(?: on| in)?"
)
_AGED = "(?:1[01][0-9]|[1-9]?[0-9])"
#: Words before somebody's age.
_IS = (
    "[âa]gée?s? de|j['’]ai|im alter von|alter|tengo|edad(?: de)?|ho|età(?: di)?|tenho|idade(?: de)?"
    "|mam|wiek|ik ben|leeftijd"
)
_YEARS = "(?:ans|jahren?|años|anni|anos|lata?|jaar)"
#: Days in digits are one token, if no time follows.
_THEN_TIME = "[-/.][0-9]{1,4}(?:[Tt]|,? )[0-9]{1,2}:"

PATTERNS = (
    Pattern(
        # ISO 8601-1, calendar date, extended form, with or without a time.
        entity="DATE_TIME",
        name="date_iso",
        gate=_THEN_TIME,
        regex=rf"{_Y}[-/.](?:0?[1-9]|1[0-2])[-/.]{_D}{_CLOCK}",
        score=0.9,
        ignore_case=True,
        edge=Edge.NUMBER,
        against=VERSION,
    ),
    Pattern(
        entity="DATE_TIME",
        name="date_numeric",
        gate=_THEN_TIME,
        regex=rf"(?:{_M}/{_D}|{_D}/{_M}|{_M}-{_D}|{_D}-{_M})[-/.]{_Y2}{_CLOCK}"
        rf"|{_D}\.{_M}\.{_Y}{_CLOCK}|{_D2}\.{_M2}\.[0-9]{{2}}{_CLOCK}",
        score=0.85,
        ignore_case=True,
        edge=Edge.NUMBER,
        against=VERSION,
    ),
    Pattern(
        # "3.4.21": a day where the whole column can be days, else the version of a program.
        entity="DATE_TIME",
        name="date_dotted",
        regex=rf"{_D}\.{_M}\.[0-9]{{2}}",
        score=0.3,
        shape=True,
        context=(
            "date",
            "dated",
            "datum",
            "am",
            "vom",
            "born",
            "geb",
            "le",
            "du",
            "дата",
            "dato",
            "päivä",
            "tarih",
            "data",
        ),
        edge=Edge.NUMBER,
        against=VERSION,
    ),
    Pattern(
        entity="DATE_TIME",
        name="date_words",
        gate=rf"(?i:{_MON}[a-z]{{0,6}}\.?,? ?[0-9]|[0-9](?:st|nd|rd|th)?(?: of)?[ /-]{_MON})",
        regex=rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}},? )?"
        rf"(?:{_D}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH}\.?,?(?:[ -]{_Y2})?"
        rf"|{_D}/{_MON}/{_Y2}"
        rf"|{_MONTH}\.? {_D}(?:st|nd|rd|th)?(?:,? {_Y})?|{_MONTH}\.?,? {_Y}){_CLOCK}",
        score=0.85,
        ignore_case=True,
    ),
    Pattern(
        # C's asctime and ctime (ISO/IEC 9899, 7.29.3.1), with the zone that date(1) and Git add.
        entity="DATE_TIME",
        name="date_ctime",
        gate=rf"(?i:{_MON} [ 0-9]?[0-9] [0-9]{{1,2}}:)",
        regex=rf"(?:mon|tue|wed|thu|fri|sat|sun) {_MON} (?: [1-9]|{_D2}|[1-9]) {_TIME}"
        rf"(?: [a-z]{{3,4}})? {_Y}(?: [+-][0-9]{{4}})?",
        score=0.95,
        ignore_case=True,
    ),
    Pattern(
        # With a point behind the day or year, as Hungarian, Croatian and Serbian write ordinals.
        entity="DATE_TIME",
        name="date_pointed",
        regex=rf"(?:{_Y}\. ?{_M}\. ?{_D}|{_D}\. ?{_M}\. ?{_Y})\.{_CLOCK}",
        score=0.9,
        edge=Edge.NUMBER,
        gate=r"[0-9]\. ?[0-9]",
    ),
    Pattern(
        # Db2's timestamp as a string (Db2 for z/OS SQL reference, "String representations").
        entity="DATE_TIME",
        name="date_db2",
        regex=rf"{_Y}-{_M2}-{_D2}-(?:[01][0-9]|2[0-4])\.[0-5][0-9]\.[0-5][0-9](?:\.[0-9]{{1,12}})?",
        score=0.95,
    ),
    Pattern(
        # HL7 version 2, data type TS: to the second, perhaps finer, with the zone.
        entity="DATE_TIME",
        name="date_hl7",
        regex=rf"(?:19|20)[0-9]{{2}}{_M2}{_D2}(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9](?:\.[0-9]{{1,4}})?[+-][01][0-9][0-5][0-9]",
        score=0.95,
    ),
    Pattern(
        # As airlines and hotels write days (IATA, ddMMMyy): 05JUN30, 05JUN2030.
        entity="DATE_TIME",
        name="date_travel",
        regex=rf"{_D2}(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC){_Y2}",
        score=0.85,
    ),
    Pattern(
        # Common Log Format (Apache httpd, mod_log_config: %t), with or without its brackets.
        entity="DATE_TIME",
        name="date_log",
        gate="[0-9]/[A-Za-z]{3}/[0-9]{4}:",
        regex=rf"\[?{_D2}/{_MON}/{_Y}:{_TIME}{_ZONE}\]?",
        score=0.95,
        ignore_case=True,
    ),
    Pattern(
        entity="DATE_TIME",
        name="time",
        regex=_TIME + _ZONE,
        score=0.7,
        ignore_case=True,
        search=False,
    ),
    Pattern(
        entity="DATE_TIME",
        name="date_compact",
        regex="(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])",
        score=0.4,
        shape=True,
        validate=ymd,
        search=False,
    ),
    Pattern(
        entity="DATE_OF_BIRTH",
        name="date_of_birth",
        gate=r"(?i:birth|born|d\.?o\.?b)",
        regex=r"(?:birth ?date|date of birth|d\.?o\.?b\.?|born(?: (?:in|at) [^\n.;:0-9]{2,30}?,?)?)"
        r"[\"']?(?: is| was| on|:|=)? ?:?[\"']?"
        rf"(?P<v>{_Y}-[0-9]{{2}}-[0-9]{{2}}|{_M}[-/.]{_D}[-/.]{_Y2}|{_D}[-/.]{_M}[-/.]{_Y2}"
        rf"|{_D}(?:st|nd|rd|th)? (?:of )?{_MONTH}\.?,? {_Y}|{_MONTH}\.? {_D}(?:st|nd|rd|th)?,? {_Y})",
        score=0.95,
        ignore_case=True,
        whole=False,
        against=(_FOUNDED,),
    ),
    Pattern(
        # In other languages, whose months are any word.
        entity="DATE_OF_BIRTH",
        name="date_of_birth_abroad",
        gate=rf"(?i:{_BORN})",
        regex=rf"(?:{_BORN})(?: (?:am|el|il|op|den|em|dia|dnia|le))?(?: is| :|:|=)? ?:?"
        rf"(?P<v>{_Y}-[0-9]{{2}}-[0-9]{{2}}|{_D}[-/.] ?{_M}[-/.] ?{_Y2}"
        rf"|{_D}(?:er|º|°|\.)? (?:de )?[a-zà-ž]{{3,12}}\.?,? (?:de )?{_Y})",
        score=0.95,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        # "She was born in 1976", "born in Leeds in 1948".
        entity="DATE_OF_BIRTH",
        name="birth_year",
        gate=r"(?i:(?:was|is|[,(]) ?born )",
        regex=r"(?:was|is|[,(]) ?born (?:(?:in|at|near) [^\n.;:0-9]{2,30},? )?(?:in|about|circa|around)"
        rf" (?P<v>{_Y})",
        score=0.85,
        ignore_case=True,
        whole=False,
        against=(_FOUNDED,),
    ),
    Pattern(
        # "Né à Dakar en 1948": with a place, since firms are "nées en 1998", too.
        entity="DATE_OF_BIRTH",
        name="birth_year_abroad",
        gate=rf"(?i:{_BORN_AT})",
        regex=rf"(?:{_BORN_AT}) [^\n.;:0-9]{{2,30}},? (?:en|em|nel|in|w|im jahre?) (?P<v>{_Y})",
        score=0.85,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        # Hours with a point, behind a word for them: "alle ore 18.30", "o godz. 9.30".
        entity="DATE_TIME",
        name="time_said",
        gate=r"(?i:(?:ore|godz\.|kl\.|klokken|klo) [0-9])",
        regex=r"(?:ore|godz\.|kl\.|klokken|klo) (?P<v>(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9])",
        score=0.85,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        entity="AGE",
        name="age",
        regex=r"(?:1[01][0-9]|[1-9]?[0-9])[ -](?:years?|yrs?|y\.?o\.?|months?)(?:[ -]olds?| of age)?",
        score=0.6,
        ignore_case=True,
        search=False,
    ),
    Pattern(
        # "34 years old", "45-year-old", "7 y/o": said of a person or of a thing.
        entity="AGE",
        name="age_old",
        gate=r"(?i:[0-9][ -]?(?:years?|yrs?|months?|weeks?|days?)[ -]old|[0-9] ?y/o)",
        regex=r"(?:1[01][0-9]|[1-9]?[0-9])(?:[ -]?(?:years?|yrs?|months?|weeks?|days?)[ -]olds?| ?y/o)",
        score=0.85,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        entity="AGE",
        name="age",
        regex=r"(?:aged?(?: of)?[:?]? (?P<v>1[01][0-9]|[1-9]?[0-9]))",
        score=0.6,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        # In other languages. "J'ai 10 ans d'expérience" is no age: nothing may go on behind it.
        entity="AGE",
        name="age_abroad",
        gate=rf"(?i:(?:{_IS})(?: ?:)? [0-9]{{1,3}} {_YEARS})",
        regex=rf"(?:{_IS})(?: ?:)? (?P<v>{_AGED} {_YEARS})(?:[.,;:!?)\n]|$| (?:et|und|y|e|ed|i|en) )",
        score=0.85,
        ignore_case=True,
        whole=False,
    ),
    Pattern(
        # "Die 54-jährige Patientin".
        entity="AGE",
        name="age_old_german",
        gate="(?i:[0-9][ -]?jährig)",
        regex=rf"{_AGED}[ -]?jährige?[mnrs]?",
        score=0.85,
        ignore_case=True,
        whole=False,
    ),
)
