"""Words that make the name beside them a firm's or an institution's: ``Bank of``, ``Inc.``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakescan.udfs.detect.ner.spans import Span

#: What a model takes the rest of such a name for.
_NAMES = frozenset(
    "PERSON FIRST_NAME MIDDLE_NAME LAST_NAME CITY COUNTY STATE COUNTRY LOCATION BUILDING"
    " ORGANIZATION NATIONALITY".split()
)

#: Words that begin the name of a firm or an institution, with what joins them to the rest.
_FIRST = (
    r"Bank|University|Universit[éàä]t?|Universi(?:dad|dade|teit|tet)|Uniwersytet|College"
    r"|Ministry|Minist[eè]r(?:e|ium|io)|Institute|Institut[oe]?|Instytut|Academy|Accademia"
    r"|Academia|Church|Friends|Federation|F[eé]d[eé]ra(?:tion|ción|ção|zione)|Association"
    r"|Asociación|Associação|Associazione|Foundation|Fondation|Fundación|Fundação|Fondazione"
    r"|Fundacja|Stichting|Stiftung|Banca|Banco|Banque|Caja|Cassa|Caixa|Sparkasse|Volksbank"
    r"|Raiffeisenbank|Crédit|Hospital|Hôpital|Ospedale|Klinik|Kliniek|Clinique|Clínica|Clinica"
    r"|Klinikum|Szpital|Krankenhaus|Ziekenhuis|Centro de Salud|Tribunale?|Cour d['’]appel"
    r"|Cour de cassation|Corte|Court|County Court|High Court|Supreme Court|Landgericht"
    r"|Amtsgericht|Oberlandesgericht|Sąd(?: Rejonowy| Okręgowy)?|Rechtbank|Autohaus|Bäckerei"
    r"|Bakkerij|Boulangerie|Panadería|Molkerei|Kanzlei|Menuiserie|Studio|Trattoria|Ristorante"
    r"|Osteria|Restaurante?|Brauerei|Apotheke|Pharmacie|Farmacia|Farmácia|Apotheek|Gruppo"
    r"|Grupo|Groupe|Grupa|Wydawnictwo|Editora|Editorial|Éditions|Verlag|Société|Sociedad"
    r"|Sociedade|Società|Syndicat|Sindacato|Sindicato|Verein|Team|SV|FC|TSV|VfB|Caisse|Unión|Confederación"
    r"|Gemeente|gemeente|Advocatenkantoor|Latteria|Caseificio|Cartiere|Elektro|Möbel"
)
_JOINED = (
    r"(?: (?:of|for|de|di|del|della|dello|dei|degli|du|des|da|do|dos|das|van|voor|für|zu|at|w|we)"
    r"(?: (?:the|la|las|los|le|les|el|l['’]|het|den|de))?| d['’]| de l['’]| dell['’])?[ ]?"
)
_BEFORE = re.compile(rf"(?<![\w-])(?:{_FIRST}){_JOINED}\Z")
_BEGINS = re.compile(rf"(?:{_FIRST})(?: |\Z)")
_REACH = 48

#: Words that end one.
_LAST = (
    r"Advis(?:ory|ors|ers)|Agency|Airlines|Airways|Analytics|Architects"
    r"|Associa(?:tes|ti|ti?on)|Athletic|Attorneys|Authority|Automotive|Bakery|Bank|Banking"
    r"|Biosystems|Biotech|Brands|Brewery|Brewing|Broadcasting|Brothers|Builders|Capital"
    r"|Catering|Church|Clinic|College|Commission|Committee|Communications|Community College"
    r"|Company|Construction|Consult(?:ing|ants)|Contractors|Cooperative|Corporation|Council"
    r"|Credit Union|Dairy|Dental|Department|Designs|Distribut(?:ion|ors)|Electric|EMS"
    r"|Electronics|Elementary|Energy|Engineering|Enterprises|Entertainment|Equipment|Ferries"
    r"|Finance|Financial|Fitness|Foods?|Forwarding|Foundation|Freight|Fund|Furnishings"
    r"|Furniture|Gallery|Genomics|Grocery|Group|Health|Healthcare|Health Trust|Home Health"
    r"|Hospital|Imaging|Industries|Infirmary|Infrastructure|Institute|Insurance|Interiors"
    r"|Investments|Laborator(?:y|ies)|Labs|Landscaping|Library|Logistics|Ltda?|Lumber"
    r"|Manufacturing|Marketing|Materials|Media|Medical|Mills|Mining|Ministry|Mortgage|Motors"
    r"|Museum|Mutual|Networks|Outfitters|Paving|Payments|Petroleum|Pharma|Pharmaceuticals"
    r"|Pharmacy|Plumbing|Police Department|Primary School|Productions|Properties|Publishing"
    r"|Railway|Realty|Rentals|Robotics|Roofing|School|Securities|Services|Shipping|Software"
    r"|Solicitors|Solutions|Staffing|Steel|Supermarket|Suppl(?:y|ies)|Surety|Surgery|Systems"
    r"|Technologies|Telecom|Theatre|Therapies|Therapeutics|Trading|Transport|Trucking"
    r"|University|Utilities|Ventures|Veterinary|Wholesale|Works|Building Society|Society"
    r"|Goods|Press|Vets|Kitchens|Wines|Stores|Farms"
    r"|Removals|Lettings|Dredging|Surveyors|Instruments|Orchestra|Rovers|Wanderers|United"
)
#: Legal forms; ISO 20275 has them all, these are no words besides.
_FORM = (
    r"P\.C\.|N\.A\.|Inc\b\.?|INC\b\.?|Ltd\b\.?|LTD\b\.?|Limited|LLC|L\.L\.C\.|LLP|L\.L\.P\."
    r"|L\.P\.|Corp\b\.?|CORP\b\.?|plc|PLC|GmbH(?: & Co\. KG(?:aA)?)?|KGaA|e\.V\.|S\.p\.A\."
    r"|S\.r\.l\.|S\.A\.S?\.?|S\.L\.|Lda\b\.?|Ltda\b\.?|B\.V\.|N\.V\.|A/S|ApS|Oyj|sp\. z o\.o\."
    r"|Pty Ltd|& Co\b\.?|& Sons|& Söhne|& Fils|et Fils|& Figli|& Zonen"
)
_AFTER = re.compile(rf"(?: (?:{_LAST})(?![\w-]))*(?:,? (?:{_FORM})(?!\w))?")
_ENDING = re.compile(rf"(?:,? (?:{_LAST}|{_FORM}))+\Z")


def with_firms(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those of names beside such a word widened to it and told as organizations.

    Args:
        text: the text.
        spans: in order, none overlapping; so are those that come back.
    """
    told: list[Span] = []
    for span in spans:
        if told and span.start < told[-1].end:
            if span.end > told[-1].end:
                told[-1] = told[-1]._replace(end=span.end)
            continue
        if span.entity not in _NAMES:
            told.append(span)
            continue
        floor = told[-1].end if told else 0
        before = _BEFORE.search(text[max(floor, span.start - _REACH) : span.start])
        start = span.start - (before.end() - before.start()) if before else span.start
        end = _end(text, span)
        is_firm = (start, end) != span[:2] or _BEGINS.match(text[span.start : span.end])
        told.append(Span(start, end, "ORGANIZATION", span.score) if is_firm else span)
    return told


def without_ending(name: str) -> str:
    """A firm's name without its legal form and the word for what it does."""
    return _ENDING.sub("", name)


def _end(text: str, span: Span) -> int:
    after = _AFTER.match(text, span.end)
    return after.end() if after else span.end
