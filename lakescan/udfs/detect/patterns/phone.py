"""Telephone numbers."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.phone import international, long_enough, nanp, no_date
from lakescan.udfs.detect.pattern import DIGIT_GROUPS, Edge, Pattern

_EXT = r"(?: ?(?:x|ext\.?|extension|#) ?[0-9]{1,6})?"
_GATE = DIGIT_GROUPS + "|[0-9] ?(?:[xX#]|[eE][xX][tT])"
_WORDS = ("phone", "tel", "call", "mobile", "cell", "fax", "whatsapp", "contact", "telefon",
          "téléphone", "handy", "móvil", "celular", "numéro", "dial", "sms", "text me",
          "number is", "reach", r"cel\b", "tlf", "tfno", "nr tel", "ring mi[gn]", "bel (?:me|mij|op)",
         "anrufen", "erreichbar", "appelez", "rappeler", "llám[ae]", "llame", "chiam(?:ami|are|atemi)",
         "zadzwo", "me ligue", "ligue para", "telefone", "teléfono", "cellulare", "mobil", "puhelin", "gsm",
          "電話", "电话", "手机", "携帯", "전화", "휴대폰", "телефон", "тел", "моб", "τηλέφωνο", "κινητό",
          "هاتف", "جوال", "טלפון", "फ़ोन", "मोबाइल", "โทร", "điện thoại")  # fmt: skip

#: Right before a number, these say that it is a telephone's: of the numbers that are written in
#: groups alike one in ten has the check digit of something else.
_DIALS = "phone|telephone|tel|mobile|cell|fax|sms|call|text|dial|ring|reach"
_ABROAD = "cel|tlf|tfno|telefone|telefon|téléphone|teléfono|handy|móvil|celular|portable|cellulare"
DIALLED = (
    f"(?:{_DIALS}|{_ABROAD}|mob|ph|whatsapp)[.]?",
    f"(?:{_DIALS}|contact)(?: (?:number|no|nr|to|at|on|is|me|us|him|her|them|back)[.]?){{1,3}}",
    "(?:phone|telephone|mobile|cell|fax)(?: number| no[.]?)?[*:]{1,4}",
)

#: Right before a number, these say that it is no telephone's, whoever is to be called.
_OTHERWISE = tuple(
    rf"{word}(?:[ -](?:no|nr|num|number|id)[.]?)?"
    for word in "nif|nie|cif|nip|pesel|regon|cpf|cnpj|bsn|siren|siret|ssn|sin|tin|mrn|abn|acn|tfn|curp|rfc"
    "|aadhaar|vat|iban|order|invoice|ticket|case|ref|reference|booking|policy|claim|account|acct|tracking"
    "|bestellung|rechnung|auftrag|kundennummer|faktura|factura|facture|pedido|commande|ordine".split(
        "|"
    )
)

#: Right behind a number, these say that it is a telephone's. But for a fax they are words of other
#: things, too ("120 000 mobile users"), and count only where they end a line or a part of it:
#: ``078 6657 2626 office``, ``555-0142 (home)``.
_PLACES = (
    "phone|telephone|tel|mobile|mob|cell|handy|móvil|celular|portable|cellulare|whatsapp|office|home"
    "|work|direct|switchboard|hotline|büro|bureau|oficina"
)
_BEHIND = (
    r"[ \t]?[(\[,:-]?[ ]?(?:(?:tele)?fax(?:[^0-9A-Za-z]|$)"
    rf"|(?:{_PLACES})(?:[ ]?(?:[^0-9A-Za-z \t'.:(+-]|$)|[.](?:$|[ ]?[^0-9 (+])))"
)

PATTERNS = (
    Pattern(
        # ITU-T E.164 and E.123: + and country code; each country's plan from libphonenumber.
        entity="PHONE_NUMBER",
        name="phone_international",
        gate=r"\+[1-9]|00[1-9]",
        regex=r"(?:\+|\(\+|00)[1-9](?:[ ./()-]{0,2}[0-9]){6,14}" + _EXT,
        score=0.95,
        validate=international,
        weak=0.4,
        ignore_case=True,
        edge=Edge.NUMBER,
    ),
    Pattern(
        # North American Numbering Plan (ATIS-0300051): NPA and NXX begin with 2..9.
        entity="PHONE_NUMBER",
        name="phone_nanp",
        gate=_GATE,
        regex=r"(?:\+?1[ .-]?)?(?:\([0-9]{3}\)[ .-]?|[0-9]{3}[ .-])[0-9]{3}[ .-][0-9]{4}" + _EXT,
        score=0.9,
        validate=nanp,
        weak=0.45,
        context=_WORDS,
        against=("nhs(?: (?:no|nr|number))?[.]?",),
        ignore_case=True,
        edge=Edge.NUMBER,
    ),
    Pattern(
        # Any plan's, with what telephone it is behind it.
        entity="PHONE_NUMBER",
        name="phone_labelled",
        gate=rf"(?i:[0-9]\)?{_BEHIND})",
        regex=r"(?P<v>(?:\+?\(?[0-9]{1,4}\)?(?:[ ./-]{1,2}\(?[0-9]{2,8}\)?){1,5}|[0-9]{7,14}))"
        + _BEHIND,
        score=0.95,
        validate=no_date,
        ignore_case=True,
        edge=Edge.NONE,
        whole=False,
    ),
    Pattern(
        # Brazil, Anatel's numbering plan: the area in brackets, nine digits from 9 or eight from 2
        # to 5, in four behind the hyphen.
        entity="PHONE_NUMBER",
        name="phone_brazil",
        gate=r"\([1-9]{2}\) ?[2-9][0-9]{3,4}-[0-9]",
        regex=r"\([1-9]{2}\) ?(?:9[0-9]{4}|[2-5][0-9]{3})-[0-9]{4}",
        score=0.85,
        edge=Edge.NUMBER,
    ),
    Pattern(
        # National forms: a trunk 0 or an area code, in groups.
        entity="PHONE_NUMBER",
        name="phone_national",
        regex=r"(?:\(0?[1-9][0-9]{0,4}\)|0[1-9][0-9]{0,4}|[1-9][0-9]{1,3})"
        r"(?:[ ./-]{1,3}[0-9]{2,8}){1,5}" + _EXT,
        score=0.3,
        shape=True,
        validate=long_enough,
        context=_WORDS,
        ignore_case=True,
        against=_OTHERWISE,
        edge=Edge.NUMBER,
    ),
    Pattern(
        # Mobile numbers as dialled at home, where the plan (ITU-T E.129 notices) leaves few others:
        # China 1[3-9], United Kingdom 07, France 06 and 07, Germany 015 to 017, Korea 010, Japan
        # 070 to 090, Australia 04, Türkiye 05, South Africa 06 to 08.
        entity="PHONE_NUMBER",
        name="phone_mobile",
        regex="1[3-9][0-9]{9}|07[0-9]{9}|0[4-7][0-9]{8}|01[5-7][0-9]{8,9}|010[0-9]{8}"
        "|0[789]0[0-9]{8}|05[0-9]{9}|08[0-9]{8}",
        score=0.3,
        shape=True,
        context=_WORDS,
        against=_OTHERWISE,
        edge=Edge.NUMBER,
    ),
    Pattern(
        # Others of nine digits or ten, whose plans leave room for other numbers as well: Spain 6
        # and 7, Italy 3, India 6 to 9, Brazil with the area, North America.
        entity="PHONE_NUMBER",
        name="phone_bare",
        regex="[67][0-9]{8}|3[2-9][0-9]{8}|[6-9][0-9]{9}|[1-9]{2}9[0-9]{8}"
        "|[2-9][0-9]{2}[2-9][0-9]{6}",
        score=0.2,
        shape=True,
        search=False,
        edge=Edge.NUMBER,
    ),
    Pattern(
        # ITU-T E.164 without the sign: the country's code and its plan.
        entity="PHONE_NUMBER",
        name="phone_dialled",
        regex="[1-9][0-9]{9,14}",
        score=0.2,
        shape=True,
        validate=international,
        search=False,
        edge=Edge.NUMBER,
    ),
    Pattern(
        entity="PHONE_NUMBER",
        name="phone",
        regex=r"(?:0[1-9][0-9]{8,10}|1?[2-9][0-9]{2}[2-9][0-9]{6}|[1-9][0-9]{6,14}"
        r"|9[0-9]{4}-[0-9]{4})",
        score=0.15,
        shape=True,
        context=_WORDS,
        against=_OTHERWISE,
        edge=Edge.NUMBER,
    ),
)
