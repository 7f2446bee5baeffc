"""Street addresses, postal codes, coordinates."""

from __future__ import annotations

from lakescan.udfs.detect.checksums.codes import no_clause
from lakescan.udfs.detect.dictionaries.towns import town_beside_code
from lakescan.udfs.detect.pattern import Edge, Pattern
from lakescan.udfs.detect.patterns.plates import WORDS

_DESIGNATOR = (
    "(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|plaza|plz|terrace|ter"
    "|place|pl|trail|trl|highway|hwy|parkway|pkwy|circle|cir|square|sq|way|crescent|close|alley"
    "|row|loop|mews|pike|turnpike|tpke|expressway|route|rte)"
)
_UNIT = (
    r"(?:,? (?:apt|apartment|suite|ste|unit|floor|fl|building|bldg|room|rm|#)\.?"
    r" ?#?(?:[0-9]{1,5}(?:-?[A-Za-z])?|[A-Za-z](?:-?[0-9]{1,4})?)\b)?"
)
#: A word of a street's name; a long one with a point ends a sentence ("22 October. The Court").
_STREET_WORD = r"(?:[0-9]{0,3}[A-Za-z][A-Za-z'-]{0,24}|[A-Za-z]{1,4}\.(?:[A-Za-z]\.)?)"
#: The rarer suffixes of USPS Publication 28, appendix C1: words that streets share with the country.
_RARE = (
    "(?:annex|arcade|bayou|beach|bend|bluffs?|bottom|branch|bridge|brooks?|burg|bypass|camp|canyon|cape"
    "|causeway|center|centers|circles|cliffs?|club|common|commons|corners?|course|courts|coves?|creek"
    "|crest|crossing|crossroads?|curve|dale|dam|divide|drives|estates?|extensions?|falls?|ferry|fields?"
    "|flats?|fords?|forest|forges?|forks?|fort|freeway|gardens?|gateway|glens?|greens?|groves?|harbors?"
    "|haven|heights|hills?|hollow|inlet|islands?|isle|junctions?|keys?|knolls?|lakes?|land|landing"
    "|lights?|locks?|lodge|mall|manors?|meadows?|mills?|mission|motorway|mount|mountains?|neck"
    "|orchard|oval|overpass|parade|parks?|pass|passage|path|pines?|plains?|points?|ports?|prairie"
    "|quay|radial|ramp|ranch|rapids?|rest|ridges?|rise|rivers?|roads|run|shoals?|shores?|skyway"
    "|springs?|spurs?|squares|stairs|station|stream|streets|summit|throughway|tor|trace|track"
    "|trafficway|tunnel|turn|unions?|valleys?|vale|viaduct|views?|villages?|ville|vista|walks?|wall"
    "|ways|wells?|wharf)"
)
_GERMANIC = (
    "(?:stra(?:ß|ss)e|str\\.|weg|platz|gasse|allee|ufer|straat|laan|plein|gracht|kade|singel"
    "|gatan|gata|vägen|vej|gade|veien|katu|tie)"
)
_ROMANCE = (
    "(?:rue|avenue|boulevard|place|chemin|impasse|allée|quai|cours|route|calle|c/|avenida|avda\\.?"
    "|paseo|plaza|camino|carrera|av\\.?|bd\\.?|pza\\.?|ctra\\.?|trav\\.|rod\\.|urb\\.|os\\."
    "|via|viale|piazza|corso|vicolo|largo|rua|travessa|praça|estrada"
    "|alameda|ul\\.|ulica|al\\.|plac|улица|ул\\.|проспект|jalan|jl\\.?)"
)
_POSTAL_CODE = (
    "(?:[A-Z]{1,3}-)?(?:[0-9]{4,5}|[0-9]{2}-[0-9]{3}|[0-9]{4}-[0-9]{3}|[0-9]{5}-[0-9]{3}"
    "|[0-9]{3} [0-9]{2}|[0-9]{4} ?[A-Z]{2})"
)
_TOWN = r"[A-Za-zÀ-ž][A-Za-zÀ-ž .'’()-]{1,40}"

