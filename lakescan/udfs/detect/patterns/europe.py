"""National, tax, health and bank numbers of Europe."""

from __future__ import annotations

from lakescan.udfs.detect.checksums import europe as check
from lakescan.udfs.detect.checksums.generic import luhn
from lakescan.udfs.detect.checksums.stdnum import stdnum
from lakescan.udfs.detect.pattern import DIGIT_GROUPS, Pattern
from lakescan.udfs.detect.patterns.numbers import Number, all_patterns

_D9, _D10, _D11, _D13 = "[0-9]{9}", "[0-9]{10}", "[0-9]{11}", "[0-9]{13}"

_UK_PASSPORT_SAID = Pattern(
    # Nine digits are a United States passport's as well, so the country that is named decides.
    entity="UK_PASSPORT",
    name="uk_passport_said",
    gate=r"(?i:(?:uk|british|kingdom|britain) passport)",
    regex=r"(?:uk|british|kingdom|britain) passport(?: (?:no|nr|num|number|#)\.?)?(?: is|:)? ?[:#]?"
    "(?P<v>[0-9]{9}|[a-z]{2}[0-9]{7})",
    score=0.85,
    ignore_case=True,
    whole=False,
)

_NUMBERS = all_patterns(
    # United Kingdom
    Number(
        # With hyphens it is a telephone number of North America, unless it is called otherwise.
        "UK_NHS", "uk_nhs", ("nhs", "health service", "patient", "chi"), check.uk_nhs,
        written="[0-9]{3} [0-9]{3} [0-9]{4}", bare="[0-9]{10}|[0-9]{3}-[0-9]{3}-[0-9]{4}",
        gate=DIGIT_GROUPS,
    ),
    # Department for Education, "Unique pupil numbers": a check letter, authority, school, year.
    Number("UK_UPN", "uk_upn", ("upn", "pupil number"), stdnum("gb.upn"),
           written="[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]"),
    Number("UK_BANK_ACCOUNT", "uk_bank_account", ("sort code",), bare="[0-9]{8}", cells=False),
    Number(
        # HMRC NIM39110: no D F I Q U V first, no O second, some pairs not used; A to D last.
        "UK_NINO", "uk_nino", ("nino", "national insurance", "ni number", "ni no"),
        None,
        written="(?:[ACEHJ-PR-TW-Z][ABCEGHJ-NPR-TV-Z])(?: ?[0-9]{2}){3} ?[A-D]",
        ignore_case=True, gate="(?i:[A-Z]{2}(?: ?[0-9]{2}){3} ?[A-D])",
    ),
    Number("UK_UTR", "uk_utr", ("utr", "taxpayer ref", "hmrc"), check.uk_utr, bare=_D10),
    Number("UK_VAT_NUMBER", "uk_vat", ("vat",), stdnum("gb.vat"), written="GB ?[0-9]{3} ?[0-9]{4} ?[0-9]{2}(?: ?[0-9]{3})?"),
    Number("UK_SORT_CODE", "uk_sort_code", ("sort code", "sortcode"), written=None,
           bare="[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{6}"),
    Number("UK_PASSPORT", "uk_passport", ("passport",), bare="[0-9]{9}|[A-Z]{2}[0-9]{7}"),
    Number(
        # DVLA: five letters of the surname padded with 9, birth date, initials, check.
        "UK_DRIVING_LICENCE", "uk_driving_licence", ("driv", "licen[cs]e", "dvla"),
        written="[A-Z]{1,5}9{0,4}[0-9](?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12][0-9]|3[01])"
        "[0-9][A-Z][A-Z9][0-9][A-Z]{2}",
    ),
    Number("UK_VEHICLE_REGISTRATION", "uk_plate", ("reg", "plate", "vehicle"),
           bare="[A-Z]{2}[0-9]{2} ?[A-HJ-PR-Y][A-Z]{2}"),
    # Ireland
    Number("IE_PPS", "ie_pps", ("pps", "ppsn", "personal public service"), stdnum("ie.pps"),
           written="[0-9]{7}[A-W][ABHTWX]?", ignore_case=True),
    # Germany
    Number("DE_TAX_ID", "de_tax_id", ("steuer", "idnr", "tax id", "tin"), check.de_tax_id,
           written="[1-9][0-9] [0-9]{3} [0-9]{3} [0-9]{3}", bare="[1-9][0-9]{10}"),
    Number("DE_TAX_NUMBER", "de_tax_number", ("steuernummer", "st.?-?nr", "tax number"),
           stdnum("de.stnr"), written="[0-9]{2,3}/[0-9]{3,4}/[0-9]{4,5}"),
    Number("DE_VAT_ID", "de_vat", ("ust", "vat", "umsatzsteuer"), stdnum("de.vat"),
           written="DE ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}"),
    Number("DE_SOCIAL_SECURITY", "de_social_security",
           ("sozialversicherung", "rentenversicherung", "rvnr", "sv-?n(?:umme)?r", "versicherungsnummer"),
           None,
           bare="[0-9]{2} ?(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2} ?[A-Z] ?[0-9]{3}"),
    Number("DE_PLZ", "de_plz", ("plz", "postleitzahl"), bare="[0-9]{5}", cells=False),
    Number("DE_ID_CARD", "de_id_card", ("personalausweis", "ausweis", "id card", "perso"),
           bare="[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}[0-9]?"),
    Number("DE_PASSPORT", "de_passport", ("reisepass", "passport", "pass"),
           bare="[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{8}[0-9]?"),
    Number("DE_HEALTH_INSURANCE", "de_health_insurance",
           ("krankenversicherung", "kvnr", "versichertennummer", "krankenkasse"),
           bare="[A-Z][0-9]{9}"),
    # France
    # Until 2021 twelve digits, since then nine letters and digits.
    Number("FR_CNI", "fr_cni", ("cni", "carte (?:nationale )?d.identit"),
           bare="[0-9]{12}|[0-9A-Z]{4}[0-9][0-9A-Z]{4}", cells=False),
    Number(
        "FR_NIR", "fr_nir", ("nir", "insee", "sécurité sociale", "securite sociale", "sécu",
         "vitale"),
        stdnum("fr.nir"), strong=True, bare="[1-478][0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{7}",
        written="[1-478] [0-9]{2} [0-9]{2} (?:[0-9]{2}|2[AB]) [0-9]{3} [0-9]{3} [0-9]{2}"
        "|[1-478][0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{5} [0-9]{2}",
        gate=DIGIT_GROUPS,
    ),
    Number("FR_NIF", "fr_nif", ("fiscal", "spi", "nif"), stdnum("fr.nif"),
           written="[0-3][0-9] [0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}"),
    Number("FR_SIREN", "fr_siren", ("siren",), luhn, written="[0-9]{3} [0-9]{3} [0-9]{3}",
           bare=_D9, gate=DIGIT_GROUPS),
    Number("FR_SIRET", "fr_siret", ("siret",), luhn, bare="[0-9]{14}",
           written="[0-9]{3} [0-9]{3} [0-9]{3} [0-9]{5}", gate=DIGIT_GROUPS),
    Number("FR_TVA", "fr_tva", ("tva", "vat"), stdnum("fr.tva"),
           written="FR ?[0-9A-HJ-NP-Z]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}"),
    # Spain, Portugal
    Number("ES_NIF", "es_nif", ("dni", "nif", "documento nacional"), check.es_dni,
           written="[0-9]{8}-?[A-HJ-NP-TV-Z]", ignore_case=True),
    Number("ES_NIE", "es_nie", ("nie", "extranjer"), check.es_dni,
           written="[XYZ]-?[0-9]{7}-?[A-HJ-NP-TV-Z]", ignore_case=True),
    Number("ES_CIF", "es_cif", ("cif", "nif"), stdnum("es.cif"),
           written="[A-HJNP-SUVW]-?[0-9]{7}[0-9A-J]", ignore_case=True),
    Number("ES_SOCIAL_SECURITY", "es_social_security",
           ("seguridad social", "afiliaci[oó]n", "nuss", "naf", "nss"), check.es_social_security,
           written="[0-9]{2}[ /-][0-9]{8}[ /-][0-9]{2}", bare="[0-9]{12}", gate=DIGIT_GROUPS),
    Number("PT_NIF", "pt_nif", ("nif", "contribuinte", "fiscal"), check.pt_nif, bare=_D9),
    Number("PT_CC", "pt_cc", ("cart[aã]o de cidad[aã]o", "cidad[aã]o"), stdnum("pt.cc"),
           written="[0-9]{8} ?[0-9] ?[A-Z]{2}[0-9]", ignore_case=True),
    # Italy
    Number(
        # DM 12 marzo 1974: consonants, birth date, place, check letter (also with omocodia).
        "IT_FISCAL_CODE", "it_fiscal_code", ("codice fiscale", "cod\\.? ?fisc", "fiscal code"),
        stdnum("it.codicefiscale"), ignore_case=True,
        written="[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
    ),
    Number("IT_VAT_CODE", "it_vat", ("partita iva", "p\\.? ?iva", "vat"), stdnum("it.iva"),
           written="IT ?[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}"),
    Number("IT_VAT_CODE", "it_iva", ("partita iva", "p\\.? ?iva", "vat"), luhn, bare=_D11),
    Number("IT_DRIVER_LICENSE", "it_driver_license", ("patente", "driv"),
           bare="[A-Z]{2}[0-9]{7}[A-Z]|U1[0-9A-Z]{7}[A-Z]"),
    Number("IT_IDENTITY_CARD", "it_identity_card", ("carta d.identit", "identity card", "cie"),
           bare="[A-Z]{2}[0-9]{7}|C[A-Z][0-9]{5}[A-Z]{2}"),
    Number("IT_PASSPORT", "it_passport", ("passaporto", "passport"), bare="[A-Z]{2}[0-9]{7}"),
    # Benelux
    Number("NL_BSN", "nl_bsn", ("bsn", "burgerservice", "sofi"), check.nl_bsn,
           written="[0-9]{4}\\.[0-9]{2}\\.[0-9]{3}", bare=_D9),
    Number("NL_ONDERWIJSNUMMER", "nl_onderwijsnummer", ("onderwijsnummer",),
           stdnum("nl.onderwijsnummer"), bare="10[0-9]{7}", cells=False),
    Number("NL_BTW", "nl_btw", ("btw", "vat"), stdnum("nl.btw"), written="NL ?[0-9]{4}\\.?[0-9]{2}\\.?[0-9]{3}\\.?B\\.?[0-9]{2}"),
    Number("NL_POSTCODE", "nl_postcode", ("postcode", "adres"),
           written="[1-9][0-9]{3} ?(?:[A-RT-Z][A-Z]|S[BCE-RT-Z])",
           gate="[1-9][0-9]{3} [A-Z]{2}"),
    Number("BE_NN", "be_nn", ("rijksregister", "national number", "registre national", "insz"),
           check.be_national_number,
           written="[0-9]{2}[. ][01][0-9][. ][0-3][0-9][- ][0-9]{3}[. ][0-9]{2}",
           bare=_D11),
    Number("BE_BIS", "be_bis", ("bis-nummer", "numéro bis", "bis number"), stdnum("be.bis"),
           written="[0-9]{2}[. ][2-5][0-9][. ][0-3][0-9][- ][0-9]{3}[. ][0-9]{2}",
           bare=_D11, cells=False),
    Number("BE_VAT", "be_vat", ("btw", "tva", "vat", "ondernemingsnummer"), stdnum("be.vat"),
           written="BE ?[01][0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}|[01][0-9]{3}\\.[0-9]{3}\\.[0-9]{3}"),
    Number("LU_TVA", "lu_tva", ("tva", "vat"), stdnum("lu.tva"), written="LU ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}"),
    # Austria, Switzerland
    Number("AT_SVNR", "at_svnr", ("sozialversicherung", "svnr", "sv-?nr", "vnr"), check.at_svnr,
           written="[1-9][0-9]{3} [0-9]{6}", bare="[1-9][0-9]{9}", gate=DIGIT_GROUPS),
    Number("AT_UID", "at_uid", ("uid", "ust", "vat"), stdnum("at.uid"), written="ATU ?[0-9]{8}"),
    Number("CH_AHV", "ch_ahv", ("ahv", "avs", "sozialversicherung", "navs"), check.ean13,
           written="756\\.[0-9]{4}\\.[0-9]{4}\\.[0-9]{2}", bare="756[0-9]{10}"),
    Number("CH_UID", "ch_uid", ("uid", "ide", "mwst"), stdnum("ch.uid"),
           written="CHE[- ]?[0-9]{3}\\.?[0-9]{3}\\.?[0-9]{3}"),
    # Nordic countries
    Number("SE_PERSONNUMMER", "se_personnummer", ("personnummer", "personnr", "pnr"),
           check.se_personnummer, written="(?:19|20)?[0-9]{6}[-+][0-9]{4}",
           bare="(?:19|20)[0-9]{10}|[0-9]{10}"),
    Number("SE_ORGANISATIONSNUMMER", "se_orgnr", ("organisationsnummer", "org\\.? ?nr"),
           check.se_orgnr, bare="[0-9]{6}-[0-9]{4}"),
    Number("NO_FODSELSNUMMER", "no_fodselsnummer", ("fødselsnummer", "fodselsnummer", "personnr"),
           check.no_fodselsnummer, written="[0-9]{6}[ -][0-9]{5}", bare=_D11, strong=True,
           gate=DIGIT_GROUPS),
    Number("DK_CPR", "dk_cpr", ("cpr", "personnummer"), check.dk_cpr,
           bare="[0-3][0-9][01][0-9]{3}-?[0-9]{4}"),
    Number("FI_PERSONAL_IDENTITY_CODE", "fi_hetu", ("hetu", "henkilötunnus", "henkilotunnus"),
           check.fi_hetu, ignore_case=True,
           written="[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]"),
    Number("IS_KENNITALA", "is_kennitala", ("kennitala",), check.is_kennitala,
           written="[0-7][0-9][01][0-9]{3}-[0-9]{4}", bare="[0-7][0-9][01][0-9]{7}"),
    # Baltic countries
    Number("EE_IK", "ee_ik", ("isikukood",), check.ee_lt_code, bare="[1-8][0-9]{10}", strong=True),
    Number("LT_ASMENS", "lt_asmens", ("asmens",), check.ee_lt_code, bare="[1-8][0-9]{10}"),
    Number("LV_PK", "lv_pk", ("personas kods",), stdnum("lv.pvn"),
           written="[0-3][0-9][01][0-9]{3}-[0-2][0-9]{4}"),
    # Central and eastern Europe
    Number("PL_PESEL", "pl_pesel", ("pesel",), check.pl_pesel, bare=_D11),
    Number("PL_NIP", "pl_nip", ("nip",), check.pl_nip, bare=_D10,
           written="[0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{2}|[0-9]{3}-[0-9]{2}-[0-9]{2}-[0-9]{3}|PL ?[0-9]{10}"
           "|PL ?[0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{2}"),
    Number("PL_REGON", "pl_regon", ("regon",), check.pl_regon, bare=_D9),
    # Rozporządzenie w sprawie wydawania dokumentów: serial, year, office of a driving licence.
    Number("BANK_ACCOUNT", "pl_nrb", ("nrb", "rachun", "konto"), check.pl_nrb, strong=True,
           written="[0-9]{2}(?: [0-9]{4}){6}|(?:[0-9]{4} ){6}[0-9]{2}", bare="[0-9]{26}"),
    Number("PL_DRIVER_LICENSE", "pl_driver_license", ("prawo jazdy", "prawa jazdy", "driv"),
           bare="[0-9]{5}/[0-9]{2}/[0-9]{4}"),
    Number("PL_ID_CARD", "pl_id_card", ("dowód", "dowod", "id card"), bare="[A-Z]{3}[0-9]{6}"),
    Number("CZ_RC", "cz_rc", ("rodn", "r\\.? ?č"), check.cz_sk_number,
           written="[0-9]{6}/[0-9]{4}", bare=_D10),
    Number("CZ_DIC", "cz_dic", ("dič", "dic", "vat"), stdnum("cz.dic"), written="CZ ?[0-9]{8,10}"),
    Number("HU_ANUM", "hu_anum", ("adószám", "adoszam"), stdnum("hu.anum"),
           written="HU ?[0-9]{8}|[0-9]{8}-[1-5]-[0-9]{2}"),
    Number("HU_TAJ", "hu_taj", ("taj",), bare="[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}"),
    Number("RO_CNP", "ro_cnp", ("cnp", "cod numeric"), check.ro_cnp, bare=_D13, strong=True),
    Number("RO_CUI", "ro_cui", ("cui", "cif"), stdnum("ro.cui"), written="RO ?[0-9]{4,10}"),
    Number("BG_PNF", "bg_pnf", ("лнч", "lnch", "pnf", "личен номер на чужденец"),
           stdnum("bg.pnf"), bare=_D10, cells=False),
    Number("BG_EGN", "bg_egn", ("егн", "egn"), check.bg_egn, bare=_D10),
    Number("GR_AFM", "gr_afm", ("αφμ", "afm", "vat"), check.gr_afm, bare=_D9,
           written="(?:EL|GR) ?[0-9]{9}"),
    Number("GR_AMKA", "gr_amka", ("αμκα", "amka"), stdnum("gr.amka"),
           bare="[0-3][0-9][01][0-9]{8}"),
    Number("HR_OIB", "hr_oib", ("oib",), check.hr_oib, bare=_D11, written="HR ?[0-9]{11}"),
    Number("SI_EMSO", "si_emso", ("emšo", "emso", "jmbg"), check.si_emso, bare=_D13, strong=True),
    Number("SI_DDV", "si_ddv", ("ddv", "davčna"), stdnum("si.ddv"), written="SI ?[0-9]{8}"),
    Number("SK_DPH", "sk_dph", ("dph", "ič dph"), stdnum("sk.dph"), written="SK ?[0-9]{10}"),
    Number("RU_INN", "ru_inn", ("инн", "inn"), check.ru_inn, bare="[0-9]{10}(?:[0-9]{2})?"),
    Number("RU_SNILS", "ru_snils", ("снилс", "snils"), check.ru_snils,
           written="[0-9]{3}-[0-9]{3}-[0-9]{3}[ -][0-9]{2}", bare=_D11),
    Number("RU_PASSPORT", "ru_passport", ("паспорт", "passport"), bare="[0-9]{4} [0-9]{6}"),
    Number("UA_RNTRC", "ua_rntrc", ("рнокпп", "іпн", "ідентифікаційн"), check.ua_rnokpp, bare=_D10),
    # Türkiye
    Number("TR_TCKN", "tr_tckn", ("kimlik", "t\\.?c\\.?", "tckn"), check.tr_tckn,
           bare="[1-9][0-9]{10}"),
    # European Union: the other members' VAT numbers, with their country's letters.
    Number(
        "EU_VAT_NUMBER", "eu_vat", ("vat",), stdnum("eu.vat"),
        written="(?:BG|CY|DK|EE|ES|FI|HR|IE|LT|LV|MT|PT|SE|XI)[0-9A-Z]{8,12}",
    ),
)  # fmt: skip

PATTERNS = (_UK_PASSPORT_SAID, *_NUMBERS)
