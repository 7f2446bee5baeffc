"""Numbers of tax offices and company registers that the regional files do not hold."""

from __future__ import annotations

from lakescan.udfs.detect.checksums import registers as check
from lakescan.udfs.detect.checksums.stdnum import stdnum
from lakescan.udfs.detect.patterns.numbers import Number, all_patterns

_D8, _D9, _D10, _D13 = "[0-9]{8}", "[0-9]{9}", "[0-9]{10}", "[0-9]{13}"

PATTERNS = all_patterns(
    # Nordic and Baltic countries
    Number("NO_ORGNR", "no_orgnr", ("org\\.? ?nr", "organisasjonsnummer", "foretaksnummer"),
           check.no_orgnr, bare=_D9, cells=False),
    Number("NO_MVA", "no_mva", ("mva", "vat"), stdnum("no.mva"),
           written="(?:NO ?)?[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?MVA", gate="MVA"),
    Number("NO_KONTONR", "no_kontonr", ("kontonummer", "kontonr", "konto"), check.no_kontonr,
           written="[0-9]{4}\\.[0-9]{2}\\.[0-9]{5}"),
    Number("DK_CVR", "dk_cvr", ("cvr", "se-?nr"), check.dk_cvr, bare=_D8, cells=False),
    Number("FI_YTUNNUS", "fi_ytunnus", ("y-tunnus", "ytunnus", "business id"), check.fi_ytunnus,
           written="[0-9]{7}-[0-9]"),
    Number("SE_VAT", "se_vat", ("moms", "vat"), stdnum("se.vat"), written="SE ?[0-9]{12}"),
    Number("LT_PVM", "lt_pvm", ("pvm", "vat"), check.lt_pvm, bare=_D9, cells=False),
    Number("LV_PVN", "lv_pvn", ("pvn", "vat"), stdnum("lv.pvn"), written="LV ?[0-9]{11}"),
    # Western and southern Europe
    Number("AT_TIN", "at_tin", ("steuernummer", "abgabenkontonummer"), stdnum("at.tin"),
           written="[0-9]{2}-?[0-9]{3}/[0-9]{4}"),
    Number("CH_VAT", "ch_vat", ("mwst", "tva", "iva", "vat"), stdnum("ch.vat"),
           written="CHE[- ]?[0-9]{3}\\.[0-9]{3}\\.[0-9]{3} ?(?:MWST|TVA|IVA|TPV)",
           gate="(?:MWST|TVA|IVA|TPV)"),
    Number("ES_CCC", "es_ccc", ("ccc", "cuenta"), check.es_ccc, bare="[0-9]{20}", strong=True,
           written="[0-9]{4}[ -][0-9]{4}[ -][0-9]{2}[ -][0-9]{10}"),
    Number("AD_NRT", "ad_nrt", ("nrt", "registre tributari"), stdnum("ad.nrt"),
           written="[ACDEFGLOPU]-[0-9]{6}-[A-Z]",
           bare="[ACDEFGLOPU][0-9]{6}[A-Z]"),
    Number("BE_EID", "be_eid", ("identiteitskaart", "carte d.identit", "eid"), stdnum("be.eid"),
           written="[0-9]{3}-[0-9]{7}-[0-9]{2}"),
    Number("CY_VAT", "cy_vat", ("vat", "φπα"), stdnum("cy.vat"), written="[0-9]{8}[A-Z]"),
    # Central and eastern Europe
    Number("RS_PIB", "rs_pib", ("pib", "пиб"), check.rs_pib, bare=_D9, cells=False),
    Number("MK_EDB", "mk_edb", ("едб", "edb", "даночен"), check.mk_edb, bare="4[0-9]{12}", cells=False),
    Number("AL_NIPT", "al_nipt", ("nipt", "nuis"), stdnum("al.nipt"), bare="[J-M][0-9]{8}[A-Z]"),
    Number("RU_OGRN", "ru_ogrn", ("огрн", "ogrn"), check.ru_ogrn, bare=_D13 + "|[0-9]{15}", cells=False),
    Number("UA_EDRPOU", "ua_edrpou", ("єдрпоу", "edrpou"), check.ua_edrpou, bare=_D8, cells=False),
    Number("BY_UNP", "by_unp", ("унп", "unp"), check.by_unp, bare="[1-7][0-9]{8}", cells=False),
    Number("CZ_BANK_ACCOUNT", "cz_bank_account", ("účet", "ucet", "konto"), stdnum("cz.bankaccount"),
           written="[0-9]{1,6}-[0-9]{2,10}/[0-9]{4}", bare="[0-9]{7,10}/[0-9]{4}"),
    Number("DE_HANDELSREGISTER", "de_handelsregister", ("handelsregister", "amtsgericht", "hrb"),
           written="(?:[A-ZÄÖÜ][A-Za-zäöüß() -]{2,40} )?HR[AB] ?[0-9]{1,6}(?: ?[A-Z]{1,2})?",
           gate="HR[AB] ?[0-9]"),
    # The Americas
    Number("EC_RUC", "ec_ruc", ("ruc",), check.ec_ruc, strong=True,
           bare="(?:0[1-9]|1[0-9]|2[0-4]|30|50)[0-9]{11}"),
    Number("DO_RNC", "do_rnc", ("rnc",), check.do_rnc, bare=_D9,
           written="[0-9]-[0-9]{2}-[0-9]{5}-[0-9]", cells=False),
    Number("UY_RUT", "uy_rut", ("rut",), check.uy_rut, strong=True,
           bare="(?:0[1-9]|1[0-9]|2[0-2])[0-9]{6}001[0-9]",
           written="[0-9]{2}-[0-9]{6}-001-[0-9]"),
    Number("PY_RUC", "py_ruc", ("ruc",), stdnum("py.ruc"), bare="[0-9]{5,8}-[0-9]"),
    Number("GT_NIT", "gt_nit", ("nit",), stdnum("gt.nit"), bare="[0-9]{5,8}-[0-9K]"),
    Number("CR_DIMEX", "cr_dimex", ("dimex",), bare="1[0-9]{10,11}", cells=False),
    # Asia and Africa
    Number("TR_VKN", "tr_vkn", ("vergi", "vkn"), check.tr_vkn, bare=_D10),
    Number("JP_CORPORATE_NUMBER", "jp_corporate", ("法人番号", "corporate number"),
           check.jp_corporate, bare="[1-9][0-9]{12}",
           written="[1-9]-[0-9]{4}-[0-9]{4}-[0-9]{4}", cells=False),
    Number("TW_UBN", "tw_ubn", ("統一編號", "ubn", "vat"), check.tw_ubn, bare=_D8, cells=False),
    Number("VN_MST", "vn_mst", ("mã số thuế", "mst", "tax code"), check.vn_mst, bare=_D10,
           written="[0-9]{10}-[0-9]{3}"),
    Number("TH_MOA", "th_moa", ("moa", "ผู้เสียภาษี"), stdnum("th.moa"),
           written="0[ -][0-9]{2}[ -][0-9][ -][0-9]{3}[ -][0-9]{5}[ -][0-9]"),
    Number("ZA_INCOME_TAX_NUMBER", "za_tax", ("income tax", "tax ref", "sars"), check.za_tax,
           bare="[0-39][0-9]{9}"),
    Number("ZA_COMPANY_REGISTRATION", "za_company", ("registration", "company", "cipc"),
           written="(?:19|20)[0-9]{2}/[0-9]{6}/[0-9]{2}"),
    Number("MA_ICE", "ma_ice", ("ice", "identifiant commun"), check.ma_ice, bare="[0-9]{15}",
           strong=True),
    Number("MU_NID", "mu_nid", ("national identity", "nid"), stdnum("mu.nid"),
           written="[A-Z][0-9]{12}[0-9A-Z]"),
    Number("TN_MF", "tn_mf", ("matricule fiscal",), stdnum("tn.mf"),
           written="[0-9]{7}/?[A-Z]/[A-Z]/[A-Z]/[0-9]{3}"),
    Number("GH_TIN", "gh_tin", ("tin",), stdnum("gh.tin"), written="[PCGQV]00[0-9]{7}[0-9X]"),
    Number("EG_TN", "eg_tn", ("tax", "الضريبي"), bare="[0-9]{3}-[0-9]{3}-[0-9]{3}"),
)  # fmt: skip