PATTERNS = (
    Pattern(
        entity="STREET",
        name="street_address",
        gate=rf"(?i:[0-9a-z.'-] {_DESIGNATOR}(?:[^a-z]|$))",
        regex=r"[0-9]{1,6}[A-Za-z]?(?:-[0-9]{1,5})?,? (?:(?:[NSEW]|[NS][EW])\.? )?"
        rf"(?:{_STREET_WORD} ){{1,4}}{_DESIGNATOR}\b\.?(?: [NSEW]{{1,2}}\b)?{_UNIT}",
        score=0.8,
        validate=no_clause,
        ignore_case=True,
    ),
    Pattern(
        entity="STREET",
        name="street_address_rare",
        regex=r"(?:[0-9]{1,4}/)?[0-9]{1,6}[A-Za-z]? (?:[A-Za-z][A-Za-z.'-]{1,24} ){1,3}"
        rf"{_RARE}{_UNIT}",
        score=0.5,
        ignore_case=True,
        search=False,
    ),
    Pattern(
        # Russian, Ukrainian, Bulgarian: the kind of street, its name, the house.
        entity="STREET",
        name="street_cyrillic",
        regex=r"(?:ул\.?|улица|вул\.?|вулиця|пр\.?|пр-т|просп\.?|проспект|пер\.?|переулок|провулок"
        r"|бул\.?|б-р|бульвар|алл\.?|аллея|наб\.?|набережная|набережна|пл\.?|площадь|площа|ш\.?|шоссе"
        r"|парк|проезд|тупик)[ .].{2,60}[0-9].{0,40}",
        score=0.7,
        search=False,
    ),
    Pattern(
        # Chinese, Japanese, Korean: from the large to the small, road and number last.
        entity="STREET",
        name="street_east_asian",
        regex="[一-鿿ぁ-ヿ가-힯0-9 ()-]{2,60}"
        "(?:[路街道巷弄里][0-9A-Za-z一-鿿 -]{0,12}[号號室座栋楼]|丁目[0-9-]{0,10}"
        "|番地?[0-9-]{0,10}号?|[로길] ?[0-9]{1,4}(?:-[0-9]{1,4})?(?:번길 ?[0-9-]{1,8})?"
        "(?: ?\\([^()]{1,20}\\))?)",
        score=0.7,
        search=False,
    ),
    Pattern(
        # Hungarian, Turkish, Vietnamese, Thai, Hebrew, Arabic: the words for street and house.
        entity="STREET",
        name="street_other",
        regex=r"[^\t\n,]{2,40} (?:utca|út|tér|körút|köz|sétány|u\.|sokak|sok\.|sk\.|cadde(?:si)?|cad\.|bulvarı"
        r"|mahallesi|mah\.)[ .,].{0,40}[0-9].{0,20}|(?:số )?[0-9][0-9A-Z/]{0,9}[, ]+(?:đường|phố|hẻm|ngõ)"
        r" .{2,60}|[0-9/]{1,9} (?:หมู่|ถ\.|ถนน|ซ\.|ซอย).{2,60}|(?:רחוב|שדרות|شارع) .{2,60}",
        score=0.6,
        ignore_case=True,
        search=False,
    ),
    Pattern(
        # German, Dutch, Scandinavian: the designator ends the name, the number follows.
        entity="STREET",
        name="street_germanic",
        regex=r"(?:[A-Za-zÀ-ž][A-Za-zÀ-ž.'-]{0,20} ){0,3}[A-Za-zÀ-ž-]{2,25}"
        rf"{_GERMANIC} [0-9]{{1,4}}(?: ?[A-Za-z])?(?:[-/][0-9]{{1,4}})?",
        score=0.75,
        ignore_case=True,
        search=False,
    ),
    Pattern(
        # Inside text only words with a capital belong to it: "lives at Alte Hauptstraße 12".
        entity="STREET",
        name="street_germanic_in_text",
        regex=r"(?:[A-ZÄÖÜÅÆØ][A-Za-zÀ-ž'-]{0,20}\.? ){0,2}[A-Za-zÀ-ž-]{2,25}"
        rf"{_GERMANIC} [0-9]{{1,4}}(?: ?[A-Za-z]\b)?(?:[-/][0-9]{{1,4}})?",
        score=0.75,
        whole=False,
        gate=f"(?i:{_GERMANIC} [0-9])",
    ),
    Pattern(
        # Romance and Slavic: the designator comes first.
        entity="STREET",
        name="street_romance",
        regex=rf"(?:[0-9]{{1,4}}(?: ?(?:bis|ter|[A-D]))?,? )?{_ROMANCE} (?:[0-9A-Za-zÀ-ž.'’ºª°-]{{1,20}},? ?){{1,7}}"
        r"(?:,? ?(?:n[ºo°.]{0,2} ?)?[0-9]{1,5}(?: ?[A-Za-z])?(?:/[0-9]{1,4}[A-Za-z]?)?)?",
        score=0.6,
        ignore_case=True,
        search=False,
    ),
    Pattern(
        entity="PO_BOX",
        name="po_box",
        regex=r"(?:p\.? ?o\.? ?box|post office box|postfach|apartado (?:postal|de correos)"
        r"|postbus|bo[iî]te postale|casella postale) ?#?[0-9]{1,7}|apartado [0-9]{3,7}",
        score=0.9,
        ignore_case=True,
        gate="(?i:box|postfach|apartado|postbus|postale)",
    ),
    Pattern(
        entity="SECONDARY_ADDRESS",
        name="secondary_address",
        regex=r"(?:(?:apt|apartment|suite|ste|unit|floor|fl|building|bldg|room|rm|dept|lot|trailer)"
        r"(?:\. ?| )#?)[0-9]{1,5}[A-Za-z]?|[0-9]{1,3}(?:st|nd|rd|th) (?:floor|fl)",
        score=0.5,
        ignore_case=True,
        search=False,
    ),
    Pattern(
        # A door's number, or an order's: only the column's name says which.
        entity="SECONDARY_ADDRESS",
        name="door_number",
        regex="#[0-9]{1,5}[A-Za-z]?",
        score=0.2,
        shape=True,
        search=False,
    ),
    Pattern(
        # Inside text only what is little else: "Office Suite 2019" is no door.
        entity="SECONDARY_ADDRESS",
        name="apartment",
        regex=r"(?:apt|apartment)(?:\. ?| )#?[0-9]{1,5}[A-Za-z]?|(?:suite|ste)(?:\. ?| )#?[0-9]{3}[A-Za-z]?",
        score=0.7,
        ignore_case=True,
        whole=False,
        gate=r"(?i:apt|apartment|suite|ste)[. ]",
    ),
    Pattern(
        # USPS Publication 28, section 238: overseas military and diplomatic addresses.
        entity="ADDRESS",
        name="us_military_address",
        regex=r"(?:(?:psc|cmr|unit) [0-9]{1,5},? box [0-9]{1,6}[ ,\n]{1,3})?"
        r"(?:apo|fpo|dpo),? (?:aa|ae|ap)(?: [0-9]{5}(?:-[0-9]{4})?)?"
        r"|(?:psc|cmr|unit) [0-9]{1,5},? box [0-9]{1,6}",
        score=0.85,
        ignore_case=True,
        gate="(?i:[afd]po,? a[aep]|[0-9],? box [0-9])",
    ),
    Pattern(
        # Universal Postal Union, S42: the last line of an address, code and town in either order.
        entity="ADDRESS",
        name="postal_line",
        regex=rf"{_POSTAL_CODE},? {_TOWN}|{_TOWN},? (?:[A-Z]{{2}},? )?[0-9]{{5}}(?:-[0-9]{{4}})?",
        score=0.7,
        validate=town_beside_code,
        weak=0.2,
        search=False,
    ),
    Pattern(
        entity="ZIPCODE",
        name="us_zip_plus4",
        regex="[0-9]{5}-[0-9]{4}",
        score=0.6,
        edge=Edge.NUMBER,
    ),
    Pattern(
        entity="ZIPCODE",
        name="us_zip",
        regex="[0-9]{5}",
        score=0.2,
        shape=True,
        context=("zip", "postal", "postcode", "plz"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        # Universal Postal Union, "Postal addressing systems": Poland, Portugal, Brazil, Japan,
        # Czechia, Slovakia, Sweden and Greece, and the letters before Hungary's, Latvia's and others'.
        entity="ZIPCODE",
        name="zip_grouped",
        regex="[0-9]{2}-[0-9]{3}|[1-9][0-9]{3}-[0-9]{3}|[0-9]{5}-[0-9]{3}|[0-9]{3}-[0-9]{4}"
        "|[1-9][0-9]{2} [0-9]{2}|(?:A|B|CH|D|F|FI|FIN|H|I|L|LT|LV|MD|N|NL|S|SE|SK)-[0-9]{4,5}",
        score=0.25,
        shape=True,
        context=("zip", "postal", "postcode", "cep", "kod pocztowy", "psč", "郵便"),
        edge=Edge.NUMBER,
    ),
    Pattern(
        # Royal Mail PAF: outward and inward code.
        entity="UK_POSTCODE",
        name="uk_postcode",
        gate="(?i:[0-9][A-Z]? [0-9][A-Z]{2}|gir 0aa)",
        regex="(?:GIR ?0AA|(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}"
        "|[A-PR-UWYZ][0-9][A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRV-Y]) ?[0-9][ABD-HJLNP-UW-Z]{2})",
        score=0.8,
        ignore_case=True,
        against=(*WORDS, "veicolo", "number plate", "license plate", "reg(?:istration)?"),
    ),
    Pattern(
        # Canada Post: ANA NAN without D F I O Q U.
        entity="CA_POSTAL_CODE",
        name="ca_postal_code",
        gate="(?i:[A-Z][0-9][A-Z] [0-9])",
        regex="[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]",
        score=0.75,
        ignore_case=True,
    ),
    Pattern(
        entity="GEO_COORDINATE",
        name="coordinates",
        gate=r"[0-9]\.[0-9]{3,15}[,;] ?[+-]?[0-9]",
        regex=r"[(\[]?[+-]?(?:90|[1-8]?[0-9])\.[0-9]{3,15}[,;] ?[+-]?(?:180|1[0-7][0-9]|[1-9]?[0-9])\.[0-9]{3,15}[)\]]?",
        score=0.85,
        edge=Edge.NUMBER,
    ),
    Pattern(
        # Open Data Kit's geopoint: latitude, longitude, altitude, accuracy.
        entity="GEO_COORDINATE",
        name="coordinates_odk",
        regex=r"-?(?:90|[1-8]?[0-9])\.[0-9]{3,15} -?(?:180|1[0-7][0-9]|[1-9]?[0-9])\.[0-9]{3,15}"
        r"(?: -?[0-9]{1,4}(?:\.[0-9]{1,6})? [0-9]{1,4}(?:\.[0-9]{1,6})?)?",
        score=0.85,
        edge=Edge.NUMBER,
        gate=r"[0-9]\.[0-9]{3,15} -?[0-9]",
    ),
    Pattern(
        # Degrees, minutes, seconds and a hemisphere (ISO 6709, annex D).
        entity="GEO_COORDINATE",
        name="coordinates_dms",
        regex=r"[0-9]{1,3} ?[°d] ?[0-9]{1,2} ?['′m]? ?(?:[0-9]{1,2}(?:\.[0-9]{1,6})? ?[\"″s]?)? ?[NSEWO]"
        r"(?:[ ,;]{1,3}[0-9]{1,3} ?[°d] ?[0-9]{1,2} ?['′m]? ?(?:[0-9]{1,2}(?:\.[0-9]{1,6})? ?[\"″s]?)? ?[NSEWO])?",
        score=0.85,
        edge=Edge.NONE,
        gate="[0-9] ?[°d]",
    ),
    Pattern(
        # Open Geospatial Consortium 06-103r4: well-known text of a point.
        entity="GEO_COORDINATE",
        name="coordinates_wkt",
        regex=r"POINT ?\(-?[0-9]{1,3}(?:\.[0-9]{1,15})? -?[0-9]{1,3}(?:\.[0-9]{1,15})?\)",
        score=0.95,
        ignore_case=True,
        gate="(?i:point)",
    ),
    Pattern(
        entity="GEO_COORDINATE",
        name="decimal_degrees",
        regex=r"[+-]?(?:180|1[0-7][0-9]|[1-9]?[0-9])\.[0-9]{4,15}",
        score=0.2,
        shape=True,
        search=False,
    ),
)
