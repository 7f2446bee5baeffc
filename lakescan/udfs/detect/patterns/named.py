"""Numbers of no form of their own, which the words right before them name.

Schools, employers, insurers and makers number as they please; "employee ID: E-100482" says it all.
"""

from __future__ import annotations

from lakescan.udfs.detect.pattern import Pattern

#: ``S2023-004417``, ``CLM-2024-117``, ``771-20-04X``, ``100482``; four digits that are no year.
_NUMBER = (
    "[A-Z]{1,5}[-/]?(?:[0-9]{1,8}[-/]){0,2}[0-9]{3,14}[A-Z]?"
    "|(?:[0-9]{1,8}[-/]){1,2}[0-9]{3,14}[A-Z]?"
    "|[0-9]{5,14}[A-Z]?|(?:[03-9][0-9]|1[0-8]|2[1-9])[0-9]{2}"
)

#: Letters and digits mixed, as makers of devices write them.
_SERIAL = "[A-Z]{0,6}[-/]?[0-9][0-9A-Z]{3,17}|[A-Z]{1,6}[0-9][0-9A-Z-]{3,16}"

_CALLED = "(?:id|number|num|no\\.?|nr\\.?|#)"


def _named(
    entity: str, words: str, gate: str, number: str = _NUMBER, score: float = 0.8
) -> Pattern:
    """A pattern for what stands behind words.

    Args:
        entity: what it is.
        words: the whole phrase, a regex.
        gate: a word of each phrase, a regex.
        number: the form.
        score: of a finding.
    """
    return Pattern(
        entity=entity,
        name=f"{entity.lower()}_named",
        regex=rf"(?:{words})(?: is|:|#|=|\))?[ #:]{{0,3}}(?P<v>{number})",
        score=score,
        ignore_case=True,
        whole=False,
        gate=f"(?i:{gate})",
    )


PATTERNS = (
    _named(
        "STUDENT_ID",
        rf"(?:student|pupil|learner|enrol?lment|matriculation) ?{_CALLED}"
        r"|matrikel(?:nummer|-?nr\.?)|num[ée]ro (?:d.)?[ée]tudiant|n[uú]mero de matr[ií]cula",
        "student|pupil|learner|enrol|matr[ií]|tudiant",
    ),
    _named(
        "EMPLOYEE_ID",
        rf"(?:employee|staff|personnel|payroll|worker|badge) ?{_CALLED}"
        r"|personal(?:nummer|-?nr\.?)|mitarbeiter(?:nummer|-?nr\.?|-id)"
        r"|num[ée]ro de matricule|n[uú]mero de (?:empleado|funcion[aá]rio)",
        "employee|staff|personnel|payroll|worker|badge|personal-?n|mitarbeiter|matricule|emplead|funcion",
    ),
    _named("US_CLAIM_NUMBER", rf"claim ?{_CALLED}", "claim"),
    _named("US_PRESCRIPTION_NUMBER", rf"(?:prescription|rx) ?{_CALLED}", "prescription|rx"),
    _named(
        "US_PRIOR_AUTHORIZATION_NUMBER",
        rf"(?:prior |pre-?)auth(?:ori[sz]ation)? ?{_CALLED}",
        "auth",
    ),
    _named("US_REFERRAL_NUMBER", rf"referral ?{_CALLED}", "referral"),
    _named(
        "DEVICE_ID",
        rf"(?:device|handset|serial|equipment) ?{_CALLED}|seriennummer|num[ée]ro de s[ée]rie"
        r"|n[uú]mero de s[eé]rie",
        "device|handset|serial|equipment|serien|rie",
        _SERIAL,
    ),
    _named(
        "ADVERTISING_ID",
        r"(?:advertising|advertiser|ad) id(?:entifier)?|idfa|idfv|gaid|aaid|maid",
        "id",
        "[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}",
        1.0,
    ),
    _named(
        "BIOMETRIC_ID",
        rf"(?:fingerprint|face ?print|voice ?print|iris|biometric) (?:template |scan )?{_CALLED}",
        "finger|print|iris|biometric",
    ),
    _named(
        # Of countries whose licences have no form of their own here.
        "DRIVER_LICENSE",
        r"permis de conduire(?: n[o°]\.?| num[ée]ro)?|(?:permiso|licencia|carnet) de conducir"
        r"|carta de condução|rijbewijs-?(?:nummer|nr\.?)?|körkort(?:snummer)?|førerkort|kørekort"
        r"|ajokortti",
        "permis|conducir|condução|rijbewijs|kørekort|k[öø]rkort|førerkort|ajokortti",
    ),
    _named(
        "ID_CARD",
        rf"(?:(?:national )?id(?:entity)? card|identity document) ?{_CALLED}",
        "id card|identity",
    ),
)
